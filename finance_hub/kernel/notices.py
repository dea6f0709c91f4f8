"""Notices between processes: told at the commit of a transaction, heard at once by whoever listens.

Nothing rests on a notice: it only says "look again". Whoever waits looks by itself every now and
then, so that a notice that nobody sent or heard costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg import sql


def tell(topic: str) -> None:
    """Wake whoever listens to the topic as soon as the transaction in force commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [topic])


@contextmanager
def listening(topic: str) -> Iterator[Callable[[float], None]]:
    """Hear a topic (at most 63 bytes); what is given waits for the next notice, so many seconds at most.

    A notice that came since the block began is not lost: look at the state inside the block, then
    wait. Not inside a transaction, where PostgreSQL would begin to listen at its end.
    """
    name = sql.Identifier(topic)
    _execute(sql.SQL("LISTEN {}").format(name))
    try:
        yield _wait
    finally:
        _execute(sql.SQL("UNLISTEN {}").format(name))


def _execute(statement: sql.Composed) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _wait(seconds: float) -> None:
    raw: Any = connection.connection
    for _ in raw.notifies(timeout=seconds, stop_after=1):
        return
