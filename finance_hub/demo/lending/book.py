"""All drawdowns of the city with their courses, the guarantees' share of them chosen."""

from __future__ import annotations

from collections import Counter
from datetime import date

from finance_hub.demo.calendar import LAST
from finance_hub.demo.chance import Chance
from finance_hub.demo.lending import agreements, course
from finance_hub.demo.lending.loans import Loan, draw
from finance_hub.demo.lending.terms import price
from finance_hub.demo.registry import Enterprise

#: Of a thousand drawdowns.
REFINANCED, GUARANTEED, GUARANTEED_OF_DEFAULTED = 15, 200, 450
#: Guarantors enter their guarantees one by one: a large city has no more than this many.
MOST_GUARANTEED = 1_500
#: Drawdowns that make room for those that refinance others: recent and without a story.
RECENT = date(2026, 1, 1)


def open_book(count: int, firms: list[Enterprise], *, dice: Chance) -> list[Loan]:
    """`count` drawdowns in the order of their days, with facts up to the last day of the city."""
    loans = draw(count, firms, dice=dice)
    loans = _refinance(loans, dice=dice)
    guaranteed = min(GUARANTEED, 1_000 * MOST_GUARANTEED / max(1, count))
    drawdowns = Counter(loan.contract_no for loan in loans)
    covered: Counter[str] = Counter()
    for loan in loans:
        # A guarantee stands for one drawdown, so that its principal is that drawdown's.
        share = GUARANTEED_OF_DEFAULTED if loan.fate == "defaulted" else guaranteed
        if drawdowns[loan.contract_no] == 1 and dice.random() < share / 1_000:
            covered[loan.firm.uscc] += loan.amount
            if covered[loan.firm.uscc] <= agreements.MOST_OF_A_FIRM:
                loan.guarantee_no = f"DB-{loan.disbursed_on.year}-{loan.number:06d}"
        course.run(loan, dice=dice)
    agreements.insure(loans)
    return loans


def _refinance(loans: list[Loan], *, dice: Chance) -> list[Loan]:
    """Some loans are repaid by new ones of the same day, which take the place of recent ones."""
    due = [loan for loan in loans if loan.fate == "performing" and loan.maturity_date < LAST.last]
    chosen = dice.some(due, len(loans) * REFINANCED // 1_000)
    recent = [loan for loan in loans if loan.disbursed_on >= RECENT and loan.fate == "performing"]
    replaced = dice.some(recent, len(chosen))
    new = [_successor(old, gone.number, dice) for old, gone in zip(chosen, replaced, strict=False)]
    gone = {loan.number for loan in replaced}
    kept = [loan for loan in loans if loan.number not in gone]
    return sorted(kept + new, key=lambda loan: (loan.disbursed_on, loan.number))


def _successor(old: Loan, number: int, dice: Chance) -> Loan:
    """A new contract, numbered apart: the drawdown whose place it takes may have shared its own."""
    old.fate = "refinanced"
    day, amount = course.instalments(old)[-1]
    return Loan(
        number, old.bank, f"XD-{day.year}-{number:06d}", old.firm, old.product, old.method, day, old.months,
        amount, price(old.product, day, dice=dice), "performing",
    )  # fmt: skip
