"""Login: locked after five wrong guesses, by counts in the database; a code works once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from django.core.cache import cache

from finance_hub.kernel import login, people
from finance_hub.kernel.models import AuditEntry, LoginFailure, Person
from tests.cast import NOW, Cast
from tests.kernel.threads import at_once

PASSWORD = "Correct-Horse-7-Battery"
MINUTE = timedelta(minutes=1)


def give_password(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


@pytest.fixture
def maker(cast: Cast) -> Person:
    return give_password(cast["maker"])


def attempt(
    password: str, *, name: str = "maker", at: Any = NOW, address: str = "10.0.0.1", code: str = ""
) -> Any:
    try:
        return login.check(name, password, code=code, address=address, now=at)
    except (login.LockedOut, login.WrongLogin) as refusal:
        return type(refusal)


def fail(count: int, **facts: Any) -> list[Any]:
    return [attempt("wrong", **facts) for _ in range(count)]


class TestTheLock:
    def test_the_right_password_logs_in(self, maker: Person) -> None:
        assert attempt(PASSWORD) == maker

    def test_five_wrong_passwords_lock_the_name(self, maker: Person) -> None:
        assert fail(6) == [login.WrongLogin] * 5 + [login.LockedOut]

    def test_the_right_password_is_refused_while_locked(self, maker: Person) -> None:
        fail(5)
        assert attempt(PASSWORD) is login.LockedOut

    def test_the_right_password_is_let_in_after_the_lock(self, maker: Person) -> None:
        fail(5)
        assert attempt(PASSWORD, at=NOW + 59 * timedelta(seconds=1)) is login.LockedOut
        assert attempt(PASSWORD, at=NOW + MINUTE) == maker
        assert fail(5) == [login.WrongLogin] * 5  # counted from the beginning again

    def test_every_further_failure_doubles_the_lock_up_to_thirty_minutes(self, maker: Person) -> None:
        fail(4)
        at, locks = NOW, []
        for _ in range(8):
            assert attempt("wrong", at=at) is login.WrongLogin
            until = LoginFailure.objects.get(subject="user:maker").locked_until
            assert until
            locks.append(int((until - at).total_seconds() / 60))
            assert attempt(PASSWORD, at=until - timedelta(seconds=1)) is login.LockedOut
            at = until
        assert locks == [1, 2, 4, 8, 16, 30, 30, 30]

    def test_fifteen_quiet_minutes_forget_the_failures(self, maker: Person) -> None:
        fail(4)
        assert fail(4, at=NOW + 16 * MINUTE) == [login.WrongLogin] * 4
        assert attempt(PASSWORD, at=NOW + 16 * MINUTE) == maker

    def test_an_unknown_name_gets_the_same_words_and_the_same_lock(self, maker: Person) -> None:
        assert fail(6, name="nobody") == [login.WrongLogin] * 5 + [login.LockedOut]

    @pytest.mark.parametrize("name", ["", "\x00", "mak\x00er", "x" * 5_000, "名" * 100, "' OR 1=1 --"])
    def test_a_hostile_name_is_only_a_wrong_one(self, maker: Person, name: str) -> None:
        assert attempt(PASSWORD, name=name) is login.WrongLogin

    def test_an_address_of_any_length_is_counted(self, maker: Person) -> None:
        assert attempt("wrong", address="a\x00" * 500) is login.WrongLogin

    def test_twenty_failures_from_one_address_lock_the_address(self, maker: Person) -> None:
        said = [attempt("wrong", name=f"nobody{number}") for number in range(21)]
        assert said == [login.WrongLogin] * 20 + [login.LockedOut]
        assert attempt(PASSWORD) is login.LockedOut
        assert attempt(PASSWORD, address="10.0.0.2") == maker

    def test_right_passwords_do_not_lock_an_office_behind_one_address(self, maker: Person) -> None:
        assert [attempt(PASSWORD) for _ in range(45)] == [maker] * 45

    def test_a_flushed_cache_unlocks_nobody(self, maker: Person) -> None:
        fail(5)
        cache.clear()
        assert attempt(PASSWORD) is login.LockedOut

    def test_the_administrator_unlocks_and_the_trail_says_so(self, cast: Cast, maker: Person) -> None:
        fail(5)
        login.unlock("maker", by=cast["admin"], now=NOW)
        assert attempt(PASSWORD) == maker
        assert AuditEntry.objects.filter(action="login.unlock", actor=cast["admin"]).exists()

    def test_a_disabled_person_is_told_what_anybody_is_told(self, cast: Cast, maker: Person) -> None:
        people.disable(maker, by=cast["admin"], now=NOW)
        assert attempt(PASSWORD) is login.WrongLogin

    def test_every_attempt_is_in_the_trail_and_no_password_is(self, maker: Person) -> None:
        fail(6)
        entries = AuditEntry.objects.filter(action="login", succeeded=False)
        assert entries.count() == 6
        assert "wrong" not in "".join(str(entry.detail) for entry in entries)

    def test_of_two_hundred_guesses_at_once_five_are_looked_at(
        self, committed: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        give_password(committed["maker"])
        looked_at: list[str] = []
        monkeypatch.setattr(login, "_password_fits", lambda _person, guess: bool(looked_at.append(guess)))
        addresses = [f"10.0.{number}.1" for number in range(20)]
        said = at_once(20, lambda n: [attempt(f"{n}-{i}", address=addresses[n]) for i in range(10)])
        outcomes = [one for many in said for one in many]
        assert outcomes.count(login.WrongLogin) == len(looked_at) == 5
        assert outcomes.count(login.LockedOut) == 195
        assert AuditEntry.objects.filter(action="login", succeeded=False).count() == 200

    def test_the_count_itself_refuses_the_sixth_whoever_looked_before(self, committed: Cast) -> None:
        counted = at_once(30, lambda _: login._counted("user:maker", now=NOW))
        assert counted.count(True) == 5
        assert LoginFailure.objects.get(subject="user:maker").failures == 5


class TestTheSecondFactor:
    @pytest.fixture
    def totp(self, maker: Person) -> pyotp.TOTP:
        seed = login.new_seed(maker)
        code = pyotp.TOTP(seed.key).at(NOW - timedelta(seconds=60))
        login.enrol(maker, sealed=seed.sealed, code=code, now=NOW - timedelta(seconds=60))
        maker.refresh_from_db()
        return pyotp.TOTP(seed.key)

    def test_password_and_code_log_in(self, maker: Person, totp: pyotp.TOTP) -> None:
        assert attempt(PASSWORD, code=totp.at(NOW)) == maker

    def test_the_same_code_is_never_accepted_twice(self, maker: Person, totp: pyotp.TOTP) -> None:
        assert attempt(PASSWORD, code=totp.at(NOW)) == maker
        assert attempt(PASSWORD, code=totp.at(NOW), at=NOW + timedelta(seconds=5)) is login.WrongLogin

    def test_the_code_before_a_used_one_is_used_up_too(self, maker: Person, totp: pyotp.TOTP) -> None:
        assert attempt(PASSWORD, code=totp.at(NOW)) == maker
        assert attempt(PASSWORD, code=totp.at(NOW - timedelta(seconds=30))) is login.WrongLogin

    def test_a_code_of_twenty_threads_lets_one_in(self, committed: Cast) -> None:
        person = give_password(committed["maker"])
        seed = login.new_seed(person)
        Person.objects.filter(pk=person.pk).update(totp_seed=seed.sealed)
        person.refresh_from_db()
        code = pyotp.TOTP(seed.key).at(NOW)
        fits = at_once(20, lambda _: login.second_factor_fits(person, code, now=NOW))
        assert fits.count(True) == 1

    @pytest.mark.parametrize("code", ["", "000000", "１２３４５６", "abcdef", "1234567", "\x00", "None"])
    def test_another_code_lets_nobody_in(self, maker: Person, totp: pyotp.TOTP, code: str) -> None:
        assert attempt(PASSWORD, code=code) is login.WrongLogin

    def test_a_code_of_a_minute_ago_is_too_old(self, maker: Person, totp: pyotp.TOTP) -> None:
        later = NOW + timedelta(seconds=90)
        assert attempt(PASSWORD, code=totp.at(NOW), at=later) is login.WrongLogin

    def test_a_right_code_with_a_wrong_password_is_not_used_up(self, maker: Person, totp: pyotp.TOTP) -> None:
        assert attempt("wrong", code=totp.at(NOW)) is login.WrongLogin
        assert attempt(PASSWORD, code=totp.at(NOW)) == maker

    def test_wrong_codes_lock_like_wrong_passwords(self, maker: Person, totp: pyotp.TOTP) -> None:
        said = [attempt(PASSWORD, code="000000") for _ in range(6)]
        assert said == [login.WrongLogin] * 5 + [login.LockedOut]

    def test_a_known_password_gives_no_new_tries_of_the_code(self, maker: Person, totp: pyotp.TOTP) -> None:
        def two_steps() -> Any:
            try:
                person = login.check_password("maker", PASSWORD, address="10.0.0.1", now=NOW)
                return login.check_code(person, "000000", address="10.0.0.1", now=NOW)
            except (login.LockedOut, login.WrongLogin) as refusal:
                return type(refusal)

        assert [two_steps() for _ in range(7)] == [login.WrongLogin] * 5 + [login.LockedOut] * 2

    def test_where_it_is_required_nobody_gets_in_without_having_enrolled(
        self, maker: Person, settings: Any
    ) -> None:
        settings.TOTP_REQUIRED = True
        assert attempt(PASSWORD) is login.WrongLogin

    def test_banks_are_not_asked_unless_they_enrolled(self, cast: Cast, settings: Any) -> None:
        settings.TOTP_REQUIRED = True
        bank = give_password(cast["bank_a"])
        assert attempt(PASSWORD, name="bank_a") == bank

    def test_the_seed_is_sealed(self, maker: Person, totp: pyotp.TOTP) -> None:
        assert totp.secret not in maker.totp_seed

    def test_a_seed_sealed_with_another_key_is_an_error_and_not_a_way_in(
        self, maker: Person, totp: pyotp.TOTP, settings: Any
    ) -> None:
        settings.TOTP_KEY = "another-key"
        with pytest.raises(RuntimeError, match="TOTP_KEY"):
            login.second_factor_fits(maker, totp.at(NOW), now=NOW)

    def test_a_given_seed_is_that_of_its_uri(self, cast: Cast, settings: Any) -> None:
        settings.TOTP_REQUIRED = True
        uri = people.give_second_factor(cast["approver"], by=cast["admin"], now=NOW)
        seed = parse_qs(urlsplit(uri).query)["secret"][0]
        person = give_password(Person.objects.get(username="approver"))
        assert attempt(PASSWORD, name="approver", code=pyotp.TOTP(seed).at(NOW)) == person


class TestSessions:
    """The hash in a session changes, and so ends the session, with everything that matters."""

    @pytest.mark.parametrize(
        "change",
        [{"role": "approver"}, {"session_epoch": 1}, {"totp_seed": "x"}, {"password": "md5$x$y"}],
        ids=lambda change: next(iter(change)),
    )
    def test_a_change_ends_the_sessions_of_before(self, maker: Person, change: dict[str, Any]) -> None:
        before = maker.get_session_auth_hash()
        Person.objects.filter(pk=maker.pk).update(**change)
        assert Person.objects.get(pk=maker.pk).get_session_auth_hash() != before

    def test_another_organisation_ends_them_too(self, cast: Cast, maker: Person) -> None:
        before = maker.get_session_auth_hash()
        maker.organisation = cast.organisation("bank-a")
        assert maker.get_session_auth_hash() != before

    def test_what_does_not_matter_does_not(self, maker: Person) -> None:
        before = maker.get_session_auth_hash()
        Person.objects.filter(pk=maker.pk).update(language="en", totp_last_step=7)
        assert Person.objects.get(pk=maker.pk).get_session_auth_hash() == before

    def test_disabling_and_ending_raise_the_epoch(self, cast: Cast, maker: Person) -> None:
        people.end_sessions(maker, by=maker, now=NOW)
        people.disable(maker, by=cast["admin"], now=NOW)
        assert Person.objects.get(pk=maker.pk).session_epoch == 2
