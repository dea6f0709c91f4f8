"""The loss of 10,000 loans and 500 positions: its 99.9 % quantile, and what three books lose together.

The quantile is held against one of ten million scenarios, drawn once from other seeds (`_drawn`, four minutes), and
against a tenth of a per cent of it. The joint probabilities come from 100,000 scenarios, firm by firm; the peer of
both is the definition itself, asset values of every firm in every scenario, for a hundredth of the scenarios.
"""

from collections.abc import Iterator
from statistics import median

import numpy as np

from benchmarks import Result, interleaved
from tasks.engine.arrays import Floats
from tasks.engine.loss import joint_losses, loss_distribution, normal

LOANS, POSITIONS = 10_000, 500
QUANTILE, SCENARIOS = 0.999, 100_000
SECONDS_OF_QUANTILE, SECONDS_OF_SCENARIOS = 0.2, 2.0
TOLERANCE = 1e-3
#: The median of ten draws of a million scenarios, by `_drawn()`.
REFERENCE = 2939.139
ROUNDS = 5


def measure() -> Iterator[Result]:
    """Seconds against their limits, and the quantile's distance from the reference against a tenth of a per cent."""
    exposures, pds, lgds, loadings = portfolio()
    books = _books(exposures * lgds)
    few = SCENARIOS // 100
    quantile, naive = interleaved(
        lambda: loss_distribution(exposures, pds, lgds, loadings).quantile(QUANTILE),
        lambda: _defined(exposures * lgds, pds, loadings, scenarios=few),
        rounds=ROUNDS,
    )
    found = loss_distribution(exposures, pds, lgds, loadings).quantile(QUANTILE)
    yield Result(
        name="loss quantile", ratio=quantile / SECONDS_OF_QUANTILE, limit=1.0, peer="0.2 s", seconds=quantile,
        details={"quantile": found, "scenarios_in_that_time": round(few * quantile / naive)},
    )  # fmt: skip
    yield Result(
        name="loss quantile, distance", ratio=abs(found / REFERENCE - 1) / TOLERANCE, limit=1.0,
        peer="0.1 % of ten million scenarios", seconds=quantile, details={"relative": found / REFERENCE - 1},
    )  # fmt: skip
    joint, naive = interleaved(
        lambda: joint_losses(books, pds=pds, loadings=loadings, seed=1, scenarios=SCENARIOS),
        lambda: _defined(exposures * lgds, pds, loadings, scenarios=few),
        rounds=ROUNDS,
    )
    yield Result(
        name="loss of three books", ratio=joint / SECONDS_OF_SCENARIOS, limit=1.0, peer="2 s", seconds=joint,
        details={"times_faster_than_the_definition": naive * SCENARIOS / few / joint},
    )  # fmt: skip


def portfolio() -> tuple[Floats, Floats, Floats, Floats]:
    """Exposures, probabilities of default, losses given default, loadings; the loans come first."""
    draw = np.random.default_rng(42)
    return (
        np.r_[draw.lognormal(0, 1.2, LOANS), draw.lognormal(1.5, 1, POSITIONS)],
        np.r_[draw.choice([0.005, 0.01, 0.02, 0.05], LOANS), draw.choice([0.05, 0.1, 0.2], POSITIONS)],
        np.r_[np.full(LOANS, 0.45), np.full(POSITIONS, 0.8)],
        np.r_[np.full(LOANS, 0.35), np.full(POSITIONS, 0.45)],
    )


def _books(losses: Floats) -> dict[str, Floats]:
    """The fund holds the positions, the banks the loans, of which the pool bears a fifth."""
    is_loan = np.arange(len(losses)) < LOANS
    return {
        "fund": np.where(is_loan, 0, losses),
        "loans": np.where(is_loan, losses, 0),
        "pool": np.where(is_loan, 0.2 * losses, 0),
    }


def _defined(losses: Floats, pds: Floats, loadings: Floats, *, scenarios: int) -> float:
    draw = np.random.default_rng(3)
    thresholds = np.array([normal.quantile(pd) for pd in pds.tolist()])
    own = np.sqrt(1 - loadings**2)
    lost = [
        losses @ (loadings * draw.standard_normal() + own * draw.standard_normal(len(losses)) < thresholds)
        for _ in range(scenarios)
    ]
    return float(np.quantile(lost, QUANTILE))


def _drawn() -> float:
    """The reference: `python -c 'from benchmarks.loss import _drawn; print(_drawn())'`."""
    columns = portfolio()
    return median(
        loss_distribution(*columns, seed=seed, scenarios=1_000_000).quantile(QUANTILE) for seed in range(10)
    )
