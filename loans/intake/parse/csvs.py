"""CSV with a header: UTF-8 or GB18030, commas, every cell text until it is checked.

Both encodings keep line feeds, commas and quotation marks apart from all other characters, so a
file is cut into lines before it is decoded and one undecodable row leaves its neighbours alone.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator

from finance_hub.kernel.problems import FieldError
from loans import formats
from loans.faults import sentence
from loans.intake.parse.block import Block
from loans.intake.parse.gathering import Gathering
from loans.intake.refusals import MalformedCsv, UndecodableText, WrongColumns

_UTF8_CHARACTER = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
#: What the list of rejected rows puts before a cell that a spreadsheet would run.
_ESCAPED = re.compile(r"\A'(?=[=+\-@\t\r＝＋－＠])")


def encoding_of(pieces: Iterable[bytes]) -> str:
    """`utf-8`, or `gb18030` for a file that is not UTF-8; reads the file up to the first odd byte.

    A file whose other characters are UTF-8 is a damaged one and stays UTF-8: almost any pair of
    bytes is some character of GB18030.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    for piece in pieces:
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            high = sum(byte >= 0x80 for byte in piece)
            return "utf-8" if 6 * len(_UTF8_CHARACTER.findall(piece)) > high else "gb18030"
    return "utf-8"


class Decoded:
    """Lines as text. Remembers those taken since `restart`, and the first that did not decode."""

    def __init__(self, lines: Iterable[bytes], *, encoding: str) -> None:
        self._lines, self._encoding = iter(lines), encoding
        self.number = 0
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
        try:
            text = raw.decode(self._encoding)
        except UnicodeDecodeError as error:
            self.bad = self.bad or (self.number, error.start + 1)
            text = raw.decode(self._encoding, "backslashreplace")
        self.taken.append(text)
        return text + "\n"


class Table:
    """A CSV file: `columns` is its header. Raises WrongColumns, MalformedCsv, UndecodableText."""

    def __init__(self, lines: Iterable[bytes], *, dataset: str, encoding: str) -> None:
        self._text = Decoded(lines, encoding=encoding)
        self._records = csv.reader(self._text, strict=True)
        self._dataset = dataset
        self.columns = self._header()
        #: A corrected list of rejected rows comes back with the escapes that it left with.
        self._came_back = not set(formats.REPORT_COLUMNS).isdisjoint(self.columns)

    def _header(self) -> list[str]:
        try:
            columns = next(self._cells(), [])
        except MalformedCsv:
            if not self._text.bad:
                raise
        if self._text.bad:
            line, byte = self._text.bad
            raise UndecodableText(line=line, byte=byte)
        allowed = {*formats.csv_columns(self._dataset), *formats.REPORT_COLUMNS}
        faults = [(name, "unknown-field") for name in columns if name not in allowed]
        faults += [(name, "duplicate-name") for name in sorted(set(columns)) if columns.count(name) > 1]
        required = formats.REQUIRED[self._dataset]  # type: ignore[index]
        faults += [(name, "required") for name in required if name not in columns]
        if faults:
            raise WrongColumns(
                errors=tuple(FieldError(code, f"#/{name[:64]}", sentence(code, {})) for name, code in faults)
            )
        return columns

    def _cells(self) -> Iterator[list[str]]:
        while True:
            self._text.restart()
            try:
                cells = next(self._records)
            except StopIteration:
                return
            except csv.Error as error:
                raise MalformedCsv(line=self._text.number, fault=str(error)) from error
            if any(cells) or len(cells) > 1:
                yield cells

    def blocks(self) -> Iterator[Block]:
        gathering = Gathering()
        for cells in self._cells():
            self._take(cells, gathering)
            if gathering.full:
                yield self._block(gathering)
        if not gathering.empty:
            yield self._block(gathering)

    def _take(self, cells: list[str], into: Gathering) -> None:
        line, original = self._text.first, "\n".join(self._text.taken)
        number = into.number(len(original))
        if self._text.bad:
            bad_line, byte = self._text.bad
            into.give_up(number, line, original, "undecodable-bytes", line=bad_line, byte=byte)
        elif len(cells) != len(self.columns):
            into.give_up(
                number, line, original, "wrong-number-of-cells", cells=len(cells), columns=len(self.columns)
            )
        else:
            if self._came_back:
                cells = [_ESCAPED.sub("", cell) for cell in cells]
            into.add(cells, number=number, line=line, original=original)

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
                gathering.pledges[number] = filled
