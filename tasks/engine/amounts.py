"""Amounts as callers hold them, and as money arithmetic wants them."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, TypeAlias

Amount: TypeAlias = Decimal | int | float

CENT: Final = Decimal("0.01")


def exact(amount: Amount) -> Decimal:
    """The decimal that the amount was written as: 0.1 is a tenth, not the float nearest to it."""
    return Decimal(repr(float(amount))) if isinstance(amount, float) else Decimal(amount)


def cents(amount: Decimal) -> Decimal:
    """Rounded to the cent, halves to the even one, as loan systems do to keep sums unbiased."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)
