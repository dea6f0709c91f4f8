"""Which set of risk assumptions was in force: what every loss that is spoken of rests on."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from tasks.models import RiskAssumptions, RiskParameter


def assumptions() -> QuerySet[RiskAssumptions]:
    """Every set ever entered, with its numbers and who entered it."""
    rows = RiskParameter.objects.order_by("pk")
    return RiskAssumptions.objects.select_related("recorded_by").prefetch_related(
        Prefetch("parameters", rows)
    )


def assumed(*, as_of: date, known_at: datetime | None = None) -> RiskAssumptions | None:
    """What is assumed on the day before `as_of`, by what was entered up to `known_at` (inclusive; now where left out);
    None before the first set."""
    begun = assumptions().filter(valid_from__lt=as_of)
    if known_at is not None:
        begun = begun.filter(recorded_at__lte=known_at)
    return begun.order_by("-valid_from", "-pk").first()
