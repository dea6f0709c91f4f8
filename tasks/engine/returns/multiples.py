"""Multiples of a fund: what came back and what is left, for each yuan paid in."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from tasks.engine.amounts import Amount, exact, is_missing
from tasks.engine.value import NO_DENOMINATOR, NOT_REPORTED, UNDEFINED, Value


class Multiples(NamedTuple):
    """Paid-in capital 实缴 in yuan (NaN where it is not known); DPI, RVPI and TVPI as ratios to it.

    TVPI = DPI + RVPI.
    """

    paid_in: Decimal
    dpi: Value
    rvpi: Value
    tvpi: Value


def multiples(
    contributions: Sequence[Amount | None] | Amount | None,
    distributions: Sequence[Amount | None] | Amount | None,
    nav: Amount | None,
) -> Multiples:
    """DPI, RVPI and TVPI (ILPA and GIPS definitions); amounts in yuan, listed or already summed.

    Contributions are positive, refunds among them negative; a series without any positive amount carries
    the investor's sign and is taken by its magnitude. A negative `nav` is used as it is. A missing amount (None or
    NaN) is `not-reported` for whatever it is part of, an infinite one `undefined`; nothing paid in is
    `no-denominator`. Raises TypeError for an amount that is no number.
    """
    paid_in, returned = _paid_in(_listed(contributions)), _total(_listed(distributions))
    left = _known(nav)
    return Multiples(
        paid_in, _times(returned, paid_in), _times(left, paid_in), _times(_total([returned, left]), paid_in)
    )


def _paid_in(contributions: list[Decimal]) -> Decimal:
    total = _total(contributions)
    if not total.is_finite():
        return total
    return -total if max(contributions, default=Decimal(0)) <= 0 else total


def _listed(amounts: Iterable[Amount | None] | Amount | None) -> list[Decimal]:
    return [_known(amount) for amount in (amounts if isinstance(amounts, Iterable) else [amounts])]


def _known(amount: Amount | None) -> Decimal:
    """The amount, NaN for a missing one: sums with it are missing too."""
    return Decimal("NaN") if amount is None or is_missing(amount) else exact(amount)


def _total(amounts: Sequence[Decimal]) -> Decimal:
    """The sum: NaN where one is missing, else infinity where one is infinite, whatever its sign."""
    if any(amount.is_nan() for amount in amounts):
        return Decimal("NaN")
    if any(amount.is_infinite() for amount in amounts):
        return Decimal("Infinity")
    return sum(amounts, Decimal(0))


def _times(amount: Decimal, paid_in: Decimal) -> Value:
    """The quotient in decimal arithmetic, a float only at the end."""
    if amount.is_nan() or paid_in.is_nan():
        return Value.none(NOT_REPORTED)
    if amount.is_infinite() or paid_in.is_infinite():
        return Value.none(UNDEFINED)
    return Value.of(float(amount / paid_in)) if paid_in > 0 else Value.none(NO_DENOMINATOR)
