"""The American waterfall: the manager may earn on a deal before the whole fund is back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tasks.engine.waterfall.account import Hurdle, Waterfall, exact_arithmetic
from tasks.engine.waterfall.records import Deal, Event, Kind, Payment, yuan
from tasks.engine.waterfall.terms import Terms


@dataclass(slots=True)
class _Day:
    invested: list[tuple[Hurdle, Decimal]] = field(default_factory=list)
    realised: list[Hurdle] = field(default_factory=list)
    cash: Decimal = Decimal(0)


def american(deals: Iterable[Deal], *, terms: Terms) -> list[Payment]:
    """The payments of every day with proceeds, ascending by day, tier and party; none of them is zero.

    Proceeds first return the capital of realised deals, expenses included, then the preferred return on it
    since it was invested, then come catch-up and split. A deal is realised, with all its capital, from its
    first proceeds or its write-off on; losses of realised deals are carried forward. Of one day, investments
    come before write-offs and those before proceeds, which are one distribution.

    Without a preferred return the manager has at every date at least the carry that `european` gives it on
    `whole_fund_events(deals)`. With one, it has so at every date at which the American carry is the full
    share `carry` of the profit paid until then, and not always otherwise: carry paid early leaves later deals
    to earn a preferred return that the whole fund would no longer owe. `clawback` settles what is too much.
    """
    with exact_arithmetic():
        waterfall = Waterfall(terms)
        payments: list[Payment] = []
        for on, day in sorted(_diary(deals, pool=waterfall.hurdle, terms=terms).items()):
            for hurdle, amount in day.invested:
                hurdle.contribute(amount, on=on)
            for hurdle in day.realised:
                waterfall.hurdle.absorb(hurdle, on=on)
            if day.cash:
                payments += waterfall.distribute(day.cash, on=on)
    return payments


def whole_fund_events(deals: Iterable[Deal]) -> list[Event]:
    """The same flows as a whole fund has them: investments and expenses called, proceeds distributed."""
    return [
        Event(on, kind, amount)
        for deal in deals
        for kind, flows in (
            (Kind.CONTRIBUTION, (*deal.investments, *deal.expenses)),
            (Kind.DISTRIBUTION, deal.proceeds),
        )
        for on, amount in flows
    ]


def _diary(deals: Iterable[Deal], *, pool: Hurdle, terms: Terms) -> dict[date, _Day]:
    """What happens on each day. Capital waits in an account of its deal until the pool takes it over."""
    diary: dict[date, _Day] = defaultdict(_Day)
    for deal in deals:
        own, realised = Hurdle(terms), _realised(deal)
        for on, amount in (*deal.investments, *deal.expenses):
            waits = realised is None or on <= realised
            diary[on].invested.append((own if waits else pool, yuan("investments", amount)))
        for on, amount in deal.proceeds:
            diary[on].cash += yuan("proceeds", amount)
        if realised is not None:
            diary[realised].realised.append(own)
    return diary


def _realised(deal: Deal) -> date | None:
    days = [on for on, amount in deal.proceeds if amount]
    return min([*days, deal.written_off] if deal.written_off else days, default=None)
