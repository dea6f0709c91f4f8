"""All rates of many ordered series: `roots` fed with series of equal shape, block by block."""

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np

from tasks.engine import value as reason
from tasks.engine.arrays import Bools, Floats, Ints
from tasks.engine.returns.series import Series
from tasks.engine.roots import Sums, roots

_BLOCK: Final = 65_536  # flows a block: enough to outweigh the calls, few enough to stay in the cache


class Solution(NamedTuple):
    """Rates of each series in g = ln(1 + r): `nearest` to 0 (NaN without one), `every` for the ambiguous.

    `every` maps the position of a series that has several rates to all of them, ascending.
    """

    nearest: Floats
    every: dict[int, Floats]
    reasons: list[str | None]


def solve(series: Series, *, year: float = 1.0) -> Solution:
    """Find the rates of each series; `year` is the length of a year in the series' unit of time."""
    lengths, changes = series.lengths(), series.sign_changes()
    nearest, every = np.full(lengths.size, np.nan), {}
    for members, count in _alike(lengths, changes):
        found = roots(_columns(series, members, length=int(lengths[members[0]]), year=year), changes=count)
        if not len(found):
            continue
        nearest[members] = _nearest(found)
        if len(found) > 1:
            several = np.flatnonzero(~np.isnan(found[1]))
            every.update({int(members[at]): found[~np.isnan(found[:, at]), at] for at in several})
    return Solution(nearest, every, _reasons(lengths, changes, np.isnan(nearest)))


def _alike(lengths: Ints, changes: Ints) -> Iterator[tuple[Ints, int]]:
    """Blocks of series of one length and one number of sign changes, and that number."""
    shape = lengths * (lengths.max(initial=0) + 1) + changes
    shape[changes == 0] = -1
    order = np.argsort(shape, kind="stable")
    borders = np.flatnonzero(np.diff(shape[order])) + 1
    for members in np.split(order, borders):
        if not members.size or shape[members[0]] == -1:
            continue
        size = max(1, _BLOCK // int(lengths[members[0]]))
        for begin in range(0, members.size, size):
            block = members[begin : begin + size]
            yield block, int(changes[block[0]])


def _columns(series: Series, members: Ints, *, length: int, year: float) -> Sums:
    rows = series.starts[members] + np.arange(length)[:, None]
    times, amounts = series.times[rows], series.amounts[rows]
    return Sums((times - times[0]) / year, amounts)


def _nearest(found: Floats) -> Floats:
    """The root nearest to 0 of each column, the lower one of two at the same distance; NaN without one."""
    distance = np.where(np.isnan(found), np.inf, np.abs(found))
    # r and 1/(1 + r) - 1 are equally far; rounding must not decide between them.
    level = distance <= distance.min(axis=0) * (1 + 1e-12)
    chosen: Floats = np.take_along_axis(found, level.argmax(axis=0)[None], axis=0)[0]
    return chosen


def _reasons(lengths: Ints, changes: Ints, unsolved: Bools) -> list[str | None]:
    reasons: list[str | None] = [None] * lengths.size
    for at in np.flatnonzero(unsolved).tolist():
        if lengths[at] < 2:
            reasons[at] = reason.TOO_FEW_FLOWS
        elif changes[at] == 0:
            reasons[at] = reason.ONE_SIGN
        else:
            # An odd number of sign changes proves a root: it lies where no float can hold the rate.
            reasons[at] = reason.OUT_OF_RANGE if changes[at] % 2 else reason.NO_ROOT
    return reasons


def single(times: Floats, amounts: Floats) -> reason.Value:
    """The rate of one series, (flows,) each, times in years; `multiple-roots` notes where it has several."""
    if np.isnan(amounts).any():
        return reason.Value.none(reason.NOT_REPORTED)
    if not np.isfinite(amounts).all():
        return reason.Value.none(reason.UNDEFINED)
    owner = np.zeros(times.size, dtype=np.int64)
    nearest, every, reasons = solve(Series.ordered(owner, times, amounts, count=1))
    if reasons[0] is not None:
        return reason.Value.none(reasons[0])
    listed = ", ".join(_written(g) for g in every.get(0, np.empty(0)).tolist())
    notes = (f"{reason.MULTIPLE_ROOTS}: {listed}",) if listed else ()
    return reason.Value.of(float(np.expm1(nearest[0])), notes=notes)


def _written(g: float) -> str:
    """A rate in ten digits that tell it from its neighbours, also from -1: there, 1 + r has the digits."""
    growth = math.exp(g)
    return f"{math.expm1(g):.10g}" if growth > 0.5 else str(Decimal(f"{growth:.10g}") - 1)
