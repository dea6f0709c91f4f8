"""Figures of 返投: recognised local investment beside fiscal money, what is due and left, the forecast of the score."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from finance_hub.kernel.money import yuan
from funds import fund_policy
from funds.queries import DueRow
from tasks.catalogue.entry import Point
from tasks.catalogue.funds import label_of
from tasks.engine.value import NOT_REPORTED, ratio
from tasks.frames import Frames

NOT_AGREED = "not-agreed"
NOT_IN_FORCE = "not-in-force"


def recognised(frames: Frames) -> Iterable[Point]:
    """Nothing recognised is nothing: the centre itself recognises."""
    counted = _counted(frames)
    return [Point.of_fen(counted.get(f.id, 0), key=f.code, label=label_of(f)) for f in frames.funds]


def _to_fiscal(amount: str) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        counted = _counted(frames)
        for f in frames.funds:
            fiscal = sum(
                int(getattr(row, amount))
                for row in frames.sources
                if row.fund_id == f.id and row.capital == "fiscal"
            )
            yield Point.of(ratio(counted.get(f.id, 0), fiscal), key=f.code, label=label_of(f))

    return points


to_fiscal_paid_in, to_fiscal_committed = _to_fiscal("paid_in_fen"), _to_fiscal("committed_fen")


def due(frames: Frames) -> Iterable[Point]:
    return _of_terms(frames, lambda row, _counted: _due_fen(row))


def left(frames: Frames) -> Iterable[Point]:
    return _of_terms(frames, lambda row, counted: max(0, _due_fen(row) - counted))


def points(frames: Frames) -> Iterable[Point]:
    """Of the multiple asked for; terms that ask for none have the points of none."""
    terms = {row.fund_id: row for row in frames.reinvestment_due}
    for f in frames.funds:
        agreed = terms.get(f.id)
        if agreed is None:
            yield Point.missing(NOT_REPORTED, key=f.code, label=label_of(f))
            continue
        multiple = None if agreed.multiple is None else Decimal(agreed.multiple)
        score = fund_policy.reinvestment_score(multiple, day=frames.month.last)
        if score is None:
            yield Point.missing(NOT_IN_FORCE, key=f.code, label=label_of(f))
        else:
            yield Point(yuan(100 * score.points), key=f.code, label=label_of(f))


def _of_terms(frames: Frames, amount: Callable[[DueRow, int], int]) -> Iterable[Point]:
    """An amount of each fund that is asked for anything; of the others the reason why there is none."""
    terms, counted = {row.fund_id: row for row in frames.reinvestment_due}, _counted(frames)
    for f in frames.funds:
        agreed = terms.get(f.id)
        if agreed is not None and agreed.multiple is not None:
            yield Point.of_fen(amount(agreed, counted.get(f.id, 0)), key=f.code, label=label_of(f))
        else:
            reason = NOT_REPORTED if agreed is None else NOT_AGREED
            yield Point.missing(reason, key=f.code, label=label_of(f))


def _counted(frames: Frames) -> dict[int, int]:
    return {row.fund_id: row.recognised_fen for row in frames.recognised}


def _due_fen(row: DueRow) -> int:
    multiple = Decimal(row.multiple or 0)
    return int((row.base_fen * multiple).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
