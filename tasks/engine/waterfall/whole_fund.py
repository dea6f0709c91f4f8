"""The European waterfall: the fund as a whole comes before the manager."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from tasks.engine.waterfall.account import Waterfall, exact_arithmetic
from tasks.engine.waterfall.records import Event, Kind, Payment, Yuan, check_day, yuan
from tasks.engine.waterfall.terms import Terms


def european(events: Iterable[Event], *, terms: Terms) -> list[Payment]:
    """The payments of every distribution, ascending by day, tier and party; none of them is zero.

    Contributed capital is returned first, all of it, then the preferred return on it from the day of each
    contribution, then catch-up and split. Of one day, contributions come first and distributions are one.
    A recallable distribution that is called again is a contribution like any other.

    Cash that comes while no capital is outstanding, be it before the first contribution, is profit, and
    what was shared as profit is not set against later calls: the clawback is where that is settled.
    """
    with exact_arithmetic():
        _, payments = _run(events, terms=terms)
    return payments


def hypothetical(events: Iterable[Event], *, nav: Yuan, on: date, terms: Terms) -> list[Payment]:
    """Who would get what if the fund were realised at its net asset value on a day: one more distribution.

    Only the payments of that distribution are given; it comes after every other of its day. Raises
    ValueError for a `nav` that is no amount in yuan and fen, and for events after the day.
    """
    known = list(events)
    check_day("on", on)
    if any(event.on > on for event in known):
        raise ValueError(f"on: events after {on} are not known on that day")
    with exact_arithmetic():
        waterfall, _ = _run(known, terms=terms)
        return waterfall.distribute(yuan("nav", nav), on=on)


def daily_sums(events: Iterable[Event]) -> Mapping[date, Mapping[Kind, Decimal]]:
    """What each day with events brought and gave, in yuan, in ascending order of days."""
    sums: dict[date, dict[Kind, Decimal]] = {}
    for event in events:
        day = sums.setdefault(event.on, dict.fromkeys(Kind, Decimal(0)))
        day[Kind(event.kind)] += yuan("amount", event.amount)
    return dict(sorted(sums.items()))


def _run(events: Iterable[Event], *, terms: Terms) -> tuple[Waterfall, list[Payment]]:
    waterfall = Waterfall(terms)
    payments: list[Payment] = []
    for on, sums in daily_sums(events).items():
        if sums[Kind.CONTRIBUTION]:
            waterfall.hurdle.contribute(sums[Kind.CONTRIBUTION], on=on)
        if sums[Kind.DISTRIBUTION]:
            payments += waterfall.distribute(sums[Kind.DISTRIBUTION], on=on)
    return waterfall, payments
