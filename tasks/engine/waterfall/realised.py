"""A fund reckoned deal by deal as if everything that it holds were sold on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tasks.engine.sharing import largest_remainder
from tasks.engine.waterfall.clawback import Clawback, clawback
from tasks.engine.waterfall.deal_by_deal import american, whole_fund_events
from tasks.engine.waterfall.records import Deal, Flow, Party, Payment, Yuan, check_day, yuan
from tasks.engine.waterfall.terms import Terms


@dataclass(frozen=True, slots=True)
class Realised:
    """Yuan. `payments` share out the proceeds of the day, the sale included; `earlier` those of all days before.

    `clawback` is what the manager would have to give back with the fund ended on the day.
    """

    earlier: list[Payment]
    payments: list[Payment]
    clawback: Clawback

    @property
    def carry_before(self) -> Decimal:
        """What the manager has earned of the proceeds of all days before."""
        return _carry(self.earlier)

    @property
    def carry_now(self) -> Decimal:
        """What the manager earns of the proceeds of the day."""
        return _carry(self.payments)


def realised(deals: Sequence[Deal], *, worth: Sequence[Yuan], on: date, terms: Terms) -> Realised:
    """Sell each deal for what it is `worth`, in the order of `deals`, on a day that none of their flows is after.

    What a deal has not returned by then is a loss for others to make good, also where it is worth nothing.
    Raises ValueError for flows after the day, for an amount that is none in yuan and fen, and where `worth` and
    `deals` are not as many.
    """
    check_day("on", on)
    if any(
        flow[0] > on for deal in deals for flow in (*deal.investments, *deal.proceeds, *deal.expenses)
    ) or any(deal.written_off and deal.written_off > on for deal in deals):
        raise ValueError(f"on: flows after {on} are not known on that day")
    sold = [
        replace(
            deal, proceeds=(*deal.proceeds, (on, yuan("worth", amount))), written_off=deal.written_off or on
        )
        for deal, amount in zip(deals, worth, strict=True)
    ]
    payments = american(sold, terms=terms)
    return Realised(
        earlier=[row for row in payments if row.on < on],
        payments=[row for row in payments if row.on == on],
        clawback=clawback(payments, events=whole_fund_events(sold), terms=terms, on=on),
    )


def allot(costs: Iterable[Flow], *, weights: Sequence[Yuan]) -> list[list[Flow]]:
    """Fees and expenses of a whole fund, each split among its deals by what they cost, by largest remainder.

    As many lists as `weights`; together they are the costs, to the cent. Nothing without a positive weight.
    """
    shares = {str(place): Decimal(weight) for place, weight in enumerate(weights)}
    allotted: list[list[Flow]] = [[] for _ in weights]
    if not any(shares.values()):
        return allotted
    for on, amount in costs:
        parts = largest_remainder(yuan("costs", amount), weights=shares)
        for place, flows in enumerate(allotted):
            if parts[str(place)]:
                flows.append((on, parts[str(place)]))
    return allotted


def _carry(payments: Iterable[Payment]) -> Decimal:
    return sum((row.amount for row in payments if row.to is Party.MANAGER), Decimal("0.00"))
