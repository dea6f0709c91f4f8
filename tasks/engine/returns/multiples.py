"""Multiples of a fund: what came back and what is left, for each yuan paid in."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from tasks.engine.amounts import Amount, exact
from tasks.engine.value import NO_DENOMINATOR, NOT_REPORTED, Value


class Multiples(NamedTuple):
    """Paid-in capital 实缴 in yuan; DPI, RVPI and TVPI as ratios to it, TVPI = DPI + RVPI."""

    paid_in: Decimal
    dpi: Value
    rvpi: Value
    tvpi: Value


def multiples(
    contributions: Sequence[Amount] | Amount, distributions: Sequence[Amount] | Amount, nav: Amount | None
) -> Multiples:
    """DPI, RVPI and TVPI (ILPA and GIPS definitions); amounts in yuan, listed or already summed.

    Contributions are positive, refunds among them negative; a series without any positive amount carries
    the investor's sign and is taken by its magnitude. `nav` None is `not-reported` for RVPI and TVPI, a
    negative one is used as it is. Nothing paid in is `no-denominator`.
    """
    paid_in, returned = _paid_in(_listed(contributions)), sum(_listed(distributions), Decimal(0))
    dpi = _times(returned, paid_in)
    if nav is None:
        missing = Value.none(NOT_REPORTED)
        return Multiples(paid_in, dpi, missing, missing)
    left = exact(nav)
    return Multiples(paid_in, dpi, _times(left, paid_in), _times(returned + left, paid_in))


def _paid_in(contributions: list[Decimal]) -> Decimal:
    total = sum(contributions, Decimal(0))
    return -total if max(contributions, default=Decimal(0)) <= 0 else total


def _listed(amounts: Sequence[Amount] | Amount) -> list[Decimal]:
    return [exact(amount) for amount in (amounts if isinstance(amounts, Sequence) else [amounts])]


def _times(amount: Decimal, paid_in: Decimal) -> Value:
    """The quotient in decimal arithmetic, a float only at the end."""
    return Value.of(float(amount / paid_in)) if paid_in > 0 else Value.none(NO_DENOMINATOR)
