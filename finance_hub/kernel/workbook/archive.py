"""The zip archive of a workbook, believed in nothing: sizes are counted while it is unpacked.

Two readers of one archive must not see two files in it, so whatever leaves a choice is refused:
text after the end, a name twice, a part that is longer or shorter than its entry says.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from finance_hub.kernel.workbook import limits
from finance_hub.kernel.workbook.refused import Refused

PIECE = 256 * 1024
_LOCAL, _END, _END_SIZE = b"PK\x03\x04", b"PK\x05\x06", 22
#: Compound files: workbooks before 2007, and today's ones under a password.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, OverflowError, ValueError, EOFError, struct.error)


class Archive:
    """`entries` are its parts; `pieces` unpacks one. Raises Refused."""

    def __init__(self, path: Path) -> None:
        self._left = limits.MOST_BYTES
        self._file = path.open("rb")
        self._require_zip()
        try:
            archive = zipfile.ZipFile(self._file)
        except _DAMAGED as error:
            raise Refused("damaged") from error
        self.entries = archive.infolist()
        self._require_sound()

    def _require_zip(self) -> None:
        head = self._file.read(len(_COMPOUND))
        if head == _COMPOUND:
            whole = head + self._file.read()
            raise Refused("encrypted" if "EncryptedPackage".encode("utf-16-le") in whole else "old-format")
        if not head.startswith(_LOCAL):
            raise Refused("not-a-workbook")
        size = self._file.seek(0, 2)
        self._file.seek(max(0, size - _END_SIZE))
        if self._file.read(len(_END)) != _END:
            raise Refused("damaged")

    def _require_sound(self) -> None:
        if len(self.entries) > limits.MOST_PARTS:
            raise Refused("too-many-parts", most=limits.MOST_PARTS)
        if any(entry.flag_bits & _ENCRYPTED for entry in self.entries):
            raise Refused("encrypted")
        if len({entry.filename.lower() for entry in self.entries}) != len(self.entries):
            raise Refused("damaged")
        if sum(entry.file_size for entry in self.entries) > limits.MOST_BYTES:
            raise Refused("too-large", most=limits.MOST_BYTES)

    def pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The part in pieces of at most PIECE bytes; what all parts unpack to is limited."""
        size, checksum = 0, 0
        for piece in self._unpacked(entry):
            size += len(piece)
            self._left -= len(piece)
            if self._left < 0:
                raise Refused("too-large", most=limits.MOST_BYTES)
            if size == len(piece):
                _require_no_archive(piece)
            checksum = zlib.crc32(piece, checksum)
            yield piece
        if size != entry.file_size or checksum != entry.CRC:
            raise Refused("damaged")

    def _unpacked(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = self._packed(entry)
        if entry.compress_type == zipfile.ZIP_STORED:
            yield from packed
            return
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            raise Refused("damaged")
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for raw in packed:
                if inflate.eof:
                    raise Refused("damaged")
                yield from _inflated(inflate, raw)
            yield from _inflated(inflate, b"")
        except zlib.error as error:
            raise Refused("damaged") from error
        if not inflate.eof or inflate.unused_data:
            raise Refused("damaged")

    def _packed(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        self._file.seek(entry.header_offset)
        head = self._file.read(30)
        if len(head) < 30 or not head.startswith(_LOCAL):
            raise Refused("damaged")
        name, extra = struct.unpack("<HH", head[26:])
        at, left = entry.header_offset + 30 + name + extra, entry.compress_size
        while left:
            self._file.seek(at)  # the parts of one archive may be read in turns
            raw = self._file.read(min(PIECE, left))
            if not raw:
                raise Refused("damaged")
            at, left = at + len(raw), left - len(raw)
            yield raw


def _inflated(inflate: zlib._Decompress, raw: bytes) -> Iterator[bytes]:
    while piece := inflate.decompress(raw, PIECE):
        yield piece
        raw = inflate.unconsumed_tail


def _require_no_archive(beginning: bytes) -> None:
    """A workbook inside a workbook, or any other container, is nothing a report needs."""
    if beginning.startswith((_LOCAL, b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        raise Refused("nested-archive")
    if beginning.startswith(_COMPOUND):
        raise Refused("embedded-object")
