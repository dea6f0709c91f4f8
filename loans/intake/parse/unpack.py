"""The bytes of a file, unpacked in bounded pieces."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from finance_hub.kernel.sheets import refusal
from loans import limits
from loans.intake.refusals import DecompressedTooLarge, MalformedGzip, TruncatedBody

PIECE = 256 * 1024
#: How gzip, zip (and so a workbook) and compound files (and so an old one) begin; no text does.
_CONTAINERS = (b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def pieces(path: Path, *, packed: bool, most: int = limits.MOST_BYTES) -> Iterator[bytes]:
    """The content in pieces of at most PIECE bytes. Raises FileRefused.

    `most` limits what comes out, counted while it streams, so that a bomb costs no more than
    its limit in time and one piece in memory.
    """
    size = 0
    for piece in _inflated(path) if packed else _plain(path):
        if not size and piece.startswith(_CONTAINERS):
            raise refusal("not-text")
        size += len(piece)
        if size > most:
            raise DecompressedTooLarge(most=most)
        yield piece


def _plain(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _inflated(path: Path) -> Iterator[bytes]:
    """gzip members one after the other; a member that does not end was cut short."""
    member = None
    for raw in _plain(path):
        data = raw
        while data:
            member = member or zlib.decompressobj(wbits=31)
            try:
                piece = member.decompress(data, PIECE)
            except zlib.error as error:
                raise MalformedGzip from error
            if piece:
                yield piece
            data = member.unused_data if member.eof else member.unconsumed_tail
            if member.eof:
                member = None
    # zlib says nothing when its input merely stops: only `eof` tells (and an empty file has none).
    if member is not None or path.stat().st_size == 0:
        yield from _rest(member)


def _rest(member: zlib._Decompress | None) -> Iterator[bytes]:
    if member is None:
        raise TruncatedBody
    while not member.eof:
        piece = member.decompress(b"", PIECE)
        if not piece:
            raise TruncatedBody
        yield piece
