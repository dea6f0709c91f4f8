"""Keyset pages: an opaque cursor holds the last key seen and the newest row of the first page.

Rows added while a client pages do not appear in its later pages, so that no row shifts or repeats;
the time of a page does not grow with its depth.
"""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.db.models import Max, QuerySet
from rest_framework.request import Request

from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Query

DEFAULT, MOST = 50, 200

QUERY = (
    Query("cursor", Text("上一页返回的游标", "The cursor that the page before returned")),
    Query("limit", Text("每页条数，1–200", "Rows a page, 1-200"), example="50"),
)


class InvalidCursor(Problem):
    code = "invalid-cursor"
    status = 422
    title = Text("游标无效", "The cursor is not valid")


def page(rows: QuerySet[Any], *, request: Request) -> tuple[list[Any], dict[str, Any]]:
    """One page, newest first by primary key: (rows, {"next_cursor", "has_more"}).

    Raises InvalidCursor and InvalidFields (`limit`).
    """
    limit = _limit(request.query_params.get("limit"))
    below, newest = _read(request)
    if newest is None:
        newest = rows.aggregate(newest=Max("pk"))["newest"]
    keyed = rows.filter(pk__lte=newest) if newest is not None else rows.none()
    if below is not None:
        keyed = keyed.filter(pk__lt=below)
    found = list(keyed.order_by("-pk")[: limit + 1])
    more = len(found) > limit
    shown = found[:limit]
    cursor = signing.dumps([shown[-1].pk, newest, _filters(request)]) if more else None
    return shown, {"next_cursor": cursor, "has_more": more}


def _filters(request: Request) -> str:
    kept = sorted((k, v) for k, v in request.query_params.items() if k not in {"cursor", "limit"})
    return f"{request.path}?{kept}"


def _read(request: Request) -> tuple[int | None, int | None]:
    cursor = request.query_params.get("cursor")
    if not cursor:
        return None, None
    try:
        below, newest, filters = signing.loads(cursor)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise InvalidCursor from error
    if filters != _filters(request):
        raise InvalidCursor
    return int(below), int(newest)


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST:
        return int(text)
    raise refuse("#/limit", "limit-out-of-range", "limit 须为 1–200", "limit must be 1-200")
