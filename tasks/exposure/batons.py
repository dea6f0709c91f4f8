"""The baton 接力: from the first angel yuan in a firm to its first loan, a later round, and its listing.

A step counts from the day of the first angel money on: what came before it was handed over by nobody. Wants full scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Min

from finance_hub.kernel.text import Text
from funds.models import HoldingEvent, HoldingEventKind, Round
from funds.queries import rounds as books
from listings import queries as listings
from loans import queries as loans

#: The steps after the first, in their order.
STEPS = {
    "loan": Text("首笔贷款", "First loan"),
    "round": Text("后续融资", "Later round"),
    "listing": Text("上市", "Listing"),
}


class Step(NamedTuple):
    """`on` is None where the step is waited for; then `days` are those waited so far, else those it took."""

    step: str
    on: date | None
    days: int


class Baton(NamedTuple):
    """The day of each step of one firm, None where it is still waited for."""

    firm_id: int
    angel: date
    loan: date | None
    round: date | None
    listing: date | None

    def steps(self, *, until: date) -> tuple[Step, ...]:
        """The angel money and the steps after it; a step that is waited for is waited for up to `until`."""
        later = {"loan": self.loan, "round": self.round, "listing": self.listing}
        return (
            Step("angel", self.angel, 0),
            *(Step(step, on, ((on or until) - self.angel).days) for step, on in later.items()),
        )


def batons(*, as_of: date, known_at: datetime, firm: int | None = None) -> list[Baton]:
    """Every firm that an angel fund ever paid into, by id; of one firm where given. Four queries."""
    angels = _angels(as_of=as_of, known_at=known_at, firm=firm)
    if not angels:
        return []
    lent = loans.first_loans(angels, as_of=as_of, known_at=known_at)
    later = _rounds(angels, as_of=as_of, known_at=known_at)
    listed = _listings(angels, as_of=as_of, known_at=known_at)
    return [Baton(pk, day, lent.get(pk), later.get(pk), listed.get(pk)) for pk, day in sorted(angels.items())]


def _angels(*, as_of: date, known_at: datetime, firm: int | None) -> dict[int, date]:
    rows = HoldingEvent.objects.filter(
        kind=HoldingEventKind.INVESTMENT, holding__fund__tier="angel", holding__firm__isnull=False
    )
    if firm is not None:
        rows = rows.filter(holding__firm=firm)
    standing = books.standing(rows, as_of=as_of, known_at=known_at)
    return dict(standing.values_list("holding__firm_id").annotate(on=Min("effective_date")).order_by())


def _rounds(since: Mapping[int, date], *, as_of: date, known_at: datetime) -> dict[int, date]:
    """The first round after the day of the angel money, in anybody's book; the angel's own round is of that day."""
    rows = books.standing(Round.objects.filter(firm__in=since), as_of=as_of, known_at=known_at)
    return _first(rows.values_list("firm_id", "effective_date"), since, strictly=True)


def _listings(since: Mapping[int, date], *, as_of: date, known_at: datetime) -> dict[int, date]:
    rows = listings.listed_frame(as_of, known_at)
    return _first(((row.firm_id, row.entered_on) for row in rows if row.firm_id in since), since)


def _first(
    rows: Iterable[tuple[int, date]], since: Mapping[int, date], *, strictly: bool = False
) -> dict[int, date]:
    found: dict[int, date] = {}
    for firm, day in rows:
        if day > since[firm] or (day == since[firm] and not strictly):
            found[firm] = min(day, found.get(firm, day))
    return found
