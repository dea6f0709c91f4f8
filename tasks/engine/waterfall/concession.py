"""What fiscal capital gives up of its gain 让利, once it has its own yearly return."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tasks.engine.amounts import cents
from tasks.engine.waterfall.account import Hurdle, exact_arithmetic, return_to_cents
from tasks.engine.waterfall.records import Event, Kind, Yuan, check_day, exact_number, yuan
from tasks.engine.waterfall.terms import Terms
from tasks.engine.waterfall.whole_fund import daily_sums


class Concession(NamedTuple):
    """Yuan, none negative: `above_floor` is what fiscal capital has beyond its capital and floor return,
    `given_up` the share of it that it gives up, at most what it receives on the day.
    """

    above_floor: Decimal
    given_up: Decimal


def concession(events: Iterable[Event], *, receipt: Yuan, on: date, share: Yuan, floor: Terms) -> Concession:
    """Of fiscal capital that contributed and was paid as in `events` and receives `receipt` on a day.

    What it got returns its capital, then pays the return of `floor.preferred_return`, accrued as `floor` says;
    what it had beyond on one day counts against what it lacks on a later one. `share` is a fraction from 0 to
    1. A concession is settled at the end: nothing is given up while capital or floor return are outstanding.
    Raises ValueError for a share that is no such fraction, an amount that is none in yuan and fen, and for
    events after the day.
    """
    check_day("on", on)
    if not 0 <= exact_number("share", share) <= 1:
        raise ValueError(f"share: {share} is not a fraction from 0 to 1")
    with exact_arithmetic():
        last = yuan("receipt", receipt)
        sums = daily_sums(events)
        if max(sums, default=on) > on:
            raise ValueError(f"on: there are events after {on}")
        hurdle, beyond = Hurdle(floor), Decimal(0)
        for day, each in sums.items():
            hurdle.contribute(each[Kind.CONTRIBUTION], on=day)
            beyond += each[Kind.DISTRIBUTION] - sum(hurdle.pay(each[Kind.DISTRIBUTION], on=day))
        beyond += last - sum(hurdle.pay(last, on=on))
        above = max(Decimal(0), beyond - hurdle.capital - return_to_cents(hurdle.preferred))
        return Concession(cents(above), min(last, cents(Decimal(share) * above)))
