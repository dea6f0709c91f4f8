"""Which months a bank may report, and when it is due."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import NamedTuple

from finance_hub.kernel import months
from finance_hub.kernel.periods import SHANGHAI, Month
from loans import limits

ACCEPTS = ("report", "restatement", "approved_restatement", "nothing")


class Period(NamedTuple):
    """`accepts`: reports while the month is open, restatements for a while after its close, later only
    restatements that the centre approves."""

    month: Month
    state: str
    due_at: datetime
    accepts: str


def due_at(month: Month) -> datetime:
    day = date(month.end.year, month.end.month, limits.DUE_DAY)
    return datetime.combine(day, time(limits.DUE_HOUR), tzinfo=SHANGHAI)


def calendar(*, since: Month, now: datetime) -> list[Period]:
    """The months from `since` up to the present one, newest first."""
    closed = months.closed_months()
    found = [_period(month, closed=closed, now=now) for month in since.until(Month.of(now) + 1)]
    return found[::-1]


def accepts(month: Month, *, since: Month | None, now: datetime) -> str:
    """What a bank that reports since a month (None: always did) may send for another: one of ACCEPTS."""
    if month > Month.of(now) or (since is not None and month < since):
        return "nothing"
    return _period(month, closed=months.closed_months(), now=now).accepts


def _period(month: Month, *, closed: set[Month], now: datetime) -> Period:
    if month not in closed:
        return Period(month, "open", due_at(month), "report")
    reopens = month >= Month.of(now) - limits.REOPEN_MONTHS
    return Period(month, "closed", due_at(month), "restatement" if reopens else "approved_restatement")
