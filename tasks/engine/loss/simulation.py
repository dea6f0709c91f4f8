"""Losses of several books drawn together, firm by firm: a firm that fails hurts every book that it stands in.

Only the failures are drawn. Scenarios come in the order of the factor, which is stratified; in a block of them the
firms of like probability form one long row of trials, through which geometric steps lead from one candidate to the
next, and a candidate fails with its own probability over the largest of the row (thinning: L. Devroye, Non-Uniform
Random Variate Generation, 1986, chapters VI.2 and X.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from tasks.engine.arrays import Bools, Floats, Ints
from tasks.engine.loss import normal
from tasks.engine.loss.discrete import Discrete
from tasks.engine.loss.portfolio import Portfolio, firms

_BLOCK: Final = 1_000  # scenarios at a time
_LIKE: Final = 1.5  # within a row, no firm is likelier to fail than another by more than this factor


@dataclass(frozen=True, slots=True)
class Joint:
    """What was drawn: `totals[book]` is the loss of each scenario, `[scenarios]`, from the worst factor to the best."""

    totals: Mapping[str, Floats]
    _losses: Mapping[str, Floats]
    _pds: Floats
    _loadings: Floats
    _seed: int

    def exceeding(self, limits: Mapping[str, float]) -> dict[str, float]:
        """For each book that has a limit, the probability that its loss is above it."""
        return {book: float(above.mean()) for book, above in self._above(limits).items()}

    def all_hold(self, limits: Mapping[str, float]) -> float:
        """The probability that no limit is exceeded."""
        broken = np.zeros(len(next(iter(self.totals.values()))), dtype=np.bool_)
        for above in self._above(limits).values():
            broken |= above
        return float(1 - broken.mean())

    def contributions(self, book: str, scenarios: Floats | Bools) -> Floats:
        """What each firm loses in the book, `[firms]`, on average over scenarios with the weights given.

        With the scenarios in which a limit is exceeded: the firms that cause it. Zeros where there are none.
        The same failures are drawn again, so that none of them had to be kept.
        """
        weights = np.asarray(scenarios, dtype=np.float64)
        found, whole = np.zeros(len(self._pds)), weights.sum()
        if whole:
            for at, firm in _failures(self._pds, self._loadings, seed=self._seed, scenarios=len(weights)):
                found += np.bincount(firm, weights[at], len(found))
            found *= self._losses[book] / whole
        return found

    def _above(self, limits: Mapping[str, float]) -> dict[str, Bools]:
        return {book: self.totals[book] > limit for book, limit in limits.items()}


def joint_losses(
    losses: Mapping[str, Floats], *, pds: Floats, loadings: Floats, seed: int, scenarios: int = 100_000
) -> Joint:
    """Draw the failures of firms and add up what each book loses: `losses[book][i]` where firm `i` fails.

    Columns have one length, the number of firms; amounts are in any one unit. The same seed gives the same
    scenarios. Raises ValueError as `portfolio` does, and for no book or no scenario.
    """
    if not losses or scenarios < 1:
        raise ValueError("a simulation has a book and a scenario")
    books = {book: firms(amounts, pds, loadings) for book, amounts in losses.items()}
    chances, weights = next(iter(books.values()))[1:]
    amounts = {book: columns[0] for book, columns in books.items()}
    totals = {book: np.zeros(scenarios) for book in books}
    for at, firm in _failures(chances, weights, seed=seed, scenarios=scenarios):
        for book, total in totals.items():
            first, last = int(at.min()), int(at.max()) + 1
            total[first:last] += np.bincount(at - first, amounts[book][firm], last - first)
    return Joint(totals, amounts, chances, weights, seed)


class Simulation(Discrete):
    """The loss of one book, as drawn."""

    name = "simulation"

    def __init__(self, held: Portfolio, *, seed: int, scenarios: int) -> None:
        self._joint = joint_losses(
            {"": held.losses}, pds=held.pds[held.kind], loadings=held.loadings[held.kind], seed=seed,
            scenarios=scenarios,
        )  # fmt: skip
        values, self._value, times = np.unique(
            self._joint.totals[""], return_inverse=True, return_counts=True
        )
        super().__init__(values, times / scenarios)

    def contributions(self, q: float) -> Floats:
        """Parts of `shortfall(q)`, `[n]`: what each exposure loses on average where the loss is that large."""
        return self._joint.contributions("", self.share(q)[self._value])


def _failures(pds: Floats, loadings: Floats, *, seed: int, scenarios: int) -> Iterator[tuple[Ints, Ints]]:
    """Scenario and firm of each failure, a block of scenarios and a row of firms at a time."""
    draw = np.random.default_rng(seed)
    standard = NormalDist()
    places = (np.arange(scenarios) + draw.random(scenarios)) / scenarios
    factor = np.array([standard.inv_cdf(place) for place in np.clip(places, 1e-16, 1 - 1e-16).tolist()])
    thresholds = np.array([normal.quantile(pd) for pd in pds.tolist()])
    own = np.sqrt(1 - loadings**2)
    base, slope = thresholds / own, loadings / own
    rows = _rows(pds)
    for start in range(0, scenarios, _BLOCK):
        block = factor[start : start + _BLOCK]
        ends = normal.below(base - np.multiply.outer(block[[0, -1]], slope))
        for row in rows:
            most = float(ends[:, row].max())
            at, place = np.divmod(_hits(draw, most, trials=len(row) * len(block)), len(row))
            firm = row[place]
            chance = normal.below(base[firm] - slope[firm] * block[at])
            fails = draw.random(len(firm)) * most < chance
            if fails.any():
                yield at[fails] + start, firm[fails]


def _rows(pds: Floats) -> list[Ints]:
    """Firms that can fail, in rows of like probability."""
    able = np.flatnonzero(pds > 0)
    levels = np.floor(np.log(pds[able]) / np.log(_LIKE)).astype(np.int64)
    return [able[levels == level] for level in np.unique(levels)]


def _hits(draw: np.random.Generator, chance: float, *, trials: int) -> Ints:
    """Which of a row of independent trials succeed, ascending."""
    with np.errstate(divide="ignore"):
        rate = -np.log1p(-chance)
    found: list[Ints] = []
    last = -1
    while rate > 0 and last < trials:
        size = int((trials - last) * chance + 4 * np.sqrt(trials * chance)) + 16
        # A step beyond the end needs no more digits than lead beyond it.
        steps = np.minimum(draw.standard_exponential(size) / rate, trials).astype(np.int64) + 1
        steps[0] += last
        found.append(np.cumsum(steps))
        last = int(found[-1][-1])
    hits = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
    return hits[hits < trials]
