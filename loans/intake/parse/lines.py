"""Text as chunks of whole lines, and a chunk as a column of lines. Memory is bounded by the chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from finance_hub.kernel.files import RowTooLong
from loans import limits

BOM = b"\xef\xbb\xbf"
#: Bytes of a chunk at most; a line is never cut.
CHUNK = 2 * limits.MiB


class Chunks:
    """`take` gives chunk after chunk; `line` one line more, for a record that does not end with its chunk.

    Lines come with their ends; a byte order mark is dropped. Both raise RowTooLong. `number` counts
    the lines given so far.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = b""
        self.number = 0
        self._fill(len(BOM))
        self._rest = self._rest.removeprefix(BOM)

    def take(self) -> bytes:
        """Whole lines; nothing at the end of the file."""
        self._fill(CHUNK)
        return self._cut(self._rest.rfind(b"\n", 0, CHUNK) + 1)

    def line(self) -> bytes:
        """The next line; nothing at the end of the file."""
        self._fill(limits.MOST_ROW_BYTES + 1)
        return self._cut(self._rest.find(b"\n", 0, limits.MOST_ROW_BYTES + 1) + 1)

    def _fill(self, size: int) -> None:
        if len(self._rest) >= size:
            return
        found, length = [self._rest], len(self._rest)
        while length < size and (piece := next(self._pieces, b"")):
            found.append(piece)
            length += len(piece)
        self._rest = b"".join(found)

    def _cut(self, end: int) -> bytes:
        """What stands before `end`; without a line end, the last line of the file."""
        if not end and len(self._rest) > limits.MOST_ROW_BYTES:
            raise RowTooLong(line=self.number + 1, most=limits.MOST_ROW_BYTES)
        found, self._rest = (self._rest[:end], self._rest[end:]) if end else (self._rest, b"")
        self.number += found.count(b"\n") + (found[-1:] not in (b"\n", b""))
        return found


def split(chunk: bytes) -> list[bytes]:
    """The lines of a chunk without their ends (LF or CRLF)."""
    return [line.removesuffix(b"\r") for line in chunk.removesuffix(b"\n").split(b"\n")]


def column(text: str) -> pl.Series:
    """The same of decoded text, as a column."""
    return pl.Series("original", [text.removesuffix("\n")]).str.split("\n").explode().str.strip_suffix("\r")


def frames(lines: pl.Series, *, first_line: int, rows: int) -> Iterator[pl.DataFrame]:
    """line_number and original of the lines that are not blank, at most `rows` a frame. Raises RowTooLong."""
    long = lines.str.len_bytes() > limits.MOST_ROW_BYTES
    if long.any():
        raise RowTooLong(line=first_line + (long.arg_max() or 0), most=limits.MOST_ROW_BYTES)
    frame = lines.to_frame().with_row_index("line_number", offset=first_line)
    yield from frame.filter(pl.col("original").str.strip_chars() != "").iter_slices(rows)
