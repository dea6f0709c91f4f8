"""A file with a header and cells below it, whatever wrote them: CSV text or a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from finance_hub.kernel.files import WrongColumns
from finance_hub.kernel.problems import FieldError
from finance_hub.kernel.text import printable
from loans import formats
from loans.faults import sentence
from loans.intake.parse.block import Block
from loans.intake.parse.gathering import Gathering
from loans.intake.parse.pointers import pointer

#: What the list of rejected rows puts before a cell that a spreadsheet would run.
_ESCAPED = r"\A'(\s*[=+\-@\t\r＝＋－＠])"


class CellFault(NamedTuple):
    """What is wrong with the cell of one column, which then counts as absent."""

    column: str
    code: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Record:
    """A row in its cells. `line` is where people find it; `unreadable` is why it cannot be checked."""

    line: int
    original: str
    cells: list[str]
    faults: tuple[CellFault, ...] = ()
    unreadable: tuple[str, dict[str, Any]] | None = None


@dataclass(frozen=True)
class Plain:
    """Lines whose cells are what stands between the commas: columns line_number and original."""

    lines: pl.DataFrame


class Table:
    """`columns` is the header; `blocks` can be read once. Raises WrongColumns."""

    def __init__(self, columns: list[str], records: Iterable[Record | Plain], *, dataset: str) -> None:
        _require_columns(columns, dataset)
        self.columns, self._records, self._dataset = columns, records, dataset
        #: A corrected list of rejected rows comes back with the escapes that it left with.
        self._came_back = not set(formats.REPORT_COLUMNS).isdisjoint(columns)

    def blocks(self) -> Iterator[Block]:
        gathering = Gathering()
        for record in self._records:
            if isinstance(record, Plain):
                if not gathering.empty:
                    yield self._block(gathering)
                yield self._plain(record.lines, gathering)
                continue
            self._take(record, gathering)
            if gathering.full:
                yield self._block(gathering)
        if not gathering.empty:
            yield self._block(gathering)

    def _plain(self, lines: pl.DataFrame, gathering: Gathering) -> Block:
        """The block of plain lines; none is looked at one by one but those with too few or many cells."""
        rows = gathering.numbered(lines)
        cells = rows["original"].str.count_matches(",", literal=True) + 1
        fits = cells == len(self.columns)
        for number, line, original in rows.filter(~fits).iter_rows():
            found = original.count(",") + 1
            gathering.give_up(
                number, line, original, "wrong-number-of-cells", cells=found, columns=len(self.columns)
            )
        # What the list of rejected rows added has names that stand for other things here.
        kept = {name: at for at, name in enumerate(self.columns) if name not in formats.REPORT_COLUMNS}
        parts = pl.col("original").str.split_exact(",", len(self.columns) - 1)
        found = [pl.col("cells").struct.field(f"field_{at}").alias(name) for name, at in kept.items()]
        good = rows.filter(fits).with_columns(parts.alias("cells")).with_columns(found).drop("cells")
        if self._came_back:
            good = good.with_columns(pl.col(list(kept)).str.replace(_ESCAPED, "$1"))
        self._plain_pledges(good, gathering)
        wanted = [name for name in formats.fields(self._dataset) if name != "pledges"]
        absent = (pl.lit(None, dtype=pl.String).alias(name) for name in wanted if name not in self.columns)
        return gathering.take({}, names=wanted, more=good.with_columns(*absent))

    def _plain_pledges(self, rows: pl.DataFrame, gathering: Gathering) -> None:
        names = [name for name in self.columns if name in formats.PLEDGE_COLUMNS]
        if not names:
            return
        filled = rows.filter(pl.any_horizontal(pl.col(name) != "" for name in names))
        for row in filled.select("row_number", *names).iter_rows(named=True):
            gathering.pledges[row["row_number"]] = {name: row[name] for name in names if row[name]}

    def _take(self, record: Record, into: Gathering) -> None:
        number = into.number(len(record.original))
        unreadable = record.unreadable
        if not unreadable and len(record.cells) != len(self.columns):
            unreadable = "wrong-number-of-cells", {"cells": len(record.cells), "columns": len(self.columns)}
        if unreadable:
            code, context = unreadable
            into.give_up(number, record.line, printable(record.original), code, **context)
            return
        cells = [re.sub(_ESCAPED, r"\1", cell) for cell in record.cells] if self._came_back else record.cells
        into.add(cells, number=number, line=record.line, original=record.original)
        for fault in record.faults:
            into.fault(number, fault.code, pointer(fault.column), **fault.context)
            cells[self.columns.index(fault.column)] = ""
            if fault.column in formats.PLEDGE_COLUMNS:
                into.pledges[number] = []  # named already: nothing more is said about its pledges

    def _block(self, gathering: Gathering) -> Block:
        wanted = formats.fields(self._dataset)
        by_column = dict(zip(self.columns, zip(*gathering.rows, strict=True), strict=False))
        columns = {name: by_column[name] for name in wanted if name in by_column}
        self._take_pledges(gathering)
        return gathering.take(columns, names=wanted)

    def _take_pledges(self, gathering: Gathering) -> None:
        places = [(name, at) for at, name in enumerate(self.columns) if name in formats.PLEDGE_COLUMNS]
        if not places:
            return
        for cells, number in zip(gathering.rows, gathering.numbers, strict=True):
            filled = {name: cells[at] for name, at in places if cells[at]}
            if filled:
                gathering.pledges.setdefault(number, filled)


def _require_columns(columns: list[str], dataset: str) -> None:
    allowed = {*formats.csv_columns(dataset), *formats.REPORT_COLUMNS}
    faults = [(name, "unknown-field") for name in columns if name not in allowed]
    faults += [(name, "duplicate-name") for name in sorted(set(columns)) if columns.count(name) > 1]
    required = formats.REQUIRED[dataset]  # type: ignore[index]
    faults += [(name, "required") for name in required if name not in columns]
    if faults:
        raise WrongColumns(
            errors=tuple(FieldError(code, pointer(name), sentence(code, {})) for name, code in faults)
        )
