"""What stands behind public exposure: every record with what it adds, computed apart from the reckoning of exposures."""

from __future__ import annotations

from typing import Final

from tasks.records.exposed import ADDING, FIRM, GROUP, exposed
from tasks.records.source import Source

Key = tuple[str, str]
LACKS: Final = ("flow", "guarantees")
LOSS: Final = "l.loss"
COLUMNS: Final = "l.record, l.id, l.ref, l.about, l.who, l.day, l.recorded_at"
#: The largest by public exposure, ties by id; without a controller no firm is a group.
_TOP: Final = f""",
top AS (
  SELECT r.unit FROM (
    SELECT l.unit, row_number() OVER (ORDER BY sum(l.cost) DESC, l.unit) AS rank FROM lines l
     WHERE {ADDING} AND l.unit > 0 GROUP BY 1 HAVING sum(l.cost) > 0) r WHERE r.rank <= 20)"""


def _lines(
    amount: str, *, key: str = "''", where: str = ADDING, unit: str = FIRM, of_largest: bool = False
) -> Source:
    """Rows that add something to a measure, by key; `k` is the firm."""
    largest = "JOIN top t ON t.unit = l.unit" if of_largest else ""
    return Source(
        f"""{exposed(unit, losses=amount == LOSS)}{_TOP if of_largest else ""}
SELECT {key} AS key, '' AS part, {COLUMNS}, round({amount}, 2) AS amount
  FROM lines l JOIN registry k ON k.id = l.firm_id {largest} WHERE {amount} <> 0 AND {where}""",
        lacks=LACKS,
    )


def _largest(amount: str, key: str, *, unit: str = FIRM) -> Source:
    return _lines(amount, key=key, unit=unit, of_largest=True)


SOURCES: dict[Key, Source] = {
    ("exposure.public", ""): _lines("l.cost"),
    ("exposure.public_fair_value", ""): _lines("l.fair"),
    ("exposure.public_loss", ""): _lines(LOSS),
    ("exposure.finance", ""): _lines("l.finance"),
    ("exposure.public_line", "exposure_line"): _lines("l.cost", key="l.line", where="TRUE"),
    ("exposure.finance_line", "exposure_line"): _lines("l.finance", key="l.line", where="TRUE"),
    ("exposure.largest_public", "firm"): _largest("l.cost", "k.uscc"),
    ("exposure.largest_finance", "firm"): _largest("l.finance", "k.uscc"),
    ("exposure.largest_public", "group"): _largest("l.cost", "l.unit::text", unit=GROUP),
    ("exposure.largest_finance", "group"): _largest("l.finance", "l.unit::text", unit=GROUP),
    ("exposure.largest_line", "firm_line"): _largest("l.cost", "k.uscc || '|' || l.line"),
}
