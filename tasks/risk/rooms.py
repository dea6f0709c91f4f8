"""The limits that a loss can break: tolerances of the funds, caps of agreements, money of pools.

Each has its room, what may still be lost before it is broken, and what the failure of each firm takes of it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from finance_hub.kernel.money import fen
from finance_hub.kernel.text import Text
from funds.queries import HoldingRow
from tasks.catalogue import budgets
from tasks.catalogue.budgets import Used
from tasks.engine.arrays import Floats
from tasks.engine.tolerance import Project
from tasks.frames import Frames
from tasks.risk.portfolio import Portfolio
from tasks.rules import Rule

#: Amounts are whole fen: what is above a limit by less than one is at it.
HALF_A_FEN = 0.5
#: Whose payments a compensation cap limits.
PUBLIC = frozenset({"government", "re_guarantor", "national_fund", "pool"})
_WHOLE = 10_000


@dataclass(frozen=True)
class Limit:
    """`kind` is tolerance, cap or pool; `losses` what each firm's failure takes, `[n]`; amounts in fen.

    `limit` and `used` are None where the room alone says it.
    """

    kind: str
    code: str
    label: Text
    room: float
    losses: Floats
    limit: int | None = None
    used: int | None = None


def limits(frames: Frames, portfolio: Portfolio) -> list[Limit]:
    """Every limit that is known and that a failure can touch, tolerances first."""
    return [*_tolerances(frames, portfolio), *_caps(frames, portfolio), *_pools(frames, portfolio)]


def _tolerances(frames: Frames, portfolio: Portfolio) -> list[Limit]:
    projects = budgets.projects(frames)
    holdings = {str(h.holding_id): h for h in frames.holdings}
    at = {firm: position for position, firm in enumerate(portfolio.firms)}
    by_holding: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (held, firm), loss in portfolio.held.items():
        by_holding[held].append((firm, loss))
    found = []
    for used in budgets.budgets(frames):
        inside = [project for project in projects if _is_inside(project, used, frames)]
        room = _room(used, inside)
        if room is None or used.budget.limit is None:
            continue
        losses = np.zeros(len(portfolio.firms))
        for project in inside:
            holding = holdings[project.project]
            for firm, loss in by_holding[holding.holding_id]:
                if firm in at:
                    losses[at[firm]] += _counted(holding, loss, rule=used.rule)
        spent = used.spent
        found.append(
            Limit(
                "tolerance", used.code, used.label, float(room), losses, fen(used.budget.limit),
                None if spent is None else fen(spent),
            )
        )  # fmt: skip
    return found


def _is_inside(project: Project, used: Used, frames: Frames) -> bool:
    if str(getattr(project, used.rule.scope)) != used.key:
        return False
    fund = next((f.code for f in frames.funds if f.id == used.rule.fund_id), None)
    return fund is None or project.fund == fund


def _room(used: Used, inside: list[Project]) -> int | None:
    """What is left, and with netting the gains above the losses so far, which `left` does not show."""
    if used.budget.left is None:
        return None
    room = used.budget.left
    if used.rule.netting:
        final = [p for p in inside if p.liquidated or used.rule.timing != "liquidation"]
        lost = sum((p.realised_loss for p in final), Decimal(0))
        gained = sum((p.realised_gain for p in final), Decimal(0))
        room += max(Decimal(0), gained - lost)
    return fen(room)


def _counted(holding: HoldingRow, loss: float, *, rule: Rule) -> float:
    """What the rule counts more where the holding loses `loss` of its worth; a stake in a sub-fund loses it at cost.

    Where impairments count it is what the cost stands above the new worth; where they do not, the failure is
    taken to be written off, and so final, within the year.
    """
    if holding.firm_id is None:
        return loss
    if not holding.remaining_cost_fen:
        return 0.0  # it is gone already, and what it lost is counted
    cost, worth = holding.remaining_cost_fen, holding.worth_fen
    if rule.timing == "realised-and-impaired":
        return max(0.0, cost - (worth - loss)) - max(0.0, float(cost - worth))
    before = holding.proceeds_fen - holding.cost_exited_fen - holding.cost_written_off_fen
    after = before - cost + (worth - loss)
    counted = 0.0 if rule.timing == "liquidation" else float(before)
    more = counted - after if rule.netting else max(0.0, -after) - max(0.0, -counted)
    return max(0.0, more)


def _caps(frames: Frames, portfolio: Portfolio) -> list[Limit]:
    """Of each agreement with a cap: what the public parties would pay for the failures of a year."""
    demanded: dict[str, Floats] = {}
    rooms: dict[str, tuple[int, str]] = {}
    for row in frames.shared:
        if row.room is None or row.terms_id not in portfolio.terms:
            continue
        public = sum(part for party, part in row.parts if party in PUBLIC) / _WHOLE
        losses = portfolio.terms[row.terms_id] * public
        demanded[row.agreement] = demanded.get(row.agreement, 0.0) + losses
        least = rooms.get(row.agreement, (row.room, row.name))[0]
        rooms[row.agreement] = (min(least, row.room), row.name)
    return [
        Limit("cap", code, Text(name, name), float(room), demanded[code])
        for code, (room, name) in rooms.items()
    ]


def _pools(frames: Frames, portfolio: Portfolio) -> list[Limit]:
    """Of each pool: its part of the losses, against what it holds."""
    found = []
    for pool in frames.pools:
        demanded = np.zeros(len(portfolio.firms))
        for row in frames.shared:
            if row.pool_id == pool.pool_id and row.terms_id in portfolio.terms:
                part = sum(share for party, share in row.parts if party == "pool") / _WHOLE
                demanded += portfolio.terms[row.terms_id] * part
        label = Text(pool.name, pool.name_en)
        found.append(Limit("pool", pool.code, label, float(pool.balance), demanded, pool.balance))
    return found
