"""What work on an instance finds in its environment."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from finance_hub.embedded import databases, environment
from finance_hub.embedded.environment import UnusableDatabaseUrl, app_url, prepared, with_files_read
from finance_hub.embedded.instance import Instance

from .scenes import processes_of

REAL = {
    "DATABASE_URL": "postgresql://owner:p%40ss@db.example:6543/city?sslmode=require",
    "REDIS_URL": "redis://b/3",
}


class TestTheRestrictedRole:
    def test_is_named_after_the_database_and_keeps_server_and_options(self) -> None:
        assert (
            app_url(REAL["DATABASE_URL"], password="a/b")
            == "postgresql://city_app:a%2Fb@db.example:6543/city?sslmode=require"
        )

    def test_needs_no_user_in_the_owners_address(self) -> None:
        assert app_url("postgres://127.0.0.1/x", password="y") == "postgres://x_app:y@127.0.0.1/x"

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "city",
            "mysql://h/city",
            "sqlite:///city",
            "postgresql://h",
            "postgresql://h/",
            "postgresql://h/a/b",
        ],
    )
    def test_is_refused_for_what_names_no_database(self, url: str) -> None:
        with pytest.raises(UnusableDatabaseUrl):
            app_url(url, password="x")


class TestRealServers:
    def test_are_used_as_named_and_nothing_is_started(self, instance: Instance) -> None:
        with prepared(instance, given=REAL) as ready:
            assert processes_of(instance) == []
            assert {name: ready.owner[name] for name in REAL} == REAL
            assert urlsplit(ready.owner["APP_DATABASE_URL"]).username == "city_app"
            first = ready.owner["APP_DATABASE_URL"]
        with prepared(instance, given=REAL) as ready:
            assert ready.owner["APP_DATABASE_URL"] == first

    def test_with_a_restricted_role_of_their_own_keep_it(self, instance: Instance) -> None:
        given = {**REAL, "APP_DATABASE_URL": "postgresql://service:x@db.example/city"}
        with prepared(instance, given=given) as ready:
            assert ready.runtime["DATABASE_URL"] == given["APP_DATABASE_URL"]

    def test_may_be_named_by_files(self, instance: Instance, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text(f"{REAL['DATABASE_URL']}\n")
        given = {"DATABASE_URL_FILE": str(tmp_path / "secret"), "REDIS_URL": REAL["REDIS_URL"]}
        with prepared(instance, given=given) as ready:
            assert ready.owner["DATABASE_URL"] == REAL["DATABASE_URL"]
            assert "DATABASE_URL_FILE" not in ready.runtime

    def test_named_wrongly_are_refused_before_anything_starts(self, instance: Instance) -> None:
        with pytest.raises(UnusableDatabaseUrl), prepared(instance, given={"DATABASE_URL": "mysql://h/city"}):
            pass
        assert processes_of(instance) == []


class TestTheService:
    def test_has_no_way_to_the_owner(self, instance: Instance) -> None:
        with prepared(instance, given=REAL) as ready:
            assert "APP_DATABASE_URL" not in ready.runtime
            assert not any("owner:" in value for value in ready.runtime.values())

    def test_finds_its_folder_its_profile_and_a_key_that_stays(self, instance: Instance, place: Path) -> None:
        first = environment.base(Instance(place / "city"), given={"PATH": "/bin"})
        assert first["FINANCE_HUB_VAR"] == str(place / "city")
        assert first["FINANCE_HUB_PROFILE"] == "demo"
        assert first["PATH"].endswith(f"{os.pathsep}/bin")
        assert len(first["SECRET_KEY"]) >= 50
        assert environment.base(Instance(place / "city"), given={})["SECRET_KEY"] == first["SECRET_KEY"]
        assert environment.base(instance, given={})["FINANCE_HUB_PROFILE"] == "test"

    def test_keeps_a_profile_and_a_key_that_are_given(self, instance: Instance) -> None:
        given = {"FINANCE_HUB_PROFILE": "production", "SECRET_KEY_FILE": "/run/secrets/key"}
        values = environment.base(instance, given=given)
        assert values["FINANCE_HUB_PROFILE"] == "production"
        assert "SECRET_KEY" not in values


def test_a_value_beats_its_file() -> None:
    assert (
        with_files_read({"REDIS_URL": "redis://b", "REDIS_URL_FILE": "/nowhere"})["REDIS_URL"] == "redis://b"
    )


class TestTheEmbeddedDatabase:
    def test_belongs_to_an_owner_who_is_no_superuser_and_may_make_roles(self, instance: Instance) -> None:
        with (
            prepared(instance, given={"REDIS_URL": "redis://unused"}) as ready,
            psycopg.connect(ready.owner["DATABASE_URL"], autocommit=True) as owner,
        ):
            rights = "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles"
            found = owner.execute(f"{rights} WHERE rolname = current_user").fetchone()
            assert found == ("finance_hub_owner", False, True, True, False)
            role = urlsplit(ready.owner["APP_DATABASE_URL"])
            assert (role.username, role.path) == ("finance_hub_app", "/finance_hub")
            owner.execute(f"CREATE ROLE finance_hub_app LOGIN PASSWORD '{role.password}'")
            with psycopg.connect(ready.runtime["DATABASE_URL"]) as service:
                assert service.execute("SELECT current_user").fetchone() == ("finance_hub_app",)

            with prepared(instance, given={"REDIS_URL": "redis://unused"}) as beside:
                assert urlsplit(beside.owner["DATABASE_URL"]).path == "/finance_hub_1"
                with psycopg.connect(beside.owner["DATABASE_URL"]) as other:
                    assert other.execute("SELECT current_database()").fetchone() == ("finance_hub_1",)


class TestSeats:
    def test_are_taken_lowest_first_and_given_back(self, instance: Instance) -> None:
        with databases.seat(instance) as first, databases.seat(instance) as second:
            assert (first, second) == (0, 1)
        with databases.seat(instance) as again:
            assert again == 0

    def test_of_the_city_are_one_for_everybody(self, place: Path) -> None:
        city = Instance(place / "city")
        with databases.seat(city) as first, databases.seat(city) as second:
            assert (first, second) == (0, 0)

    def test_run_out_with_a_sentence(self, instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(databases, "SEATS", 1)
        with (
            databases.seat(instance),
            pytest.raises(databases.NoFreeSeat, match="1 commands"),
            databases.seat(instance),
        ):
            pass
