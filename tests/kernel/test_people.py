"""People are made by the administrator, with passwords nobody can guess, and never deleted."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from finance_hub.kernel import login, organisations, people
from finance_hub.kernel.models import AuditEntry, Organisation, Person
from finance_hub.kernel.problems import InvalidFields, NotFound
from tests.cast import NOW, Cast
from tests.kernel.threads import at_once

STRONG = "Correct-Horse-7-Battery"


def create(cast: Cast, **other: Any) -> Person:
    facts = {
        "username": "wang.fang", "full_name": "王芳", "organisation": cast.organisation("centre"),
        "role": "maker", "password": STRONG, "by": cast["admin"], "now": NOW,
    }  # fmt: skip
    return people.create(**{**facts, **other})


class TestCreating:
    def test_the_person_can_log_in_and_the_trail_says_who_made_them(self, cast: Cast) -> None:
        person = create(cast)
        assert login.check("wang.fang", STRONG, code="", address="10.0.0.1", now=NOW) == person
        entry = AuditEntry.objects.get(action="person.create")
        assert (entry.actor, entry.subject, entry.detail) == (
            cast["admin"],
            "user:wang.fang",
            {"role": "maker"},
        )

    @pytest.mark.parametrize("password", ["", "short", "qwertyuiop123", "wang.fang-wang", "elevenchars"])
    def test_a_weak_password_is_refused_in_both_languages(self, cast: Cast, password: str) -> None:
        with pytest.raises(InvalidFields) as refusal:
            create(cast, password=password)
        error = refusal.value.errors[0]
        assert (error.code, error.pointer) == ("password-too-weak", "#/password")
        assert error.message.zh != error.message.en
        assert error.message.en.isascii()
        assert not Person.objects.filter(username="wang.fang").exists()

    def test_a_long_phrase_without_digits_is_welcome(self, cast: Cast) -> None:
        assert create(cast, password="青桐树下的长句子 with blanks, no digit" * 3)

    @pytest.mark.parametrize(
        ("organisation", "role"),
        [
            ("bank-a", "maker"),
            ("bank-a", "admin"),
            ("centre", "bank"),
            ("guarantor-a", "bank"),
            ("centre", "god"),
        ],
    )
    def test_an_organisation_has_its_own_roles(self, cast: Cast, organisation: str, role: str) -> None:
        with pytest.raises(InvalidFields) as refusal:
            create(cast, organisation=cast.organisation(organisation), role=role)
        assert refusal.value.errors[0].code == "role-not-of-organisation"

    def test_a_name_is_taken_once(self, cast: Cast) -> None:
        create(cast)
        with pytest.raises(people.UsernameTaken):
            create(cast)

    def test_of_six_at_once_one_gets_the_name(self, committed: Cast) -> None:
        def one(_: int) -> bool:
            try:
                return bool(create(committed))
            except people.UsernameTaken:
                return False

        assert sum(at_once(6, one)) == 1

    def test_the_database_knows_the_roles(self, cast: Cast) -> None:
        with pytest.raises(IntegrityError, match="role_is_known"), transaction.atomic():
            Person.objects.filter(pk=cast["maker"].pk).update(role="god")


class TestCredentials:
    def invite(self, cast: Cast) -> people.Credentials:
        return people.invite(
            username="li.na", full_name="李娜", organisation=cast.organisation("centre"), role="approver",
            by=cast["admin"], now=NOW,
        )  # fmt: skip

    def test_an_invitation_opens_the_door(self, cast: Cast) -> None:
        made = self.invite(cast)
        assert made.otpauth_uri == ""
        assert login.check("li.na", made.password, code="", address="10.0.0.1", now=NOW) == made.person

    def test_with_a_second_factor_where_one_is_required(self, cast: Cast, settings: Any) -> None:
        settings.TOTP_REQUIRED = True
        made = self.invite(cast)
        assert made.otpauth_uri.startswith("otpauth://totp/finance_hub:li.na?secret=")
        assert Person.objects.get(username="li.na").totp_seed

    def test_two_invitations_have_different_passwords(self, cast: Cast) -> None:
        first = self.invite(cast)
        assert people.renew(first.person, by=cast["admin"], now=NOW).password != first.password

    def test_renewing_ends_the_old_password_the_sessions_and_the_lock(self, cast: Cast) -> None:
        made = self.invite(cast)
        before = made.person.get_session_auth_hash()
        for _ in range(5):
            with pytest.raises(login.WrongLogin):
                login.check("li.na", "wrong", code="", address="10.0.0.1", now=NOW)
        new = people.renew(made.person, by=cast["admin"], now=NOW)
        assert login.check("li.na", new.password, code="", address="10.0.0.1", now=NOW)
        with pytest.raises(login.WrongLogin):
            login.check("li.na", made.password, code="", address="10.0.0.1", now=NOW)
        assert Person.objects.get(username="li.na").get_session_auth_hash() != before

    def test_no_password_is_in_the_trail(self, cast: Cast) -> None:
        made = self.invite(cast)
        assert made.password not in str(list(AuditEntry.objects.values()))


class TestDisabling:
    def test_nobody_disables_themselves(self, cast: Cast) -> None:
        with pytest.raises(people.CannotDisableOneself):
            people.disable(cast["admin"], by=cast["admin"], now=NOW)

    def test_whoever_did_something_is_never_deleted(self, cast: Cast) -> None:
        create(cast)
        with pytest.raises(Exception, match="protected foreign keys"), transaction.atomic():
            cast["admin"].delete()

    def test_somebody_unknown_is_not_found(self, db: None) -> None:
        with pytest.raises(NotFound):
            people.find("nobody")


class TestOrganisations:
    def test_a_code_is_taken_once(self, cast: Cast) -> None:
        with pytest.raises(organisations.OrganisationExists):
            organisations.establish(
                code="bank-a", kind="bank", name="x", name_en="x", by=cast["admin"], now=NOW
            )

    def test_the_database_knows_the_kinds(self, cast: Cast) -> None:
        with pytest.raises(IntegrityError, match="organisation_kind_is_known"), transaction.atomic():
            Organisation.objects.filter(code="bank-a").update(kind="casino")


class TestTheFirstAdministrator:
    @pytest.fixture(autouse=True)
    def _password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ADMINISTRATOR_PASSWORD", STRONG)

    def test_an_empty_installation_gets_its_centre_and_its_administrator(
        self, db: None, settings: Any
    ) -> None:
        settings.TOTP_REQUIRED = True
        said = StringIO()
        call_command("create_administrator", "chen", "陈工", stdout=said)
        person = Person.objects.get(username="chen")
        assert (person.role, person.organisation.kind) == ("admin", "centre")
        assert said.getvalue().count("otpauth://totp/finance_hub:chen") == 1
        assert STRONG not in said.getvalue()

    def test_there_is_only_one_first(self, cast: Cast) -> None:
        with pytest.raises(CommandError, match="already"):
            call_command("create_administrator", "chen", "陈工")

    def test_a_weak_password_makes_nobody_and_nothing(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ADMINISTRATOR_PASSWORD", "short")
        with pytest.raises(CommandError, match="at least 12"):
            call_command("create_administrator", "chen", "陈工")
        assert not Person.objects.exists()
        assert not Organisation.objects.exists()

    def test_without_the_variable_it_asks_twice(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("ADMINISTRATOR_PASSWORD")
        answers = iter([STRONG, STRONG + "x"])
        command = "finance_hub.kernel.management.commands.create_administrator.getpass"
        monkeypatch.setattr(command, lambda _: next(answers))
        with pytest.raises(CommandError, match="differ"):
            call_command("create_administrator", "chen", "陈工")
