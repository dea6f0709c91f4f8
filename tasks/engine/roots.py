"""Every rate at which discounted flows sum to zero, many series at once.

A series is the sum `f(g) = Σ c_i e^(-g t_i)` in `g = ln(1 + r)`. Its zeros are isolated, not guessed:

* The number of zeros is at most the number of sign changes of the flows in time order (Descartes).
* For a moment `s` between two flows of opposite sign, the derivative of `e^(gs) f(g)` is again such a sum,
  with coefficients `c_i (s - t_i)` and one sign change less (Laguerre's proof of that bound). Between two
  zeros of the derivative `e^(gs) f(g)` is monotone and holds at most one zero of f.

So one climbs from the sum with a single sign change, whose zero is unique, back to the flows themselves.
What is evaluated is `ln P - ln N`, the log ratio of inflows to outflows, each scaled by its largest factor:
it is nearly linear in g, and neither -99.999 % nor a thousand flows overflow it.

Arrays have one column a series and one row a flow, none of them zero, in time order from time 0.
"""

from typing import Final, NamedTuple

import numpy as np

from tasks.engine.arrays import Bools, Floats, Ints

# Below, 1 + r is lost in the last bit of a float (r prints as -1); above, r is infinite.
LOWEST: Final = -36.0
HIGHEST: Final = 709.0

MERGED: Final = 1e-8  # zeros closer than this in g are one zero: a float cannot tell them apart

_BORDER: Final = 1e-9  # a search that ends this near to the border of the range has left it

_EPSILON: Final = float(np.finfo(np.float64).eps)
_STEPS: Final = 200  # bisection alone needs 60 from the widest bracket
_LADDER: Final = 24  # rungs beyond which the rounding of their coefficients makes them worthless
_GRID: Final = np.concatenate(
    [np.linspace(-8, -2, 25)[:-1], np.linspace(-2, 3, 81), np.linspace(3, 10, 22)[1:]]
)


class Sums(NamedTuple):
    """Series as columns: `times` in years and `amounts`, both (flows, series)."""

    times: Floats
    amounts: Floats

    def take(self, columns: Ints | Bools) -> "Sums":
        """The series of these columns."""
        return Sums(self.times[:, columns], self.amounts[:, columns])


class _Split:
    """Sums prepared for evaluation: inflows and outflows apart, each also weighted by time."""

    def __init__(self, sums: Sums) -> None:
        self.times = sums.times
        self.last = sums.times.max(axis=0)
        self.inflows = np.maximum(sums.amounts, 0.0)
        self.outflows = np.maximum(-sums.amounts, 0.0)
        self.timed_inflows = self.inflows * sums.times
        self.timed_outflows = self.outflows * sums.times

    def log_ratio(self, g: Floats) -> tuple[Floats, Floats]:
        """`ln P(g) - ln N(g)` and its derivative in g, each (series,)."""
        exponents = g * self.times
        # The largest factor of each series becomes 1: that of the first flow, or of the last if g < 0.
        exponents -= np.minimum(g, 0.0) * self.last
        factors = np.exp(np.negative(exponents, out=exponents), out=exponents)
        inflow, outflow = _dot(factors, self.inflows), _dot(factors, self.outflows)
        slope = _dot(factors, self.timed_outflows) / outflow - _dot(factors, self.timed_inflows) / inflow
        return np.log(inflow) - np.log(outflow), slope

    def signs(self, g: Floats) -> Floats:
        """-1, 0 or 1 a series: 0 where rounding hides the sign, which is where a zero touches g."""
        value, _ = self.log_ratio(g)
        signs: Floats = np.where(np.abs(value) <= self.noise(g), 0.0, np.sign(value))
        return signs

    def noise(self, g: Floats) -> Floats:
        """What rounding may add to the log ratio at g: the exponents' error, and the sums' own."""
        bound: Floats = 2 * _EPSILON * (2 + np.abs(g) * self.last)
        return bound


def _dot(left: Floats, right: Floats) -> Floats:
    product: Floats = np.einsum("ij,ij->j", left, right)
    return product


def sign_changes(sums: Sums) -> Bools:
    """Where the flow after this row has the opposite sign; (flows - 1, series)."""
    changes: Bools = sums.amounts[:-1] * sums.amounts[1:] < 0
    # A product of tiny amounts may underflow to 0, a comparison of signs cannot.
    return changes | (np.sign(sums.amounts[:-1]) * np.sign(sums.amounts[1:]) < 0)


def roots(sums: Sums, *, changes: int) -> Floats:
    """All zeros in g of series that all have `changes` (at least 1) sign changes.

    Returns (k, series), ascending down each column and padded with NaN; k may be 0. A zero that touches
    without crossing counts once. Zeros outside [LOWEST, HIGHEST] are not returned. Beyond 25 sign changes
    the climb begins on a grid instead of a unique zero, and that no zero is missed is likely, not proven.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        *rungs, top = _ladder(sums, changes=changes)
        if len(rungs) == changes - 1:
            found = _lone_root(top)
        else:
            # A ladder cut short does not end in a sum with one zero: only a grid can look there.
            grid = np.broadcast_to(_GRID[:, None], (_GRID.size, sums.times.shape[1]))
            found = _roots_between(top, grid)
        for rung in reversed(rungs):
            found = _roots_between(rung, found)
        return _merged(found)


def _ladder(sums: Sums, *, changes: int) -> list[Sums]:
    """The sums themselves, then each time one with a sign change less."""
    cut = sign_changes(sums).T
    middles = ((sums.times[:-1] + sums.times[1:]) / 2).T[cut].reshape(-1, changes).T
    rungs = [sums]
    for middle in middles[: min(changes - 1, _LADDER)]:
        amounts = rungs[-1].amounts * (middle - sums.times)
        rungs.append(Sums(sums.times, amounts / np.abs(amounts).max(axis=0)))
    return rungs


def _lone_root(sums: Sums) -> Floats:
    """The zero of series with a single sign change, (1, series); NaN where it lies outside the range.

    Far down the axis the last flow outweighs the others, far up the first does: nothing to evaluate there.
    """
    width = sums.times.shape[1]
    found = _crossing(sums, np.full(width, LOWEST), np.full(width, HIGHEST), np.sign(sums.amounts[-1]))
    outside = (found < LOWEST + _BORDER) | (found > HIGHEST - _BORDER)
    return np.where(outside, np.nan, found)[None]


def _roots_between(sums: Sums, cuts: Floats) -> Floats:
    """Zeros of series that have at most one between neighbouring cuts; (k, series), NaN below."""
    split, width = _Split(sums), sums.times.shape[1]
    edges = [np.full(width, LOWEST), *np.where(np.isnan(cuts), HIGHEST, cuts), np.full(width, HIGHEST)]
    signs = [split.signs(edge) for edge in edges]
    found = [
        np.where((sign == 0) & (edge < HIGHEST), edge, np.nan)
        for edge, sign in zip(edges, signs, strict=True)
    ]
    for low, high, left, right in zip(edges, edges[1:], signs, signs[1:], strict=False):
        crossed = np.flatnonzero(left * right < 0)
        row = np.full(width, np.nan)
        if crossed.size:
            row[crossed] = _crossing(sums.take(crossed), low[crossed], high[crossed], left[crossed])
        found.append(row)
    ordered: Floats = np.sort(np.array(found), axis=0)
    kept: Floats = ordered[~np.isnan(ordered).all(axis=1)]
    return kept


class _Search(NamedTuple):
    """Where each series' search stands: the bracket, and the log ratio's sign at its lower end."""

    at: Floats
    low: Floats
    high: Floats
    left: Floats
    before: Floats  # the size of the log ratio one step ago

    def advanced(self, value: Floats, slope: Floats) -> "_Search":
        """One Newton step, or a bisection where it leaves the bracket or fails to halve the value."""
        below = np.sign(value) == self.left
        low, high = np.where(below, self.at, self.low), np.where(below, self.high, self.at)
        newton, size = self.at - value / slope, np.abs(value)
        trusted = (newton > low) & (newton < high) & (size <= self.before / 2)
        return _Search(np.where(trusted, newton, (low + high) / 2), low, high, self.left, size)

    def take(self, columns: Bools) -> "_Search":
        return _Search(*(field[columns] for field in self))


def _crossing(sums: Sums, low: Floats, high: Floats, left: Floats) -> Floats:
    """The one zero between `low` and `high`, where the log ratio has the sign `left` at `low`."""
    margin = np.minimum((high - low) / 2, 0.5)
    start = np.clip(0.0, low + margin, high - margin)
    search = _Search(start, low, high, left, np.full(start.size, np.inf))
    columns, split = np.arange(start.size), _Split(sums)
    result: Floats = start.copy()
    for _ in range(_STEPS):
        value, slope = split.log_ratio(search.at)
        settled = np.abs(value) <= split.noise(search.at)
        ahead = search.advanced(value, slope)
        result[columns] = np.where(settled, search.at, ahead.at)
        done = settled | (np.abs(ahead.at - search.at) <= 1e-13 * np.maximum(1.0, np.abs(search.at)))
        if done.all():
            return result
        search = ahead
        # To carry finished series costs little, to copy the others costs more: wait for half.
        if np.count_nonzero(done) * 2 >= done.size:
            rest = ~done
            sums, columns, search = sums.take(rest), columns[rest], search.take(rest)
            split = _Split(sums)
    return result


def _merged(found: Floats) -> Floats:
    """Zeros that rounding has split are given once."""
    if len(found) < 2:
        return found
    kept = found.copy()
    kept[1:][np.diff(found, axis=0) < MERGED] = np.nan
    ordered: Floats = np.sort(kept, axis=0)
    return ordered
