"""The months that the demo city has lived through."""

from __future__ import annotations

from datetime import date, datetime

from finance_hub.demo.timeline import moment, workday
from finance_hub.kernel.periods import Month

#: Banks report from the first month on; all months but the last are closed and published.
FIRST, LAST = Month(2024, 11), Month(2026, 10)
#: The centre opens its registry, and the funds begin soon after.
OPENED = date(2023, 2, 6)
#: Nothing of the city is recorded after this moment.
TODAY = moment(date(2026, 11, 10), hour=18)


def closed() -> list[Month]:
    """The closed months, oldest first."""
    return list(FIRST.until(LAST))


def proposed_at(month: Month) -> datetime:
    """The maker asks for the close on the eighth of the next month, or the Monday after."""
    return moment(workday((month + 1).first.replace(day=8)), hour=16, minute=30)


def closed_at(month: Month) -> datetime:
    """The approver closes an hour later; the figures are those known at this moment."""
    return moment(proposed_at(month).date(), hour=17, minute=30)


def approved_at(month: Month) -> datetime:
    return moment(proposed_at(month).date(), hour=20, minute=15)


def pages(*, until: datetime) -> list[datetime]:
    """The moments at which the loading commits: the ends of the months before `until`, and it."""
    months = Month.of(OPENED).until(Month.of(until))
    return [*(moment(month.end, hour=0) for month in months), until]
