"""Keyset pages, highest key first: an opaque cursor holds the last key seen.

Rows added while a client pages have higher keys and do not appear in its later pages, so that no
row shifts or repeats; the time of a page does not grow with its depth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Field, Q, QuerySet
from rest_framework.request import Request

from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest import columns
from finance_hub.rest.fields import Record
from finance_hub.rest.operation import Query

DEFAULT, MOST = 50, 200
SALT = "finance_hub.cursor"
Row = TypeVar("Row")
#: Rows after a key (None: from the first), in the order of keys, at most so many.
Read = Callable[[list[Any] | None, int], Sequence[Row]]

QUERY = (
    Query("cursor", Text("上一页返回的游标", "The cursor that the page before returned")),
    Query("limit", Text("每页条数，1–200", "Rows a page, 1-200"), example="50"),
)


class InvalidCursor(Problem):
    code = "invalid-cursor"
    status = 422
    title = Text("游标无效", "The cursor is not valid")


def page(
    rows: QuerySet[Any], *, request: Request, by: tuple[str, ...] = ("pk",), shape: type[Record] | None = None
) -> tuple[list[Any], dict[str, Any]]:
    """One page, highest key first: (rows, {"next_cursor", "has_more"}).

    `by` names the columns of the key, together unique and never changed: the primary key where it
    grows with time, else e.g. ("created_at", "pk"). With a `shape` the rows come as it says them, read as
    columns where it shows nothing else. Raises InvalidCursor and InvalidFields (`limit`).
    """
    limit = limit_of(request)
    below = _read(request, fields=[_column(rows, name) for name in by])
    keyed = rows.filter(_before(by, below)) if below else rows
    ordered = keyed.order_by(*(f"-{name}" for name in by))[: limit + 1]
    read = columns.of(shape, rows) if shape else None
    found: list[Any] = read.read(ordered, also=by) if read else list(ordered)
    shown = found[:limit]
    position: dict[str, Any] = {"next_cursor": None, "has_more": len(found) > limit}
    if position["has_more"]:
        key = shown[-1][-len(by) :] if read else [getattr(shown[-1], name) for name in by]
        position["next_cursor"] = _cursor(_as_json(key), request)
    if read:
        return [read.say(row) for row in shown], position
    if shape:
        return list(shape(shown, many=True, context={"request": request}).data), position
    return shown, position


def page_of(
    read: Read[Row], *, request: Request, key: Callable[[Row], list[Any]]
) -> tuple[list[Row], dict[str, Any]]:
    """One page of rows that a statement of its own reads, as `page` gives them.

    `key` is the JSON of a row's place in the order, with whatever the later pages must know. Raises
    InvalidCursor and InvalidFields (`limit`).
    """
    limit = limit_of(request)
    found = list(read(_held(request), limit + 1))
    shown = found[:limit]
    if len(found) <= limit:
        return shown, {"next_cursor": None, "has_more": False}
    return shown, {"next_cursor": _cursor(key(shown[-1]), request), "has_more": True}


def _before(by: tuple[str, ...], key: list[Any]) -> Q:
    """Rows whose key is lower, compared column by column."""
    lower, equal = Q(), Q()
    for name, value in zip(by, key, strict=True):
        lower |= equal & Q(**{f"{name}__lt": value})
        equal &= Q(**{name: value})
    return lower


def _column(rows: QuerySet[Any], name: str) -> Field[Any, Any]:
    fields = rows.model._meta
    found: Field[Any, Any] = fields.pk if name == "pk" else fields.get_field(name)
    return found


def _as_json(key: Sequence[Any]) -> list[Any]:
    return [value if isinstance(value, int) else str(value) for value in key]


def _filters(request: Request) -> str:
    """A digest: the cursor serves the query it came from, and does not grow with it."""
    kept = sorted((k, v) for k, v in request.query_params.items() if k not in {"cursor", "limit"})
    return hashlib.sha256(f"{request.path}?{kept}".encode()).hexdigest()[:16]


def _cursor(key: list[Any], request: Request) -> str:
    return signing.dumps([key, _filters(request)], salt=SALT)


def _read(request: Request, *, fields: list[Field[Any, Any]]) -> list[Any] | None:
    key = _held(request)
    try:
        return key and [field.to_python(value) for field, value in zip(fields, key, strict=True)]
    except (ValidationError, ValueError, TypeError) as error:
        raise InvalidCursor from error


def _held(request: Request) -> list[Any] | None:
    """The key that the request's cursor holds; signed, so that only a cursor of ours is one."""
    cursor = request.query_params.get("cursor")
    if not cursor:
        return None
    try:
        key, filters = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise InvalidCursor from error
    if filters != _filters(request) or not isinstance(key, list):
        raise InvalidCursor
    return key


def limit_of(request: Request) -> int:
    """How many rows a page has. Raises InvalidFields (`limit`)."""
    text = request.query_params.get("limit")
    if text is None:
        return DEFAULT
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST:
        return int(text)
    raise refuse("#/limit", "limit-out-of-range", "limit 须为 1–200", "limit must be 1-200")
