"""API keys: only a digest is kept, every wrong key gets one answer, two at most are alive."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from finance_hub.kernel import keys, people
from finance_hub.kernel.models import ApiKey, AuditEntry
from finance_hub.kernel.problems import NotFound
from tests.cast import NOW, Cast
from tests.kernel.threads import at_once

DAY = timedelta(days=1)


def issue(cast: Cast, name: str = "bank_a", *, days: int = 30, live: bool = False) -> keys.IssuedKey:
    return keys.issue(cast[name], by=cast["admin"], now=NOW, expires_at=NOW + days * DAY, live=live)


def enter(token: str, *, after: timedelta = timedelta(), live: bool = False) -> ApiKey:
    return keys.authenticate(token, now=NOW + after, live=live)


class TestIssuing:
    def test_the_token_has_its_shape_and_only_its_digest_is_kept(self, cast: Cast) -> None:
        issued = issue(cast)
        assert re.fullmatch(r"fsk_test_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}", issued.token)
        secret = issued.token.rsplit("_", 1)[1]
        row = ApiKey.objects.filter(pk=issued.record.pk).values().get()
        assert secret not in str(row)
        assert row["last4"] == secret[-4:]
        assert secret not in str(list(AuditEntry.objects.values()))

    def test_two_keys_are_alive_at_most(self, cast: Cast) -> None:
        issue(cast)
        issue(cast)
        with pytest.raises(keys.TooManyKeys):
            issue(cast)

    def test_a_revoked_or_expired_key_frees_its_slot(self, cast: Cast) -> None:
        first, _ = issue(cast, days=1), issue(cast)
        keys.revoke(first.record, by=cast["admin"], now=NOW)
        second = issue(cast, days=1)
        later = NOW + 2 * DAY
        third = keys.issue(cast["bank_a"], by=None, now=later, expires_at=later + DAY, live=False)
        assert second.record.slot == third.record.slot

    def test_of_ten_at_once_two_get_a_key(self, committed: Cast) -> None:
        def one(_: int) -> bool:
            try:
                return bool(issue(committed))
            except keys.TooManyKeys:
                return False

        assert sum(at_once(10, one)) == 2

    @pytest.mark.parametrize("days", [-1, 0, 367, 5_000])
    def test_a_key_lives_a_year_at_most_and_not_in_the_past(self, cast: Cast, days: int) -> None:
        with pytest.raises(keys.KeyLivesTooLong):
            issue(cast, days=days)

    def test_a_disabled_person_gets_none(self, cast: Cast) -> None:
        people.disable(cast["bank_a"], by=cast["admin"], now=NOW)
        with pytest.raises(keys.OwnerDisabled):
            issue(cast)

    def test_the_database_refuses_a_third_slot(self, cast: Cast) -> None:
        record = issue(cast).record
        with pytest.raises(IntegrityError, match="two_live_keys_at_most"), transaction.atomic():
            ApiKey.objects.filter(pk=record.pk).update(slot=3)

    def test_the_database_refuses_two_live_keys_in_one_slot(self, cast: Cast) -> None:
        _, second = issue(cast), issue(cast)
        with pytest.raises(IntegrityError, match="one_live_key_per_slot"), transaction.atomic():
            ApiKey.objects.filter(pk=second.record.pk).update(slot=1)

    def test_the_database_refuses_a_key_born_expired(self, cast: Cast) -> None:
        record = issue(cast).record
        with pytest.raises(IntegrityError, match="key_expires_after_its_birth"), transaction.atomic():
            ApiKey.objects.filter(pk=record.pk).update(expires_at=record.created_at)


class TestAuthenticating:
    def test_both_live_keys_act_for_their_owner(self, cast: Cast) -> None:
        first, second = issue(cast), issue(cast)
        assert enter(first.token).person == enter(second.token).person == cast["bank_a"]

    def test_every_wrong_key_is_refused_alike(self, cast: Cast) -> None:
        token = issue(cast).token
        other = issue(cast, "bank_b").token
        head, secret = token.rsplit("_", 1)
        wrong = [
            "", "fsk_test_", token[:-1], token + "x", f"{head}_{'0' * 43}", f"fsk_test_{'0' * 12}_{secret}",
            f"{head}_{other.rsplit('_', 1)[1]}", token.replace("test", "live"), token.upper(), token + "\n",
            token.replace("_", "-"), "\x00", "fsk_test_" + "名" * 12 + "_" + "x" * 43,
        ]  # fmt: skip
        for one in wrong:
            with pytest.raises(keys.InvalidKey):
                enter(one)

    def test_a_live_key_opens_no_test_installation_and_the_other_way_round(self, cast: Cast) -> None:
        live, test = issue(cast, live=True).token, issue(cast).token
        for token, installation in ((live, False), (test, True)):
            with pytest.raises(keys.InvalidKey):
                enter(token, live=installation)

    def test_an_expired_key_is_told_so_from_the_moment_it_expires(self, cast: Cast) -> None:
        token = issue(cast, days=1).token
        assert enter(token, after=DAY - timedelta(seconds=1))
        with pytest.raises(keys.KeyExpired):
            enter(token, after=DAY)

    def test_only_who_has_the_secret_learns_that_a_key_expired(self, cast: Cast) -> None:
        head = issue(cast, days=1).token.rsplit("_", 1)[0]
        with pytest.raises(keys.InvalidKey):
            enter(f"{head}_{'0' * 43}", after=2 * DAY)

    def test_a_revoked_key_ends_at_once_and_twice_is_harmless(self, cast: Cast) -> None:
        issued = issue(cast)
        for _ in range(2):
            keys.revoke(issued.record, by=cast["admin"], now=NOW)
        with pytest.raises(keys.InvalidKey):
            enter(issued.token)
        assert AuditEntry.objects.filter(action="key.revoke").count() == 1

    def test_the_keys_of_a_disabled_person_end_at_once(self, cast: Cast) -> None:
        token = issue(cast).token
        people.disable(cast["bank_a"], by=cast["admin"], now=NOW)
        with pytest.raises(keys.InvalidKey):
            enter(token)

    def test_secrets_are_compared_in_constant_time_also_for_unknown_ids(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        compared: list[tuple[str, str]] = []
        monkeypatch.setattr(keys, "compare_digest", lambda a, b: bool(compared.append((a, b))))
        for token in (issue(cast).token, "nonsense", f"fsk_test_{'0' * 12}_{'0' * 43}"):
            with pytest.raises(keys.InvalidKey):
                enter(token)
        assert len(compared) == 3

    def test_a_busy_key_is_written_down_once_a_minute(self, cast: Cast) -> None:
        issued = issue(cast)
        for seconds in (0, 1, 59, 61):
            enter(issued.token, after=timedelta(seconds=seconds))
            issued.record.refresh_from_db()
            assert issued.record.last_used_at == NOW + timedelta(seconds=61 if seconds == 61 else 0)


class TestTheCommand:
    def test_it_prints_a_token_that_works(self, cast: Cast) -> None:
        said = StringIO()
        call_command("issue_api_key", "bank_a", "--days=7", stdout=said)
        found = keys.authenticate(said.getvalue().strip(), now=NOW, live=False)
        assert found.person == cast["bank_a"]

    @pytest.mark.parametrize(
        "arguments",
        [("nobody",), ("bank_a", "--days=400"), ("bank_a", "--days=0"), ("bank_a", "--days=99999999999")],
    )
    def test_it_says_why_not(self, cast: Cast, arguments: tuple[str, ...]) -> None:
        with pytest.raises(CommandError):
            call_command("issue_api_key", *arguments)


def test_a_key_that_is_not_there_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        keys.find("000000000000")
