"""The course of a drawdown: what is due, what is paid, and what goes wrong. Amounts in fen."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

from finance_hub.demo.calendar import LAST
from finance_hub.demo.chance import Chance
from finance_hub.demo.lending import agreements
from finance_hub.demo.lending.loans import Fact, Loan, months_later
from finance_hub.demo.lending.terms import BULLET, EQUAL_PRINCIPAL

#: A defaulted loan is written off this long after its first missed instalment, if at all.
WRITTEN_OFF_AFTER = (240, 360)
COMPENSATED_AFTER = 95


def instalments(loan: Loan) -> list[tuple[date, int]]:
    """Principal by due day: at the end, quarterly in equal parts, or monthly in rising ones."""
    start, months, whole = loan.disbursed_on, loan.months, loan.amount
    if loan.method == BULLET:
        return [(months_later(start, months), whole)]
    if loan.method == EQUAL_PRINCIPAL:
        days = [months_later(start, month) for month in range(3, months + 1, 3)]
        parts = [whole // len(days)] * len(days)
    else:
        days = [months_later(start, month) for month in range(1, months + 1)]
        growth = 1 + float(loan.price.rate) / 1_200
        first = whole * (growth - 1) / (growth ** len(days) - 1)
        parts = [int(first * growth**k) for k in range(len(days))]
    parts[-1] += whole - sum(parts)
    return list(zip(days, parts, strict=True))


def run(loan: Loan, *, dice: Chance) -> None:
    """Set the facts and dues of a drawdown from its disbursement to the last day of the city."""
    loan.dues = instalments(loan)
    loan.facts = [Fact(loan.disbursed_on, "disbursement", loan.amount)]
    _FATES[loan.fate](loan, dice)
    loan.facts = [fact for fact in loan.facts if fact.day <= LAST.last]


def balance(loan: Loan, day: date) -> int:
    """What is owed at the end of a day."""
    if loan.disbursed_on > day:
        return 0
    return loan.amount - sum(
        fact.amount
        for fact in loan.facts
        if fact.day <= day and fact.kind in {"repayment", "refinancing", "write_off"}
    )


def overdue(loan: Loan, day: date) -> tuple[int, int]:
    """Days since the oldest unpaid due day, and the principal due and unpaid; (0, 0) where all is paid."""
    paid = loan.amount - balance(loan, day)
    past = [(on, amount) for on, amount in loan.dues if on < day]
    covered = list(accumulate(amount for _on, amount in past))
    if not past or covered[-1] <= paid:
        return 0, 0
    oldest = next(on for (on, _), total in zip(past, covered, strict=True) if total > paid)
    return (day - oldest).days, covered[-1] - paid


def _pay(loan: Loan, *, since: int = 0, until: int | None = None, late: int = 0) -> None:
    for on, amount in loan.dues[since:until]:
        loan.facts.append(Fact(on + timedelta(days=late), "repayment", amount))


def _performing(loan: Loan, _dice: Chance) -> None:
    _pay(loan)


def _prepaid(loan: Loan, dice: Chance) -> None:
    """All at once on a day of the last third, before the next instalment."""
    days = (loan.maturity_date - loan.disbursed_on).days
    day = loan.disbursed_on + timedelta(days=days * 2 // 3 + dice.randint(0, days // 4))
    before = [due for due in loan.dues if due[0] < day]
    _pay(loan, until=len(before))
    loan.facts.append(Fact(day, "repayment", loan.amount - sum(amount for _, amount in before)))
    loan.dues = [*before, (day, loan.facts[-1].amount)]


def _slow(loan: Loan, dice: Chance) -> None:
    """One instalment comes late, the rest in time (or with it)."""
    slow = dice.randrange(len(loan.dues))
    late = dice.randint(6, 85)
    _pay(loan, until=slow)
    _pay(loan, since=slow, until=slow + 1, late=late)
    paid_on = loan.facts[-1].day
    for on, amount in loan.dues[slow + 1 :]:
        loan.facts.append(Fact(max(on, paid_on), "repayment", amount))


def _extended(loan: Loan, dice: Chance) -> None:
    """Half a year more is agreed on before the end."""
    end, last = loan.dues[-1]
    later = months_later(end, 6)
    _pay(loan, until=len(loan.dues) - 1)
    agreed = end - timedelta(days=dice.randint(8, 20))
    loan.facts.append(Fact(agreed, "extension", 0, {"maturity_date": later.isoformat()}))
    loan.facts.append(Fact(later, "repayment", last))
    if agreed <= LAST.last:
        loan.dues[-1] = (later, last)


def _refinanced(loan: Loan, _dice: Chance) -> None:
    """The last instalment is paid from a new drawdown of the same day; `refinancing` makes that one."""
    _pay(loan, until=len(loan.dues) - 1)
    loan.facts.append(Fact(loan.dues[-1][0], "refinancing", loan.dues[-1][1]))


def _defaulted(loan: Loan, dice: Chance) -> None:
    """The firm fails and the bank calls the whole; a guarantor steps in; what is left is written off
    after a year, and a part of it recovered."""
    failed = loan.firm.fails_on or loan.maturity_date
    stopped = sum(1 for on, _ in loan.dues if on < failed)
    _pay(loan, until=stopped)
    missed = min(failed + timedelta(days=dice.randint(0, 45)), loan.dues[stopped][0])
    left = sum(amount for _, amount in loan.dues[stopped:])
    loan.dues[stopped:] = [(missed, left)]
    if loan.guarantee_no:
        loan.compensated_on = missed + timedelta(days=COMPENSATED_AFTER + dice.randint(0, 30))
        loan.claimed = left
        paid = left - agreements.bank_part(loan, left)
        loan.facts.append(Fact(loan.compensated_on, "repayment", paid))
        left -= paid
    if dice.random() < 0.8:
        gone = missed + timedelta(days=dice.randint(*WRITTEN_OFF_AFTER))
        loan.facts.append(Fact(gone, "write_off", left))
        back = gone + timedelta(days=dice.randint(25, 90))
        if dice.random() < 0.85:
            loan.facts.append(Fact(back, "recovery", left * dice.randint(8, 35) // 100))


_FATES = {
    "performing": _performing, "prepaid": _prepaid, "slow": _slow, "extended": _extended,
    "refinanced": _refinanced, "defaulted": _defaulted,
}  # fmt: skip
