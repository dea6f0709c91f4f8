"""Chance by seed: the same seed and subject give the same draws, whatever else is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import TypeVar

T = TypeVar("T")
TEN_THOUSAND = 10_000


class Chance(Random):
    """A Random with the few distributions that the city is drawn from."""

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key, as likely as its weight says."""
        return self.choices(list(weights), weights=list(weights.values()))[0]

    def money(self, low: int, high: int, *, step: int = 10) -> Decimal:
        """Yuan between `low` and `high`, which are in 万元, in steps of `step` 万元; small ones likelier."""
        drawn = low + (high - low) * self.betavariate(1.4, 2.6)
        return Decimal(max(low, round(drawn / step) * step) * TEN_THOUSAND)

    def some(self, of: Sequence[T], count: int) -> list[T]:
        """`count` different ones, or all where there are fewer, in the order of the draw."""
        return self.sample(of, min(count, len(of)))


def chance(seed: int, subject: str) -> Chance:
    """The draws of one subject."""
    return Chance(f"{seed}:{subject}")
