"""Flow series as they come: made ordered, netted and free of zeros, so that only their money counts."""

from typing import Final, NamedTuple, Self

import numpy as np

from tasks.engine.arrays import Bools, Floats, Ints

_LARGE: Final = 2.0**960  # sums of larger amounts may pass what a float holds; a unit changes no rate
# Of the gross flows of one moment, what is left of them by rounding: 0.1 + 0.2 - 0.3 is no inflow.
_RESIDUE: Final = 4 * float(np.finfo(np.float64).eps)


class Series(NamedTuple):
    """Flows of many series: rows ordered by series, then time; `starts` is where each series begins.

    `owner` is the position of each row's series, in the same order as `starts`; an empty series has a
    start and no rows.
    """

    owner: Ints
    times: Floats
    amounts: Floats
    starts: Ints

    @classmethod
    def ordered(cls, owner: Ints, times: Floats, amounts: Floats, *, count: int) -> Self:
        """Series 0 … count - 1 from rows in any order: (rows,) each; finite amounts."""
        if not _in_order(owner, times):
            order = np.lexsort((times, owner))
            owner, times, amounts = owner[order], times[order], amounts[order]
        if np.abs(amounts).max(initial=0.0) > _LARGE:
            amounts = amounts / _LARGE
        owner, times, amounts = _netted(owner, times, amounts)
        paid = amounts != 0
        if not paid.all():
            owner, times, amounts = owner[paid], times[paid], amounts[paid]
        return cls(owner, times, amounts, np.searchsorted(owner, np.arange(count)).astype(np.int64))

    def lengths(self) -> Ints:
        """Moments with a net flow, (series,)."""
        return np.diff(self.starts, append=self.owner.size)

    def sign_changes(self) -> Ints:
        """Neighbouring flows of opposite sign, (series,)."""
        positive = self.amounts > 0
        changed = (positive[1:] != positive[:-1]) & (self.owner[1:] == self.owner[:-1])
        return np.bincount(self.owner[1:][changed], minlength=self.starts.size)


def _in_order(owner: Ints, times: Floats) -> bool:
    later_series = owner[1:] > owner[:-1]
    return bool((later_series | ((owner[1:] == owner[:-1]) & (times[1:] >= times[:-1]))).all())


def _netted(owner: Ints, times: Floats, amounts: Floats) -> tuple[Ints, Floats, Floats]:
    """One row a series and moment: the sum of its flows, 0 where they cancel to a rounding residue."""
    fresh: Bools = np.ones(owner.size, dtype=np.bool_)
    fresh[1:] = (owner[1:] != owner[:-1]) | (times[1:] != times[:-1])
    if fresh.all():
        return owner, times, amounts
    heads = np.flatnonzero(fresh)
    net = np.add.reduceat(amounts, heads)
    gross = np.add.reduceat(np.abs(amounts), heads)
    net[np.abs(net) <= _RESIDUE * gross] = 0.0
    return owner[heads], times[heads], net
