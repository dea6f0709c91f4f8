"""Read the lines behind a figure of a snapshot, largest first, in pages; and their count and sums."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from finance_hub.kernel import scoping
from tasks.records.source import OVER, UNDER, Reading, Source

ORDER = "-abs(amount), record, id, ref, part"


class Line(NamedTuple):
    """One record and what it contributes, in yuan or as a count; `part` is of a ratio, "" where there is none."""

    part: str
    record: str
    id: int
    ref: str
    about: str
    who: str
    day: date | None
    recorded_at: datetime | None
    amount: Decimal

    @property
    def place(self) -> list[Any]:
        """Where the line stands in the order, as JSON."""
        return [str(-abs(self.amount)), self.record, self.id, self.ref, self.part]


class Totals(NamedTuple):
    """Of all lines: how many, the sum of those of no part, and the two sums of a ratio."""

    number: int
    amount: Decimal
    over: Decimal
    under: Decimal


def lines(
    source: Source, reading: Reading, *, key: str, after: Sequence[Any] | None = None, limit: int
) -> list[Line]:
    """The lines of one key beyond a place, at most so many; wants full scope."""
    return page(f"SELECT * FROM ({source.lines}) l WHERE l.key = %(key)s", {**reading.parameters(), "key": key},
                after=after, limit=limit)  # fmt: skip


def totals(source: Source, reading: Reading, *, key: str) -> Totals:
    """Of all lines of one key; wants full scope."""
    return sums(
        f"SELECT * FROM ({source.lines}) l WHERE l.key = %(key)s", {**reading.parameters(), "key": key}
    )


def page(
    statement: str, parameters: dict[str, Any], *, after: Sequence[Any] | None, limit: int
) -> list[Line]:
    """Rows of a statement that selects the columns of lines, in ORDER."""
    scoping.current()
    beyond = ""
    if after:
        names = ("after_size", "after_record", "after_id", "after_ref", "after_part")
        parameters = {**parameters, **dict(zip(names, after, strict=True))}
        beyond = """
 WHERE (-abs(amount), record, id, ref, part) > (%(after_size)s::numeric, %(after_record)s::text, %(after_id)s::bigint,
                                                %(after_ref)s::text, %(after_part)s::text)"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT part, record, id, ref, about, who, day, recorded_at, amount"
            f" FROM ({statement}) found {beyond} ORDER BY {ORDER} LIMIT %(limit)s",
            {**parameters, "limit": limit},
        )
        return [Line(*row) for row in cursor.fetchall()]


def sums(statement: str, parameters: dict[str, Any]) -> Totals:
    scoping.current()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
SELECT count(*), coalesce(sum(amount) FILTER (WHERE part = ''), 0),
       coalesce(sum(amount) FILTER (WHERE part = '{OVER}'), 0),
       coalesce(sum(amount) FILTER (WHERE part = '{UNDER}'), 0) FROM ({statement}) found""",
            parameters,
        )
        return Totals(*cursor.fetchone())
