"""The environment variables that work on an instance finds.

| variable | what |
|---|---|
| DATABASE_URL | the owner of the database, who migrates and grants |
| APP_DATABASE_URL | the restricted role `DATABASE_app` that the service runs as |
| REDIS_URL | the broker |
| SECRET_KEY | drawn once, unless given |
| FINANCE_HUB_VAR | the instance's folder |
| FINANCE_HUB_PROFILE | `demo`, or `test` on the tests' instance, unless given |

A DATABASE_URL or REDIS_URL that is already set (also as DATABASE_URL_FILE, a file with the value) names a
real server, and no embedded one is started for it.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from finance_hub.embedded import databases
from finance_hub.embedded.holding import held
from finance_hub.embedded.instance import Instance
from finance_hub.embedded.ports import LOOPBACK

SCHEMES = ("postgres", "postgresql", "psql", "pgsql")
BROKER_DATABASES_PER_SEAT = 4


class UnusableDatabaseUrl(Exception):
    """DATABASE_URL does not name a PostgreSQL database."""


@dataclass(frozen=True)
class Prepared:
    """An instance whose servers are up, for as long as the block that prepared it."""

    owner: Mapping[str, str]
    revive: Callable[[], None]

    @property
    def runtime(self) -> dict[str, str]:
        """The same environment for the service itself: the restricted role, and no way to the owner."""
        values = {**self.owner, "DATABASE_URL": self.owner["APP_DATABASE_URL"]}
        del values["APP_DATABASE_URL"]
        return values


@contextmanager
def prepared(instance: Instance, *, given: Mapping[str, str]) -> Iterator[Prepared]:
    """Bring up the servers that `given` (an environment) does not name, and describe all of them.

    Raises holding.ServerUnavailable, databases.NoFreeSeat and UnusableDatabaseUrl.
    """
    given = with_files_read(given)
    wanted = {"postgres": "DATABASE_URL", "broker": "REDIS_URL"}
    names = tuple(name for name, variable in wanted.items() if not given.get(variable))
    if given.get("DATABASE_URL"):
        app_url(given["DATABASE_URL"], password="unused")  # noqa: S106  refuse a bad one before any start
    with held(instance, names=names) as holds, databases.seat(instance) as seat:
        values = base(instance, given=given)
        if "postgres" in holds:
            values["DATABASE_URL"] = _own_database(instance, port=holds["postgres"].take(), seat=seat)
        if not given.get("APP_DATABASE_URL") or "postgres" in holds:
            values["APP_DATABASE_URL"] = app_url(values["DATABASE_URL"], password=instance.secret("app"))
        if "broker" in holds:
            values["REDIS_URL"] = _own_broker(instance, port=holds["broker"].take(), seat=seat)

        def revive() -> None:
            for hold in holds.values():
                hold.ask()

        yield Prepared(owner=values, revive=revive)


def with_files_read(given: Mapping[str, str]) -> dict[str, str]:
    """The environment with the addresses that it names by file (`REDIS_URL_FILE`) filled in."""
    values = dict(given)
    for name in ("DATABASE_URL", "APP_DATABASE_URL", "REDIS_URL"):
        if not values.get(name) and (path := values.pop(f"{name}_FILE", "")):
            values[name] = Path(path).read_text(encoding="utf-8").strip()
    return values


def base(instance: Instance, *, given: Mapping[str, str]) -> dict[str, str]:
    """The given environment with our programs first on PATH and the product's own variables."""
    values = dict(given)
    values["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), given.get("PATH", os.defpath)])
    values["FINANCE_HUB_VAR"] = str(instance.folder)
    values["FINANCE_HUB_PROFILE"] = given.get("FINANCE_HUB_PROFILE") or _profile(instance)
    if not (given.get("SECRET_KEY") or given.get("SECRET_KEY_FILE")):
        values["SECRET_KEY"] = instance.secret("secret_key")
    return values


def _profile(instance: Instance) -> str:
    return "test" if instance.is_throwaway else "demo"


def _own_database(instance: Instance, *, port: int, seat: int) -> str:
    name = databases.name_for(seat)
    databases.ensure(instance, port=port, name=name)
    return f"postgresql://{databases.OWNER}:{instance.secret('owner')}@{LOOPBACK}:{port}/{name}"


def _own_broker(instance: Instance, *, port: int, seat: int) -> str:
    number = seat * BROKER_DATABASES_PER_SEAT
    return f"redis://:{instance.secret('broker')}@{LOOPBACK}:{port}/{number}"


def app_url(owner_url: str, *, password: str) -> str:
    """The same database under the restricted role, which is named after the database.

    Raises UnusableDatabaseUrl.
    """
    parts = urlsplit(owner_url)
    name = parts.path.removeprefix("/")
    if parts.scheme not in SCHEMES or not name or "/" in name:
        raise UnusableDatabaseUrl(
            "DATABASE_URL must look like postgresql://USER:PASSWORD@HOST:PORT/DATABASE and name a database; "
            f"its scheme is {parts.scheme!r} and its database {name!r}."
        )
    server = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{name}_app:{quote(password, safe='')}@{server}").geturl()
