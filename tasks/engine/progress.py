"""How far a target is: what a straight line expects of a day, what is ahead of it, and the word for it.

Decimals throughout: values carry the unit of their target, whole or in parts.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

DONE: Final = "done"
ON_TRACK: Final = "on-track"
BEHIND: Final = "behind"
OVERDUE: Final = "overdue"
NOT_REPORTED: Final = "not-reported"
#: There is a value and time left, and no line to hold it against.
UNDETERMINED: Final = "undetermined"
STATUSES: Final = (ON_TRACK, BEHIND, DONE, OVERDUE, NOT_REPORTED, UNDETERMINED)

#: Less is better.
CAPS: Final = frozenset({"<=", "<"})
#: Places that a value of a target is kept with.
_PLACES = Decimal("0.0001")
#: Months of a period of reporting.
_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
#: Days from the end of a period to the day on which its report is due, that day included.
GRACE: Final = 20


def reached(value: Decimal, target: Decimal, comparison: str) -> bool:
    """`comparison` is one of >=, >, =, <=, <; a size that is named, `=`, is reached from below."""
    if comparison in CAPS:
        return value <= target if comparison == "<=" else value < target
    return value > target if comparison == ">" else value >= target


def expected(*, start: Decimal, target: Decimal, begins: date, deadline: date, day: date) -> Decimal:
    """What a straight line from `start`, at the morning of `begins`, to `target`, at the evening of `deadline`,
    has reached at the evening of `day`: four places, half to even. Flat before and after.

    Raises ValueError for a deadline before the beginning.
    """
    if deadline < begins:
        raise ValueError(f"{deadline} is before {begins}")
    whole = (deadline - begins).days + 1
    gone = min(max((day - begins).days + 1, 0), whole)
    return (start + (target - start) * gone / whole).quantize(_PLACES, rounding=ROUND_HALF_EVEN)


def ahead(value: Decimal, line: Decimal, comparison: str) -> Decimal:
    """By how much the value is better than the line, in its own unit; below zero it is behind."""
    return line - value if comparison in CAPS else value - line


def way_gone(value: Decimal, *, target: Decimal, comparison: str, start: Decimal | None) -> Decimal | None:
    """The part of the way that is gone, 1 at the target. Of a target that caps a value the way leads down from
    `start`; without one, or where there is no way to go, there is no such part."""
    if comparison in CAPS:
        if start is None or start <= target:
            return None
        return (start - value) / (start - target)
    return value / target if target else None


def status(
    value: Decimal | None,
    line: Decimal | None,
    *,
    target: Decimal,
    comparison: str,
    deadline: date | None,
    day: date,
) -> str:
    """One of `STATUSES` for the evening of `day`. What nobody has reported is not late: it is not known."""
    if value is None:
        return NOT_REPORTED
    if reached(value, target, comparison):
        return DONE
    if deadline is not None and deadline < day:
        return OVERDUE
    if line is None:
        return UNDETERMINED
    return ON_TRACK if ahead(value, line, comparison) >= 0 else BEHIND


def first_missing(
    *, cadence: str, begins: date, deadline: date | None, delivered: date | None, today: date
) -> date | None:
    """The day on which the oldest report that is overdue today was due; None where none is.

    Periods are whole calendar months, quarters or years, from the one of `begins` to the one of `deadline`. One is
    covered by a report of its last day or later; its report is due `GRACE` days after it ends.
    """
    months = _MONTHS.get(cadence)
    if months is None:
        return None
    since = max(begins, delivered + timedelta(days=1)) if delivered else begins
    ends = _period_end(since, months)
    if deadline is not None and ends > _period_end(deadline, months):
        return None
    due = ends + timedelta(days=GRACE)
    return due if due < today else None


def _period_end(day: date, months: int) -> date:
    """The last day of the period of a day."""
    number = (day.month - 1) // months * months + months
    following = date(day.year + number // 12, number % 12 + 1, 1)
    return following - timedelta(days=1)
