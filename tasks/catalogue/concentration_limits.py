"""What each limit on concentration is held against, and how much it leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from finance_hub.kernel.money import yuan
from tasks.catalogue.concentration import cut, spread
from tasks.catalogue.entry import Point
from tasks.catalogue.funds import nav
from tasks.engine.concentration import hhi, top_share
from tasks.engine.value import NO_DENOMINATOR, Value, ratio
from tasks.exposure.dimensions import DIMENSIONS, UNKNOWN
from tasks.frames import Frames, RegisteredRow
from tasks.rules import ConcentrationRule


def measured(frames: Frames, rule: ConcentrationRule) -> Value | int:
    """What a limit is held against: a share or an index as it is, an amount in fen."""
    if rule.measure == "fund_share":
        return _fund_share(frames, rule)
    parts = spread(frames)[rule.dimension]
    amounts = list(parts.values())
    if rule.measure == "top_share":
        return top_share(amounts, n=rule.top_n or 1)
    if rule.measure == "hhi":
        return hhi(amounts)
    # What nobody can name is no part that somebody could be held to.
    return max((fen for key, fen in parts.items() if key != UNKNOWN), default=0)


def _fund_share(frames: Frames, rule: ConcentrationRule) -> Value:
    """The largest part of a fund's own stakes, as they are worth, in its net assets."""
    held: Counter[int] = Counter()
    for row in frames.holdings:
        if row.fund_id == rule.fund_id and row.firm_id is not None:
            held[row.firm_id] += row.worth_fen
    parts = cut(held, {row.firm_id: _place(row, rule.dimension) for row in frames.registry})
    largest = max((worth for key, worth in parts.items() if key != UNKNOWN), default=0)
    assets = nav(frames).get(rule.fund_id or 0, 0)
    return ratio(float(largest), float(assets)) if assets > 0 else Value.none(NO_DENOMINATOR)


def _place(row: RegisteredRow, dimension: str) -> str:
    if dimension == "group":
        return f"firm:{row.firm_id}" if row.group_id is None else str(row.group_id)
    found = {"firm": str(row.firm_id), "industry": row.industry[:1], "town": row.town, "stage": row.stage}
    return found[dimension]


def _limits(*measures: str, headroom: bool) -> Callable[[Frames], Iterable[Point]]:
    def points(frames: Frames) -> Iterable[Point]:
        for rule in frames.concentration_limits:
            if rule.measure in measures:
                yield _limited(frames, rule, headroom=headroom)

    return points


def _limited(frames: Frames, rule: ConcentrationRule, *, headroom: bool) -> Point:
    found, label = measured(frames, rule), DIMENSIONS[rule.dimension]
    limit = Decimal(rule.limit)
    if isinstance(found, int):
        value = limit - yuan(found) if headroom else yuan(found)
        return Point(value, key=rule.public_id, label=label)
    point = Point.of(found, key=rule.public_id, label=label)
    if point.value is None or not headroom:
        return point
    scaled = limit if rule.measure == "hhi" else limit / 100
    return Point(scaled - point.value, key=rule.public_id, label=label)


share_value = _limits("top_share", "fund_share", headroom=False)
share_headroom = _limits("top_share", "fund_share", headroom=True)
index_value, index_headroom = _limits("hhi", headroom=False), _limits("hhi", headroom=True)
amount_value, amount_headroom = _limits("amount", headroom=False), _limits("amount", headroom=True)
