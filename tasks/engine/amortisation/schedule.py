"""Repayment schedules to the cent.

Interest is rounded to the cent, halves to even, on the balance as printed; the last instalment takes the
difference that rounding leaves, so that principals add up to what was lent.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from operator import mul
from typing import Final, NamedTuple

from tasks.engine.amortisation.periods import Period, YearDays, period_factors, periods_from
from tasks.engine.amounts import Amount, cents, exact

_NOTHING: Final = Decimal("0.00")


class Instalment(NamedTuple):
    """One repayment in yuan: `instalment = interest + principal`, `balance` is owed after `due`."""

    start: date
    due: date
    instalment: Decimal
    interest: Decimal
    principal: Decimal
    balance: Decimal


class _Method(NamedTuple):
    """How a loan is repaid: the level planned from a balance and the rates to come."""

    level: Callable[[Decimal, Sequence[Decimal]], Decimal]
    holds_interest: bool  # the level is the whole payment, not the principal in it


def schedule(
    principal: Amount,
    *,
    annual_rate_pct: Amount,
    periods: int,
    start: date,
    method: str,
    day_count: str,
    days_in_year: YearDays = 365,
    frequency: str = "monthly",
    maturity: date | None = None,
    rate_changes: Mapping[date, Amount] | None = None,
    drawdowns: Mapping[date, Amount] | None = None,
) -> list[Instalment]:
    """The schedule of a loan of `principal` yuan at a yearly rate in per cent.

    Methods: "equal-instalment" 等额本息, "equal-principal" 等额本金, "bullet" 一次还本 with interest paid
    each period. `day_count` and `days_in_year` as for `period_factors`. A `maturity` before the end of the last
    period cuts that one short; days must be counted as they are then.
    `rate_changes` are new yearly rates in per cent (LPR 重定价); one acts on the whole of the period that
    holds its date, from the start of the period up to, not including, its due day. `drawdowns` are further
    amounts paid out on due dates. After either, what is left is spread anew.

    Raises ValueError for amounts that are no positive yuan and fen, a negative rate, an unknown method, a
    rate change outside the loan, and a drawdown on any other day or on the last due date.
    """
    if method not in _METHODS:
        raise ValueError(f"unknown method {method!r}")
    spans = periods_from(start, count=periods, frequency=frequency, maturity=maturity)
    changes = {day: exact(pct) for day, pct in (rate_changes or {}).items()}
    paid_out = {day: _lent(amount) for day, amount in (drawdowns or {}).items()}
    _refuse_strangers(spans, changes, paid_out)
    factors = period_factors(spans, day_count=day_count, days_in_year=days_in_year)
    yearly = _yearly_rates(spans, exact(annual_rate_pct), changes)
    return _repaid(_lent(principal), spans, factors, yearly, _METHODS[method], paid_out)


def _repaid(
    balance: Decimal,
    spans: Sequence[Period],
    factors: Sequence[Decimal],
    yearly: Sequence[Decimal],
    method: _Method,
    paid_out: Mapping[date, Decimal],
) -> list[Instalment]:
    rows: list[Instalment] = []
    level = _NOTHING
    for at, span in enumerate(spans):
        if at == 0 or yearly[at] != yearly[at - 1] or span.start in paid_out:
            level = method.level(balance, [factor * yearly[at] for factor in factors[at:]])
        interest = cents(balance * factors[at] * yearly[at])
        planned = level - interest if method.holds_interest else level
        # Rounding of tiny loans may plan less than nothing, or more than is owed.
        principal = balance if at == len(spans) - 1 else min(max(planned, _NOTHING), balance)
        balance += paid_out.get(span.due, _NOTHING) - principal
        rows.append(Instalment(span.start, span.due, interest + principal, interest, principal, balance))
    return rows


def _equal_instalment(balance: Decimal, rates: Sequence[Decimal]) -> Decimal:
    """The payment whose present value over the coming periods, each at its own rate, is the balance."""
    discounts = accumulate((1 / (1 + rate) for rate in rates), mul)
    return cents(balance / sum(discounts))


def _equal_principal(balance: Decimal, rates: Sequence[Decimal]) -> Decimal:
    return cents(balance / len(rates))


def _nothing_before_the_end(_balance: Decimal, _rates: Sequence[Decimal]) -> Decimal:
    return _NOTHING


_METHODS: Final = {
    "equal-instalment": _Method(_equal_instalment, holds_interest=True),
    "equal-principal": _Method(_equal_principal, holds_interest=False),
    "bullet": _Method(_nothing_before_the_end, holds_interest=False),
}


def _yearly_rates(spans: Sequence[Period], pct: Decimal, changes: Mapping[date, Decimal]) -> list[Decimal]:
    """The yearly rate of each period, as a fraction: the last change whose date comes before its due day."""
    if not all(rate.is_finite() and rate >= 0 for rate in (pct, *changes.values())):
        raise ValueError("a loan's rate is finite and not negative")
    dated = sorted(changes.items())
    return [([pct] + [new for day, new in dated if day < span.due])[-1] / 100 for span in spans]


def _refuse_strangers(
    spans: Sequence[Period], changes: Mapping[date, Decimal], paid_out: Mapping[date, Decimal]
) -> None:
    if not all(spans[0].start <= day < spans[-1].due for day in changes):
        raise ValueError("a rate changes within the life of the loan")
    if not paid_out.keys() <= {span.due for span in spans[:-1]}:
        raise ValueError("a further drawdown falls on a due date before the last")


def _lent(amount: Amount) -> Decimal:
    lent = exact(amount)
    if not lent.is_finite() or lent <= 0 or lent != cents(lent):
        raise ValueError(f"{amount} is not a positive amount in yuan and fen")
    return cents(lent)
