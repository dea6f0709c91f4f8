"""Exposure of firms and the use of risk tolerance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text
from funds.queries import FundRow, HoldingRow
from tasks.catalogue.credit import silent
from tasks.catalogue.entry import Point
from tasks.catalogue.funds import capital, label_of
from tasks.catalogue.sums import by_key
from tasks.engine.concentration import hhi, top_share
from tasks.engine.tolerance import Base, Budget, Facts, Project, Rule, Timing, used
from tasks.engine.tolerance import Scope as RuleScope
from tasks.engine.value import NOT_REPORTED, ratio
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


def _budgets(frames: Frames) -> Iterator[tuple[FundRow, Budget]]:
    subscribed = capital(frames, "commitment")
    funds = {f.id: f for f in frames.funds}
    for rule in frames.rules:
        fund = funds[rule.fund_id]
        projects = [_project(h, fund) for h in frames.holdings if h.fund_id == fund.id]
        budget = used(
            Rule(
                scope=RuleScope.FUND,
                base=Base(rule.base),
                netting=rule.netting,
                timing=Timing(rule.timing),
                limit=Decimal(rule.limit_pct) / 100,
            ),
            Facts(projects=projects, size=yuan(subscribed.get(fund.id, 0))),
        )
        yield fund, budget


def _project(holding: HoldingRow, fund: FundRow) -> Project:
    """A holding as the rule sees it: what exits and write-offs lost or gained, and what is impaired.

    A holding that was never valued is carried at cost, as in NAV, and so not impaired.
    """
    result = holding.proceeds_fen - holding.cost_exited_fen - holding.cost_written_off_fen
    return Project(
        project=str(holding.holding_id),
        fund=fund.code,
        category=fund.tier,
        vintage=fund.established_on.year,
        principal_paid=yuan(holding.invested_fen),
        realised_loss=yuan(max(0, -result)),
        realised_gain=yuan(max(0, result)),
        impaired=yuan(max(0, holding.remaining_cost_fen - holding.worth_fen)),
        liquidated=holding.remaining_cost_fen == 0,
    )


def _spent(budget: Budget) -> Decimal | None:
    return None if budget.limit is None or budget.left is None else budget.limit - budget.left


def tolerance_limit(frames: Frames) -> Iterable[Point]:
    for fund, budget in _budgets(frames):
        yield _amount(budget.limit, fund)


def tolerance_used(frames: Frames) -> Iterable[Point]:
    for fund, budget in _budgets(frames):
        yield _amount(_spent(budget), fund)


def tolerance_used_share(frames: Frames) -> Iterable[Point]:
    for fund, budget in _budgets(frames):
        spent = _spent(budget)
        if spent is None or budget.limit is None:
            yield Point.missing(NOT_REPORTED, key=fund.code, label=label_of(fund))
        else:
            yield Point.of(ratio(float(spent), float(budget.limit)), key=fund.code, label=label_of(fund))


def _amount(value: Decimal | None, fund: FundRow) -> Point:
    if value is None:
        return Point.missing(NOT_REPORTED, key=fund.code, label=label_of(fund))
    return Point(value, key=fund.code, label=label_of(fund))
