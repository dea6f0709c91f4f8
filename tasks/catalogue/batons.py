"""The baton of the month: how many firms with angel money reached each later step, who waits, and how long it took."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from statistics import median

from tasks.catalogue.entry import Point
from tasks.exposure.batons import STEPS
from tasks.frames import Frames

NOBODY_YET = "not-reached"


def started(frames: Frames) -> Iterable[Point]:
    return [Point(Decimal(len(frames.batons)))]


def _counted(reached: bool) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        for step, label in STEPS.items():
            number = sum((getattr(one, step) is not None) == reached for one in frames.batons)
            yield Point(Decimal(number), key=step, label=label)

    return points


handed_on, waiting = _counted(True), _counted(False)


def days(frames: Frames) -> Iterable[Point]:
    """The median over those that reached the step; those still waiting are in no median, and counted beside it."""
    for step, label in STEPS.items():
        took = [
            _days(one.angel, getattr(one, step)) for one in frames.batons if getattr(one, step) is not None
        ]
        if took:
            yield Point(Decimal(str(median(took))), key=step, label=label, notes=(f"n: {len(took)}",))
        else:
            yield Point.missing(NOBODY_YET, key=step, label=label)


def _days(since: date, until: date) -> int:
    return (until - since).days
