"""The product's database and its owner inside the embedded server, and who gets which."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from finance_hub.embedded.cluster import ADMINISTRATOR
from finance_hub.embedded.instance import Instance
from finance_hub.embedded.ports import LOOPBACK

DATABASE = "finance_hub"
OWNER = "finance_hub_owner"

# Commands that may run beside each other on one instance, each with a database and four broker databases.
SEATS = 16

# Any number; everyone who makes roles and databases waits for the others.
_ENSURE_LOCK = 743_201_118


class NoFreeSeat(Exception):
    """Too many commands run on this instance."""


@contextmanager
def seat(instance: Instance) -> Iterator[int]:
    """The lowest free number from 0, ours for the length of the block.

    The city has one database for everybody: 0. Elsewhere two runs of the tests at once must not drop each
    other's databases, so each has its own. Raises NoFreeSeat.
    """
    if instance.is_city:
        yield 0
        return
    for number in range(SEATS):
        lock = instance.lock(f"seat-{number}")
        if lock.try_alone():
            try:
                yield number
            finally:
                lock.close()
            return
        lock.close()
    raise NoFreeSeat(f"{SEATS} commands run on {instance.folder} already")


def name_for(seat_number: int) -> str:
    """`finance_hub`, then `finance_hub_1`, `finance_hub_2` …"""
    return DATABASE if seat_number == 0 else f"{DATABASE}_{seat_number}"


def ensure(instance: Instance, *, port: int, name: str) -> None:
    """Make the owner (no superuser; may create roles and databases) and its database if missing."""
    with psycopg.connect(
        host=LOOPBACK,
        port=port,
        user=ADMINISTRATOR,
        password=instance.secret("postgres"),
        dbname="postgres",
        autocommit=True,
        connect_timeout=10,
    ) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_ENSURE_LOCK,))
        _ensure_owner(connection, password=instance.secret("owner"))
        _ensure_database(connection, name=name)


def _ensure_owner(connection: psycopg.Connection, *, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone()
    statement = sql.SQL("{verb} ROLE {owner} LOGIN NOSUPERUSER CREATEROLE CREATEDB PASSWORD {password}")
    verb = sql.SQL("ALTER" if known else "CREATE")
    connection.execute(
        statement.format(verb=verb, owner=sql.Identifier(OWNER), password=sql.Literal(password))
    )


def _ensure_database(connection: psycopg.Connection, *, name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        return
    statement = sql.SQL("CREATE DATABASE {name} OWNER {owner}")
    connection.execute(statement.format(name=sql.Identifier(name), owner=sql.Identifier(OWNER)))
