"""XIRR of 200,000 deals of 12 flows against a bare loop over pyxirr.

A deal pays in first and is paid back later; one flow in twenty has the other sign (a recallable
distribution, a late call), so that a third of the deals has more than one sign change and all their
rates are looked for, where the peer stops at the first. The peer's lists are made before the clock runs.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import pyxirr

from benchmarks import Result, interleaved
from tasks.engine.arrays import Bools, Floats, Ints
from tasks.engine.returns import xirr_many

DEALS, FLOWS = 200_000, 12
ROUNDS = 3
LIMIT = 1.5


class Deals(NamedTuple):
    """Days since the epoch and yuan, (deals, flows) each."""

    days: Ints
    amounts: Floats


def measure() -> Result:
    """The ratio of our time to the peer's on the same deals, and on how many the two disagree."""
    deals = _deals(seed=42)
    ids = np.repeat(np.arange(DEALS), FLOWS)
    dates, amounts = deals.days.ravel().astype("datetime64[D]"), deals.amounts.ravel()
    listed = _listed(deals)
    ours, peer = interleaved(lambda: xirr_many(ids, dates, amounts), lambda: _loop(*listed), rounds=ROUNDS)
    return Result(
        name="xirr_many",
        ratio=ours / peer,
        limit=LIMIT,
        peer=f"a loop over pyxirr with ready lists ({peer:.2f} s)",
        seconds=ours,
        details=_compared(xirr_many(ids, dates, amounts)[0], _loop(*listed)),
    )


def _deals(*, seed: int) -> Deals:
    random = np.random.default_rng(seed)
    days = 15_340 + np.sort(random.integers(0, 3650, (DEALS, FLOWS)), axis=1)
    paid_in: Bools = np.arange(FLOWS) < random.integers(1, FLOWS, (DEALS, 1))
    paid_in ^= random.random((DEALS, FLOWS)) < 0.05
    amounts = np.round(random.uniform(10, 1000, (DEALS, FLOWS)), 2)
    return Deals(days, np.where(paid_in, -amounts, amounts))


def _listed(deals: Deals) -> tuple[list[list[date]], list[list[float]]]:
    return deals.days.astype("datetime64[D]").tolist(), deals.amounts.tolist()


def _loop(dates: list[list[date]], amounts: list[list[float]]) -> Floats:
    rates = [pyxirr.xirr(days, flows, silent=True) for days, flows in zip(dates, amounts, strict=True)]
    return np.array(rates, dtype=np.float64)


def _compared(ours: Floats, peer: Floats) -> dict[str, int]:
    both = np.isfinite(ours) & np.isfinite(peer)
    apart = np.abs(ours - peer) > 1e-6 * np.maximum(1, np.abs(ours))
    return {
        "deals": DEALS,
        "only_we_find_a_rate": int(np.count_nonzero(np.isfinite(ours) & ~np.isfinite(peer))),
        "only_the_peer_finds_a_rate": int(np.count_nonzero(~np.isfinite(ours) & np.isfinite(peer))),
        "another_of_several_rates": int(np.count_nonzero(both & apart)),
    }
