"""How much a portfolio can lose: one common factor, many failures, and who is behind the worst of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from tasks.engine.arrays import Floats
from tasks.engine.loss.discrete import Enumeration, Law
from tasks.engine.loss.lattice import Lattice
from tasks.engine.loss.portfolio import Column, Portfolio, portfolio, vasicek_quantile
from tasks.engine.loss.quadrature import Quadrature
from tasks.engine.loss.simulation import Joint, Simulation, joint_losses

__all__ = ["LEVEL", "Joint", "LossDistribution", "joint_losses", "loss_distribution", "vasicek_quantile"]

#: Where `contributions` looks: the worst thousandth, as bank capital rules do.
LEVEL: Final = 0.999
#: With at least so many equal losses, or as good as that, no single one shows.
_GRANULAR: Final = 1_000


@dataclass(frozen=True)
class LossDistribution:
    """`mean` in the unit of the exposures; `method` is enumeration, lattice, quadrature or simulation."""

    mean: float
    method: str
    _law: Law = field(repr=False)

    def quantile(self, q: float) -> float:
        """The smallest loss that is not exceeded with probability `q`. Raises ValueError outside (0, 1)."""
        return self._law.quantile(_level(q))

    def exceedance(self, x: float) -> float:
        """The probability of a loss above `x`."""
        return self._law.exceedance(x)

    def shortfall(self, q: float) -> float:
        """The mean of the worst `1 - q` of losses (expected shortfall). Raises ValueError outside (0, 1)."""
        return self._law.shortfall(_level(q))

    def contributions_at(self, q: float) -> Floats:
        """Euler contributions of the exposures to `shortfall(q)`, `[n]`: they add up to it, to 1e-9 of it.

        What each loses on average in the worst `1 - q` (D. Tasche, Capital allocation to business units and
        sub-portfolios: the Euler principle, 2008). Raises ValueError outside (0, 1).
        """
        return self._law.contributions(_level(q))

    @cached_property
    def contributions(self) -> Floats:
        """`contributions_at(LEVEL)`."""
        return self.contributions_at(LEVEL)


def loss_distribution(
    exposures: Column, pds: Column, lgds: Column, loadings: Column, *, seed: int | None = None,
    scenarios: int | None = None,
) -> LossDistribution:  # fmt: skip
    """The loss of `exposures` over the horizon of `pds`; failures hang together through one normal factor.

    Columns have one length, or are single numbers for all: exposures in any one unit, probabilities of default
    and losses given default in [0, 1], loadings in (-1, 1), whose square is the asset correlation of two alike.
    With `scenarios` the loss is drawn that many times, from `seed` (0 where none is given); otherwise it is
    reckoned: up to 12 exposures by every set of failures, more of them on a lattice where single ones stand out
    (to 0.03 % of the largest loss), and by quadrature over the factor where none does. The method is named in
    the result. Raises ValueError for what is out of range.
    """
    held = portfolio(exposures, pds, lgds, loadings)
    if scenarios is not None:
        law: Law = Simulation(held, seed=seed or 0, scenarios=scenarios)
    else:
        law = _reckoned(held)
    return LossDistribution(held.mean, law.name, law)


def _reckoned(held: Portfolio) -> Law:
    if len(held.costly) <= Enumeration.MOST:
        return Enumeration(held)
    return Quadrature(held) if held.effective_number >= _GRANULAR else Lattice(held)


def _level(q: float) -> float:
    if not 0 < q < 1:
        raise ValueError("a quantile is in (0, 1)")
    return q
