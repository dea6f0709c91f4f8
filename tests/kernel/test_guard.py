"""The service refuses to start with a role, a table or a secret that does not protect."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from finance_hub import settings as project
from finance_hub.kernel import database, guard
from tests.kernel.processes import STRONG, database_url, python


@pytest.fixture
def production(settings: Any) -> Any:
    settings.PROFILE = "production"
    settings.SECRET_KEY_IS_SET = True
    settings.TOTP_REQUIRED = True
    settings.ALLOWED_HOSTS = ["finance.example.gov.cn"]
    settings.SECRET_KEY, settings.TOTP_KEY = STRONG["SECRET_KEY"], STRONG["TOTP_KEY"]
    return settings


class TestSettings:
    def test_a_careful_production_has_no_fault(self, production: Any) -> None:
        assert guard.settings_faults() == []

    @pytest.mark.parametrize(
        ("name", "value", "fault"),
        [
            ("SECRET_KEY_IS_SET", False, "SECRET_KEY is not set"),
            ("SECRET_KEY", "short", "SECRET_KEY must have at least 50"),
            ("SECRET_KEY", "ab" * 40, "SECRET_KEY must have at least 50 varied"),
            ("SECRET_KEY", "django-insecure-" + STRONG["SECRET_KEY"], "SECRET_KEY looks like a placeholder"),
            ("SECRET_KEY", "ChangeMe" + STRONG["SECRET_KEY"], "SECRET_KEY looks like a placeholder"),
            ("TOTP_KEY", "", "TOTP_KEY must have at least 50"),
            ("TOTP_KEY", STRONG["SECRET_KEY"], "TOTP_KEY must differ"),
            ("TOTP_REQUIRED", False, "TOTP_REQUIRED must be on"),
            ("ALLOWED_HOSTS", [], "ALLOWED_HOSTS"),
            ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS"),
        ],
    )
    def test_a_careless_one_is_named(self, production: Any, name: str, value: Any, fault: str) -> None:
        setattr(production, name, value)
        assert [said for said in guard.settings_faults() if fault in said]
        assert [
            one
            for one in run_checks(tags=["security"], include_deployment_checks=True)
            if fault in str(one.msg)
        ]

    def test_the_demo_asks_for_less(self, production: Any) -> None:
        production.PROFILE, production.SECRET_KEY = "demo", "short"
        assert guard.settings_faults() == []

    def test_passwords_are_kept_by_argon2(self) -> None:
        assert project.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")

    def test_only_json_is_taken_from_the_broker_and_sessions_live_in_the_database(self) -> None:
        assert project.SESSION_ENGINE == "django.contrib.sessions.backends.db"
        assert project.DEBUG is False


class TestTheDatabase:
    def test_the_runtime_role_passes(self, db: None) -> None:
        assert guard.database_faults() == []
        guard.refuse_unsafe()
        assert run_checks(tags=["database"], databases=["default"]) == []

    def test_a_table_without_forced_row_security_is_named(self, db: None, owner_connection: Any) -> None:
        owner_connection.execute("ALTER TABLE loans_contract NO FORCE ROW LEVEL SECURITY")
        try:
            assert database.unprotected_tables() == ["loans_contract"]
            with pytest.raises(ImproperlyConfigured, match="loans_contract"):
                guard.refuse_unsafe()
        finally:
            owner_connection.execute("ALTER TABLE loans_contract FORCE ROW LEVEL SECURITY")

    def test_a_second_policy_that_permits_everything_is_seen(self, db: None, owner_connection: Any) -> None:
        owner_connection.execute("CREATE POLICY backdoor ON loans_contract USING (true)")
        try:
            assert database.unprotected_tables() == ["loans_contract"]
        finally:
            owner_connection.execute("DROP POLICY backdoor ON loans_contract")


class TestTheProcess:
    def test_a_careful_production_starts(self, db: None) -> None:
        started = python("import finance_hub.wsgi")
        assert started.returncode == 0, started.stderr

    def test_a_careless_one_does_not_and_names_every_fault(self, db: None) -> None:
        started = python(
            "import finance_hub.wsgi", SECRET_KEY="short", TOTP_KEY="", ALLOWED_HOSTS="*", TOTP_REQUIRED="0"
        )
        assert started.returncode == 1
        for fault in ("SECRET_KEY must", "TOTP_KEY must", "ALLOWED_HOSTS must", "TOTP_REQUIRED must"):
            assert fault in started.stderr

    def test_the_owner_of_the_tables_does_not_serve(self, db: None, owner_connection: Any) -> None:
        url = database_url(user=owner_connection.info.user, password=owner_connection.info.password or "")
        started = python("import finance_hub.wsgi", DATABASE_URL=url)
        assert started.returncode == 1
        assert "owns" in started.stderr

    def test_the_profile_is_production_unless_the_environment_says_otherwise(self, db: None) -> None:
        started = python("import finance_hub.wsgi", FINANCE_HUB_PROFILE="", SECRET_KEY="")
        assert started.returncode == 1
        assert "SECRET_KEY is not set" in started.stderr

    def test_an_unknown_profile_is_refused(self, db: None) -> None:
        assert python("import finance_hub.wsgi", FINANCE_HUB_PROFILE="staging").returncode == 1
