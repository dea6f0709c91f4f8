"""Keyset pages in both directions: the time of a page does not grow with its depth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db import models
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Place:
    """Where a page begins: after a row, or before one and read backwards; None is the first page."""

    mark: tuple[Any, int] | None = None
    backwards: bool = False


@dataclass(frozen=True)
class Window(Generic[M]):
    """The rows of a page and what to ask for its neighbours, None at either end."""

    rows: list[M]
    previous: str | None
    next: str | None


def read(params: QueryDict) -> Place:
    """The place that `after` or `before` names; what this service did not sign is the first page."""
    for name in ("after", "before"):
        if name in params:
            try:
                value, pk = signing.loads(str(params[name]), salt="paging")
                return Place((value, int(pk)), backwards=name == "before")
            except (signing.BadSignature, ValueError, TypeError):
                return Place()
    return Place()


def window(
    rows: QuerySet[M], *, key: str, descending: bool, place: Place, size: int, unique: bool = False
) -> Window[M]:
    """`size` rows ordered by `key` and then by primary key, in the reader's order.

    A `unique` key orders them alone: for tables whose primary key is none to compare.
    """
    rising = descending == place.backwards
    if place.mark:
        rows = rows.filter(_beyond(key, place.mark, rising=rising, unique=unique))
    sign = "" if rising else "-"
    order = [f"{sign}{key}"] if unique else [f"{sign}{key}", f"{sign}pk"]
    found = list(rows.order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if place.backwards:
        found.reverse()
    before = more if place.backwards else place.mark is not None
    after = True if place.backwards else more
    return Window(
        found,
        _asked("before", found[0], key, unique=unique) if found and before else None,
        _asked("after", found[-1], key, unique=unique) if found and after else None,
    )


def _beyond(key: str, mark: tuple[Any, int], *, rising: bool, unique: bool) -> Q:
    value, pk = mark
    beyond = "gt" if rising else "lt"
    if unique:
        return Q(**{f"{key}__{beyond}": value})
    return Q(**{f"{key}__{beyond}": value}) | Q(**{key: value, f"pk__{beyond}": pk})


def _asked(name: str, row: models.Model, key: str, *, unique: bool) -> str:
    value = getattr(row, key)
    plain = value.isoformat() if isinstance(value, date) else value
    return urlencode({name: signing.dumps([plain, 0 if unique else row.pk], salt="paging")})
