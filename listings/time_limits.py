"""Time limits of the procedure, read from `data/time_limits.json`, and where an attempt stands by them. No database."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from finance_hub.kernel.text import Text

_FILE = Path(__file__).parent / "data" / "time_limits.json"
_SATURDAY = 5
WORKING_DAYS = Text(
    "工作日按周一至周五计，未扣除法定节假日，实际期限可能更晚",
    "Working days are Monday to Friday: public holidays are not taken off, so the true day may be later",
)


class Limit(NamedTuple):
    """A version of a limit, in force for clocks that begin on the days `[valid_from, valid_to)`.

    It is watched in its `stages`. The clock `begins` with the stage itself, with another one, with the first
    letter of inquiry or at the end of the audited period; it runs always, or is stopped by suspensions, and
    then of the exchange's and the issuer's time, by the other's turn.
    """

    code: str
    text: Text
    boards: tuple[str, ...]
    stages: tuple[str, ...]
    begins: str
    length: int
    unit: str
    clock: str
    extension: int
    valid_from: date
    valid_to: date | None
    source: str
    note: Text | None


class State(StrEnum):
    """`stopped`: its time does not run. `unknown`: it is not recorded when it began."""

    RUNNING = "running"
    OVERDUE = "overdue"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class Watch(NamedTuple):
    """Where an attempt stands by a limit on a day. A stopped clock is due no sooner than `due_on`."""

    limit: Limit
    state: State
    began_on: date | None
    due_on: date | None


class Paper(NamedTuple):
    """A filing: `period_end` where it brings audited figures."""

    kind: str
    on: date
    period_end: date | None


@cache
def published() -> tuple[Limit, ...]:
    """All versions, in the order of the road."""
    return tuple(map(_limit, json.loads(_FILE.read_text("utf-8"))["limits"]))


def watch(
    *, board: str, stages: Sequence[tuple[str, date]], papers: Sequence[Paper], on: date
) -> list[Watch]:
    """The limits that are watched on the day `on`, from the stages entered up to it, oldest first, and the papers."""
    entered = [(stage, day) for stage, day in stages if day <= on]
    filed = [paper for paper in papers if paper.on <= on]
    road = [(stage, day) for stage, day in entered if stage != "suspended"]
    if not road:
        return []
    stage = road[-1][0]
    watched = (
        _watched(limit, entered, filed, on=on)
        for limit in published()
        if stage in limit.stages and board in limit.boards
    )
    return [one for one in watched if one is not None]


def _watched(
    limit: Limit, stages: Sequence[tuple[str, date]], papers: Sequence[Paper], *, on: date
) -> Watch | None:
    """None where no version holds, or where nothing has started the clock that only a letter starts."""
    began = _began(limit, stages, papers)
    if began is None:
        return None if limit.begins == "first-letter" else Watch(limit, State.UNKNOWN, None, None)
    if began < limit.valid_from or (limit.valid_to and began >= limit.valid_to):
        return None
    runs = _CLOCKS[limit.clock](stages, papers)
    lost = sum(not runs(day) for day in _days(began, on)) if limit.clock != "always" else 0
    due = _due(limit, began, papers) + timedelta(days=lost)
    if on > due:
        return Watch(limit, State.OVERDUE, began, due)
    return Watch(limit, State.RUNNING if runs(on) else State.STOPPED, began, due)


def _began(limit: Limit, stages: Sequence[tuple[str, date]], papers: Sequence[Paper]) -> date | None:
    if limit.begins == "first-letter":
        return next((paper.on for paper in papers if paper.kind == "inquiry_letter"), None)
    if limit.begins == "period-end":
        return max((paper.period_end for paper in papers if paper.period_end), default=None)
    wanted = limit.stages if limit.begins == "stage" else (limit.begins,)
    # The first of them: a suspended attempt that returned has entered its stage twice.
    return next((day for stage, day in stages if stage in wanted), None)


def _due(limit: Limit, began: date, papers: Sequence[Paper]) -> date:
    if limit.unit == "working-days":
        return working_day(began, limit.length)
    audited = max((paper.on for paper in papers if paper.period_end == began), default=began)
    is_extended = any(paper.kind == "figures_extended" and paper.on >= audited for paper in papers)
    return months_after(began, limit.length + (limit.extension if is_extended else 0))


Runs = Callable[[date], bool]


def _always(stages: Sequence[tuple[str, date]], papers: Sequence[Paper]) -> Runs:
    return lambda day: True


def _not_suspended(stages: Sequence[tuple[str, date]], papers: Sequence[Paper]) -> Runs:
    return lambda day: _last(((when, stage) for stage, when in stages), day) != "suspended"


def _turn(*, of_issuer: bool) -> Callable[[Sequence[tuple[str, date]], Sequence[Paper]], Runs]:
    def clock(stages: Sequence[tuple[str, date]], papers: Sequence[Paper]) -> Runs:
        open_ = _not_suspended(stages, papers)
        letters = [paper for paper in papers if paper.kind in ("inquiry_letter", "inquiry_reply")]
        return lambda day: (
            open_(day)
            and (_last(((one.on, one.kind) for one in letters), day) == "inquiry_letter") == of_issuer
        )

    return clock


_CLOCKS: dict[str, Callable[[Sequence[tuple[str, date]], Sequence[Paper]], Runs]] = {
    "always": _always,
    "not-suspended": _not_suspended,
    "exchange": _turn(of_issuer=False),
    "issuer": _turn(of_issuer=True),
}


def _last(dated: Iterator[tuple[date, str]], day: date) -> str:
    """What was the case on a day: the last of those up to it; "" before the first."""
    found = ""
    for when, what in dated:
        if when <= day:
            found = what
    return found


def _days(first: date, end: date) -> Iterator[date]:
    return (first + timedelta(days=at) for at in range((end - first).days))


def working_day(day: date, count: int) -> date:
    """The `count`-th day from Monday to Friday after a day."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one. What ran to the end of a month runs to the end of one."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    at_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if at_end else min(day.day, last))


def _limit(row: dict[str, Any]) -> Limit:
    ends = row.get("valid_to")
    return Limit(
        code=row["code"],
        text=Text(row["zh"], row["en"]),
        boards=tuple(row["boards"]),
        stages=tuple(row["stages"]),
        begins=row["begins"],
        length=row["length"],
        unit=row["unit"],
        clock=row["clock"],
        extension=row.get("extension", 0),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(ends) if ends else None,
        source=row["source"],
        note=Text(row["note_zh"], row["note_en"]) if "note_zh" in row else None,
    )
