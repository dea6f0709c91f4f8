"""The day that an entry is of: never one that is still to come, nor one before anything recorded here can have happened."""

from __future__ import annotations

from datetime import date, datetime

from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.problems import refuse

#: Before the first shares that a firm of this country gave out nothing of a fund, a loan or a listing can have happened.
EARLIEST = date(1980, 1, 1)


def today(now: datetime) -> date:
    """The civil date of a moment in Asia/Shanghai."""
    return now.astimezone(SHANGHAI).date()


def require_day(day: date, *, now: datetime, pointer: str = "#/effective_date") -> None:
    """Refuses a day after today and one before EARLIEST. Raises InvalidFields."""
    if day > today(now):
        raise refuse(pointer, "date-in-future", "日期不能在未来", "The date must not be in the future")
    if day < EARLIEST:
        raise refuse(
            pointer,
            "date-too-early",
            "日期不能早于 {earliest}",
            "The date must not be before {earliest}",
            earliest=EARLIEST.isoformat(),
        )
