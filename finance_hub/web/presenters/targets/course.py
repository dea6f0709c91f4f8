"""The course of a target: month by month what held and what the line expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from finance_hub.kernel import days
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks import queries, target_facts
from tasks.engine import progress
from tasks.standing import Standing

MONTHS, LONGEST = 13, 180
SPANS = ("year", "life")


@dataclass(frozen=True)
class Point:
    """The evening of a month's last day, or of today in the running one; a value of a later day is not known."""

    month: Month
    value: Decimal | None
    expected: Decimal | None
    ahead: Decimal | None


def course(one: Standing, span: str, *, now: datetime) -> list[Point]:
    """Thirteen months up to this one, or `life`: from the baseline to the deadline or this month, the later."""
    this = Month.of(now)
    first, last = this - (MONTHS - 1), this
    if span == "life":
        first = Month.of(one.fact.baseline_date)
        last = max(this, Month.of(one.fact.deadline)) if one.fact.deadline else this
        first = max(first, last - (LONGEST - 1))
    months = list(first.until(last + 1))
    values = _values(one, months, now=now)
    today = days.today(now)
    at = {month: today if month == this else month.last for month in months}
    return [_point(one, month, at[month], values.get(month)) for month in months]


def _point(one: Standing, month: Month, day: date, value: Decimal | None) -> Point:
    line = target_facts.line_of(one.fact, day)
    expected = None if isinstance(line, str) or day < one.fact.baseline_date else line
    better = None
    if value is not None and expected is not None:
        better = progress.ahead(value, expected, one.target.comparison)
    return Point(month, value, expected, better)


def _values(one: Standing, months: list[Month], *, now: datetime) -> dict[Month, Decimal]:
    """Of what is computed here the stored figures, of the others the reports in force today."""
    if target_facts.is_computed(one.fact):
        with within(EVERYTHING):
            stored = queries.history(months, codes=("target.value",), known_at=now)
        found = {
            month: figures.value("target.value", "target", one.target.pk) for month, figures in stored.items()
        }
        return {month: value for month, value in found.items() if value is not None}
    return dict(_reported(one, months, now=now))


def _reported(one: Standing, months: list[Month], *, now: datetime) -> Iterator[tuple[Month, Decimal]]:
    today = days.today(now)
    metric = one.target.duplicate_of_id or one.target.pk
    reports = [
        (report.as_of, report.value)
        for report in target_facts.in_force(as_of=today + timedelta(days=1), known_at=now)
        if getattr(report, "metric") == metric  # noqa: B009 - annotated
    ]
    for month in months:
        if month.first > today:
            return
        begins = target_facts.period_of(one.fact, month.last)[0] if one.fact.yearly else date.min
        held = [value for day, value in reports if begins <= day < month.end]
        if held:
            yield month, held[-1]
