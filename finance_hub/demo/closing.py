"""The centre closes its months, each by two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from finance_hub.demo import calendar
from finance_hub.demo.people import People
from finance_hub.demo.timeline import Timeline
from finance_hub.kernel import months
from finance_hub.kernel.periods import Month


def close(*, people: People, timeline: Timeline) -> None:
    """Every month but the last is proposed by the maker and closed by the approver."""
    for month in calendar.closed():
        timeline.add(calendar.proposed_at(month), _propose(month, people))
        timeline.add(calendar.closed_at(month), _close(month, people))


def _propose(month: Month, people: People) -> Callable[[datetime], object]:
    return lambda now: months.propose_close(month, by=people["maker"], now=now)


def _close(month: Month, people: People) -> Callable[[datetime], object]:
    return lambda now: months.close(month, by=people["approver"], now=now)
