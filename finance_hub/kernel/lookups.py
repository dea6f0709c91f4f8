"""Look-ups that nearly every call makes: one row and the rows it leads to, by a prepared statement.

Putting it together anew takes the ORM longer than PostgreSQL takes to answer it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

from finance_hub.kernel import scoping
from finance_hub.kernel.prepared import Prepared

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class LookUp(Generic[M]):
    """The row of `model` whose unique column `by` has a value.

    `along` names foreign keys: the first one of the model, each further one of the row that the one before led to.
    None of them is null. A model with `row_scope` says by its `column` whose row it is: others are not found.
    """

    model: type[M]
    by: str
    along: tuple[str, ...]

    def find(self, value: Any) -> M | None:
        """The row with those it leads to, each held by the one before; raises NoScope where a scope is wanted."""
        with connection.cursor() as cursor:
            self._statement.execute(cursor, [value, *self._whose()])
            row = cursor.fetchone()
        return None if row is None else self._read(iter(row))

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
    def _statement(self) -> Prepared:
        columns = ", ".join(
            f'"{model._meta.db_table}"."{field.column}"'
            for model in self._models
            for field in model._meta.concrete_fields
        )
        table = self.model._meta.db_table
        joins = "".join(self._joins())
        whose = f' AND ($2 OR "{table}"."{self._column}" = $3)' if self._column else ""
        return Prepared(
            f'SELECT {columns} FROM "{table}"{joins} WHERE "{table}"."{self.by}" = $1{whose}'  # noqa: S608 - names of ours
        )

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
