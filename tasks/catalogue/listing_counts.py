"""Which listings count for the plan's target, read from `tasks/data/listing_counts.json`, and until when they are forecast."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

from finance_hub.kernel.text import Text

_FILE = Path(__file__).parents[1] / "data" / "listing_counts.json"
#: Prefixes of notes: "deadline: 2027-12-31", "deadline-passed: 2023-12-31".
DEADLINE, DEADLINE_PASSED = "deadline", "deadline-passed"

BOARD_NAMES = {
    "star": Text("科创板", "STAR"),
    "chinext": Text("创业板", "ChiNext"),
    "beijing": Text("北交所", "Beijing"),
    "main": Text("主板", "Main board"),
    "hong_kong": Text("港交所", "Hong Kong"),
}


class Count(NamedTuple):
    """A way to count: listings on its boards; `source` says where that comes from."""

    code: str
    name: Text
    boards: tuple[str, ...]
    source: Text


class Counts(NamedTuple):
    """`metric` is the target's; durations and conversions come from attempts on `history_boards`."""

    metric: str
    headline: str
    counts: tuple[Count, ...]
    history_boards: tuple[str, ...]


class Horizon(NamedTuple):
    """Up to which day listings are forecast, that day too, and what is to be said of it."""

    until: date
    notes: tuple[str, ...]


class Due(Protocol):
    """A target as frames and models have it."""

    @property
    def deadline(self) -> date | None: ...


@cache
def counts() -> Counts:
    written = json.loads(_FILE.read_text("utf-8"))
    return Counts(
        written["metric"],
        written["headline"],
        tuple(
            Count(
                row["code"],
                Text(row["zh"], row["en"]),
                tuple(row["boards"]),
                Text(row["source"], row["source_en"]),
            )
            for row in written["counts"]
        ),
        tuple(written["history_boards"]),
    )


def horizon(deadline: date | None, *, as_of: date) -> Horizon | None:
    """The target's deadline; once it has passed the end of the year after, None for a target without one.

    `as_of` is the first day that is not known yet.
    """
    if deadline is None:
        return None
    if deadline >= as_of:
        return Horizon(deadline, (f"{DEADLINE}: {deadline}",))
    until = date(as_of.year + 1, 12, 31)
    return Horizon(until, (f"{DEADLINE}: {until}", f"{DEADLINE_PASSED}: {deadline}"))
