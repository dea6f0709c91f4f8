"""Exposure of firms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from finance_hub.kernel.text import Text
from tasks.catalogue.credit import silent
from tasks.catalogue.entry import Point
from tasks.catalogue.sums import by_key
from tasks.engine.concentration import hhi, top_share
from tasks.frames import Frames, firm_names

TOP = 10


class Exposure(NamedTuple):
    """One firm's public money, fen; no yuan in two columns."""

    firm_id: int
    equity: int
    loans: int
    guarantees: int

    @property
    def total(self) -> int:
        return self.equity + self.loans + self.guarantees


@lru_cache(maxsize=1)  # seven figures of a snapshot read it
def exposures(frames: Frames) -> list[Exposure]:
    """Every firm with exposure above zero, largest first, ties by id.

    A guarantee on a reported loan is the same yuan as the loan and is not added; compensation paid
    and neither recovered nor written off is a claim on the firm whose loan is gone.
    """
    quiet = silent(frames, "flow")
    equity = by_key(
        (h for h in frames.holdings if h.firm_id is not None),
        key=lambda h: h.firm_id,
        amount=lambda h: h.remaining_cost_fen,
    )
    loans = by_key(
        (row for row in frames.balances if row.bank_id not in quiet),
        key=lambda row: row.firm_id,
        amount=lambda row: row.balance,
    )
    guarantees = by_key(
        frames.guarantees,
        key=lambda row: row.firm_id,
        amount=lambda row: row.outstanding_elsewhere + row.claim,
    )
    found = [
        Exposure(firm, equity.get(firm, 0), loans.get(firm, 0), guarantees.get(firm, 0))
        for firm in {**equity, **loans, **guarantees}
    ]
    return sorted((e for e in found if e.total > 0), key=lambda e: (-e.total, e.firm_id))


def exposure_total(frames: Frames) -> Iterable[Point]:
    return [Point.of_fen(sum(e.total for e in exposures(frames)))]


def _top(pick: Callable[[Exposure], int]) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        largest = exposures(frames)[:TOP]
        names = firm_names([e.firm_id for e in largest])
        for exposure in largest:
            code, name = names[exposure.firm_id]
            yield Point.of_fen(pick(exposure), key=code, label=Text(name, name))

    return points


exposure_top = _top(lambda e: e.total)
exposure_top_equity = _top(lambda e: e.equity)
exposure_top_loans = _top(lambda e: e.loans)
exposure_top_guarantees = _top(lambda e: e.guarantees)


def exposure_top_share(frames: Frames) -> Iterable[Point]:
    return [Point.of(top_share([e.total for e in exposures(frames)], n=TOP))]


def exposure_hhi(frames: Frames) -> Iterable[Point]:
    return [Point.of(hhi([e.total for e in exposures(frames)]))]
