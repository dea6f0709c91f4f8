"""The periods of a loan, and the part of a year's interest that falls on each.

Every period is a whole number of months, but for a last one that ends with the loan. A period counts its
days from the day after it starts to the day it falls due; where the year counts its actual days, that split
at New Year is what loan systems use (Apache Fineract's progressive loans).
"""

import calendar
import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple, TypeAlias

from tasks.engine.daycount import ACTUAL, canonical

YearDays: TypeAlias = int | Literal["actual"]

_MONTHS: Final = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}
_WRITTEN: Final = 365  # the year of a schedule that does not say another: a day count's own year replaces it


class Period(NamedTuple):
    """From `start` to `due`, in whole months; 0 for a last one that is cut short."""

    start: date
    due: date
    months: int


def periods_from(start: date, *, count: int, frequency: str, maturity: date | None = None) -> list[Period]:
    """Periods whose due dates keep the day of the month of `start`, or the last day of a shorter month.

    With `maturity` the last period ends there. Raises ValueError for fewer than one period, for a frequency
    other than monthly, quarterly, half-yearly and yearly, and for a maturity outside the last period.
    """
    if count < 1:
        raise ValueError("a loan has at least one period")
    months = _months(frequency)
    borders = [_later(start, months=months * number) for number in range(count + 1)]
    spans = [Period(begin, due, months) for begin, due in itertools.pairwise(borders)]
    if maturity is None or maturity == spans[-1].due:
        return spans
    if not spans[-1].start < maturity < spans[-1].due:
        raise ValueError("a loan matures within its last period")
    return [*spans[:-1], Period(spans[-1].start, maturity, 0)]


def periods_until(maturity: date, *, start: date, frequency: str) -> int:
    """How many periods it takes from `start` to reach `maturity`. Raises ValueError where it is not later."""
    if maturity <= start:
        raise ValueError("a loan matures after it starts")
    months = _months(frequency)
    between = (maturity.year - start.year) * 12 + maturity.month - start.month
    whole = between // months
    return whole if whole and _later(start, months=whole * months) >= maturity else whole + 1


def _months(frequency: str) -> int:
    if frequency not in _MONTHS:
        raise ValueError(f"unknown frequency {frequency!r}")
    return _MONTHS[frequency]


def period_factors(periods: Sequence[Period], *, day_count: str, days_in_year: YearDays) -> list[Decimal]:
    """The fraction of a year in each period; times the annual rate, it is the period's rate.

    `day_count` says how days are counted: "30" (or any 30/360 name) for months of 30 days, "actual" for
    calendar days. One that names its year, as ACT/360 does, decides it; else `days_in_year` does, and
    "actual" divides the days of each calendar year by its own length.
    Raises ValueError where the two name different years, UnknownConventionError for the day count.
    """
    thirty, year = _convention(day_count, days_in_year)
    return [_fraction(period, thirty=thirty, year=year) for period in periods]


def _convention(day_count: str, days_in_year: YearDays) -> tuple[bool, YearDays]:
    name = "30" if day_count.strip() == "30" else canonical(day_count)
    named = _named_year(name)
    if named is not None and days_in_year not in (named, _WRITTEN):
        raise ValueError(f"{day_count} and a year of {days_in_year} days contradict each other")
    return name.startswith("30"), days_in_year if named is None else named


def _named_year(name: str) -> YearDays | None:
    if name in ("30", ACTUAL):
        return None
    if name == "ACT/ACT ISDA":
        return "actual"
    if name in ("ACT/365F", "ACT/360", "ACT/364") or name.startswith("30"):
        return int(name.split("/")[1][:3])
    raise ValueError(f"loans do not accrue by {name}")


def _fraction(period: Period, *, thirty: bool, year: YearDays) -> Decimal:
    if thirty and not period.months:
        raise ValueError("months of thirty days do not measure a period that is cut short")
    if year == "actual":
        return _by_calendar_year(period, thirty=thirty)
    days = 30 * period.months if thirty else (period.due - period.start).days
    return Decimal(days) / year


def _by_calendar_year(period: Period, *, thirty: bool) -> Decimal:
    """The days after the start, up to the due day, over the length of the year in which they fall."""
    if thirty:
        return Decimal(30 * period.months) / _length(period.due.year)
    turn = min(period.due, date(period.start.year, 12, 31))
    parts = [Decimal((turn - period.start).days) / _length(period.start.year)]
    while turn < period.due:
        begin, turn = turn, min(period.due, date(turn.year + 1, 12, 31))
        parts.append(Decimal((turn - begin).days) / _length(turn.year))
    return sum(parts, Decimal(0))


def _length(year: int) -> int:
    return 366 if calendar.isleap(year) else 365


def _later(day: date, *, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, 1) + timedelta(
        days=min(day.day, calendar.monthrange(year, month + 1)[1]) - 1
    )
