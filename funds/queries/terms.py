"""The terms of a fund as agreed on a day."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from funds.models import Fund, FundTerms


def terms(of: Fund) -> QuerySet[FundTerms]:
    """Every row ever recorded, with its author."""
    return FundTerms.objects.of(fund=of).select_related("recorded_by")


def in_force(of: Fund, *, as_of: date, known_at: datetime) -> FundTerms | None:
    """What was agreed on the day before `as_of`, as known at `known_at`; None before the first row."""
    known = terms(of).filter(valid_from__lt=as_of, recorded_at__lte=known_at)
    found = known.order_by("-valid_from", "-recorded_at", "-pk").first()
    if found is not None:
        found.fund = of
    return found
