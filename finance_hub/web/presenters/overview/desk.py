"""The figures of a month and of the twelve before it, as the parts of the page look them up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from finance_hub.kernel.periods import Month
from finance_hub.web import words
from tasks import queries, wording
from tasks.catalogue import BY_CODE, Unit
from tasks.gaps import Gaps, gaps_of
from tasks.models import Figure, Snapshot
from tasks.queries import FigureSet

MONTHS = 13
#: What earlier months are asked for: sparklines, changes, charts, and who reported when.
HISTORIC = (
    "fund.paid_in", "fund.invested", "loans.balance", "loans.disbursed", "loans.five_tier", "loans.npl_ratio",
    "guarantees.outstanding", "pipeline.under_way", "tolerance.used_share", "reporting.missing",
)  # fmt: skip


@dataclass(frozen=True)
class Desk:
    month: Month
    now: FigureSet
    history: Mapping[Month, FigureSet]
    gaps: Gaps

    @property
    def months(self) -> list[Month]:
        """Thirteen months, the page's own the last."""
        return list((self.month - (MONTHS - 1)).until(self.month + 1))

    def value(self, code: str, scope: str = "", key: str = "") -> Decimal | None:
        return self.now.value(code, scope, key)

    def values(self, code: str, scope: str = "", key: str = "") -> list[Decimal | None]:
        """One for each of the thirteen months, None where it is not known."""
        return [self._in(month).value(code, scope, key) for month in self.months]

    def sets(self) -> list[FigureSet]:
        return [self._in(month) for month in self.months]

    def cell(self, code: str, scope: str = "", key: str = "") -> str:
        return wording.shown(self.now.get(code, scope, key), language=words.language())

    def label(self, figure: Figure) -> str:
        return wording.label(figure, language=words.language())

    def name(self, code: str) -> str:
        return words.say(BY_CODE[code][0].name)

    def unit(self, code: str) -> Unit:
        return BY_CODE[code][0].unit

    def _in(self, month: Month) -> FigureSet:
        if month == self.month:
            return self.now
        return self.history.get(month) or FigureSet(self.now.snapshot, {})


def desk_of(snapshot: Snapshot, *, now: datetime) -> Desk:
    """Six queries: the month's figures, and those of the months before as known now."""
    month = Month.of(snapshot.month)
    earlier = (month - (MONTHS - 1)).until(month)
    history = queries.history(earlier, codes=HISTORIC, known_at=now)
    return Desk(month, queries.figures_of(snapshot), history, gaps_of(snapshot))
