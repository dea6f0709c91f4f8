"""How much other money fiscal money brings along 财政资金放大倍数, in both definitions, told apart by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from funds.queries import SourceRow
from tasks.catalogue.entry import Point
from tasks.engine.value import Value, ratio
from tasks.frames import Frames

Measure = Callable[[Sequence[SourceRow]], Value]


def total_to_fiscal(rows: Sequence[SourceRow]) -> Value:
    """Everything committed ÷ what fiscal capital committed."""
    return ratio(_sum(rows, "committed_fen"), _sum(rows, "committed_fen", capital="fiscal"))


def social_to_fiscal(rows: Sequence[SourceRow]) -> Value:
    """What social capital paid in ÷ what fiscal capital paid in; state capital is neither."""
    return ratio(_sum(rows, "paid_in_fen", capital="social"), _sum(rows, "paid_in_fen", capital="fiscal"))


def outside(rows: Iterable[SourceRow]) -> list[SourceRow]:
    """Money that comes from no fund of ours: what a mother fund passes on was counted where it came in."""
    return [row for row in rows if row.holder_id is None]


def _sum(rows: Iterable[SourceRow], name: str, *, capital: str = "") -> int:
    return sum(int(getattr(row, name)) for row in rows if capital in ("", row.capital))


def _per_fund(measure: Measure) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        from tasks.catalogue.funds import label_of

        return [
            Point.of(
                measure([row for row in frames.sources if row.fund_id == f.id]), key=f.code, label=label_of(f)
            )
            for f in frames.funds
        ]

    return points


def _city(measure: Measure) -> Callable[[Frames], Iterable[Point]]:
    return lambda frames: [Point.of(measure(outside(frames.sources)))]


by_fund_total, city_total = _per_fund(total_to_fiscal), _city(total_to_fiscal)
by_fund_social, city_social = _per_fund(social_to_fiscal), _city(social_to_fiscal)
