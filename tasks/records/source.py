"""What stands behind a figure: lines of SQL, as known at a moment, and how they make up the figure.

A line is one record and what it contributes: `key` of the figure, `part` (of a ratio: over, under), the kind of
`record` with its `id` and the `ref` by which people know it, `about` in words, the reporter's code `who`, the day it
happened, when it was recorded, and the `amount` in yuan (or a count). Statements take the parameters of `Reading`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import orjson

from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from loans import guarantee_rules

OVER, UNDER = "over", "under"
PLAIN = Text("", "")


class Adds(StrEnum):
    """How lines make a figure: their SUM, the RATIO of two sums, the RATE at which they are worth nothing, by a
    RULE that a statement of its own applies, or not by SQL."""

    SUM = "sum"
    RATIO = "ratio"
    RATE = "rate"
    RULE = "rule"
    NOT = "not"


@dataclass(frozen=True)
class Source:
    """`lines` selects the columns of a line; `rule` selects (key, value) where the lines do not simply add up, and `why` says it.

    `lacks` names the data sets of banks (and `guarantees` of guarantors) without which the figure is incomplete.
    """

    lines: str
    adds: Adds = Adds.SUM
    lacks: tuple[str, ...] = ()
    rule: str = ""
    why: Text = PLAIN

    @property
    def is_sum(self) -> bool:
        return self.adds is Adds.SUM


@dataclass(frozen=True)
class Reading:
    """Of which month, as known at which moment."""

    month: Month
    known_at: datetime

    def parameters(self) -> dict[str, Any]:
        """What the statements take; `as_of` is the first day not counted."""
        month, last = self.month, self.month.last
        weights = [
            {"customer": rule.customer, "weight": str(rule.weight), "most": str(rule.household_most)}
            for rule in guarantee_rules.weights(last).values()
        ]
        return {
            "month": month.first,
            "as_of": month.end,
            "before": (month - 1).first,
            "year": date(month.year, 1, 1),
            "known_at": self.known_at,
            "weights": _json(weights),
            "single": guarantee_rules.limit("single", last),
            "group": guarantee_rules.limit("group", last),
        }


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def line(
    rows: str,
    *,
    record: str,
    id: str,
    ref: str,
    about: str,
    who: str,
    day: str,
    recorded: str,
    amount: str,
    key: str = "''",
    part: str = "",
) -> str:
    """A statement of lines from `rows`, what follows FROM; the others are SQL expressions, `part` a word."""
    return (
        f"SELECT {key} AS key, '{part}' AS part, '{record}' AS record, ({id})::bigint AS id, {ref} AS ref,"
        f" {about} AS about, {who} AS who, {day} AS day, {recorded} AS recorded_at, ({amount})::numeric AS amount"
        f" FROM {rows}"
    )


def together(*statements: str) -> str:
    return "\nUNION ALL\n".join(f"({statement})" for statement in statements)
