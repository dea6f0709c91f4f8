"""How unevenly an amount is spread: over firms, industries, banks, sub-funds, towns.

Amounts are sizes in one unit (fen, yuan, counts): a negative one is `undefined`, a missing one (None or NaN)
`not-reported`, and nothing at all, or nothing but zeros, `no-denominator`. Sums are exact (`math.fsum`), so
the order of the amounts changes no digit. An amount that is no number is a TypeError.
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

from tasks.engine.amounts import Amount, as_float
from tasks.engine.value import NO_DENOMINATOR, NOT_REPORTED, UNDEFINED, Value

Amounts: TypeAlias = Sequence[Amount | None]

_LARGE = 2.0**900  # sums of larger amounts may pass what a float holds


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


def hannah_kay(amounts: Amounts, *, alpha: float) -> Value:
    """Hannah-Kay index of the order `alpha` > 0, `(Σ s^α)^(1 / (α - 1))`: 1/n for equal amounts, 1 for a single one.

    For α = 2 it is the Herfindahl-Hirschman index; for α = 1 its limit, `e^(Σ s ln s)`. The inverse is a number
    of equal amounts (Hannah and Kay 1977). Raises ValueError for `alpha` of 0 or less or an infinite one.
    """
    order = float(alpha)
    if not 0 < order < math.inf:
        raise ValueError("the order of the index is positive and finite")
    shares = _shares(amounts)
    if isinstance(shares, Value):
        return shares
    # With d = α - 1, Σ s^α = 1 + Σ s (s^d - 1): near α = 1 no digit is lost. The largest share bounds the powers.
    d, largest = order - 1, max(shares)
    relative = [(share, math.log(share / largest)) for share in shares if share > 0]
    if d == 0:
        return Value.of(largest * math.exp(math.fsum(share * log for share, log in relative)))
    inner = math.fsum(share * math.expm1(d * log) for share, log in relative)
    return Value.of(largest * math.exp(math.log1p(inner) / d))


def atkinson(amounts: Amounts, *, epsilon: float) -> Value:
    """Atkinson index with inequality aversion `epsilon` > 0: 0 for equal amounts, below 1 or 1.

    `1 - (mean s^(1 - ε))^(1 / (1 - ε)) / mean s`; for ε = 1 the geometric mean. From ε = 1 on, a single
    zero makes it 1. Raises ValueError for `epsilon` of 0 or less or an infinite one.
    """
    aversion = float(epsilon)
    if not 0 < aversion < math.inf:
        raise ValueError("the aversion to inequality is positive and finite")
    shares = _shares(amounts)
    if isinstance(shares, Value):
        return shares
    if aversion >= 1 and min(shares) == 0:
        return Value.of(1.0)
    n, power = len(shares), 1 - aversion
    # Relative to the share whose power is the largest no power overflows; near ε = 1 no digit is lost.
    unit = max(shares) if power > 0 else min(shares)
    logs = [math.log(share / unit) if share > 0 else -math.inf for share in shares]
    if power == 0:
        return Value.of(max(1 - n * unit * math.exp(math.fsum(logs) / n), 0.0))
    mean = math.fsum(math.expm1(power * log) for log in logs) / n
    return Value.of(max(1 - n * unit * math.exp(math.log1p(mean) / power), 0.0))


def top_share(amounts: Amounts, *, n: int) -> Value:
    """The share of the `n` largest amounts in the total; 1 where there are no more than `n`.

    Raises ValueError for `n` below 1.
    """
    (share,) = top_shares(amounts, of=[n])
    return share


def top_shares(amounts: Amounts, *, of: Sequence[int]) -> list[Value]:
    """The same of several numbers of largest amounts, in their order."""
    if min(of) < 1:
        raise ValueError("a share of the largest needs at least one")
    shares = _shares(amounts)
    if isinstance(shares, Value):
        return [shares for _ in of]
    ranked = sorted(shares, reverse=True)
    return [Value.of(1.0 if len(ranked) <= n else math.fsum(ranked[:n])) for n in of]


def _shares(amounts: Amounts) -> list[float] | Value:
    """Shares of the total, or why there are none."""
    sizes = list(map(as_float, amounts))
    if any(map(math.isnan, sizes)):
        return Value.none(NOT_REPORTED)
    if any(size < 0 or math.isinf(size) for size in sizes):
        return Value.none(UNDEFINED)
    if max(sizes, default=0.0) > _LARGE:
        sizes = [size / _LARGE for size in sizes]
    total = math.fsum(sizes)
    return [size / total for size in sizes] if total > 0 else Value.none(NO_DENOMINATOR)
