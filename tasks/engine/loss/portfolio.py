"""What can be lost, by whom, and how all of it hangs on one common factor.

A firm fails when `loading · Z + √(1 - loading²) · ε` falls below Φ⁻¹(pd); Z, the state of the economy, is common
to all, ε the firm's own. Given Z, failures are independent, with probability
Φ((Φ⁻¹(pd) - loading · Z) / √(1 - loading²)) (O. Vasicek, Loan portfolio value, Risk 12/2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tasks.engine.amounts import Amount
from tasks.engine.arrays import Bools, Floats, Ints
from tasks.engine.loss import normal

Column: TypeAlias = Sequence[Amount] | Floats


def vasicek_quantile(pd: float, *, correlation: float, quantile: float) -> float:
    """The share of a pool without end of equal loans that is lost at `quantile`, all of each being lost.

    `Φ((Φ⁻¹(pd) + √correlation · Φ⁻¹(quantile)) / √(1 - correlation))`; `pd` for a correlation of 0. Raises
    ValueError for a probability outside [0, 1], a quantile outside (0, 1), a correlation outside [0, 1).
    """
    if not (0 <= pd <= 1 and 0 < quantile < 1 and 0 <= correlation < 1):
        raise ValueError("pd in [0, 1], quantile in (0, 1), correlation in [0, 1)")
    if pd in (0, 1):
        return float(pd)
    at = normal.quantile(pd) + correlation**0.5 * normal.quantile(quantile)
    return normal.probability(at / (1 - correlation) ** 0.5)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """`losses[i]` is what is lost when `i` fails (exposure × LGD); `pds` and `loadings` are those of its `kind[i]`.

    Exposures of one kind have the same probability of failing, whatever the factor: what is asked of them
    all is reckoned once a kind.
    """

    losses: Floats
    kind: Ints
    pds: Floats
    loadings: Floats

    @property
    def total(self) -> float:
        return float(self.losses.sum())

    @property
    def mean(self) -> float:
        return float(self.losses @ self.pds[self.kind])

    @property
    def costly(self) -> Ints:
        """Which exposures can be lost at all."""
        return np.flatnonzero((self.losses > 0) & (self.pds[self.kind] > 0))

    @property
    def effective_number(self) -> float:
        """Of equal losses that would be as concentrated: the inverse of the Herfindahl index; 0 of nothing."""
        squares = float(self.losses @ self.losses)
        return self.total**2 / squares if squares else 0.0

    def failing(self, factor: Floats) -> Floats:
        """The probability that one of each kind fails, given values of the factor: `[len(factor), kinds]`."""
        thresholds = np.array([normal.quantile(pd) for pd in self.pds.tolist()])
        own = np.sqrt(1 - self.loadings**2)
        return normal.below(thresholds / own - np.multiply.outer(factor, self.loadings / own))

    def by_kind(self, amounts: Floats) -> Floats:
        """Amounts of the exposures, added up: `[kinds]`."""
        return np.bincount(self.kind, amounts, len(self.pds)).astype(np.float64)


def portfolio(exposures: Column, pds: Column, lgds: Column, loadings: Column) -> Portfolio:
    """Columns of one length, or single numbers that stand for a whole column.

    Raises ValueError for columns that differ in length, exposures below 0, probabilities and LGDs outside
    [0, 1], loadings outside (-1, 1), and for what is no number.
    """
    amounts, shares, chances, weights = _columns(exposures, lgds, pds, loadings)
    _require((shares >= 0) & (shares <= 1), "losses given default are in [0, 1]")
    losses, chances, weights = firms(amounts, chances, weights)
    kinds, kind = np.unique(chances + 1j * weights, return_inverse=True)
    return Portfolio(losses * shares, kind, kinds.real, kinds.imag)


def firms(losses: Column, pds: Column, loadings: Column) -> tuple[Floats, Floats, Floats]:
    """What each firm loses, its probability of failing and its loading, each found to be sound.

    Raises ValueError as `portfolio` does.
    """
    amounts, chances, weights = _columns(losses, pds, loadings)
    _require(np.isfinite(amounts) & (amounts >= 0), "exposures are finite and not negative")
    _require((chances >= 0) & (chances <= 1), "probabilities of default are in [0, 1]")
    _require(np.abs(weights) < 1, "loadings are in (-1, 1)")
    return amounts, chances, weights


def _columns(*given: Column) -> tuple[Floats, ...]:
    columns = [np.asarray(column, dtype=np.float64) for column in given]
    if any(column.ndim > 1 for column in columns):
        raise ValueError("columns have one dimension")
    try:
        return tuple(np.atleast_1d(np.ascontiguousarray(column)) for column in np.broadcast_arrays(*columns))
    except ValueError:
        raise ValueError("columns are of one length") from None


def _require(holds: Bools, words: str) -> None:
    if not np.all(holds):
        raise ValueError(words)
