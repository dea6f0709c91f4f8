"""Money: yuan as Decimal with two places at the edge, fen as int inside; never a float.

A split gives the largest remainders their fen, so the parts always add up to the whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import lcm

CENT = Decimal("0.01")
#: Above every amount that numeric(18,2) holds. NaN sorts above it too, so `< LIMIT` refuses NaN.
LIMIT = Decimal(10) ** 16

_MONEY = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,2})?", re.ASCII)


class UnableToReadMoney(ValueError):
    """The text is not an amount; `code` is the stable code of why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def parse(text: object) -> Decimal:
    """Read yuan from a decimal string such as `"1234567.89"`.

    Raises UnableToReadMoney: `amount-not-a-string` (JSON numbers lose digits), `amount-missing`,
    `amount-scale` (more than two places), `amount-too-large`, `amount-format` (everything else:
    exponents, signs, separators, full-width digits, NaN, Infinity).
    """
    if not isinstance(text, str):
        raise UnableToReadMoney("amount-missing" if text is None else "amount-not-a-string")
    if not text:
        raise UnableToReadMoney("amount-missing")
    if _MONEY.fullmatch(text):
        return Decimal(text).quantize(CENT) + 0  # -0.00 becomes 0.00
    if re.fullmatch(r"-?[0-9]+\.[0-9]{3,}", text, re.ASCII):
        raise UnableToReadMoney("amount-scale")
    if re.fullmatch(r"-?[1-9][0-9]{16,}(\.[0-9]{1,2})?", text, re.ASCII):
        raise UnableToReadMoney("amount-too-large")
    raise UnableToReadMoney("amount-format")


def fen(amount: Decimal) -> int:
    """Yuan to whole fen; raises ValueError where the amount has a fraction of a fen."""
    scaled = amount * 100
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has a fraction of a fen")
    return int(scaled)


def yuan(fen_amount: int) -> Decimal:
    """Whole fen to yuan with two places."""
    return Decimal(fen_amount).scaleb(-2).quantize(CENT)


def split(amount: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Split yuan by weights (>= 0, sum > 0) with the largest-remainder method.

    The parts are whole fen, have the sign of `amount` and add up to it exactly; equal remainders
    go to the earlier part. Raises ValueError for negative weights or a zero sum.
    """
    return [yuan(part) for part in split_fen(fen(amount), in_integers(weights))]


def in_integers(weights: Sequence[Decimal | int]) -> list[int]:
    """Weights in the same proportions, exactly: remainders closer than 28 digits can tell still differ."""
    exact = [Fraction(weight) for weight in weights]
    scale = lcm(*(weight.denominator for weight in exact))
    return [weight.numerator * (scale // weight.denominator) for weight in exact]


def split_fen(amount: int, weights: Sequence[int]) -> list[int]:
    """`split` for whole fen and whole weights: what a month does with every guarantee of the city."""
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and must not all be zero")
    whole = abs(amount)
    parts = [whole * weight // total for weight in weights]
    missing = whole - sum(parts)
    if missing:
        remainders = [whole * weight % total for weight in weights]
        # Equal remainders stay in their order, also reversed.
        by_remainder = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
        for at in by_remainder[:missing]:
            parts[at] += 1
    return parts if amount >= 0 else [-part for part in parts]


def in_unit(amount: Decimal, *, unit: int, places: int = 2) -> Decimal:
    """Yuan shown in 元 (1), 万元 (10_000) or 亿元 (100_000_000), rounded half up for display only."""
    return (amount / unit).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
