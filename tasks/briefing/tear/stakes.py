"""A stake in words: what it is worth, by which value and how old, and what it has brought for each yuan."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from funds import queries
from funds.codes import METHODS
from funds.queries import staleness
from tasks import wording
from tasks.briefing.content.desk import Desk


def worth(row: Any) -> Decimal:
    """What the holding counts in the NAV."""
    return Decimal(
        queries.worth(
            row.remaining_cost, row.fair_value, valued_on=row.valued_on, last_deal_on=row.last_deal_on
        )
    )


def amount(desk: Desk, value: Decimal) -> str:
    return wording.in_table(value, language=desk.language)


def moved(desk: Desk, value: Decimal) -> str:
    """An amount where there was one, else a dash: most holdings were never sold."""
    return amount(desk, value) if value else wording.DASH


def fair_value(desk: Desk, row: Any) -> str:
    if not row.remaining_cost:
        return wording.DASH
    if row.fair_value is None:
        return desk.say("—（未估值）", "— (not valued)")
    return amount(desk, row.fair_value)


def multiple(desk: Desk, row: Any) -> str:
    """Proceeds, income and what is left, for each yuan of cost; none before the first value."""
    if not row.invested or (row.fair_value is None and row.remaining_cost):
        return wording.DASH
    return wording.number((row.proceeds + row.income + worth(row)) / row.invested, places=2)


def method(desk: Desk, row: Any) -> str:
    return desk.say(*METHODS[row.method]) if row.method and row.remaining_cost else wording.DASH


def valued(desk: Desk, row: Any) -> str:
    """The day of the value and what is wrong with its age."""
    if not row.remaining_cost or row.valued_on is None:
        return wording.DASH
    said = {
        staleness.OLDER_THAN_DEAL: ("早于最近交易", "before the last deal"),
        staleness.OLDER_THAN_ROUND: ("早于最近一轮", "before the last round"),
        staleness.TOO_OLD: ("已逾半年", "over 6 months")
        if row.fresh_days is None
        else (f"已逾{row.fresh_days}日", f"over {row.fresh_days} days"),
    }
    marks = [desk.say(*said[reason]) for reason in queries.stale(row, day=desk.month.last)]
    day = row.valued_on.isoformat()
    return day if not marks else desk.say(f"{day} {'、'.join(marks)}", f"{day} {', '.join(marks)}")


def total(rows: Sequence[Any], name: str) -> Decimal:
    return sum((Decimal(getattr(row, name)) for row in rows), Decimal(0))
