"""The loss of a portfolio in which single exposures stand out: on a fine lattice, given the factor.

A loss between two points of the lattice is given to both, in the proportion that keeps its mean. The largest
exposures are convolved one by one, by the discrete Fourier transform; the rest, given the factor, moves as a fixed
amount and a Poisson number of equal losses that together have its mean, variance and, nearly, its skew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasks.engine.arrays import Floats
from tasks.engine.loss import normal
from tasks.engine.loss.discrete import Discrete
from tasks.engine.loss.portfolio import Portfolio

Waves = npt.NDArray[np.complex128]

_REACH: Final = 6.5
_NODES: Final = 131
_POINTS: Final = 4_096
_SINGLE: Final = 64
_BLOCK: Final = 9  # nodes at a time


class _Given(NamedTuple):
    """Some nodes of the factor: weights `[b]`, chances of failing a kind `[b, kinds]`, transform of the rest `[b, f]`."""

    weights: Floats
    failing: Floats
    rest: Waves


class Lattice(Discrete):
    """`_SINGLE` exposures stand alone; where there are no more of them, only the lattice's width is between this and exact."""

    name = "lattice"

    def __init__(self, held: Portfolio) -> None:
        self._held = held
        order = np.argsort(-held.losses, kind="stable")
        self._single, self._rest = order[:_SINGLE], order[_SINGLE:]
        # An eighth is left above the largest loss: what the Poisson number adds must not come round to 0.
        self._step = held.total / (_POINTS * 7 // 8)
        self._angles = 2 * np.pi / _POINTS * np.arange(_POINTS // 2 + 1)
        self._moves = self._wave(held.losses[self._single])
        total = np.zeros(len(self._angles), dtype=np.complex128)
        for given in self._nodes():
            total += given.weights @ self._whole(given)
        chances = np.fft.irfft(total, _POINTS)
        super().__init__(self._step * np.arange(_POINTS, dtype=np.float64), np.maximum(chances, 0))

    def contributions(self, q: float) -> Floats:
        """Parts of `shortfall(q)`, `[n]`: what each exposure loses on average where the loss is that large.

        Of the small ones, which do not stand alone, the sum is right, and each has its part by how often it
        fails under the values of the factor that make the loss large.
        """
        share = self.share(q) / (1 - q)
        held, parts = self._held, np.zeros(len(self._held.losses))
        failed = np.zeros((len(self._single), len(self._angles)), dtype=np.complex128)
        often = np.zeros(len(held.pds))
        for given in self._nodes():
            waves = self._whole(given, failed=failed)
            tails = np.fft.irfft(waves, _POINTS, axis=1) @ share
            often += (given.weights * tails) @ given.failing
        parts[self._single] = held.losses[self._single] * (np.fft.irfft(failed, _POINTS, axis=1) @ share)
        small = held.losses[self._rest] * often[held.kind[self._rest]]
        whole, alone = self.shortfall(q), parts.sum()
        if small.sum():
            parts[self._rest] = small * ((whole - alone) / small.sum())
        elif alone:
            parts *= whole / alone  # they differ by the lattice's width at most
        return parts

    def _nodes(self) -> Iterator[_Given]:
        factor = np.linspace(-_REACH, _REACH, _NODES)
        weights = normal.density(factor)
        weights /= weights.sum()
        failing = self._held.failing(factor)
        for start in range(0, _NODES, _BLOCK):
            block = slice(start, start + _BLOCK)
            yield _Given(weights[block], failing[block], self._remainder(failing[block]))

    def _whole(self, given: _Given, *, failed: Waves | None = None) -> Waves:
        """The transform of the loss at each node, `[b, f]`.

        To `failed[i]` is added, over the nodes, that of the loss where the exposure that stands alone as `i` fails.
        """
        chances = given.failing[:, self._held.kind[self._single], None]
        before = [given.rest]
        for at, wave in enumerate(self._moves):
            before.append(before[-1] * (1 + chances[:, at] * (wave - 1)))
            if failed is None:
                del before[0]
        if failed is not None:
            after = np.ones_like(given.rest)
            for at in range(len(self._moves) - 1, -1, -1):
                fails = chances[:, at] * self._moves[at]
                failed[at] += given.weights @ (before[at] * after * fails)
                after *= 1 - chances[:, at] + fails
        return before[-1]

    def _remainder(self, failing: Floats) -> Waves:
        """The transform of what the small exposures lose, at some nodes: `[b, f]`."""
        mean, variance, third = (at @ sums for at, sums in zip(
            (failing, failing * (1 - failing), failing * (1 - failing) * (1 - 2 * failing)), self._sums(), strict=True
        ))  # fmt: skip
        # No finer than the lattice, or giving it to two points would add to its variance.
        jump = np.divide(third, variance, out=np.zeros_like(mean), where=variance > 0)
        jump = np.where(jump < 0, np.minimum(jump, -self._step), np.maximum(jump, self._step))
        low = np.floor(jump / self._step)
        square = self._step**2 * (low**2 + (jump / self._step - low) * (2 * low + 1))
        number = variance / square
        varying: Waves = np.exp(number[:, None] * (self._wave(jump) - 1))
        return self._wave(mean - number * jump) * varying

    def _sums(self) -> list[Floats]:
        losses = np.zeros(len(self._held.losses))
        losses[self._rest] = self._held.losses[self._rest]
        return [self._held.by_kind(losses**power) for power in (1, 2, 3)]

    def _wave(self, amounts: Floats) -> Waves:
        """The transforms of fixed amounts, `[len(amounts), f]`."""
        low = np.floor(amounts / self._step)
        part = (amounts / self._step - low)[:, None]
        turn = np.exp(-1j * self._angles)
        waves: Waves = np.exp(-1j * np.multiply.outer(low, self._angles)) * (1 - part + part * turn)
        return waves
