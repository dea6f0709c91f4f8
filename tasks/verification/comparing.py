"""Two files side by side as bytes: what of a known file is in another, and where it begins to differ."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tasks.verification.known import Known

#: Of two files of one length at most so many bytes in a hundred differ, if one was made of the other.
MOST_CHANGED = 5


class How(StrEnum):
    """APPENDED: the whole file and something behind it · CUT: its beginning alone · CHANGED: some bytes are others ·
    REWRITTEN: written anew by another program, which of the bytes keeps none in its place."""

    APPENDED = "appended"
    CUT = "cut"
    CHANGED = "changed"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Difference:
    """`count`: bytes behind the file, missing from it, or changed in it; `offset`: of the first that differs, from 0."""

    how: How
    count: int = 0
    offset: int = 0


def find(content: bytes, known: Iterable[Known]) -> tuple[Known, Difference] | None:
    """The file that this one was made of by adding, cutting or changing bytes; None where that is none of them."""
    held = [(one, size) for one in known if (size := _size(one.path)) is not None]
    return _appended(content, held) or _cut(content, held) or _changed(content, held)


def first_difference(one: bytes, other: bytes) -> int:
    """The offset of the first byte that differs, or the length of the shorter."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # halves are compared at once
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _appended(content: bytes, held: list[tuple[Known, int]]) -> tuple[Known, Difference] | None:
    """By hashes alone: one pass over the content, with a look at each length that a known file has."""
    running, at = hashlib.sha256(), 0
    for one, size in sorted(held, key=lambda pair: pair[1]):
        if size >= len(content):
            return None
        running.update(content[at:size])
        at = size
        if running.hexdigest() == one.sha256:
            return one, Difference(How.APPENDED, len(content) - size, size)
    return None


def _cut(content: bytes, held: list[tuple[Known, int]]) -> tuple[Known, Difference] | None:
    for one, size in held:
        if size <= len(content) or len(content) < 1024:
            continue
        with one.path.open("rb") as file:
            # Most are known to be others by their first block.
            if file.read(1024) == content[:1024] and file.read(len(content) - 1024) == content[1024:]:
                return one, Difference(How.CUT, size - len(content), len(content))
    return None


def _changed(content: bytes, held: list[tuple[Known, int]]) -> tuple[Known, Difference] | None:
    for one, size in held:
        if size != len(content):
            continue
        original = one.path.read_bytes()
        changed = (int.from_bytes(content) ^ int.from_bytes(original)).to_bytes(size)
        count = size - changed.count(0)
        if 0 < count <= max(8, size * MOST_CHANGED // 100):
            return one, Difference(How.CHANGED, count, first_difference(content, original))
    return None


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None
