"""The test database as its owner: what a DBA could do, and the wiping of what tests have committed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import environ
import psycopg
from django.db import connection

#: Read when the tests are collected: some of them live in an environment of their own later.
OWNER = environ.Env.db_url_config(os.environ.get("DATABASE_URL", ""))
KEPT_TABLES = {"django_migrations", "django_content_type", "loans_loanproduct", "tasks_target"}


@contextmanager
def as_owner() -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own, in autocommit."""
    with psycopg.connect(
        host=OWNER["HOST"], port=OWNER["PORT"] or 5432, user=OWNER["USER"], password=OWNER["PASSWORD"],
        dbname=connection.settings_dict["NAME"], autocommit=True,
    ) as owner:  # fmt: skip
        yield owner


def wipe() -> None:
    """Empty every table; the append-only triggers would refuse it otherwise, even to the owner."""
    with as_owner() as owner, owner.transaction():
        found = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        books = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'loans_loanposition'::regclass"
        shelves = {name for (name,) in owner.execute(books).fetchall()}
        for shelf in shelves:
            owner.execute(f"DROP TABLE {shelf}")
        parted = tuple(f"{shelf}_" for shelf in shelves)
        gone = {name for (name,) in found if name in shelves or name.startswith(parted)}
        tables = [name for (name,) in found if name not in KEPT_TABLES | gone]
        for table in tables:
            owner.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        owner.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables) + " RESTART IDENTITY")
        for table in tables:
            owner.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
