"""Lines of a file, with their lengths bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loans import limits
from loans.intake.refusals import RowTooLong

BOM = b"\xef\xbb\xbf"


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines without their ends (LF or CRLF); a byte order mark is dropped. Raises RowTooLong."""
    found = _split(pieces)
    for first in found:
        yield first.removeprefix(BOM).removesuffix(b"\r")
        break
    for line in found:
        yield line[:-1] if line.endswith(b"\r") else line


def _split(pieces: Iterable[bytes]) -> Iterator[bytes]:
    number, rest = 1, b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        number += len(whole)
        if len(rest) > limits.MOST_ROW_BYTES:
            raise RowTooLong(line=number, most=limits.MOST_ROW_BYTES)
    if rest:
        yield rest
