"""Rows of a sheet judged and entered: a preview is the same run, rolled back.

Every row is one of three: new, unchanged (held already and not entered again), or refused with the columns to
blame. Rows are handed to the operations in the order of their days, whatever order they stand in; a row that is
refused is judged as if it were absent for the rows behind it. What is entered is what was previewed, or nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from django.db import transaction

from finance_hub.kernel import audit
from finance_hub.kernel.files import TooManyRows
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import FieldError, Problem, refuse
from finance_hub.kernel.text import Text
from funds import limits
from funds.operations.rules import lock_fund
from funds.queries.records import Record
from funds.workbook import columns, entering
from funds.workbook.entering import Entering, Stakes
from funds.workbook.sheets import Sheet


class RowsRefused(Problem):
    """Each error points at `#/rows/{number}/{column}`."""

    code = "rows-refused"
    status = 422
    title = Text("有行未受理，全部未登记", "Rows are refused, so nothing was entered")
    detail = Text(
        "{refused} 行未受理；更正或删去后再登记", "{refused} rows are refused: mend them or leave them out"
    )


class ImportDiffers(Problem):
    code = "import-differs"
    status = 409
    title = Text(
        "结果与预览不符，未登记任何一行", "The outcome is not the previewed one: nothing was entered"
    )
    detail = Text(
        "内容或基金的记录已有变化，请重新预览", "The rows or the fund's records have changed: preview again"
    )


class Outcome(StrEnum):
    NEW = "new"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Row:
    """`number` is where people find it; `cells` by column, as typed; `faults` are cells that could not be read."""

    number: int
    cells: Mapping[str, str]
    faults: tuple[FieldError, ...] = ()

    @property
    def is_blank(self) -> bool:
        return not self.faults and not any(cell.strip() for cell in self.cells.values())


@dataclass(frozen=True)
class Judged:
    """`values` are those that could be read; `entry` is the public id of what holds the row, "" where refused."""

    row: Row
    outcome: Outcome
    values: dict[str, Any] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    entry: str = ""


@dataclass(frozen=True)
class Import:
    """`rows` in the order they came in; `fingerprint` is that of what was judged and how."""

    sheet: Sheet
    rows: tuple[Judged, ...]
    fingerprint: str

    def count(self, outcome: Outcome) -> int:
        return sum(1 for one in self.rows if one.outcome == outcome)


def preview(sheet: Sheet, rows: Iterable[Row], *, fund: str, by: Person, now: datetime) -> Import:
    """What entering the rows into the fund with code `fund` would be; nothing of it is kept.

    Raises NotFound, TooManyRows, InvalidFields (`empty`).
    """
    with transaction.atomic():
        judged, _ = _run(sheet, _filled(rows), fund=fund, by=by, now=now)
        transaction.set_rollback(True)
    return judged


def enter(
    sheet: Sheet, rows: Iterable[Row], *, fund: str, fingerprint: str, by: Person, now: datetime
) -> Import:
    """Enter all new rows, if the outcome is the previewed one with this fingerprint.

    Raises NotFound, TooManyRows, InvalidFields (`empty`), RowsRefused, ImportDiffers.
    """
    with transaction.atomic():
        judged, told = _run(sheet, _filled(rows), fund=fund, by=by, now=now)
        if refused := judged.count(Outcome.REFUSED):
            raise RowsRefused(refused=refused, errors=tuple(_placed(judged.rows)))
        if judged.fingerprint != fingerprint:
            raise ImportDiffers
        with audit.put_off() as closing:
            audit.record(
                "fund.import", actor=by, subject=f"fund:{fund}", at=now, sheet=sheet.code,
                fingerprint=fingerprint, new=judged.count(Outcome.NEW), unchanged=judged.count(Outcome.UNCHANGED),
            )  # fmt: skip
        audit.append([*told, *closing])
    return judged


def _filled(rows: Iterable[Row]) -> list[Row]:
    found = [row for row in rows if not row.is_blank]
    if not found:
        raise refuse("#/rows", "empty", "没有填写任何一行", "No row is filled in")
    if len(found) > limits.MOST_ROWS:
        raise TooManyRows(most=limits.MOST_ROWS)
    return found


def _run(
    sheet: Sheet, rows: list[Row], *, fund: str, by: Person, now: datetime
) -> tuple[Import, list[audit.Said]]:
    held = lock_fund(fund)
    how = Entering(fund, Stakes.of(held), by, now)
    kept = _Kept(sheet, sheet.held(held), how.stakes)
    judged = _without_repeats([kept.judge(row) for row in rows], sheet, how.stakes)
    told: list[audit.Said] = []
    ahead = [at for at, one in enumerate(judged) if one.outcome == Outcome.NEW]
    for at in sorted(ahead, key=lambda at: _turn(judged[at], sheet)):
        judged[at] = _entered(judged[at], sheet, how, told)
    return Import(sheet, tuple(judged), _fingerprint(fund, sheet, judged)), told


def _turn(one: Judged, sheet: Sheet) -> tuple[Any, ...]:
    """By day and kind, then by content: where a row stands in the sheet decides nothing."""
    content = [str(one.values[column.code]) for column in sheet.taken]
    return one.values["effective_date"], sheet.rank(one.values), content


def _entered(one: Judged, sheet: Sheet, how: Entering, told: list[audit.Said]) -> Judged:
    try:
        # Every operation is a transaction of its own within this one: what it refuses leaves nothing behind.
        with audit.put_off() as said:
            entry = sheet.enter(one.values, how)
    except Problem as refused:
        return replace(one, outcome=Outcome.REFUSED, errors=_blamed(refused, sheet))
    told += said
    return replace(one, entry=entry)


def _blamed(refused: Problem, sheet: Sheet) -> tuple[FieldError, ...]:
    """Its errors beside the columns they name; the main one where they name none of the sheet."""
    known = {f"#/{column.code}" for column in sheet.taken}
    errors = refused.errors or (FieldError(refused.code, "", refused.said),)
    return tuple(
        error if error.pointer in known else replace(error, pointer=f"#/{sheet.main}") for error in errors
    )


class _Kept:
    """What the fund has of a sheet's rows, by number and by what makes a row the same."""

    def __init__(self, sheet: Sheet, records: Sequence[Record], stakes: Stakes) -> None:
        self._sheet, self._stakes = sheet, stakes
        self._by_id = {record.id: record for record in records}
        standing = [record for record in records if record.stands]
        self._by_key = {key: record for record in standing for key in self._keys(record.values)}

    def _keys(self, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        return self._sheet.key(entering.facts(values, self._stakes))

    def _find(self, values: dict[str, Any]) -> Record | None:
        if values["id"]:
            return self._by_id.get(values["id"])
        return next((self._by_key[key] for key in self._keys(values) if key in self._by_key), None)

    def judge(self, row: Row) -> Judged:
        values, errors = columns.read_row(self._sheet.taken, row.cells)
        blamed = {fault.pointer for fault in row.faults}
        errors = (*row.faults, *(error for error in errors if error.pointer not in blamed))
        if errors:
            return Judged(row, Outcome.REFUSED, values, errors)
        record = self._find(values)
        if record is None and values["id"]:
            unknown = Text(
                "该基金没有这个编号的记录；新增的行请留空",
                "The fund has no such entry: leave it empty for a new row",
            )
            return Judged(row, Outcome.REFUSED, values, (FieldError("entry-unknown", "#/id", unknown),))
        if record is None:
            return Judged(row, Outcome.NEW, values)
        return self._compared(row, values, record)

    def _compared(self, row: Row, values: dict[str, Any], record: Record) -> Judged:
        said, held = (entering.facts(one, self._stakes) for one in (values, record.values))
        # What a row leaves out of whom it is about says nothing; what else it leaves out says so.
        passed = {"id", *(name for name in ("uscc", "firm_name") if not values.get(name))}
        passed |= {"firm_name"} if values.get("uscc") else set()
        passed |= set() if values["id"] else self._sheet.remarks
        differing = [name for name in said if name not in passed and said[name] != held[name]]
        if not differing:
            return Judged(row, Outcome.UNCHANGED, values, entry=record.id)
        if set(differing) <= self._sheet.replaces:
            return Judged(row, Outcome.NEW, values)
        errors = tuple(self._otherwise(name, record) for name in differing)
        return Judged(row, Outcome.REFUSED, values, errors)

    def _otherwise(self, name: str, record: Record) -> FieldError:
        """Names what is recorded, so that nobody has to look it up."""
        code = "uscc" if name == "investee" else name
        column = self._sheet.column(code)
        held = record.values[code]
        if held is None and code == "uscc":
            held = record.values.get("sub_fund") or record.values.get("firm_name")
        recorded = column.say(held)
        words = Text(
            "已登记为“{recorded}”；已登记的记录不在表中修改，请在其页面更正或冲销",
            "It is recorded as “{recorded}”; what is recorded is not changed here: correct or reverse it on its page",
        )
        return FieldError(
            "recorded-otherwise", f"#/{code}", words.fill(recorded=recorded), {"entry": record.id}
        )


def _without_repeats(judged: list[Judged], sheet: Sheet, stakes: Stakes) -> list[Judged]:
    """Rows that say the same are all refused, each naming another: which one is meant is not ours to say.

    Entries that are held as often, each with its own number, are no repetition.
    """
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for at, one in enumerate(judged):
        if one.outcome != Outcome.REFUSED:
            groups[sheet.key(entering.facts(one.values, stakes))[0]].append(at)
    for places in groups.values():
        numbers = [judged[at].values["id"] for at in places]
        if len(places) > 1 and (None in numbers or len(set(numbers)) < len(numbers)):
            for at in places:
                other = next(judged[place].row.number for place in places if place != at)
                judged[at] = replace(
                    judged[at], outcome=Outcome.REFUSED, entry="", errors=(_repeats(other, sheet),)
                )
    return judged


def _repeats(other: int, sheet: Sheet) -> FieldError:
    said = {"row": str(other)}
    words = Text("与第 {row} 行重复", "It repeats row {row}").fill(**said)
    return FieldError("duplicate-row", f"#/{sheet.main}", words, said)


def _placed(rows: Iterable[Judged]) -> Iterable[FieldError]:
    for one in rows:
        for error in one.errors:
            yield replace(error, pointer=f"#/rows/{one.row.number}{error.pointer.removeprefix('#')}")


def _fingerprint(fund: str, sheet: Sheet, rows: Iterable[Judged]) -> str:
    """Of what each row says and what becomes of it; where a row stands counts, how it was typed does not."""
    judged = [
        [
            one.row.number,
            one.outcome,
            [str(one.values.get(column.code)) for column in sheet.taken],
            one.entry if one.outcome == Outcome.UNCHANGED else "",
            [[error.code, error.pointer] for error in one.errors],
        ]
        for one in rows
    ]
    return hashlib.sha256(orjson.dumps([fund, sheet.code, judged])).hexdigest()
