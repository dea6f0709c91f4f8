"""Rows gathered until they make a block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from loans.intake.parse.block import BYTES, ROWS, Block, Fault, Listed

#: What every row has besides its fields.
KEYS = {"row_number": pl.Int32, "line_number": pl.Int32, "original": pl.String}


class Gathering:
    """Collects rows; `take` makes the block of them and begins the next."""

    def __init__(self) -> None:
        self.count = 0
        self._begin()

    def _begin(self) -> None:
        self.rows: list[Any] = []
        self.faults: list[Fault] = []
        self.pledges: dict[int, Any] = {}
        self._unreadable: list[Listed] = []
        self._keys: list[tuple[int, int, str]] = []
        self._size = self._bytes = 0

    @property
    def full(self) -> bool:
        return self._size >= ROWS or self._bytes >= BYTES

    @property
    def empty(self) -> bool:
        return not self._size

    @property
    def numbers(self) -> list[int]:
        """The row numbers of `rows`."""
        return [number for number, _line, _original in self._keys]

    def number(self, size: int) -> int:
        """The number of the next row, of `size` bytes; every row of the file has one, readable or not."""
        self.count += 1
        self._size += 1
        self._bytes += size
        return self.count

    def numbered(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Lines with the numbers of the rows that they are, in front."""
        first = self.count + 1
        self.count += lines.height
        numbered = lines.with_row_index("row_number", offset=first)
        return numbered.select(pl.col("row_number", "line_number").cast(pl.Int32), "original")

    def add(self, row: Any, *, number: int, line: int, original: str) -> None:
        self.rows.append(row)
        self._keys.append((number, line, original))

    def fault(self, number: int, code: str, pointer: str, **context: Any) -> None:
        self.faults.append(Fault(number, code, pointer, context))

    def give_up(self, number: int, at: int, original: str, code: str, /, **context: Any) -> None:
        """List a row that cannot be checked, with its line and the reason."""
        self._unreadable.append(Listed(number, at, original))
        self.fault(number, code, "#", **context)

    def take(
        self,
        columns: Mapping[str, Sequence[str | None]],
        *,
        names: Sequence[str],
        more: pl.DataFrame | None = None,
    ) -> Block:
        """The block of what was gathered; `columns` has the text of the fields that were sent, row by row.

        Of `names`, the fields of the format, those that nobody sent become columns of nulls.
        `more` are rows that were read apart, with all their columns.
        """
        wanted = [name for name in names if name != "pledges"]
        sent = [pl.Series(name, values, dtype=pl.String, strict=True) for name, values in columns.items()]
        absent = (pl.lit(None, dtype=pl.String).alias(name) for name in wanted if name not in columns)
        rows = pl.DataFrame(self._keys, schema=KEYS, orient="row").with_columns(*sent, *absent)
        rows = rows.select(*KEYS, *wanted)
        if more is not None:
            more = more.select(*KEYS, *wanted)
            rows = more if rows.is_empty() else pl.concat([rows, more]).sort("row_number")
        rows = rows.with_columns(
            pl.col("original").str.replace_all("\x00", "\\x00", literal=True),
            # An empty cell and an absent name say the same.
            *(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in wanted),
        )
        block = Block(rows, self.faults, self._unreadable, self.pledges)
        self._begin()
        return block
