"""How firms stand by the listing standards, and how many will list, at any two times; what snapshots keep is reckoned alike.

Everything reads the scope in force.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from finance_hub.kernel.models import Firm
from listings import queries as listings
from listings.models import ListingAttempt
from tasks.catalogue.listing_counts import Count, Horizon, counts, horizon
from tasks.catalogue.readiness import Board, boards, financials, judged_on
from tasks.frames import firm_names
from tasks.models import Target

if TYPE_CHECKING:
    from tasks.engine.forecast import Distribution


class Standing(NamedTuple):
    """By each board, or the one asked for. `judged_on` is the day whose standards and years hold."""

    judged_on: date
    boards: list[Board]


class Counted(NamedTuple):
    """How many listings there are by the day, counted in one way."""

    way: Count
    distribution: Distribution


class Outlook(NamedTuple):
    """`until` is the last day that counts; `firms` are the USCC and name of those with a chance, by id."""

    target: Target
    until: date
    counted: list[Counted]
    by_board: dict[str, float]
    firms: dict[int, tuple[str, str]]
    notes: tuple[str, ...]


def of_firm(firm: Firm, *, as_of: date, known_at: datetime, only: str = "") -> Standing:
    """A firm on the day before `as_of`."""
    return _standing(firm, as_of=as_of, known_at=known_at, on=as_of - timedelta(days=1), only=only)


def of_attempt(attempt: ListingAttempt, *, as_of: date, known_at: datetime) -> Standing:
    """A firm by the board of its attempt; past the committee, as of the committee's day."""
    rows = listings.stages_frame(as_of, known_at, attempt=attempt)
    on = judged_on([(row.stage, row.entered_on) for row in rows], on=as_of - timedelta(days=1))
    return _standing(attempt.firm, as_of=as_of, known_at=known_at, on=on, only=attempt.board)


def outlook(*, as_of: date, known_at: datetime, until: date | None = None) -> Outlook | None:
    """The forecast up to the day `until`, or that of the plan's target; None without a target that has one."""
    from tasks.catalogue.listings import foresee, told  # NumPy: wanted by few requests

    target = Target.objects.filter(metric=counts().metric).order_by("position").first()
    if target is None:
        return None
    ahead = Horizon(until, ()) if until else horizon(target.deadline, as_of=as_of)
    if ahead is None:
        return None
    stages = listings.stages_frame(as_of, known_at)
    when: dict[str, Any] = {"since": target.baseline_date, "as_of": as_of, "until": ahead.until}
    counted = [Counted(way, foresee(stages, boards=way.boards, **when)) for way in counts().counts]
    every = {board: None for way in counts().counts for board in way.boards}
    firms = [int(chance.firm) for one in counted for chance in one.distribution.chances]
    return Outlook(
        target,
        ahead.until,
        counted,
        {board: foresee(stages, boards=[board], **when).expected for board in every},
        firm_names(firms),
        (*ahead.notes, *dict.fromkeys(note for one in counted for note in told(one.distribution))),
    )


def wanted(target: Target) -> int:
    """How many listings the target asks for."""
    return int(Decimal(target.value))


def _standing(firm: Firm, *, as_of: date, known_at: datetime, on: date, only: str) -> Standing:
    years = listings.years_frame(as_of, known_at, firms=[firm.pk])
    told = listings.statements_frame(as_of, known_at, firms=[firm.pk])
    return Standing(on, boards(financials(years, told), on=on, only=only))
