"""The loss of many small exposures: given the factor nearly normal, with the skew of the sum; then over the factor.

The first three cumulants of the loss given Z are smooth in Z. They are reckoned at `_NODES` values of it and
interpolated to many more, so that the sum over Z stays right where the loss given Z hardly varies.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tasks.engine.arrays import Floats
from tasks.engine.loss import normal
from tasks.engine.loss.portfolio import Portfolio

_REACH: Final = 7.0
_NODES: Final = 201
_PARTS: Final = 40  # of what lies between two nodes
_HALVINGS: Final = 60


class Quadrature:
    """The loss of a portfolio in which no exposure stands out."""

    name = "quadrature"

    def __init__(self, held: Portfolio) -> None:
        self._held = held
        self._factor = np.linspace(-_REACH, _REACH, (_NODES - 1) * _PARTS + 1)
        weights = normal.density(self._factor)
        self._weights = weights / weights.sum()
        self._mean, variance, third = map(_between, _cumulants(held, self._factor[::_PARTS]))
        # From one value of the factor to the next the mean moves: it may lie anywhere in between.
        variance = np.maximum(variance, 0) + np.gradient(self._mean) ** 2 / 12
        self._sd = np.sqrt(np.maximum(variance, (1e-12 * held.total) ** 2))
        self._skew = third / self._sd**3

    def exceedance(self, x: float) -> float:
        """The probability of a loss above `x`."""
        return float(np.clip(self._weights @ self._above(x), 0, 1))

    def quantile(self, q: float) -> float:
        low, high = 0.0, self._held.total
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.exceedance(middle) > 1 - q else (low, middle)
        return high

    def shortfall(self, q: float) -> float:
        """The mean of the worst `1 - q` of losses."""
        x = self.quantile(q)
        return x + float(self._weights @ self._excess(x)) / (1 - q)

    def contributions(self, q: float) -> Floats:
        """Parts of `shortfall(q)`, `[n]`: what each exposure loses on average where the loss is that large.

        Given the factor, an exposure's loss and the whole are taken as jointly normal, by which the parts add
        up; the skew of the whole is then shared out in their proportion.
        """
        held, x = self._held, self.quantile(q)
        t = (x - self._mean) / self._sd
        above = self._weights * normal.below(-t)
        at = self._weights * normal.density(t) / self._sd
        # Sums over the many values of the factor, gathered at the nodes around each.
        tails, edges = _gathered(above), _gathered(at)
        failing = held.failing(self._factor[::_PARTS])
        losses, kind = held.losses, held.kind
        parts = losses * (tails @ failing)[kind] + losses**2 * (edges @ (failing * (1 - failing)))[kind]
        whole = parts.sum()
        return parts * (self.shortfall(q) / whole) if whole else parts

    def _above(self, x: float) -> Floats:
        """Given the factor: `1 - Φ(t) + skew / 6 · (t² - 1) · φ(t)` (Edgeworth, first term)."""
        t = (x - self._mean) / self._sd
        above: Floats = normal.below(-t) + self._skew / 6 * (t * t - 1) * normal.density(t)
        return above

    def _excess(self, x: float) -> Floats:
        """Given the factor, the mean of what the loss is above `x`: the integral of `_above` from there on."""
        t = (x - self._mean) / self._sd
        excess: Floats = self._sd * ((1 + self._skew / 6 * t) * normal.density(t) - t * normal.below(-t))
        return excess


def _cumulants(held: Portfolio, factor: Floats) -> Floats:
    """Mean, variance and third central moment of the loss given each value of the factor, `[3, len(factor)]`."""
    failing = held.failing(factor)
    varying = failing * (1 - failing)
    return np.array([
        failing @ held.by_kind(held.losses),
        varying @ held.by_kind(held.losses**2),
        (varying * (1 - 2 * failing)) @ held.by_kind(held.losses**3),
    ])  # fmt: skip


def _between(values: Floats) -> Floats:
    """From the nodes to `_PARTS` times as many values, by the cubic through the four nearest nodes."""
    padded = np.concatenate([[2 * values[0] - values[1]], values, [2 * values[-1] - values[-2]]])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 4)
    inner = (windows @ _CUBIC).ravel()
    return np.append(inner, values[-1])


def _gathered(values: Floats) -> Floats:
    """Each fine value given to the two nodes around it, in proportion: `[_NODES]`, of the same sum."""
    at = np.arange(len(values)) / _PARTS
    left = np.minimum(at.astype(np.int64), _NODES - 2)
    part = at - left
    gathered = np.zeros(_NODES)
    gathered += np.bincount(left, values * (1 - part), _NODES)
    gathered += np.bincount(left + 1, values * part, _NODES)
    return gathered


def _lagrange() -> Floats:
    """Weights of four neighbours at `_PARTS` places between the two in the middle, `[4, _PARTS]`."""
    t = np.arange(_PARTS) / _PARTS
    return np.array([
        -t * (t - 1) * (t - 2) / 6, (t + 1) * (t - 1) * (t - 2) / 2, -(t + 1) * t * (t - 2) / 2, (t + 1) * t * (t - 1) / 6
    ])  # fmt: skip


_CUBIC: Final = _lagrange()
