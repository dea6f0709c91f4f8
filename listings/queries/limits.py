"""The time limits that an attempt stands under on a day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from listings.models import ListingAttempt
from listings.queries.attempts import stages_of
from listings.queries.procedure import filings
from listings.time_limits import Paper, Watch, watch


class Watched(NamedTuple):
    """The limits of an attempt on a day; `in_working_days` where one counts days that may be holidays."""

    on: date
    limits: list[Watch]

    @property
    def in_working_days(self) -> bool:
        return any(each.limit.unit == "working-days" for each in self.limits)


def watched(of: ListingAttempt, *, on: date) -> Watched:
    """Two queries."""
    stages = [(event.stage, event.effective_date) for event in stages_of(of)]
    papers = [Paper(paper.kind, paper.effective_date, paper.period_end) for paper in filings(of)]
    return Watched(on, watch(board=of.board, stages=stages, papers=papers, on=on))
