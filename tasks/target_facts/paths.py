"""The line that a target is held against, by what its value is and what is decided of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tasks.engine import progress
from tasks.models import About
from tasks.models.targets import Kind, Tracking
from tasks.target_facts.counting import COUNTED
from tasks.target_facts.reading import TargetFact

#: What adds up begins at nothing.
_FROM_NOTHING = {Kind.INCREMENT, Kind.FLOW, Kind.ANNUAL_FLOW, Kind.SIZE}
NOT_SCORED, UNDECIDED, NO_BASELINE = "not-scored", "undecided", "no-baseline"


def is_scored(fact: TargetFact) -> bool:
    """Not a given of the plan, and not a metric that stands elsewhere too."""
    return fact.kind != Kind.CONTEXT and not fact.duplicate_of


def is_computed(fact: TargetFact) -> bool:
    """Whether its value comes from our own records, so that it takes no reports."""
    return fact.tracking == Tracking.COMPUTED or (fact.complete and fact.metric in COUNTED)


def period_of(fact: TargetFact, day: date) -> tuple[date, date | None]:
    """First and last day of what the target is reached in, for a day: the year of one that stands for each year,
    not beyond the year of its deadline; else from the baseline to the deadline."""
    if not fact.yearly:
        return fact.baseline_date, fact.deadline
    year = min(day.year, fact.deadline.year) if fact.deadline else day.year
    first, last = date(year, 1, 1), date(year, 12, 31)
    return max(first, fact.baseline_date), min(last, fact.deadline) if fact.deadline else last


def present(fact: TargetFact, day: date) -> Decimal | None:
    """The value in force for a day; of a target that stands for each year only one of this year counts."""
    if fact.reported is None or fact.reported_as_of is None:
        return None
    begins, _ends = period_of(fact, day)
    return None if fact.yearly and fact.reported_as_of < begins else Decimal(fact.reported)


def line_of(fact: TargetFact, day: date) -> Decimal | str:
    """What the line has reached at the evening of a day, or the reason why there is none."""
    target = Decimal(fact.value)
    if fact.kind == Kind.CONTEXT:
        return NOT_SCORED
    if any(about == About.PERIOD for _code, about in fact.open_questions):
        return UNDECIDED
    if fact.kind == Kind.GROWTH:
        return target  # a rate is asked for as it stands, not in parts
    begins, ends = period_of(fact, day)
    if ends is None:
        return UNDECIDED
    if fact.kind not in _FROM_NOTHING and fact.start is None:
        return NO_BASELINE
    start = Decimal(0) if fact.kind in _FROM_NOTHING else Decimal(fact.start or 0)
    return progress.expected(start=start, target=target, begins=begins, deadline=ends, day=day)
