"""Who pays for what is lost, scenario by scenario: the same steps as a claim takes, on whole columns of scenarios.

A loss under an agreement is split by its shares; the public parties together pay at most what the year's cap leaves
them, each in proportion; a pool at most what it holds; the keeper bears the rest (docs/guarantee-default.md). What a
fund loses its investors bear in the proportion of what they paid in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from finance_hub.kernel.text import Text
from loans.queries import SharedRow
from tasks.engine.arrays import Floats
from tasks.frames import Frames
from tasks.risk.rooms import PUBLIC

_WHOLE = 10_000
#: A fund whose investors' nature nobody can tell.
UNKNOWN = "unknown"
PARTIES = {
    "bank": Text("银行", "Banks"),
    "guarantor": Text("担保机构", "Guarantors"),
    "insurer": Text("保险机构", "Insurers"),
    "government": Text("政府", "Government"),
    "re_guarantor": Text("再担保机构", "Re-guarantor"),
    "national_fund": Text("国家融资担保基金", "National guarantee fund"),
    "pool": Text("风险补偿资金池", "Risk pools"),
    "other": Text("其他合作机构", "Other partners"),
    "fiscal": Text("基金出资人：财政资金", "Fund investors: fiscal"),
    "state": Text("基金出资人：国有资本", "Fund investors: state"),
    "social": Text("基金出资人：社会资本", "Fund investors: social"),
    UNKNOWN: Text("基金出资人：未登记", "Fund investors: not recorded"),
}
Paid = dict[str, Floats]


def under_agreements(
    losses: Mapping[int, Floats], shared: list[SharedRow], *, pools: Mapping[int, float]
) -> Paid:
    """What each party pays of the losses under each version of terms, `[scenarios]`; together all of it.

    `pools` holds what each pool has, by its id.
    """
    paid: Paid = defaultdict(lambda: np.zeros(0))
    wanted: dict[int, list[tuple[SharedRow, Floats]]] = defaultdict(list)
    cut = _cut_by_caps(losses, shared)
    for row in shared:
        if row.terms_id not in losses:
            continue
        loss, left = losses[row.terms_id], losses[row.terms_id].copy()
        for party, part in row.parts:
            amount = loss * (part / _WHOLE) * (cut[row.agreement] if party in PUBLIC else 1.0)
            left -= amount
            if party == "pool":
                wanted[row.pool_id or 0].append((row, amount))
            else:
                _add(paid, party, amount)
        _add(paid, row.keeper, left)
    for pool, asked in wanted.items():
        demand = sum((amount for _row, amount in asked), np.zeros(1))
        can = _within(np.asarray(demand, dtype=np.float64), pools.get(pool, 0.0))
        for row, amount in asked:
            _add(paid, "pool", amount * can)
            _add(paid, row.keeper, amount * (1 - can))
    return dict(paid)


def _cut_by_caps(losses: Mapping[int, Floats], shared: list[SharedRow]) -> dict[str, Floats]:
    """Which part of what they owe the public parties can pay under the cap of each agreement."""
    owed: dict[str, Floats] = {}
    rooms: dict[str, float] = {}
    for row in shared:
        if row.terms_id in losses:
            public = sum(part for party, part in row.parts if party in PUBLIC) / _WHOLE
            owed[row.agreement] = owed.get(row.agreement, 0.0) + losses[row.terms_id] * public
            room = float("inf") if row.room is None else float(row.room)
            rooms[row.agreement] = min(rooms.get(row.agreement, room), room)
    return {agreement: _within(owed[agreement], rooms[agreement]) for agreement in owed}


def by_investors(losses: Mapping[int, Floats], frames: Frames) -> Paid:
    """What the investors of the city's funds bear, by their nature: by what they paid in, else by commitment."""
    paid: Paid = defaultdict(lambda: np.zeros(0))
    for fund, loss in losses.items():
        for nature, share in _natures(frames, fund).items():
            _add(paid, nature, loss * share)
    return dict(paid)


def _natures(frames: Frames, fund: int) -> dict[str, float]:
    for kind in ("contribution", "commitment"):
        sums = {
            r.capital: r.total_fen
            for r in frames.capital
            if r.fund_id == fund and r.kind == kind and r.capital
        }
        if whole := sum(sums.values()):
            return {nature: amount / whole for nature, amount in sums.items() if amount}
    return {UNKNOWN: 1.0}


def _within(owed: Floats, room: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(owed > room, room / owed, 1.0)


def _add(paid: Paid, party: str, amount: Floats) -> None:
    paid[party] = paid[party] + amount if party in paid else amount
