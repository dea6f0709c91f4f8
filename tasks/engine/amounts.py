"""Amounts as callers hold them, and as money arithmetic wants them."""

import math
from decimal import ROUND_HALF_EVEN, Decimal
from numbers import Integral
from typing import Final, TypeAlias

Amount: TypeAlias = Decimal | int | float

CENT: Final = Decimal("0.01")


def exact(amount: Amount) -> Decimal:
    """The decimal that the amount was written as: 0.1 is a tenth, not the float nearest to it.

    Raises TypeError for what is no number, text among it.
    """
    if isinstance(amount, Decimal):
        return amount
    if isinstance(amount, Integral):
        return Decimal(int(amount))
    _refuse_text(amount)
    return Decimal(repr(float(amount)))


def as_float(amount: object) -> float:
    """The float nearest to the amount: NaN for a missing one, infinity for one that no float holds.

    Raises TypeError for what is no number, text among it.
    """
    if type(amount) is not int:  # whole fen, of which there are many, are neither missing nor text
        if is_missing(amount):
            return math.nan
        _refuse_text(amount)
    try:
        return float(amount)  # type: ignore[arg-type]  # TypeError is the answer for what is no number
    except OverflowError:
        return math.inf if amount > 0 else -math.inf  # type: ignore[operator]  # only numbers overflow


def is_missing(amount: object) -> bool:
    """Whether it stands for no amount: None, a NaN of any kind, pandas' NA and NaT."""
    if isinstance(amount, Decimal):
        return amount.is_nan()
    return amount is None or type(amount).__name__ == "NAType" or bool(amount != amount)


def cents(amount: Decimal) -> Decimal:
    """Rounded to the cent, halves to the even one, as loan systems do to keep sums unbiased."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


def _refuse_text(amount: object) -> None:
    if isinstance(amount, str | bytes):
        raise TypeError("an amount is a number and no text")
