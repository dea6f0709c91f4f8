"""Annuity functions with the arguments and signs of spreadsheets: money received is positive.

`rate` is per period, `nper` a number of periods, `pv` what is received at the start, `fv` what is received
after the last payment; `at_start` puts each payment at the start of its period. Arguments may be given by
position, as every reader of a spreadsheet knows them; periods are whole numbers of whatever type, else a
ValueError. All is computed in decimals, which keeps the digits that tiny rates would lose; the answer is
`Decimal` where the rate is, else float.

Formula: `pv (1 + r)^n + pmt (1 + r s) ((1 + r)^n - 1) / r + fv = 0`, s = 1 where payments come first.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from tasks.engine.amounts import Amount, as_float, exact
from tasks.engine.value import TOO_FEW_FLOWS, Value


class _Annuity(NamedTuple):
    """An annuity in decimals; `first` is what a payment at the start of its period earns more."""

    rate: Decimal
    periods: int
    present: Decimal
    future: Decimal
    first: Decimal

    def growth(self, periods: int) -> Decimal:
        return (1 + self.rate) ** periods

    def accumulated(self, periods: int) -> Decimal:
        """What a payment of 1 in each period has grown to."""
        return self.first * (self.growth(periods) - 1) / self.rate if self.rate else Decimal(periods)

    def payment(self) -> Decimal:
        return -(self.future + self.present * self.growth(self.periods)) / self.accumulated(self.periods)

    def interest(self, per: int) -> Decimal:
        if per == 1 and self.first != 1:
            return Decimal(0)  # paid at once, before anything could accrue
        owed = self.present * self.growth(per - 1) + self.payment() * self.accumulated(per - 1)
        return -owed * self.rate / self.first


def pmt(rate: Amount, nper: int, pv: Amount, fv: Amount = 0, *, at_start: bool = False) -> Decimal | float:
    """The equal payment of each period. Raises ValueError for a rate of -1 or less and for no periods."""
    return _like(rate, _annuity(rate, nper, pv, fv, at_start=at_start).payment())


def ipmt(
    rate: Amount, per: int, nper: int, pv: Amount, fv: Amount = 0, *, at_start: bool = False
) -> Decimal | float | None:
    """The interest within payment `per`, counted from 1; None where the loan has no such payment."""
    annuity, number = _annuity(rate, nper, pv, fv, at_start=at_start), _whole(per)
    return _like(rate, annuity.interest(number)) if 1 <= number <= annuity.periods else None


def ppmt(
    rate: Amount, per: int, nper: int, pv: Amount, fv: Amount = 0, *, at_start: bool = False
) -> Decimal | float | None:
    """The principal within payment `per`; None as for `ipmt`."""
    annuity, number = _annuity(rate, nper, pv, fv, at_start=at_start), _whole(per)
    if not 1 <= number <= annuity.periods:
        return None
    return _like(rate, annuity.payment() - annuity.interest(number))


def cumipmt(
    rate: Amount, nper: int, pv: Amount, start: int, end: int, *, at_start: bool = False
) -> Decimal | float | None:
    """The interest within payments `start` to `end`, both included; None where one of them does not exist."""
    annuity = _annuity(rate, nper, pv, 0, at_start=at_start)
    return _sum(rate, [annuity.interest(per) for per in _payments(start, end, annuity.periods)])


def cumprinc(
    rate: Amount, nper: int, pv: Amount, start: int, end: int, *, at_start: bool = False
) -> Decimal | float | None:
    """The principal within payments `start` to `end`; None as for `cumipmt`."""
    annuity = _annuity(rate, nper, pv, 0, at_start=at_start)
    numbers = _payments(start, end, annuity.periods)
    return _sum(rate, [annuity.payment() - annuity.interest(per) for per in numbers])


def rate(nper: int, pmt: Amount, pv: Amount, fv: Amount = 0, *, at_start: bool = False) -> Value:
    """The rate per period that balances the payments; reasons and notes as for `irr`."""
    from tasks.engine.returns.periodic import irr  # NumPy, which nothing else of a schedule needs

    periods = _whole(nper)
    if periods < 1:
        return Value.none(TOO_FEW_FLOWS)
    payments = [as_float(pmt)] * periods
    flows = [*payments, 0.0] if at_start else [0.0, *payments]
    flows[0] += as_float(pv)
    flows[-1] += as_float(fv)
    return irr(flows)


def _annuity(rate: Amount, nper: int, pv: Amount, fv: Amount, *, at_start: bool) -> _Annuity:
    per_period = exact(rate)
    if not per_period.is_finite() or per_period <= -1:
        raise ValueError("a rate of -100 % or less leaves nothing to pay")
    periods = _whole(nper)
    if periods < 1:
        raise ValueError("an annuity has at least one period")
    return _Annuity(per_period, periods, exact(pv), exact(fv), 1 + per_period if at_start else Decimal(1))


def _payments(start: int, end: int, nper: int) -> Sequence[int]:
    """The payments asked for; none where one of them does not exist."""
    first, last = _whole(start), _whole(end)
    return range(first, last + 1) if 1 <= first <= last <= nper else ()


def _whole(number: Amount) -> int:
    """A number of periods, in whatever type it comes. Raises ValueError for a part of one."""
    count = as_float(number)
    if not count.is_integer():
        raise ValueError("periods are counted in whole numbers")
    return int(count)


def _sum(rate: Amount, parts: Sequence[Decimal]) -> Decimal | float | None:
    return _like(rate, sum(parts, Decimal(0))) if parts else None


def _like(rate: Amount, result: Decimal) -> Decimal | float:
    return result if isinstance(rate, Decimal) else float(result)
