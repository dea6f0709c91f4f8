"""How unevenly an amount is spread: over firms, industries, banks, sub-funds, towns.

Amounts are sizes in one unit (fen, yuan, counts): a negative one is `undefined`, a missing one (None or NaN)
`not-reported`, and nothing at all, or nothing but zeros, `no-denominator`. Sums are exact (`math.fsum`), so
the order of the amounts changes no digit.
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

from tasks.engine.amounts import Amount
from tasks.engine.value import NO_DENOMINATOR, NOT_REPORTED, UNDEFINED, Value

Amounts: TypeAlias = Sequence[Amount | None]


def hhi(amounts: Amounts, *, normalised: bool = False) -> Value:
    """Herfindahl-Hirschman index, the sum of squared shares: 1/n for equal amounts, 1 for a single one.

    `normalised` maps 1/n to 0 and 1 to 1, `(H - 1/n) / (1 - 1/n)`; a single amount then has no value.
    """
    shares = _shares(amounts)
    if isinstance(shares, Value):
        return shares
    index = math.fsum(share * share for share in shares)
    if not normalised:
        return Value.of(index)
    if len(shares) < 2:
        return Value.none(NO_DENOMINATOR)
    even = 1 / len(shares)
    return Value.of((index - even) / (1 - even))


def gini(amounts: Amounts) -> Value:
    """Gini coefficient of the amounts given, zeros included: 0 for equal ones, (n - 1)/n for all in one.

    `Σ (2 i - n - 1) s_i / n` over shares in ascending order.
    """
    shares = _shares(amounts)
    if isinstance(shares, Value):
        return shares
    n = len(shares)
    return Value.of(
        math.fsum((2 * at - n - 1) * share for at, share in enumerate(sorted(shares), start=1)) / n
    )


def entropy(amounts: Amounts) -> Value:
    """Shannon entropy of the shares in nats, `-Σ s ln s`: 0 for a single amount, ln n for equal ones."""
    shares = _shares(amounts)
    if isinstance(shares, Value):
        return shares
    return Value.of(abs(math.fsum(share * math.log(share) for share in shares if share > 0)))


def atkinson(amounts: Amounts, *, epsilon: float) -> Value:
    """Atkinson index with inequality aversion `epsilon` > 0: 0 for equal amounts, below 1 or 1.

    `1 - (mean s^(1 - ε))^(1 / (1 - ε)) / mean s`; for ε = 1 the geometric mean. From ε = 1 on, a single
    zero makes it 1. Raises ValueError for `epsilon` of 0 or less.
    """
    if not epsilon > 0:
        raise ValueError("the aversion to inequality is positive")
    shares = _shares(amounts)
    if isinstance(shares, Value):
        return shares
    if epsilon >= 1 and min(shares) == 0:
        return Value.of(1.0)
    # Relative to the mean the powers stay near 1 whatever the unit.
    n = len(shares)
    relative = [share * n for share in shares]
    if epsilon == 1:
        return Value.of(1 - math.exp(math.fsum(map(math.log, relative)) / n))
    power = 1 - epsilon
    return Value.of(1 - (math.fsum(part**power for part in relative) / n) ** (1 / power))


def top_share(amounts: Amounts, *, n: int) -> Value:
    """The share of the `n` largest amounts in the total; 1 where there are no more than `n`.

    Raises ValueError for `n` below 1.
    """
    if n < 1:
        raise ValueError("a share of the largest needs at least one")
    shares = _shares(amounts)
    if isinstance(shares, Value):
        return shares
    return Value.of(1.0 if len(shares) <= n else math.fsum(sorted(shares, reverse=True)[:n]))


def _shares(amounts: Amounts) -> list[float] | Value:
    """Shares of the total, or why there are none."""
    if any(amount is None for amount in amounts):
        return Value.none(NOT_REPORTED)
    sizes = [float(amount) for amount in amounts if amount is not None]
    if any(map(math.isnan, sizes)):
        return Value.none(NOT_REPORTED)
    if any(size < 0 or math.isinf(size) for size in sizes):
        return Value.none(UNDEFINED)
    total = math.fsum(sizes)
    return [size / total for size in sizes] if total > 0 else Value.none(NO_DENOMINATOR)
