"""What an import adds up to, so that people can compare it with their own books."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from funds.workbook.importing import Import, Judged, Outcome


class Total(NamedTuple):
    """Rows of one kind and outcome: how many, and the sum of one column of money in yuan.

    `unread` rows had no amount in the column that could be read: the sum is without them.
    """

    kind: str
    column: str
    outcome: Outcome
    rows: int
    amount: Decimal
    unread: int


def totals(of: Import) -> list[Total]:
    """By kind where the sheet has kinds, in their order, then by column and outcome; none without rows."""
    kinds = [*dict.fromkeys(of.sheet.ranks or [""])]
    if any(_kind(one) not in kinds for one in of.rows):
        kinds.append("")
    return [total for kind in kinds for total in _of_kind(of, kind)]


def _of_kind(of: Import, kind: str) -> Iterator[Total]:
    for column in of.sheet.moneys:
        for outcome in Outcome:
            rows = [one for one in of.rows if one.outcome == outcome and _kind(one) == kind]
            amounts = [one.values[column] for one in rows if one.values.get(column) is not None]
            read = [one for one in rows if column in one.values]
            if rows:
                yield Total(
                    kind, column, outcome, len(rows), sum(amounts, Decimal("0.00")), len(rows) - len(read)
                )


def _kind(one: Judged) -> str:
    return str(one.values.get("kind", ""))
