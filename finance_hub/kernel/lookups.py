"""Look-ups that nearly every call makes: one row and the rows it leads to, by a statement prepared once.

Putting it together anew takes the ORM longer than PostgreSQL takes to answer it, and planning it anew takes
PostgreSQL longer than finding a row by its key: a connection prepares the statement when it first needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, islice
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import NotSupportedError, connection
from django.db.models import Model
from psycopg import Connection

from finance_hub.kernel import scoping

M = TypeVar("M", bound=Model)
_numbers = count(1)


@dataclass(frozen=True)
class LookUp(Generic[M]):
    """The row of `model` whose unique column `by` has a value.

    `along` names foreign keys: the first one of the model, each further one of the row that the one before led to.
    None of them is null. A model with `row_scope` says by its `column` whose row it is: others are not found.
    """

    model: type[M]
    by: str
    along: tuple[str, ...]
    #: What the statement is called on each connection that has prepared it.
    _names: WeakKeyDictionary[Connection[Any], str] = field(
        default_factory=WeakKeyDictionary, init=False, repr=False, compare=False
    )

    def find(self, value: Any) -> M | None:
        """The row with those it leads to, each held by the one before; raises NoScope where a scope is wanted."""
        values = [value, *self._whose()]
        with connection.cursor() as cursor:
            name = self._prepared(cursor.connection)
            try:
                cursor.execute(f"EXECUTE {name}({', '.join(['%s'] * len(values))})", values)
            except NotSupportedError:  # a column has another type by now: the next one prepares it anew
                del self._names[cursor.connection]
                raise
            row = cursor.fetchone()
        return None if row is None else self._read(iter(row))

    def _prepared(self, link: Connection[Any]) -> str:
        """What the statement is called on the connection."""
        if link not in self._names:
            name = f"look_up_{next(_numbers)}"
            with connection.wrap_database_errors, link.cursor() as cursor:
                cursor.execute(f"PREPARE {name} AS {self._statement}".encode())
            self._names[link] = name
        return self._names[link]

    @cached_property
    def _column(self) -> str:
        """The column that says whose row it is; none where anybody may read it."""
        row_scope: scoping.RowScope | None = getattr(self.model, "row_scope", None)
        return row_scope.column if row_scope else ""

    def _whose(self) -> tuple[Any, ...]:
        if not self._column:
            return ()
        scope = scoping.current()
        return scope.everything, scope.organisation_id

    @cached_property
    def _models(self) -> list[type[Model]]:
        models: list[type[Model]] = [self.model]
        for name in self.along:
            key: Any = models[-1]._meta.get_field(name)
            models.append(key.related_model)
        return models

    @cached_property
    def _statement(self) -> str:
        columns = ", ".join(
            f'"{model._meta.db_table}"."{field.column}"'
            for model in self._models
            for field in model._meta.concrete_fields
        )
        table = self.model._meta.db_table
        joins = "".join(self._joins())
        whose = f' AND ($2 OR "{table}"."{self._column}" = $3)' if self._column else ""
        return f'SELECT {columns} FROM "{table}"{joins} WHERE "{table}"."{self.by}" = $1{whose}'  # noqa: S608 - names of ours

    def _joins(self) -> Iterator[str]:
        for name, holder, held in zip(self.along, self._models, self._models[1:], strict=False):
            key: Any = holder._meta.get_field(name)
            table = held._meta.db_table
            yield f' JOIN "{table}" ON "{table}"."id" = "{holder._meta.db_table}"."{key.column}"'

    def _read(self, values: Iterator[Any]) -> M:
        found = _row(self.model, values)
        holder: Model = found
        for name, model in zip(self.along, self._models[1:], strict=True):
            held = _row(model, values)
            setattr(holder, name, held)
            holder = held
        return found


def _row(model: type[M], values: Iterator[Any]) -> M:
    """The model's columns are the next of the values."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, names, list(islice(values, len(names))))
