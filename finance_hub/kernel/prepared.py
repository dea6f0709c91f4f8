"""Statements that nearly every call sends: a connection prepares each when it first sends it.

Only for those that have one sensible plan whatever their values are, such as a look for one row by its unique
column: planning them anew takes PostgreSQL longer than carrying them out. A statement lives as long as its
connection, so that a pooler between us and PostgreSQL has to leave us one for a whole session.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import NotSupportedError, connection
from django.db.backends.utils import CursorWrapper
from psycopg import Connection

_numbers = count(1)


class Prepared:
    """A statement with `$1`, `$2`, … for its values."""

    def __init__(self, statement: str) -> None:
        self._statement = statement
        #: What it is called on each connection that has prepared it.
        self._names: WeakKeyDictionary[Connection[Any], str] = WeakKeyDictionary()

    def execute(self, cursor: CursorWrapper, values: Sequence[Any]) -> None:
        """Raises NotSupportedError once on each connection when a column that it reads has got another type."""
        name = self._names.get(cursor.connection) or self._prepare(cursor.connection)
        try:
            cursor.execute(f"EXECUTE {name}({', '.join(['%s'] * len(values))})", values)
        except NotSupportedError:
            del self._names[cursor.connection]  # the next one prepares it anew
            raise

    def _prepare(self, link: Connection[Any]) -> str:
        name = f"prepared_{next(_numbers)}"
        with connection.wrap_database_errors, link.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {self._statement}".encode())
        self._names[link] = name
        return name
