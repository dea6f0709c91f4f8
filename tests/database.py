"""The test database as its owner: what a DBA could do, and the wiping of what tests have committed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from typing import Any

import environ
import psycopg
from django.core.management import call_command
from django.db import connection

#: Read when the tests are collected: some of them live in an environment of their own later.
OWNER = environ.Env.db_url_config(os.environ.get("DATABASE_URL", ""))
KEPT_TABLES = {
    "django_migrations", "django_content_type", "loans_loanproduct", "loans_lprquote", "tasks_target",
    "tasks_responsibleunit", "tasks_openquestion", "tasks_openquestion_targets",
}  # fmt: skip


#: Migrated once; the workers of a run copy it.
MIGRATED = f"{OWNER.get('NAME')}_migrated"


@contextmanager
def as_owner(name: str = "") -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own to the test database or to another, in autocommit."""
    with psycopg.connect(
        host=OWNER["HOST"], port=OWNER["PORT"] or 5432, user=OWNER["USER"], password=OWNER["PASSWORD"],
        dbname=name or connection.settings_dict["NAME"], autocommit=True,
    ) as owner:  # fmt: skip
        yield owner


def migrate_once(run: str) -> None:
    """Make the database MIGRATED for this run, unless another worker of it has; whoever comes meanwhile waits."""
    with as_owner("postgres") as owner:
        owner.execute("SELECT pg_advisory_lock(hashtext(%s))", [MIGRATED])
        made_by = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        if owner.execute(made_by, [MIGRATED]).fetchone() == (run,):
            return
        forget_migrated(owner)
        owner.execute(f'CREATE DATABASE "{MIGRATED}" TEMPLATE template0')
        given = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = MIGRATED
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = given
        owner.execute(f"COMMENT ON DATABASE \"{MIGRATED}\" IS '{run}'")


def forget_migrated(owner: psycopg.Connection[Any]) -> None:
    owner.execute(f'DROP DATABASE IF EXISTS "{MIGRATED}"')


#: More rows than that in a table are cut off at once; fewer are sooner deleted than all files made anew.
FEW = 2_000


def wipe() -> None:
    """Empty every table; the append-only triggers would refuse it otherwise, even to the owner."""
    with as_owner() as owner, owner.transaction():
        owner.execute("SELECT set_config('app.scope', 'everything', true)")
        tables = _without_books(owner)
        rows = _rows(owner, tables)
        filled = [table for table in tables if rows[table]]
        touched = filled if all(count <= FEW for count in rows.values()) else tables
        for table in touched:
            owner.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        if touched is filled:
            _delete(owner, filled)
        else:
            owner.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables) + " RESTART IDENTITY")
        for table in touched:
            owner.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def _without_books(owner: psycopg.Connection[Any]) -> list[str]:
    """The tables to empty, once the books of positions are gone."""
    found = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    books = (
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'loans_loanposition'::regclass"
    )
    shelves = {name for (name,) in owner.execute(books).fetchall()}
    for shelf in shelves:
        owner.execute(f"DROP TABLE {shelf}")
    parted = tuple(f"{shelf}_" for shelf in shelves)
    gone = {name for (name,) in found if name in shelves or name.startswith(parted)}
    return [name for (name,) in found if name not in KEPT_TABLES | gone]


def _rows(owner: psycopg.Connection[Any], tables: list[str]) -> dict[str, int]:
    """How many rows each has, counted no further than to know that they are not few."""
    counts = (
        f"SELECT '{table}', count(*) FROM (SELECT FROM \"{table}\" LIMIT {FEW + 1}) counted"  # noqa: S608
        for table in tables
    )
    return dict(owner.execute(" UNION ALL ".join(counts)).fetchall())


def _delete(owner: psycopg.Connection[Any], tables: list[str]) -> None:
    """Children first: a row whose parent is gone is nobody's to see. Numbers begin anew."""
    for table in _children_first(owner, tables):
        owner.execute(f'DELETE FROM "{table}"')  # noqa: S608
    owner.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no trigger is switched on while a check is pending
    owner.execute(
        "SELECT setval(pg_get_serial_sequence(relname, attname), 1, false) FROM pg_attribute"
        " JOIN pg_class ON pg_class.oid = attrelid WHERE relname = ANY(%s) AND attidentity <> ''",
        [tables],
    )


def _children_first(owner: psycopg.Connection[Any], tables: list[str]) -> list[str]:
    keys = owner.execute(
        "SELECT child.relname, parent.relname FROM pg_constraint"
        " JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid"
        " WHERE contype = 'f' AND conrelid <> confrelid"
        " AND child.relname = ANY(%(tables)s) AND parent.relname = ANY(%(tables)s)",
        {"tables": tables},
    ).fetchall()
    children: dict[str, set[str]] = {table: set() for table in tables}
    for child, parent in keys:
        children[parent].add(child)
    return list(TopologicalSorter(children).static_order())
