"""What is assumed to be lost of each kind of claim if its firm defaults: dated rows with their source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from finance_hub.kernel.text import Text

_FILE = Path(__file__).parents[1] / "data" / "lgd_assumptions.json"
EQUITY, CLAIM = ("equity", ""), ("claim", "")
LOAN, IP_LOAN = ("loan", ""), ("loan", "ip")
KINDS = (EQUITY, LOAN, IP_LOAN, CLAIM)

#: (instrument, pledge) -> hundredths of a percent that are lost.
Lgds = Mapping[tuple[str, str], int]


class Assumed(NamedTuple):
    """One row: from `valid_from` on, until a later one of the same kind."""

    instrument: str
    pledge: str
    valid_from: date
    lgd_pct: Decimal
    source: Text
    note: Text

    @property
    def kind(self) -> tuple[str, str]:
        return self.instrument, self.pledge


@lru_cache(maxsize=1)
def assumptions() -> tuple[Assumed, ...]:
    return tuple(
        Assumed(
            row["instrument"], row["pledge"], date.fromisoformat(row["valid_from"]), Decimal(row["lgd_pct"]),
            Text(row["source"], row["source_en"]), Text(row["note"], row["note_en"]),
        )
        for row in json.loads(_FILE.read_text("utf-8"))
    )  # fmt: skip


def in_force(day: date) -> tuple[Assumed, ...]:
    """The row of each kind that holds on a day, in the order of `KINDS`; none of a kind before its first."""
    found = []
    for kind in KINDS:
        begun = [row for row in assumptions() if row.kind == kind and row.valid_from <= day]
        if begun:
            found.append(max(begun, key=lambda row: row.valid_from))
    return tuple(found)


def lgds(day: date) -> Lgds | None:
    """What is assumed on a day; None before something is assumed of every kind."""
    rows = {row.kind: int(row.lgd_pct * 100) for row in in_force(day)}
    return rows if len(rows) == len(KINDS) else None


def lost(fen: int, rate: int) -> int:
    """Whole fen of an amount, halves up; `rate` in hundredths of a percent."""
    return (fen * rate + 5_000) // 10_000
