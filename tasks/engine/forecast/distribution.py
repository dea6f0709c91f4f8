"""How many of several independent events happen, each with a probability of its own (Poisson-binomial)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Chance(NamedTuple):
    """The probability that a firm lists by the deadline."""

    firm: str | int
    probability: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """`pmf[n]` is the probability of just n listings; it adds up to 1, `expected` is its mean.

    `chances` are the firms behind it, the likeliest first; `notes` are what to read it with.
    """

    pmf: tuple[float, ...]
    expected: float
    chances: tuple[Chance, ...] = ()
    notes: tuple[str, ...] = ()

    def at_least(self, n: int) -> float:
        """The probability of n listings or more: 1 for none, 0 for more than there are candidates."""
        if n <= 0:
            return 1.0
        return min(1.0, math.fsum(self.pmf[n:]))


def poisson_binomial(probabilities: Sequence[float]) -> tuple[float, ...]:
    """The probability of each number of events from 0 to all, exactly, by convolving one event after another.

    Their order changes nothing, to the last digit. Raises ValueError for what is no probability.
    """
    if not all(0 <= p <= 1 for p in probabilities):
        raise ValueError("a probability lies between 0 and 1")
    pmf = np.ones(1)
    for p in sorted(probabilities):
        pmf = np.append(pmf * (1 - p), 0.0) + np.append(0.0, pmf * p)
    return tuple(pmf.tolist())
