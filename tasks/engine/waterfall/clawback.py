"""What a manager gives back 回拨 when a fund has ended."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tasks.engine.amounts import cents
from tasks.engine.waterfall.account import Hurdle, exact_arithmetic, return_to_cents, to_share
from tasks.engine.waterfall.records import Event, Kind, Party, Payment, check_day, yuan
from tasks.engine.waterfall.terms import Terms
from tasks.engine.waterfall.whole_fund import daily_sums


class Clawback(NamedTuple):
    """In yuan, none negative: `amount` is due, the greater of the other two but at most the carry received.

    `excess` is the carry above the carry share of cumulative profit, `shortfall` what investors lack of their
    capital and preferred return.
    """

    amount: Decimal
    excess: Decimal
    shortfall: Decimal


def clawback(payments: Iterable[Payment], *, events: Iterable[Event], terms: Terms, on: date) -> Clawback:
    """What the manager must give back on a day, after all payments.

    As agreements commonly put it: the greater of what is above its share of all profit and of what the
    investors lack, never more than the carry it received.

    `events` are those of the whole fund, every contribution to deals that failed among them (for `american`,
    `whole_fund_events`). Profit is all that was distributed less all that was contributed. Investors are
    measured by what they got from every tier: it returns capital, then pays the preferred return of the whole
    fund, accrued up to the day; what they had beyond counts against what they lack later. Taxes of the
    manager, which many agreements deduct, are not.

    Raises ValueError where payments are no money, to neither party, or do not add up to each day's
    distributions, and where either is later than the day.
    """
    check_day("on", on)
    with exact_arithmetic():
        sums = daily_sums(events)
        received = _received(payments)
        _refuse_other_cash(received, sums)
        if max(sums, default=on) > on:
            raise ValueError(f"on: there are events after {on}")
        carry = sum(received[Party.MANAGER].values(), Decimal(0))
        profit = sum(
            (each[Kind.DISTRIBUTION] - each[Kind.CONTRIBUTION] for each in sums.values()), Decimal(0)
        )
        excess = max(Decimal(0), carry - to_share(terms.carry * max(Decimal(0), profit)))
        hurdle, beyond = Hurdle(terms), Decimal(0)
        for day, each in sums.items():
            hurdle.contribute(each[Kind.CONTRIBUTION], on=day)
            cash = received[Party.INVESTORS][day]
            beyond += cash - sum(hurdle.pay(cash, on=day))
        hurdle.accrue(on)
        shortfall = max(Decimal(0), return_to_cents(hurdle.capital + hurdle.preferred - beyond))
        return Clawback(*(cents(each) for each in (min(carry, max(excess, shortfall)), excess, shortfall)))


def _received(payments: Iterable[Payment]) -> dict[Party, dict[date, Decimal]]:
    """What each party got on each day with payments."""
    received: dict[Party, dict[date, Decimal]] = {party: defaultdict(Decimal) for party in Party}
    for payment in payments:
        if payment.to not in list(Party):
            raise ValueError(f"payments: {payment.to!r} is neither the investors nor the manager")
        received[Party(payment.to)][payment.on] += yuan("payments", payment.amount)
    return received


def _refuse_other_cash(
    received: Mapping[Party, Mapping[date, Decimal]], sums: Mapping[date, Mapping[Kind, Decimal]]
) -> None:
    days = sums.keys() | {on for each in received.values() for on in each}
    for day in days:
        paid = sum((each.get(day, Decimal(0)) for each in received.values()), Decimal(0))
        if paid != (sums[day][Kind.DISTRIBUTION] if day in sums else 0):
            raise ValueError(f"payments: those of {day} do not add up to the cash distributed")
