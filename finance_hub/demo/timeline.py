"""What people of the city record, in the order in which they record it.

An act is due at the moment of its recording, a few days after the fact itself. Playing acts by that
moment lets every operation check the state that its author would have seen, and writes the audit
trail in its own order of time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from finance_hub.demo.chance import Chance
from finance_hub.kernel.periods import SHANGHAI

Act = Callable[[datetime], object]
SATURDAY = 5


@dataclass(order=True)
class _Due:
    at: datetime
    number: int
    act: Act = field(compare=False)


class Timeline:
    """Acts by the moment of their recording; of one moment, the first added comes first."""

    def __init__(self) -> None:
        self._due: list[_Due] = []
        self._added = 0

    def add(self, at: datetime, act: Act) -> None:
        """`act` will be called with `at`."""
        self._added += 1
        heapq.heappush(self._due, _Due(at, self._added, act))

    def play(self, *, until: datetime, since: datetime | None = None) -> int:
        """Do everything due before `until`; returns how many acts. What is due before `since` is done already."""
        played = 0
        while self._due and self._due[0].at < until:
            due = heapq.heappop(self._due)
            if since is None or due.at >= since:
                due.act(due.at)
                played += 1
        return played


def moment(day: date, *, hour: int, minute: int = 0) -> datetime:
    """A time of day in Asia/Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def recorded(day: date, dice: Chance, *, after: tuple[int, int] = (1, 5)) -> datetime:
    """When a fact of `day` is recorded: some days later, on a working day, in office hours."""
    when = workday(day + timedelta(days=dice.randint(*after)))
    return moment(when, hour=dice.randint(9, 16), minute=dice.randint(0, 59))


def workday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= SATURDAY else day
