"""Reads of what the centre enters beside the facts: indices, benchmarks, assumptions.

`as_of` is exclusive (the first day that is not looked at), `known_at` inclusive. Levels of one index are entered
one entry after the other (`tasks.indices`), so of one day the highest id is the last word.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from finance_hub.kernel.problems import NotFound, refuse
from funds.models import Fund
from tasks.models import FundBenchmark, IndexLevel, MarketIndex, PacingAssumptions


class Level(NamedTuple):
    """An index at the end of a day: the last level reported at or before it, and of which day that is."""

    level: Decimal
    of: date


def indices() -> QuerySet[MarketIndex]:
    return MarketIndex.objects.all()


def index(code: str) -> MarketIndex:
    """Raises NotFound."""
    found = MarketIndex.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def named(code: str) -> MarketIndex:
    """The index that a field or a parameter names. Raises InvalidFields (`index`)."""
    found = MarketIndex.objects.filter(code=code).first()
    if found is None:
        raise refuse("#/index", "does_not_exist", "没有登记这个指数", "No index has this code")
    return found


def levels(of: MarketIndex, *, as_of: date, known_at: datetime) -> QuerySet[IndexLevel]:
    """The levels of an index before `as_of`, one a day: the one recorded last by `known_at`."""
    known = IndexLevel.objects.filter(index=of, recorded_at__lte=known_at)
    same_day = known.filter(effective_date=OuterRef("effective_date"))
    return known.filter(~Exists(same_day.filter(pk__gt=OuterRef("pk"))), effective_date__lt=as_of)


def levels_by_day(of: MarketIndex, *, days: Iterable[date]) -> dict[date, Decimal]:
    """The level of each of the days that has one, with all that is entered by now."""
    known = IndexLevel.objects.filter(index=of, effective_date__in=list(days))
    latest = known.order_by("effective_date", "-pk").distinct("effective_date")
    return dict(latest.values_list("effective_date", "level"))


def levels_on(of: MarketIndex, *, days: Iterable[date], known_at: datetime) -> dict[date, Level | None]:
    """The index at the end of each day; None before its first level. One query, whatever the days."""
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS_ON, [sorted(set(days)), of.pk, known_at])
        return {day: None if level is None else Level(level, on) for day, level, on in cursor.fetchall()}


_LEVELS_ON = """
SELECT asked.day, found.level, found.effective_date
FROM unnest(%s::date[]) AS asked (day)
LEFT JOIN LATERAL (
  SELECT level, effective_date FROM tasks_indexlevel
  WHERE index_id = %s AND effective_date <= asked.day AND recorded_at <= %s
  ORDER BY effective_date DESC, id DESC LIMIT 1
) AS found ON true
ORDER BY asked.day
"""


def benchmarks(of: Fund) -> QuerySet[FundBenchmark]:
    """Every choice ever made for the fund."""
    return FundBenchmark.objects.filter(fund=of).select_related("index", "recorded_by")


def benchmark(of: Fund, *, as_of: date, known_at: datetime) -> MarketIndex | None:
    """The index that the fund is measured against on the day before `as_of`; None before the first choice."""
    known = benchmarks(of).filter(valid_from__lt=as_of, recorded_at__lte=known_at)
    chosen = known.order_by("-valid_from", "-recorded_at", "-pk").first()
    return chosen.index if chosen else None


def assumptions(of: Fund) -> QuerySet[PacingAssumptions]:
    """Every set of assumptions ever entered for the fund, with its scenarios."""
    whole = PacingAssumptions.objects.filter(fund=of, scenarios__isnull=False).distinct()
    return whole.select_related("recorded_by").prefetch_related("scenarios")


def assumed(of: Fund, *, as_of: date, known_at: datetime) -> PacingAssumptions | None:
    """What is assumed of the fund on the day before `as_of`; None before the first set."""
    known = assumptions(of).filter(valid_from__lt=as_of, recorded_at__lte=known_at)
    return known.order_by("-valid_from", "-recorded_at", "-pk").first()
