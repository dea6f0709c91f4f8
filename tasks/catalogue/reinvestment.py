"""Figures of 返投: recognised local investment beside fiscal money, what is due and left, the forecast of the score."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from finance_hub.kernel.money import yuan
from funds import fund_policy
from funds.queries import DueRow
from tasks.catalogue.entry import Point
from tasks.catalogue.funds import label_of
from tasks.engine.value import ratio
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
    asked = _asked(frames)
    for f in frames.funds:
        if f.id in asked:
            yield Point.of_fen(_due_fen(asked[f.id]), key=f.code, label=label_of(f))
        else:
            yield Point.missing(NOT_AGREED, key=f.code, label=label_of(f))


def left(frames: Frames) -> Iterable[Point]:
    asked, counted = _asked(frames), _counted(frames)
    for f in frames.funds:
        if f.id in asked:
            lacking = max(0, _due_fen(asked[f.id]) - counted.get(f.id, 0))
            yield Point.of_fen(lacking, key=f.code, label=label_of(f))
        else:
            yield Point.missing(NOT_AGREED, key=f.code, label=label_of(f))


def points(frames: Frames) -> Iterable[Point]:
    """Of the multiple asked for; a fund that is asked for none has the points of none."""
    asked = _asked(frames)
    for f in frames.funds:
        multiple = Decimal(asked[f.id].multiple) if f.id in asked else None
        score = fund_policy.reinvestment_score(multiple, day=frames.month.last)
        if score is None:
            yield Point.missing(NOT_IN_FORCE, key=f.code, label=label_of(f))
        else:
            yield Point(yuan(100 * score.points), key=f.code, label=label_of(f))


def _counted(frames: Frames) -> dict[int, int]:
    return {row.fund_id: row.recognised_fen for row in frames.recognised}


def _asked(frames: Frames) -> dict[int, DueRow]:
    return {row.fund_id: row for row in frames.reinvestment_due}


def _due_fen(row: DueRow) -> int:
    return int((row.base_fen * Decimal(row.multiple)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
