"""What the centre recognises as local investment of the funds, and what their managers earn from firms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from finance_hub.demo.calendar import LAST
from finance_hub.demo.capital.ledger import FundPlan
from finance_hub.demo.capital.stakes import Stake
from finance_hub.demo.chance import Chance
from finance_hub.demo.people import People
from finance_hub.demo.timeline import Timeline, moment, recorded, workday
from finance_hub.kernel.money import CENT
from funds.operations import earnings, reinvestment

#: An invented document: published rules differ from place to place.
DOCUMENT = "《政府投资基金返投认定办法（示例）》示例〔2023〕9号"
FACTORS = {
    "invested": Decimal(1), "own_input": Decimal(1), "introduced": Decimal("0.3"), "relocated": Decimal("1.5"),
    "taxes_and_fees": Decimal(0),
}  # fmt: skip
#: Days until a firm's own money is proven, and until a headquarters that moves has arrived.
PROVEN_AFTER, ARRIVED_AFTER = (200, 420), (90, 150)
RECORDED_AFTER = (8, 24)
#: What a firm of the city puts in itself, beside what the fund paid, in per cent.
OWN = (40, 160)


def recognise(plan: FundPlan, *, people: People, timeline: Timeline, dice: Chance) -> None:
    """The rules on the founding, then for each firm held its own input, of which a few have moved here."""
    since = plan.charter.established_on
    timeline.add(moment(since, hour=14), _rule(plan, people))
    for number, stake in enumerate(plan.stakes):
        if stake.firm is None:
            continue
        paid, reference = (
            stake.rounds[0][1],
            f"{plan.charter.name[:2]}审〔{stake.begins.year}〕{number + 101}号",
        )
        proven = workday(stake.begins + timedelta(days=dice.randint(*PROVEN_AFTER)))
        base = (paid * dice.randint(*OWN) / 100).quantize(CENT)
        if proven < LAST.last:
            timeline.add(
                recorded(proven, dice, after=RECORDED_AFTER),
                _count(plan, stake, people, reference=reference, route="invested", base=base, day=proven),
            )
        arrived = workday(proven + timedelta(days=dice.randint(*ARRIVED_AFTER)))
        if dice.random() < 0.12 and arrived < LAST.last:
            timeline.add(
                recorded(arrived, dice, after=RECORDED_AFTER),
                _count(plan, stake, people, reference=reference, route="relocated", base=paid, day=arrived),
            )


def earn(plan: FundPlan, *, people: People, timeline: Timeline, dice: Chance) -> None:
    """A consulting fee or two a year from the firms of a fund."""
    firms = [stake for stake in plan.stakes if stake.firm]
    for year in range(plan.charter.established_on.year + 1, LAST.year + 1):
        day = workday(date(year, 5, dice.randint(4, 24)))
        held = [stake for stake in firms if stake.begins < day and stake.cost(day)]
        if held and day < LAST.last:
            stake, amount = dice.choice(held), Decimal(dice.randint(3, 15) * 10_000)
            timeline.add(recorded(day, dice, after=RECORDED_AFTER), _earn(plan, stake, day, amount, people))


def _rule(plan: FundPlan, people: People) -> Callable[[datetime], object]:
    return lambda now: reinvestment.record_rules(
        fund=plan.charter.code, valid_from=plan.charter.established_on, document=DOCUMENT, factors=FACTORS,
        by=people["maker"], now=now,
    )  # fmt: skip


def _count(
    plan: FundPlan, stake: Stake, people: People, *, reference: str, route: str, base: Decimal, day: date
) -> Callable[[datetime], object]:
    if stake.firm is None:
        raise TypeError("local input comes through a firm")
    firm = stake.firm
    return lambda now: reinvestment.recognise(
        fund=plan.charter.code, uscc=firm.uscc, reference=reference, route=route, base=base, effective_date=day,
        evidence="专项审计报告（示例）", by=people["maker"], now=now,
    )  # fmt: skip


def _earn(
    plan: FundPlan, stake: Stake, day: date, amount: Decimal, people: People
) -> Callable[[datetime], object]:
    name = stake.firm.name_on(day) if stake.firm else ""
    return lambda now: earnings.record_earning(
        fund=plan.charter.code, amount=amount, earned_from=f"{name} 顾问费", effective_date=day,
        by=people[plan.charter.keeper], now=now,
    )  # fmt: skip
