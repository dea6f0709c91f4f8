"""Grouping of frames: whole fen by key, nothing lost between parts and total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)


def by_key(rows: Iterable[Any], *, key: Callable[[Any], Key], amount: Callable[[Any], int]) -> dict[Key, int]:
    """{key: sum of amounts in fen}, in the order in which keys first appear."""
    sums: dict[Key, int] = defaultdict(int)
    listed = list(rows)
    for at, fen in zip(map(key, listed), map(amount, listed), strict=True):
        sums[at] += fen
    return dict(sums)
