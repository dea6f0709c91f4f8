"""What was recorded and is taken back: once, on or after its own day."""

from __future__ import annotations

from datetime import date, datetime

from finance_hub.kernel.days import require_day
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text


class AlreadyReversed(Problem):
    code = "entry-already-reversed"
    status = 409
    title = Text("该事项已被冲正", "It is reversed already")


class ReversalOfAReversal(Problem):
    code = "entry-is-a-reversal"
    status = 409
    title = Text("冲正不能再被冲正", "A reversal is not taken back")


def require_after(day: date, first: date, *, now: datetime) -> None:
    """A reversal happens on or after the day of what it takes back, and not in the future."""
    if day < first:
        raise refuse(
            "#/effective_date",
            "reversal-before-event",
            "冲正日期早于被冲正事项（{first}）",
            "It is before what it takes back, which is of {first}",
            first=first.isoformat(),
        )
    require_day(day, now=now)
