"""Why a value of a holding is no longer fresh."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery

from finance_hub.kernel.periods import Month
from funds.models import FundTerms, Holding, Round
from funds.queries.rounds import standing

#: Where the terms do not say: a value is asked for twice a year.
FRESH_MONTHS = 6
NOT_VALUED, OLDER_THAN_DEAL, OLDER_THAN_ROUND, TOO_OLD = (
    "not-valued", "older-than-last-deal", "older-than-last-round", "too-old",
)  # fmt: skip


def aged(rows: QuerySet[Holding, Any], *, as_of: date, known_at: datetime) -> QuerySet[Holding, Any]:
    """Measured holdings with `last_round_on` in the book of the fund's manager (None without one) and `fresh_days`,
    for which the terms in force say that a value is fresh (None where they do not)."""
    rounds = standing(
        Round.objects.filter(firm=OuterRef("firm"), organisation=OuterRef("fund__manager")),
        as_of=as_of,
        known_at=known_at,
    )
    terms = FundTerms.objects.filter(
        fund=OuterRef("fund"), valid_from__lt=as_of, recorded_at__lte=known_at
    ).order_by("-valid_from", "-recorded_at", "-pk")
    return rows.annotate(
        last_round_on=Subquery(
            rounds.order_by().values("firm").annotate(last=Max("effective_date")).values("last")
        ),
        fresh_days=Subquery(terms.values("valuation_days")[:1]),
    )


def stale(row: Any, *, day: date) -> tuple[str, ...]:
    """The reasons at the end of a day, none of a fresh value, nor of a holding without cost left."""
    if not row.remaining_cost:
        return ()
    if row.valued_on is None:
        return (NOT_VALUED,)
    found = []
    if row.valued_on < row.last_deal_on:
        found.append(OLDER_THAN_DEAL)
    if row.last_round_on is not None and row.valued_on < row.last_round_on:
        found.append(OLDER_THAN_ROUND)
    fresh_since = (
        months_before(day, FRESH_MONTHS) if row.fresh_days is None else day - timedelta(days=row.fresh_days)
    )
    if row.valued_on < fresh_since:
        found.append(TOO_OLD)
    return tuple(found)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last."""
    month = Month.of(day) - months
    return month.first.replace(day=min(day.day, month.last.day))
