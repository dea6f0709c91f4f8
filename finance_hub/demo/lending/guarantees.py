"""What guarantors and the insurer record about the loans they cover: the guarantee, releases, claims, recoveries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from finance_hub.demo.calendar import LAST
from finance_hub.demo.chance import Chance
from finance_hub.demo.lending.agreements import AGREEMENT_OF, writer_of
from finance_hub.demo.lending.loans import Fact, Loan
from finance_hub.demo.people import BANKS, People
from finance_hub.demo.timeline import Timeline, recorded
from finance_hub.kernel.money import yuan
from finance_hub.kernel.scoping import within
from loans.models import Guarantee
from loans.operations import claims, guarantee_reports, guarantees, recoveries

RECOVERED_PCT = (12, 45)
#: Part of a recovery that is spent on it.
COST_PCT = 2
FEE_RATE_PCT = {
    "guarantor_a": Decimal("0.8000"),
    "guarantor_b": Decimal("1.0000"),
    "insurer_a": Decimal("1.6000"),
}
LARGE_STAGES = {"expansion", "mature"}


class Happening(NamedTuple):
    """An event of a guarantee; `amount` in fen. `since` is the day of the default that a claim follows."""

    day: date
    kind: str
    amount: int
    since: date | None = None


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
    """Released is what was repaid, told half-yearly and at the end; a claim ends the rest."""
    left, told = loan.amount, loan.amount
    facts = [fact for fact in loan.facts if fact.kind in {"repayment", "refinancing"}]
    for at, fact in enumerate(facts):
        if fact.day == loan.compensated_on:
            yield from _claimed(loan, fact, left=left, told=told, dice=dice)
            return
        left -= fact.amount
        following = facts[at + 1].day if at + 1 < len(facts) else None
        if left == 0 or following is None or _half_year(following) != _half_year(fact.day):
            yield Happening(fact.day, "release", told - left)
            told = left


def _claimed(loan: Loan, fact: Fact, *, left: int, told: int, dice: Chance) -> Iterator[Happening]:
    """All that is left is lost: everybody but the bank pays, and the bank bears its own part."""
    if told > left:
        yield Happening(fact.day, "release", told - left)
    yield Happening(fact.day, "claim", left, since=loan.dues[-1][0])
    back = fact.day + timedelta(days=dice.randint(45, 150))
    yield Happening(back, "recovery", left * dice.randint(*RECOVERED_PCT) // 100)


def _half_year(day: date) -> tuple[int, bool]:
    return day.year, day.month > 6


def _create(loan: Loan, people: People) -> Callable[[datetime], object]:
    by = people[writer_of(loan)]

    def act(now: datetime) -> None:
        with within(by.scope):
            guarantees.create(
                guarantee_no=loan.guarantee_no, uscc=loan.firm.uscc,
                firm_name=loan.firm.name_on(loan.disbursed_on), bank=BANKS[loan.bank].code,
                contract_no=loan.contract_no, principal=yuan(loan.amount), start_date=loan.disbursed_on,
                end_date=loan.maturity_date, agreement=AGREEMENT_OF[by.username],
                customer="other" if loan.firm.stage in LARGE_STAGES else "small_micro",
                fee_rate_pct=FEE_RATE_PCT[by.username], by=by, now=now,
            )  # fmt: skip

    return act


def _record(loan: Loan, happening: Happening, people: People) -> Callable[[datetime], object]:
    by = people[writer_of(loan)]
    day, amount = happening.day, yuan(happening.amount)

    def act(now: datetime) -> None:
        with within(by.scope):
            held = Guarantee.objects.get(guarantee_no=loan.guarantee_no).public_id
            if happening.since:
                claims.claim(
                    guarantee=held, default_date=happening.since, principal=amount, effective_date=day, by=by,
                    now=now,
                )  # fmt: skip
            elif happening.kind == "recovery":
                cost = yuan(happening.amount * COST_PCT // 100)
                recoveries.recover(
                    guarantee=held, amount=amount, cost=cost, effective_date=day, by=by, now=now
                )
            else:
                guarantee_reports.record_event(
                    guarantee=held, kind=happening.kind, amount=amount, effective_date=day, by=by, now=now
                )

    return act
