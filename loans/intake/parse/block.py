"""A block of rows as text columns: what the readers make and the rules check."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

#: Rows of a block. Memory is bounded by it and does not grow with the file.
ROWS = 20_000
#: A block ends early when the rows are long.
BYTES = 8 * 1024 * 1024


class Fault(NamedTuple):
    """One thing wrong with one row; `pointer` as in `#/amount`, `#` for the row itself."""

    row_number: int
    code: str
    pointer: str
    context: dict[str, Any]


class Listed(NamedTuple):
    """A row that cannot be checked at all."""

    row_number: int
    line_number: int
    original: str


@dataclass
class Block:
    """`rows` holds row_number, line_number, original and one text column a field (null = absent).

    `faults` are those found while reading; `unreadable` rows are not in `rows`. `pledges` is
    what was sent as such per row number: a list of objects, or of CSV cells by name.
    """

    rows: pl.DataFrame
    faults: list[Fault] = field(default_factory=list)
    unreadable: list[Listed] = field(default_factory=list)
    pledges: dict[int, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Rows of the file, unreadable ones included."""
        return self.rows.height + len(self.unreadable)
