"""What guarantors record about the loans they guarantee: the guarantee, releases, compensation, recovery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from finance_hub.demo.calendar import LAST
from finance_hub.demo.chance import Chance
from finance_hub.demo.lending.loans import Fact, Loan
from finance_hub.demo.people import BANKS, People
from finance_hub.demo.timeline import Timeline, recorded
from finance_hub.kernel.money import yuan
from finance_hub.kernel.scoping import within
from loans.models import Guarantee
from loans.operations import guarantees

#: Shares of a loss in per cent: bank, government, guarantor.
SHARES = {
    "guarantor_a": (Decimal(20), Decimal(40), Decimal(40)),
    "guarantor_b": (Decimal(20), Decimal(30), Decimal(50)),
}
#: Of ten guarantees, so many are the first guarantor's.
FIRST_OF_TEN = 6
RECOVERED_PCT = (12, 45)


class Happening(NamedTuple):
    """An event of a guarantee; `amount` in fen."""

    day: date
    kind: str
    amount: int


def guarantee(loans: list[Loan], *, people: People, timeline: Timeline, dice: Chance) -> None:
    """Put the guarantees and their events on the timeline."""
    for loan in loans:
        if loan.guarantee_no:
            timeline.add(recorded(loan.disbursed_on, dice, after=(1, 6)), _create(loan, people))
            for happening in happenings(loan, dice=dice):
                if happening.day <= LAST.last:
                    # A week later, so that what a day brought is recorded in the day's order.
                    at = recorded(happening.day, dice, after=(7, 7))
                    timeline.add(at, _record(loan, happening, people))


def happenings(loan: Loan, *, dice: Chance) -> Iterator[Happening]:
    """Released is what was repaid, told half-yearly and at the end; a compensation ends the rest."""
    left, told = loan.amount, loan.amount
    facts = [fact for fact in loan.facts if fact.kind in {"repayment", "refinancing"}]
    for at, fact in enumerate(facts):
        if fact.day == loan.compensated_on:
            yield from _compensated(fact, left=left, told=told, dice=dice)
            return
        left -= fact.amount
        following = facts[at + 1].day if at + 1 < len(facts) else None
        if left == 0 or following is None or _half_year(following) != _half_year(fact.day):
            yield Happening(fact.day, "release", told - left)
            told = left


def _compensated(fact: Fact, *, left: int, told: int, dice: Chance) -> Iterator[Happening]:
    if told > left:
        yield Happening(fact.day, "release", told - left)
    yield Happening(fact.day, "compensation", fact.amount)
    # The bank bears its own share: nothing of the guarantee is left.
    yield Happening(fact.day, "release", left - fact.amount)
    back = fact.day + timedelta(days=dice.randint(45, 150))
    yield Happening(back, "recovery", fact.amount * dice.randint(*RECOVERED_PCT) // 100)


def _half_year(day: date) -> tuple[int, bool]:
    return day.year, day.month > 6


def _guarantor(loan: Loan) -> str:
    return "guarantor_a" if loan.number % 10 < FIRST_OF_TEN else "guarantor_b"


def _create(loan: Loan, people: People) -> Callable[[datetime], object]:
    by = people[_guarantor(loan)]
    bank, government, guarantor = SHARES[by.username]

    def act(now: datetime) -> None:
        with within(by.scope):
            guarantees.create(
                guarantee_no=loan.guarantee_no, uscc=loan.firm.uscc,
                firm_name=loan.firm.name_on(loan.disbursed_on), bank=BANKS[loan.bank].code,
                contract_no=loan.contract_no, principal=yuan(loan.amount), start_date=loan.disbursed_on,
                end_date=loan.maturity_date, bank_share_pct=bank, government_share_pct=government,
                guarantor_share_pct=guarantor, by=by, now=now,
            )  # fmt: skip

    return act


def _record(loan: Loan, happening: Happening, people: People) -> Callable[[datetime], object]:
    by = people[_guarantor(loan)]

    def act(now: datetime) -> None:
        with within(by.scope):
            held = Guarantee.objects.get(guarantee_no=loan.guarantee_no)
            guarantees.record_event(
                guarantee=held.public_id, kind=happening.kind, amount=yuan(happening.amount),
                effective_date=happening.day, by=by, now=now,
            )  # fmt: skip

    return act
