"""Largest-remainder splits of many amounts by the same shares, exact to the fen.

Amounts of 10^15 fen times shares of 10^15 fen do not fit into 64 bits, so no such product is formed. The
quotient comes from long division, some binary digits of the amount at a time. With a total below 2^b the
digits are 63 - b bits wide, so of the two terms of each step

    carried = remainder * 2^(63-b) + digit * weight      remainder < total, weight <= total, digit < 2^(63-b)

neither reaches 2^63, and their sum fits into an unsigned word. The quotient is at most the amount, which
is below 2^63. Totals of more than 56 bits (the common denominator of shares with different totals) would
leave too few bits for a digit and are divided as Python integers.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from tasks.engine.arrays import Ints

_Words: TypeAlias = npt.NDArray[np.uint64]

_WIDEST_TOTAL: Final = 56
_CELLS: Final = 1 << 16  # amounts times parties at a time: what a core's cache holds


def split(amounts: Ints, *, weights: Sequence[int]) -> Ints:
    """Parts (parties, amounts) in proportion to `weights`, adding up to each amount exactly.

    `amounts` (amounts,) from 0 to below 2^63; `weights` (parties,) integers of any size, none negative and
    not all zero. Fen left by rounding down go to the largest remainders, of equal ones to the earlier
    party.
    """
    parts = np.empty((len(weights), amounts.size), dtype=np.int64)
    step = max(1, _CELLS // len(weights))
    for start in range(0, amounts.size, step):
        some = slice(start, start + step)
        parts[:, some] = _parts(amounts[some], weights, sum(weights)).T
    return parts


def _parts(amounts: Ints, weights: Sequence[int], total: int) -> Ints:
    divide = _by_words if total.bit_length() <= _WIDEST_TOTAL else _by_integers
    parts, remainders = divide(amounts, weights, total)
    missing = amounts - parts.sum(axis=1)
    order = np.argsort(-remainders, axis=1, kind="stable")
    given = np.arange(len(weights)) < missing[:, np.newaxis]
    rows = np.arange(amounts.size)[:, np.newaxis]
    parts[rows, order] += given
    return parts


def _by_words(amounts: Ints, weights: Sequence[int], total: int) -> tuple[Ints, Ints]:
    """Quotients and remainders (amounts, parties) of amount times weight by total, by long division."""
    width = 63 - total.bit_length()
    digits = -(-int(amounts.max()).bit_length() // width)
    words, shares, divisor = amounts.astype(np.uint64), np.array(weights, dtype=np.uint64), np.uint64(total)
    quotients: _Words = np.zeros((amounts.size, len(weights)), dtype=np.uint64)
    remainders: _Words = np.zeros_like(quotients)
    for digit in reversed(range(digits)):
        figures = (words >> np.uint64(digit * width)) & np.uint64(2**width - 1)
        carried = (remainders << np.uint64(width)) + figures[:, np.newaxis] * shares
        times = carried // divisor
        remainders = carried - times * divisor
        quotients = (quotients << np.uint64(width)) + times
    return quotients.astype(np.int64), remainders.astype(np.int64)


def _by_integers(amounts: Ints, weights: Sequence[int], total: int) -> tuple[Ints, npt.NDArray[Any]]:
    """The same as `_by_words`, for totals of any size."""
    products = np.multiply.outer(amounts.astype(object), np.array(weights, dtype=object))
    quotients = products // total
    return quotients.astype(np.int64), products - quotients * total
