"""Which rows count: of a fact and its corrections the one recorded last, unless that took it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce


def counting(rows: QuerySet[Any], *, known_at: datetime | None = None) -> QuerySet[Any, Any]:
    """Those of the rows that count by what was recorded up to `known_at`, or by all that is recorded.

    `first` is the id of the row first recorded: of two facts of one day, the one with the lower comes first.
    """
    later = rows.model._default_manager.filter(corrects=OuterRef("first"), pk__gt=OuterRef("pk"))
    if known_at is not None:
        rows, later = rows.filter(recorded_at__lte=known_at), later.filter(recorded_at__lte=known_at)
    found: QuerySet[Any, Any] = rows.annotate(first=Coalesce("corrects_id", "pk"))
    return found.filter(~Exists(later), taken_back=False)
