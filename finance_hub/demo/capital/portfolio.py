"""Which firms a fund buys into, and how it parts from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from finance_hub.demo.calendar import LAST
from finance_hub.demo.capital.ledger import FundPlan
from finance_hub.demo.capital.stakes import Stake, live, sell
from finance_hub.demo.chance import Chance
from finance_hub.demo.registry import Enterprise, fail
from finance_hub.demo.timeline import workday
from finance_hub.kernel.money import CENT

#: How investments turn out, by tier.
FATES = {
    "angel": {"lost": 17, "weak": 16, "steady": 42, "star": 25},
    "mother": {"weak": 15, "steady": 55, "leader": 30},
    "industry": {"weak": 15, "steady": 60, "leader": 25},
    "sub": {"lost": 8, "weak": 17, "steady": 45, "leader": 30},
}
#: Stakes that did well; the firms that go public did so in every fund.
BEST = {"angel": "star", "industry": "leader"}
GOOD = {"star", "leader"}
#: The first losses are taken after the tolerance rules are in force.
LOST_FROM = date(2024, 12, 1)
LAST_DEAL = date(2026, 10, 16)
SETTLING = timedelta(days=40)


def invest(
    plan: FundPlan, firms: Iterable[Enterprise], *, dice: Chance, champions: Iterable[Enterprise] = ()
) -> None:
    """Deals as far as the planned cash allows; the champions come first and turn out well."""
    first = plan.charter.calls[0][0] + SETTLING
    for firm in champions:
        _buy(
            plan,
            firm,
            day=first,
            amount=_ticket(plan, dice, low=0.6),
            fate=BEST[plan.charter.tier],
            dice=dice,
        )
    taken = {stake.firm.uscc for stake in plan.stakes if stake.firm}
    open_to = [
        f for f in firms if f.stage in plan.charter.stages and f.uscc not in taken and _sound(plan, f, first)
    ]
    chosen = dice.some(open_to, min(plan.charter.deals, len(open_to) // 2 + 1))
    span = (LAST_DEAL - first).days
    for firm in chosen:
        day = max(first + timedelta(days=dice.randint(0, span)), firm.known_on + timedelta(days=30))
        fate = _fate(plan, firm, day, dice)
        _buy(plan, firm, day=workday(day), amount=_ticket(plan, dice), fate=fate, dice=dice)


def part(plan: FundPlan, *, exits: int, dice: Chance) -> None:
    """Sell the oldest of the stakes that did well, and pass most of the cash on to the partners."""
    good = [s for s in plan.stakes if s.firm and s.fate in GOOD and not s.exits and s.begins.year < 2025]
    for stake in sorted(good, key=lambda s: s.begins)[:exits]:
        day = workday(date(2025, 3, 1) + timedelta(days=dice.randint(0, 540)))
        share = dice.choice((Decimal("0.3"), Decimal("0.5"), Decimal(1)))
        cash = sell(stake, day=day, part=share, premium=Decimal(dice.randint(4, 20)) / 100)
        plan.purse.put(day, cash)
        pass_on(plan, cash, after=day, dice=dice)
    weak = [s for s in plan.stakes if s.firm and s.fate == "weak" and not s.exits and s.begins.year < 2025]
    if plan.charter.tier == "angel" and weak:
        day = workday(date(2026, 4, 1) + timedelta(days=dice.randint(0, 100)))
        plan.purse.put(day, sell(weak[0], day=day, part=Decimal(1), premium=Decimal("-0.05")))


def pass_on(plan: FundPlan, cash: Decimal, *, after: date, dice: Chance) -> None:
    """Nine tenths of a sale's cash go to the partners, if still in the city's time."""
    day = workday(after + timedelta(days=dice.randint(25, 50)))
    if day < LAST.last:
        plan.distribute(day, (cash * 9 / 10).quantize(CENT))


def _sound(plan: FundPlan, firm: Enterprise, day: date) -> bool:
    """Nobody buys into a firm that is about to fail; the large funds see further than the small."""
    if firm.fails_on is None:
        return True
    daring = plan.charter.tier in {"angel", "sub"}
    return daring and (firm.fails_on - max(day, firm.known_on)).days > 330


def _fate(plan: FundPlan, firm: Enterprise, day: date, dice: Chance) -> str:
    """A firm that fails is lost to every fund; a lost stake is a firm that fails."""
    drawn = dice.weighted(FATES[plan.charter.tier])
    if drawn == "lost" and not firm.fails_on:
        if firm.held:
            return "weak"
        fail(firm, after=day, part=dice.random())
    return "lost" if firm.fails_on else drawn


def _ticket(plan: FundPlan, dice: Chance, *, low: float = 0) -> Decimal:
    """An amount in the fund's range; with `low`, in its upper part."""
    least, most = plan.charter.ticket
    return dice.money(int(least + (most - least) * low), most, step=10 if most < 1_000 else 50)


def _buy(plan: FundPlan, firm: Enterprise, *, day: date, amount: Decimal, fate: str, dice: Chance) -> None:
    if day > LAST_DEAL or plan.purse.room(day) < amount:
        return
    firm.held = True
    stake = Stake(firm, None, fate, [(day, amount)])
    plan.purse.take(day, amount)
    again = workday(day + timedelta(days=dice.randint(300, 600)))
    more = _ticket(plan, dice)
    if (
        fate in {"star", "steady"}
        and dice.random() < 0.3
        and again < LAST_DEAL
        and plan.purse.room(again) >= more
    ):
        stake.rounds.append((again, more))
        plan.purse.take(again, more)
    live(stake, dice=dice, lost_from=LOST_FROM)
    plan.stakes.append(stake)
