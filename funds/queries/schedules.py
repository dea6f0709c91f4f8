"""What a fund invested in on a day, holding by holding: cost, what came back, what is left and how it is valued."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Min, Q

from funds.models import Fund, Holding, HoldingEventKind
from funds.queries.holdings import worth
from funds.queries.positions import holdings


class Invested(NamedTuple):
    """Yuan. `worth` counts in the NAV; `basis` says what it is: `fair_value`, `cost` (never valued),
    `stale` (cost left: the value knows nothing of a later deal) or `nothing` (wholly exited or written off)."""

    holding: Holding
    first_on: date
    invested: Decimal
    exited: Decimal
    written_off: Decimal
    remaining: Decimal
    proceeds: Decimal
    income: Decimal
    worth: Decimal
    basis: str
    valued_on: date | None

    @property
    def is_realised(self) -> bool:
        return self.remaining == 0


def schedule(of: Fund, *, as_of: date, known_at: datetime) -> list[Invested]:
    """Every holding with a deal before `as_of` as known at `known_at`, by its first deal; one query.

    One whose every deal was taken back was entered by mistake: it is none.
    """
    known = holdings(as_of=as_of, known_at=known_at).filter(fund=of)
    dated = known.annotate(
        first_on=Min("deal__effective_date", filter=Q(deal__kind=HoldingEventKind.INVESTMENT))
    )
    found = [_invested(row) for row in dated.order_by("first_on", "pk")]
    return [one for one in found if one.invested or one.proceeds or one.income]


def _invested(row: Holding) -> Invested:
    measured = vars(row)
    remaining, value, valued_on = (measured[name] for name in ("remaining_cost", "fair_value", "valued_on"))
    left = worth(remaining, value, valued_on=valued_on, last_deal_on=measured["last_deal_on"])
    if not remaining:
        basis = "nothing"
    elif value is None:
        basis = "cost"
    else:
        basis = "stale" if valued_on < measured["last_deal_on"] else "fair_value"
    return Invested(
        row, measured["first_on"], measured["invested"], measured["cost_exited"], measured["cost_written_off"],
        remaining, measured["proceeds"], measured["income"], left, basis, valued_on,
    )  # fmt: skip
