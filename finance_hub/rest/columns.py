"""A list read as the very columns that its shape shows, without an object for each row.

It is done wherever it can be: where every path of the shape ends at a column or an annotation of the
rows, and the shape adds nothing of its own. The rows, their filters and their scope are those of the
query set, whatever is read of them; so is what it prefetches, which is asked for once, and only where a row
has any.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model, QuerySet
from django.db.models.query import ModelIterable
from rest_framework.fields import empty
from rest_framework.serializers import BaseSerializer

from finance_hub.rest import statements
from finance_hub.rest.fields import Record
from finance_hub.rest.reading import Part, parts

Row = tuple[Any, ...]
Say = Callable[[Row], dict[str, Any]]
Path = tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """What is known of the rows before any is read."""

    model: type[Model]
    annotated: frozenset[str]
    prefetched: frozenset[str]


@dataclass(frozen=True)
class Link:
    """The place in a row where the key of another row stands, of which a column is shown."""

    at: int
    model: type[Model]
    column: str

    def follow(self, rows: list[Row]) -> list[Row]:
        """The rows with the column in the place of the key: one query, none where no row has a key."""
        keys = {row[self.at] for row in rows} - {None}
        if not keys:
            return rows
        shown = dict(self.model._base_manager.filter(pk__in=keys).values_list("pk", self.column))
        return [(*row[: self.at], shown.get(row[self.at]), *row[self.at + 1 :]) for row in rows]


@dataclass
class Columns:
    """Paths of the ORM, and the shape said of a row of what they lead to."""

    names: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    say: Say = dict

    def read(self, rows: QuerySet[Any], *, also: tuple[str, ...]) -> list[Row]:
        """The columns of such rows, with others after them."""
        found = statements.read(rows.prefetch_related(None), (*self.names, *also))
        for link in self.links:
            found = link.follow(found)
        return found


def of(shape: type[Record], rows: QuerySet[Any]) -> Columns | None:
    """The columns of the rows that the shape shows; None where it shows anything else."""
    if rows._iterable_class is not ModelIterable or rows.query.distinct or rows.query.combinator:
        return None
    prefetched = frozenset(map(str, rows._prefetch_related_lookups))  # type: ignore[attr-defined]
    return _columns(shape, Rows(rows.model, frozenset(rows.query.annotations), prefetched))


@cache
def _columns(shape: type[Record], rows: Rows) -> Columns | None:
    columns = Columns()
    try:
        columns.say = _saying(shape, rows, (), columns)
    except _NoColumn:
        return None
    return columns


class _NoColumn(Exception):
    """The shape shows what only an object can say."""


def _saying(shape: type[Record], rows: Rows, before: Path, columns: Columns) -> Say:
    """What says the shape, to which the path `before` leads; adds what it reads to `columns`. Raises _NoColumn."""
    if shape.to_representation is not Record.to_representation:
        raise _NoColumn
    said: list[tuple[str, Callable[[Row], Any], Callable[[Any], Any]]] = []
    for part in parts(shape):
        path = (*before, *part.path)
        if isinstance(part.field, Record):
            _follow(path, rows.model, may_end=False)
            said.append((part.name, _whole, _saying(type(part.field), rows, path, columns)))
        elif isinstance(part.field, BaseSerializer):
            raise _NoColumn
        else:
            said.append((part.name, itemgetter(len(columns.names)), part.field.to_representation))
            _add(path, rows, columns, may_end=_may_end(part))

    def say(row: Row) -> dict[str, Any]:
        return {
            name: None if (value := find(row)) is None else represent(value) for name, find, represent in said
        }

    return say


def _whole(row: Row) -> Row:
    return row


def _may_end(part: Part) -> bool:
    """Whether null is shown where the path to the value ends early."""
    return part.field.default is None or (part.field.default is empty and part.field.allow_null)


def _add(path: Path, rows: Rows, columns: Columns, *, may_end: bool) -> None:
    """Have the value at the end of the path read. Raises _NoColumn."""
    if len(path) == 1 and path[0] in rows.annotated:
        columns.names.append(path[0])
        return
    last = _follow(path[:-1], rows.model, may_end=may_end)
    if path[-1] not in {column.attname for column in last._meta.concrete_fields}:
        raise _NoColumn
    if len(path) == 2 and path[0] in rows.prefetched:
        columns.links.append(Link(len(columns.names), last, path[1]))
        columns.names.append(f"{path[0]}_id")
    else:
        columns.names.append("__".join(path))


def _follow(path: Path, model: type[Model], *, may_end: bool) -> type[Model]:
    """The model at the end of foreign keys, none of which is null unless the path may end. Raises _NoColumn."""
    for name in path:
        try:
            key: Any = model._meta.get_field(name)
        except FieldDoesNotExist as error:
            raise _NoColumn from error
        if not isinstance(key, ForeignKey) or (key.null and not may_end):
            raise _NoColumn
        model = key.related_model
    return model
