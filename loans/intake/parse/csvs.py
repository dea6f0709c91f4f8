"""CSV with a header: UTF-8 or GB18030, commas, every cell text until it is checked.

Both encodings keep line feeds, commas and quotation marks apart from all other characters, so a
file is cut into lines before it is decoded and one undecodable row leaves its neighbours alone.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator

from loans.intake.parse.table import Record, Table
from loans.intake.refusals import MalformedCsv, UndecodableText

_UTF8_CHARACTER = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")


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


def open_table(lines: Iterable[bytes], *, dataset: str, encoding: str) -> Table:
    """A CSV file. Raises WrongColumns, MalformedCsv, UndecodableText, here or while it is read."""
    text = Decoded(lines, encoding=encoding)
    records = _records(text)
    return Table(_header(records, text), records, dataset=dataset)


def _header(records: Iterator[Record], text: Decoded) -> list[str]:
    try:
        first = next(records, None)
    except MalformedCsv:
        if not text.bad:
            raise
    if text.bad:
        line, byte = text.bad
        raise UndecodableText(line=line, byte=byte)
    return first.cells if first else []


def _records(text: Decoded) -> Iterator[Record]:
    reader = csv.reader(text, strict=True)
    while True:
        text.restart()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise MalformedCsv(line=text.number, fault=str(error)) from error
        if any(cells) or len(cells) > 1:
            bad = text.bad and ("undecodable-bytes", {"line": text.bad[0], "byte": text.bad[1]})
            yield Record(text.first, "\n".join(text.taken), cells, unreadable=bad)
