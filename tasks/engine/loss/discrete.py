"""A loss that takes some values with some probabilities, and how it is come by where a few exposures make it up."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np

from tasks.engine.arrays import Floats
from tasks.engine.loss import normal
from tasks.engine.loss.portfolio import Portfolio

#: Probabilities and amounts apart by less than this, relative to the whole, are taken as equal.
_NEAR: Final = 1e-10


class Law(Protocol):
    """How a portfolio's loss is distributed; `name` says by which method that was reckoned."""

    name: str

    def exceedance(self, x: float) -> float: ...

    def quantile(self, q: float) -> float: ...

    def shortfall(self, q: float) -> float: ...

    def contributions(self, q: float) -> Floats: ...


class Discrete:
    """Values in ascending order and the probability of each."""

    def __init__(self, values: Floats, chances: Floats) -> None:
        self._values, self._chances = values, chances
        self._reached = np.cumsum(chances)

    def exceedance(self, x: float) -> float:
        """The probability of a loss above `x`."""
        above = self._chances[self._values > x + _NEAR * max(abs(x), self._values[-1])]
        return float(np.clip(above.sum(), 0, 1))

    def quantile(self, q: float) -> float:
        """The smallest value that the loss does not exceed with probability `q`."""
        at = int(np.searchsorted(self._reached, q - _NEAR))
        return float(self._values[min(at, len(self._values) - 1)])

    def shortfall(self, q: float) -> float:
        """The mean of the worst `1 - q` of losses."""
        return float(self._values @ (self.share(q) * self._chances)) / (1 - q)

    def share(self, q: float) -> Floats:
        """How much of each value's probability lies in the worst `1 - q` of losses: of the quantile's own a part."""
        before = self._reached - self._chances
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (self._reached - np.maximum(before, q)) / self._chances
        return np.where(self._chances > 0, np.clip(share, 0, 1), 0.0)


class Enumeration(Discrete):
    """Every set of failures, one by one: exact but for the sum over the factor. For up to `MOST` that cost anything."""

    name = "enumeration"
    MOST: Final = 12
    _NODES: Final = 401
    _REACH: Final = 6.5

    def __init__(self, held: Portfolio) -> None:
        self._held = held
        costly = held.costly
        n = len(costly)
        factor = np.linspace(-self._REACH, self._REACH, self._NODES)
        weights = normal.density(factor)
        failing = held.failing(factor)[:, held.kind[costly]]
        outcomes = (weights / weights.sum())[:, None]
        for at in range(n):
            fails = failing[:, at : at + 1]
            outcomes = np.concatenate([outcomes * (1 - fails), outcomes * fails], axis=1)
        failed = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        sums = failed @ held.losses[costly]
        order = np.argsort(sums, kind="stable")
        self._costly = costly
        self._outcomes, self._failed, ascending = outcomes.sum(axis=0)[order], failed[order], sums[order]
        # Different failures that cost the same are one value.
        self._value = np.cumsum(np.diff(ascending, prepend=ascending[0]) > _NEAR * held.total)
        first = np.searchsorted(self._value, np.arange(self._value[-1] + 1))
        super().__init__(ascending[first], np.bincount(self._value, self._outcomes).astype(np.float64))

    def contributions(self, q: float) -> Floats:
        """Parts of `shortfall(q)`, `[n]`: what each exposure loses on average where the loss is that large."""
        worst = self.share(q)[self._value] * self._outcomes / (1 - q)
        often = np.zeros(len(self._held.losses))
        often[self._costly] = worst @ self._failed
        return often * self._held.losses
