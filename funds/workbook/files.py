"""Rows from a file that a manager sends: the sheet of a workbook, or CSV."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from finance_hub.kernel import sheets
from finance_hub.kernel.files import MalformedCsv, TooManyRows, UndecodableText, encoding_of
from finance_hub.kernel.problems import FieldError
from finance_hub.kernel.storage import new_file
from finance_hub.kernel.text import Text
from finance_hub.rest.content import ContentHashMismatch, Readable, stream
from funds import limits
from funds.workbook.columns import Column, Kind
from funds.workbook.headings import columns_of
from funds.workbook.importing import Row
from funds.workbook.sheets import Sheet

#: How workbooks begin: those of today, and those before 2007 or under a password.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_KINDS = {Kind.MONEY: "number", Kind.DATE: "date", Kind.USCC: "text"}
_STRAY = Text("这一行有表头没有的单元格", "The row has a cell under no heading")


class Content(NamedTuple):
    """A file that is gone when the block of `received` ends."""

    path: Path
    sha256: str


@contextmanager
def received(body: Readable, *, length: int | None = None, digest: str | None = None) -> Iterator[Content]:
    """The body as a file. `digest` is the declared SHA-256 in hex.

    Raises BodyTooLarge, BodyIncomplete, ContentHashMismatch, StorageFull.
    """
    path = Path(settings.FILES_DIR) / "funds" / "incoming" / secrets.token_hex(16)
    try:
        with new_file(path) as file:
            _, computed = stream(body, file, most=limits.MOST_WORKBOOK_BYTES, length=length)
        if digest not in (None, computed):
            raise ContentHashMismatch(declared=digest, computed=computed)
        yield Content(path, computed)
    finally:
        path.unlink(missing_ok=True)


def read(path: Path, sheet: Sheet) -> list[Row]:
    """The rows of a file by the columns of the sheet, each with its line; blank ones are left out.

    Of a workbook it is the visible sheet that bears the sheet's title in either language, or else the first with
    its required columns. Raises FileRefused.
    """
    with path.open("rb") as file:
        is_workbook = file.read(4) in _WORKBOOKS
    lines = _workbook(path, sheet) if is_workbook else _csv(path)
    header = next(lines, (0, [], []))[1]
    columns = columns_of(header, sheet)
    rows: list[Row] = []
    for line, cells, faults in lines:
        row = _row(line, cells, faults, columns, sheet)
        if not row.is_blank:
            rows.append(row)
        if len(rows) > limits.MOST_ROWS:
            raise TooManyRows(most=limits.MOST_ROWS)
    return rows


Line = tuple[int, list[str], Iterable[tuple[int, str, str]]]


def _row(
    line: int,
    cells: list[str],
    faults: Iterable[tuple[int, str, str]],
    columns: list[Column | None],
    sheet: Sheet,
) -> Row:
    said, wrong = {}, []
    for column, cell in zip_longest(columns[: len(cells)], cells):
        if column is None and cell.strip():
            wrong = [FieldError("wrong-number-of-cells", f"#/{sheet.main}", _STRAY)]
        elif column and column.taken:
            said[column.code] = cell
    for at, code, shown in faults:
        column = columns[at] if at < len(columns) else None
        if column and column.taken:
            wrong.append(FieldError(code, f"#/{column.code}", sheets.CELLS[code].fill(shown=shown)))
    return Row(line, said, tuple(wrong))


def _workbook(path: Path, sheet: Sheet) -> Iterator[Line]:
    kinds = {
        name: _KINDS.get(column.kind, "any")
        for column in sheet.taken
        for name in (column.code, *column.heading)
    }
    needed = [(column.code, *column.heading) for column in sheet.taken if column.required]
    lines = sheets.lines(
        path, kinds=kinds, headers=zip(*needed, strict=True), names=[sheet.code, *sheet.title]
    )
    yield 1, next(lines), []
    yield from lines


def _csv(path: Path) -> Iterator[Line]:
    """Commas, or the tabs of a text file of Excel; UTF-8 or GB18030."""
    content = path.read_bytes()
    if b"\0" in content:
        raise sheets.refusal("not-a-workbook")
    encoding = encoding_of([content])
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = error.start - content.rfind(b"\n", 0, error.start)
        raise UndecodableText(line=line, byte=byte) from error
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells, []
            line = reader.line_num + 1
    except csv.Error as error:
        fault = Text("无法解析", "it cannot be read")
        raise MalformedCsv(line=reader.line_num, fault=fault) from error
