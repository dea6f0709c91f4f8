"""The standard normal distribution, for single numbers and for millions of them."""

import math
from functools import cache
from statistics import NormalDist
from typing import Final

import numpy as np

from tasks.engine.arrays import Floats

#: Beyond it the distribution function is 0 or 1 to the last digit of a float's distance from either.
FAR: Final = 9.0
_STEPS: Final = 256  # a unit: cubic interpolation is then within 1e-12
_BLOCK: Final = 16_384  # numbers at a time: what stays in the processor's cache
_ROOT: Final = math.sqrt(2 * math.pi)
_STANDARD: Final = NormalDist()


def density(x: Floats) -> Floats:
    """`exp(-x²/2) / √(2π)`."""
    return np.exp(-0.5 * x * x) / _ROOT


def below(x: Floats) -> Floats:
    """Φ(x), within 1e-12: interpolated between exact values by a cubic that has the density as its slope."""
    numbers = np.ascontiguousarray(x).ravel()
    found = np.empty_like(numbers)
    for start in range(0, len(numbers), _BLOCK):
        found[start : start + _BLOCK] = _interpolated(numbers[start : start + _BLOCK])
    return found.reshape(x.shape)


def probability(x: float) -> float:
    """Φ(x), exact to a float's last digits also far out on the left."""
    return 0.5 * math.erfc(-x / math.sqrt(2))


def quantile(probability: float) -> float:
    """Φ⁻¹; minus infinity at 0 and infinity at 1."""
    if probability in (0, 1):
        return math.copysign(math.inf, probability - 0.5)
    return _STANDARD.inv_cdf(probability)


def _interpolated(x: Floats) -> Floats:
    exact, slopes = _table()
    at = np.clip((x + FAR) * _STEPS, 0, 2 * FAR * _STEPS)
    left = np.minimum(at.astype(np.int64), len(exact) - 2)
    part = at - left
    start, rise = exact[left], exact[left + 1] - exact[left]
    first, last = slopes[left] - rise, rise - slopes[left + 1]
    found: Floats = start + part * (rise + (1 - part) * (first * (1 - part) + last * part))
    return found


@cache
def _table() -> tuple[Floats, Floats]:
    """Φ at the knots, and its slope there for one step."""
    knots = np.arange(-FAR * _STEPS, FAR * _STEPS + 1) / _STEPS
    exact = np.array([0.5 * math.erfc(-knot / math.sqrt(2)) for knot in knots])
    return exact, density(knots) / _STEPS
