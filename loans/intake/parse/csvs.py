"""CSV with a header: UTF-8 or GB18030, commas, every cell text until it is checked.

Both encodings keep line feeds, commas and quotation marks apart from all other characters, so a
file is cut into lines before it is decoded and one undecodable row leaves its neighbours alone.
Chunks without quotation marks, nearly all of them, are split at their commas as columns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain

from finance_hub.kernel.files import MalformedCsv, RowTooLong, UndecodableText
from finance_hub.kernel.text import Text
from loans import limits
from loans.intake.parse.block import ROWS
from loans.intake.parse.lines import Chunks, column, frames, split
from loans.intake.parse.table import Plain, Record, Table


class Decoded:
    """Lines as text. Remembers those taken since `restart`, and the first that did not decode."""

    def __init__(self, lines: Iterable[bytes], *, encoding: str, before: int) -> None:
        self._lines, self._encoding = iter(lines), encoding
        self.number = before
        self.restart()

    def restart(self) -> None:
        self.taken: list[str] = []
        self.bad: tuple[int, int] | None = None

    @property
    def first(self) -> int:
        """The number of the first line taken since the restart."""
        return self.number - len(self.taken) + 1

    def __iter__(self) -> Decoded:
        return self

    def __next__(self) -> str:
        raw = next(self._lines)
        self.number += 1
        if len(raw) > limits.MOST_ROW_BYTES:
            raise RowTooLong(line=self.number, most=limits.MOST_ROW_BYTES)
        try:
            text = raw.decode(self._encoding)
        except UnicodeDecodeError as error:
            self.bad = self.bad or (self.number, error.start + 1)
            text = raw.decode(self._encoding, "backslashreplace")
        self.taken.append(text)
        return text + "\n"


#: What the reader of the standard library says, and what it means.
_MEANT = {
    "new-line character seen": Text("行尾须为 LF 或 CRLF", "lines end with LF or CRLF"),
    "field larger than field limit": Text(
        "单元格过长，或引号未闭合", "a cell is too long, or its quotation mark is not closed"
    ),
    "unexpected end of data": Text("引号未闭合", "a quotation mark is not closed"),
    "',' expected after": Text("引号之后应为逗号", "a comma is expected after a quotation mark"),
}


def _said(error: csv.Error) -> Text:
    known = (text for begins, text in _MEANT.items() if str(error).startswith(begins))
    return next(known, Text("无法解析", "it cannot be read"))


def open_table(pieces: Iterable[bytes], *, dataset: str, encoding: str) -> Table:
    """A CSV file. Raises WrongColumns, MalformedCsv, UndecodableText, here or while it is read."""
    chunks = Chunks(pieces)
    return Table(_header(chunks, encoding), _records(chunks, encoding), dataset=dataset)


def _header(chunks: Chunks, encoding: str) -> list[str]:
    text = Decoded(_onward(chunks), encoding=encoding, before=0)
    try:
        first = next(_one_by_one(text, until=None), None)
    except MalformedCsv:
        if not text.bad:
            raise
    if text.bad:
        line, byte = text.bad
        raise UndecodableText(line=line, byte=byte)
    return first.cells if first else []


def _records(chunks: Chunks, encoding: str) -> Iterator[Record | Plain]:
    while True:
        before = chunks.number
        chunk = chunks.take()
        if not chunk:
            return
        plain = _plain(chunk, encoding)
        if plain is not None:
            yield from map(Plain, frames(column(plain), first_line=before + 1, rows=ROWS))
            continue
        # A quoted cell may hold line ends: the last record of the chunk draws on the lines that follow.
        text = Decoded(chain(split(chunk), _onward(chunks)), encoding=encoding, before=before)
        yield from _one_by_one(text, until=chunks.number)


def _plain(chunk: bytes, encoding: str) -> str | None:
    """The text of a chunk in which every line is a record and every comma parts two cells."""
    if b'"' in chunk or b"\0" in chunk or chunk.count(b"\r") != chunk.count(b"\r\n"):
        return None
    try:
        return chunk.decode(encoding)
    except UnicodeDecodeError:
        return None


def _onward(chunks: Chunks) -> Iterator[bytes]:
    while line := chunks.line():
        yield from split(line)


def _one_by_one(text: Decoded, *, until: int | None) -> Iterator[Record]:
    """Records up to the one that holds the line `until` (None: to the end)."""
    reader = csv.reader(text, strict=True)
    while until is None or text.number < until:
        text.restart()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise MalformedCsv(line=text.number, fault=_said(error)) from error
        if len(cells) > 1 or any(cell.strip() for cell in cells):
            bad = text.bad and ("undecodable-bytes", {"line": text.bad[0], "byte": text.bad[1]})
            yield Record(text.first, "\n".join(text.taken), cells, unreadable=bad)
