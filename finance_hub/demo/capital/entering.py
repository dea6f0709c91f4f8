"""The keepers of the funds put their plans into the books, fact by fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from finance_hub.demo.capital import charters
from finance_hub.demo.capital.charters import Partner
from finance_hub.demo.capital.ledger import Entry, FundPlan
from finance_hub.demo.capital.stakes import Mark, Stake
from finance_hub.demo.chance import Chance
from finance_hub.demo.people import People
from finance_hub.demo.timeline import Timeline, moment, recorded
from funds import operations
from funds.models import Holding, HoldingEvent

#: Days until a quarter's valuations are in.
VALUED_AFTER = (18, 44)


def enter(plan: FundPlan, *, people: People, timeline: Timeline, dice: Chance) -> None:
    """Put everything that happens to one fund on the timeline."""
    charter = plan.charter
    timeline.add(moment(charter.established_on, hour=9), _found(plan, people))
    timeline.add(moment(charter.established_on, hour=9, minute=30), _agree(plan, people))
    for partner in charter.partners:
        timeline.add(moment(partner.joins, hour=10), _join(plan, partner, people))
    for entry in sorted(plan.entries, key=lambda entry: entry.day):
        # The commitment is in before anything is called on it.
        at = (
            moment(entry.day, hour=11)
            if entry.kind == "commitment"
            else recorded(entry.day, dice, after=_delay(entry))
        )
        timeline.add(at, _book(plan, entry, people))
    for stake in plan.stakes:
        _enter_stake(plan, stake, people=people, timeline=timeline, dice=dice)


def _delay(entry: Entry) -> tuple[int, int]:
    """Calls are known the next day, so that no payment is recorded before its call."""
    return (1, 1) if entry.kind == "call" else (2, 5)


def _enter_stake(plan: FundPlan, stake: Stake, *, people: People, timeline: Timeline, dice: Chance) -> None:
    marks = {mark.day: mark for mark in stake.marks}
    for day, amount in stake.rounds:
        timeline.add(
            recorded(day, dice, after=(5, 7)), _buy(plan, stake, day, amount, people, marks.get(day))
        )
    for mark in stake.marks[1:]:
        timeline.add(recorded(mark.day, dice, after=VALUED_AFTER), _value(plan, stake, mark, people))
    for day, cash, cost in stake.exits:
        timeline.add(recorded(day, dice), _sell(plan, stake, day, cash, cost, people))
    for day, cost in stake.write_offs:
        timeline.add(recorded(day, dice), _give_up(plan, stake, day, cost, people))


def _found(plan: FundPlan, people: People) -> Callable[[datetime], object]:
    c = plan.charter
    return lambda now: operations.create_fund(
        code=c.code, name=c.name, name_en=c.name_en, tier=c.tier, manager=c.manager, planned_size=c.planned,
        established_on=c.established_on, by=people["maker"], now=now,
    )  # fmt: skip


def _agree(plan: FundPlan, people: People) -> Callable[[datetime], object]:
    return lambda now: operations.record_terms(
        fund=plan.charter.code, by=people[plan.charter.keeper], now=now, **charters.agreed(plan.charter)
    )


def _join(plan: FundPlan, partner: Partner, people: People) -> Callable[[datetime], object]:
    return lambda now: operations.add_investor(
        fund=plan.charter.code, name=partner.name, capital=partner.capital,
        holder=charters.MOTHER if partner.name == charters.MOTHER_NAME and plan.charter.tier == "sub" else None,
        by=people[plan.charter.keeper], now=now,
    )  # fmt: skip


def _book(plan: FundPlan, entry: Entry, people: People) -> Callable[[datetime], object]:
    return lambda now: operations.record_event(
        fund=plan.charter.code, kind=entry.kind, amount=entry.amount, effective_date=entry.day,
        investor=entry.investor or None, by=people[plan.charter.keeper], now=now,
    )  # fmt: skip


def _buy(
    plan: FundPlan, stake: Stake, day: date, amount: Decimal, people: People, mark: Mark | None
) -> Callable[[datetime], HoldingEvent]:
    """A first round is valued at cost in the same hour: no holding is without a value."""

    def act(now: datetime) -> HoldingEvent:
        bought = operations.record_investment(
            fund=plan.charter.code, amount=amount, effective_date=day, sub_fund=stake.sub_fund,
            uscc=stake.firm.uscc if stake.firm else None,
            firm_name=stake.firm.name_on(day) if stake.firm else None,
            by=people[plan.charter.keeper], now=now,
        )  # fmt: skip
        stake.holding = bought.holding.public_id
        if mark:
            _value(plan, stake, mark, people)(now)
        return bought

    return act


def _value(plan: FundPlan, stake: Stake, mark: Mark, people: People) -> Callable[[datetime], object]:
    return lambda now: operations.record_valuation(
        holding=_holding(plan, stake), fair_value=mark.value, method=mark.method, effective_date=mark.day,
        by=people[plan.charter.keeper], now=now,
    )  # fmt: skip


def _sell(
    plan: FundPlan, stake: Stake, day: date, cash: Decimal, cost: Decimal, people: People
) -> Callable[[datetime], object]:
    return lambda now: operations.record_exit(
        holding=_holding(plan, stake),
        cash=cash,
        cost=cost,
        effective_date=day,
        by=people[plan.charter.keeper],
        now=now,
    )


def _give_up(
    plan: FundPlan, stake: Stake, day: date, cost: Decimal, people: People
) -> Callable[[datetime], object]:
    return lambda now: operations.record_write_off(
        holding=_holding(plan, stake), cost=cost, effective_date=day, note="董事会决议核销",
        by=people[plan.charter.keeper], now=now,
    )  # fmt: skip


def _holding(plan: FundPlan, stake: Stake) -> str:
    """The public id that the stake was given when it was entered, perhaps by a loading before this one."""
    if not stake.holding:
        held = Holding.objects.get(
            fund__code=plan.charter.code,
            firm__uscc=stake.firm.uscc if stake.firm else None,
            sub_fund__code=stake.sub_fund,
        )
        stake.holding = held.public_id
    return stake.holding
