"""Warrants that came with the loans of banks 投贷联动: most are in the books of a fund, some in nobody's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from finance_hub.demo import naming
from finance_hub.demo.capital.ledger import FundPlan
from finance_hub.demo.chance import Chance
from finance_hub.demo.lending import rows
from finance_hub.demo.lending.loans import Loan
from finance_hub.demo.people import BANKS, People
from finance_hub.demo.timeline import Timeline, recorded
from funds import operations

AGREED_AFTER = (3, 12)
TERM = timedelta(days=3 * 365)
#: Of the warrants of firms that no fund holds, how many the first fund that may takes.
TAKEN = 0.5


def grant(
    loans: list[Loan], funds: list[FundPlan], *, people: People, timeline: Timeline, dice: Chance
) -> None:
    """Put a fund's record of each warrant on the timeline: of a fund that holds the firm, else of the first fund."""
    for loan in loans:
        reference = rows.warrant_of(loan)
        if not reference:
            continue
        holders = [plan for plan in funds if _holds(plan, loan)]
        if holders or dice.random() < TAKEN:
            act = _record((holders or funds)[0], loan, reference, Decimal(dice.randint(2, 12)) / 4, people)
            timeline.add(recorded(loan.disbursed_on, dice, after=AGREED_AFTER), act)


def _holds(plan: FundPlan, loan: Loan) -> bool:
    return any(
        stake.firm is loan.firm and stake.begins <= loan.disbursed_on and stake.cost(loan.disbursed_on) > 0
        for stake in plan.stakes
    )


def _record(
    plan: FundPlan, loan: Loan, reference: str, part: Decimal, people: People
) -> Callable[[datetime], object]:
    day = loan.disbursed_on
    return lambda now: operations.record_warrant(
        fund=plan.charter.code, uscc=loan.firm.uscc, firm_name=loan.firm.name_on(day), effective_date=day,
        ends_on=day + TERM, share_pct=part, strike=Decimal(loan.number % 17 + 3) / 2, bank=BANKS[loan.bank].code,
        reference=reference, document=f"认股选择权协议{naming.MARK}", by=people[plan.charter.keeper], now=now,
    )  # fmt: skip
