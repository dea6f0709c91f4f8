"""The authorisation matrix: every operation of every route, and which roles may do it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from finance_hub.kernel.access import Role, may
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView

COLUMNS = ("method", "path", "action", *(role.value for role in Role))


class Route(NamedTuple):
    """One route below /api, with the view class that answers it; None where that is no ApiView."""

    path: str
    view: type[ApiView] | None


def routes() -> list[Route]:
    """Every route of the project whose path begins with api/, in the order they are tried."""
    return [route for route in _walk(get_resolver().url_patterns, "/") if route.path.startswith("/api")]


def operations() -> Iterator[tuple[str, str, Operation]]:
    """(method, path, operation) of every API view, ordered by path and method."""
    declared = [
        (method, route.path, operation)
        for route in routes()
        if route.view
        for method, operation in route.view.operations.items()
    ]
    yield from sorted(declared, key=lambda one: (one[1], one[0]))


def as_csv() -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for method, path, operation in operations():
        verdicts = ("allowed" if may(role, operation.action) else "refused" for role in Role)
        table.writerow([method, path, operation.action, *verdicts])
    return out.getvalue()


def _walk(patterns: list[Any], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern).lstrip("^"))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None)
            yield Route(path, view if isinstance(view, type) and issubclass(view, ApiView) else None)
