"""Rows gathered until they make a block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from loans.intake.parse.block import BYTES, ROWS, Block, Fault, Listed

_KEYS = {"row_number": pl.Int32, "line_number": pl.Int32, "original": pl.String}


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
        self._bytes = 0

    @property
    def full(self) -> bool:
        return len(self._keys) + len(self._unreadable) >= ROWS or self._bytes >= BYTES

    @property
    def empty(self) -> bool:
        return not self._keys and not self._unreadable

    @property
    def numbers(self) -> list[int]:
        """The row numbers of `rows`."""
        return [number for number, _line, _original in self._keys]

    def number(self) -> int:
        """The number of the next row, from 1; every row of the file has one, readable or not."""
        self.count += 1
        return self.count

    def add(self, row: Any, *, number: int, line: int, original: str) -> None:
        self.rows.append(row)
        self._keys.append((number, line, original))
        self._bytes += len(original)

    def fault(self, number: int, code: str, pointer: str, **context: Any) -> None:
        self.faults.append(Fault(number, code, pointer, context))

    def give_up(self, number: int, at: int, original: str, code: str, /, **context: Any) -> None:
        """List a row that cannot be checked, with its line and the reason."""
        self._unreadable.append(Listed(number, at, original))
        self._bytes += len(original)
        self.fault(number, code, "#", **context)

    def take(self, columns: Mapping[str, Sequence[str | None]], *, names: Sequence[str]) -> Block:
        """The block of what was gathered; `columns` has the text of the fields that were sent, row by row.

        Of `names`, the fields of the format, those that nobody sent become columns of nulls.
        """
        keys = pl.DataFrame(self._keys, schema=_KEYS, orient="row")
        sent = [pl.Series(name, values, dtype=pl.String, strict=True) for name, values in columns.items()]
        absent = [name for name in names if name not in columns and name != "pledges"]
        rows = keys.with_columns(sent).with_columns(
            pl.col("original").str.replace_all("\x00", "\\x00", literal=True),
            # An empty cell and an absent name say the same.
            *(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in columns),
            *(pl.lit(None, dtype=pl.String).alias(name) for name in absent),
        )
        block = Block(rows, self.faults, self._unreadable, self.pledges)
        self._begin()
        return block
