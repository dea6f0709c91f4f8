"""XLSX: the sheet that bears the header, as the same table that CSV makes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from finance_hub.kernel import sheets
from loans import formats
from loans.intake.parse.table import CellFault, Record, Table


def open_table(path: Path, *, dataset: str) -> Table:
    """A workbook. Raises FileRefused, here or while it is read."""
    kinds = {name: _kind(name) for name in formats.csv_columns(dataset)}
    required = formats.REQUIRED[dataset]  # type: ignore[index]
    lines = sheets.lines(path, kinds=kinds, headers=[required])
    columns: list[str] = next(lines)
    return Table(columns, _records(lines, columns), dataset=dataset)


def _records(lines: Iterator[Any], columns: list[str]) -> Iterator[Record]:
    for line, cells, faults in lines:
        named = tuple(
            CellFault(columns[at], code, {"shown": shown} if shown else {}) for at, code, shown in faults
        )
        yield Record(line, _as_csv(cells), cells, named)


def _as_csv(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().removesuffix("\r\n")


def _kind(name: str) -> str:
    if name in formats.DATES:
        return "date"
    field = name.partition("_")[2].partition("_")[2] if name in formats.PLEDGE_COLUMNS else name
    numbers = formats.WHOLE | formats.MONEY | formats.RATES | {"appraised_value", "share_pct"}
    return "number" if field in numbers else "text"
