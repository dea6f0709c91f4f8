"""One drawdown, day by day: which new rows would take its balance below zero.

Pure: entries in, refusals out. Amounts are fen. No day may end below zero, on the row's own day or
later; rows are taken by value date, what adds to the balance first, then by row number.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Entry(NamedTuple):
    """A revision of an event; `row_number` is None for what is held. `fen` is its effect on the
    balance, and is not read for a reversal: that one undoes what it names."""

    event: str
    revision: int
    row_number: int | None
    day: date
    record_type: str
    reverses: str | None
    fen: int


class Refusal(NamedTuple):
    """`room` is how much the balance could have gone down."""

    entry: Entry
    fen: int
    room: int


class Path:
    """Balances at the end of each day that anything happens on."""

    def __init__(self, days: Iterable[date]) -> None:
        self._days = sorted(set(days))
        self._totals = [0] * len(self._days)

    def add(self, day: date, fen: int) -> None:
        for at in range(bisect_left(self._days, day), len(self._days)):
            self._totals[at] += fen

    def lowest(self, since: date | None = None) -> int:
        first = bisect_left(self._days, since) if since else 0
        return min(self._totals[first:])


class Walk:
    def __init__(self, entries: Iterable[Entry]) -> None:
        every = list(entries)
        self._path = Path(entry.day for entry in every)
        self._in_force: dict[str, Entry] = {}
        self._effects: dict[str, tuple[date, int]] = {}
        self._reversed_by: dict[str, str] = {}
        held = [entry for entry in every if entry.row_number is None]
        for entry in sorted(held, key=lambda e: (e.record_type == "reversal", e.revision)):
            self._place(entry)
        self._new = [entry for entry in every if entry.row_number is not None]

    def refusals(self) -> list[Refusal]:
        """Every new row that cannot be taken, in the order of the walk.

        What a first walk refuses is tried once more: a later row may have made room for it.
        """
        rows = {entry.event: entry for entry in sorted(self._new, key=lambda e: e.revision)}
        ordered = sorted(self._new, key=lambda entry: _order(entry, rows))
        again = [entry for entry in ordered if self._try(entry)]
        return [refusal for entry in again if (refusal := self._try(entry))]

    def _try(self, entry: Entry) -> Refusal | None:
        held = self._in_force.get(entry.event)
        if held and held.revision > entry.revision:
            return None
        if entry.record_type == "reversal" and entry.reverses not in self._in_force:
            return Refusal(entry, 0, 0)
        before = self._effects.get(entry.event)
        self._place(entry)
        if self._path.lowest() >= 0:
            return None
        fen = self._effects[entry.event][1]
        self._undo(entry, held, before)
        if before:  # the revision would have taken the place of what it corrects
            self._path.add(before[0], -before[1])
        room = self._path.lowest(entry.day)
        if before:
            self._path.add(*before)
        return Refusal(entry, fen, room)

    def _place(self, entry: Entry) -> None:
        fen = entry.fen
        if entry.record_type == "reversal" and entry.reverses:
            fen = -self._effects[entry.reverses][1]
            self._reversed_by[entry.reverses] = entry.event
        self._in_force[entry.event] = entry
        self._set(entry.event, entry.day, fen)

    def _undo(self, entry: Entry, held: Entry | None, before: tuple[date, int] | None) -> None:
        if held and before:
            self._in_force[entry.event] = held
            self._set(entry.event, *before)
            return
        self._set(entry.event, entry.day, 0)
        del self._in_force[entry.event], self._effects[entry.event]
        if entry.reverses:
            self._reversed_by.pop(entry.reverses, None)

    def _set(self, event: str, day: date, fen: int) -> None:
        if event in self._effects:
            old_day, old = self._effects[event]
            self._path.add(old_day, -old)
        self._effects[event] = (day, fen)
        self._path.add(day, fen)
        undone_by = self._reversed_by.get(event)
        if undone_by in self._effects:
            self._set(undone_by, self._effects[undone_by][0], -fen)


def _order(entry: Entry, rows: dict[str, Entry]) -> tuple[date, bool, float]:
    number = float(entry.row_number or 0)
    target = rows.get(entry.reverses or "")
    if target and target.row_number:
        # What is taken back comes before what takes it back, wherever the file has it.
        return entry.day, True, max(number, target.row_number + 0.5)
    adds = entry.fen > 0 or entry.record_type == "reversal"
    return entry.day, not adds, number
