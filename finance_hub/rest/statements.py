"""The SQL of a list, put together once for each form that its query takes.

Most of what a short page costs is the ORM writing the same statement again with other values. A query that
compares columns with plain values, and no more, has its statement kept by its form; all others are asked of the
ORM as ever. Which rows a query finds, its scope included, is said by the query alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Lookup, QuerySet
from django.db.models.expressions import Col
from django.db.models.fields.related_lookups import RelatedExact
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IntegerFieldExact,
    IntegerGreaterThan,
    IntegerGreaterThanOrEqual,
    IntegerLessThan,
    IntegerLessThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)
from django.db.models.sql import Query
from django.db.models.sql.where import WhereNode
from psycopg import adapters
from psycopg.pq import Format

#: Lookups whose statement depends on nothing but their column.
_PLAIN = (
    Exact, RelatedExact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual, IntegerFieldExact,
    IntegerGreaterThan, IntegerGreaterThanOrEqual, IntegerLessThan, IntegerLessThanOrEqual,
)  # fmt: skip
#: Forms are few, those of one list differ in length only; the bound is there for whoever asks for every length.
_MOST = 2_000
_kept: dict[Hashable, str] = {}
#: psycopg's own reader of moments, many times as fast as the one that Django puts in its place.
_MOMENTS = adapters.get_loader(adapters.types["timestamptz"].oid, Format.TEXT)


class _Odd(Exception):
    """The form says less than the statement needs."""


def read(rows: QuerySet[Any], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """`rows.values_list(*names)`."""
    try:
        form, values = _form(rows.query)
    except _Odd:
        return list(rows.values_list(*names))
    key = (names, form)
    statement = _kept.get(key)
    if statement is None:
        asked = rows.values_list(*names)
        statement = _statement(asked.query, values)
        if statement is None:
            return list(asked)
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[key] = statement
    with connection.cursor() as cursor:
        cursor.adapters.register_loader("timestamptz", _MOMENTS)
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _statement(query: Query, values: list[Any]) -> str | None:
    """The statement of the query where it takes just these values in this order and gives columns as they are."""
    compiler = query.get_compiler(connection=connection)
    try:
        statement, wanted = compiler.as_sql()
    except EmptyResultSet:  # a value that no row can have
        return None
    converted = compiler.get_converters([column for column, *_ in compiler.select])
    return statement if list(wanted) == values and not converted else None


def _form(query: Query) -> tuple[Hashable, list[Any]]:
    """All of a query but its values, and these in the order of its statement. Raises _Odd."""
    by_names = all(isinstance(name, str) for name in query.order_by)
    if query.annotations or query.extra or query.combinator or query.distinct or not by_names:
        raise _Odd
    values: list[Any] = []
    joins = tuple((alias, join.join_type, join.identity) for alias, join in query.alias_map.items())
    where = tuple(_parts(query.where, values))
    order = (query.order_by, query.standard_ordering, query.low_mark, query.high_mark)
    return (query.model, joins, where, order), values


def _parts(where: WhereNode, values: list[Any]) -> Iterator[Hashable]:
    yield where.connector, where.negated, len(where.children)
    for child in where.children:
        if isinstance(child, WhereNode):
            yield from _parts(child, values)
        else:
            yield _part(child, values)


def _part(lookup: Any, values: list[Any]) -> Hashable:
    if not isinstance(lookup, Lookup) or not isinstance(lookup.lhs, Col):
        raise _Odd
    column = (type(lookup), lookup.lhs.alias, lookup.lhs.target)
    if type(lookup) is IsNull or isinstance(lookup.rhs, bool):
        return (*column, lookup.rhs)
    if type(lookup) not in _PLAIN or hasattr(lookup.rhs, "resolve_expression") or lookup.bilateral_transforms:
        raise _Odd
    values += lookup.get_db_prep_lookup(lookup.rhs, connection)[1]
    return column
