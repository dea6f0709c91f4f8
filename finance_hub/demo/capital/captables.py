"""The rounds in which the funds bought, what they were diluted to, and rights to more shares.

Drawn for a firm as a whole, so that the books of two managers tell the same story; each begins with the round in
which its own fund came in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from finance_hub.demo import naming
from finance_hub.demo.capital.ledger import FundPlan
from finance_hub.demo.capital.stakes import Stake
from finance_hub.demo.chance import Chance
from finance_hub.demo.people import People
from finance_hub.demo.registry import Enterprise
from finance_hub.demo.timeline import Timeline, recorded, workday
from finance_hub.kernel.money import CENT
from funds import operations
from funds.models import HoldingEvent, Round, Security
from funds.queries.securities import conversion

#: Days until a round is in the books, by when the investment is there too.
KNOWN_AFTER = (10, 14)
NAMES = ("天使轮", "Pre-A 轮", "A 轮", "A+ 轮", "B 轮", "B+ 轮", "C 轮", "C+ 轮", "D 轮")
FOUNDERS = (5_000_000, 8_000_000, 10_000_000, 12_000_000, 20_000_000)
#: Of the firms that are held, how many have told who owns them.
TOLD = 0.75
LAST_ROUND = date(2026, 9, 30)
RATE, DISCOUNT = Decimal(6), Decimal(20)


@dataclass
class Purchase:
    """What a fund paid on a day, and the shares that it got; none of a convertible until it converts."""

    plan: FundPlan
    stake: Stake
    day: date
    amount: Decimal
    shares: int = 0
    converts: bool = False


@dataclass
class Financing:
    """A round as it was: `bought` are the funds' own purchases in it, `converted` convertibles of earlier days."""

    name: str
    day: date
    price: Decimal
    new_shares: int
    shares_after: int
    lead: str
    bought: list[Purchase] = field(default_factory=list)
    converted: list[Purchase] = field(default_factory=list)


def tell(funds: list[FundPlan], *, people: People, timeline: Timeline, dice: Chance) -> None:
    """Put the rounds, shares and convertibles of most of the firms that the funds hold on the timeline."""
    held: dict[str, list[Purchase]] = defaultdict(list)
    for plan in funds:
        for stake in plan.stakes:
            if stake.firm:
                held[stake.firm.uscc] += [Purchase(plan, stake, day, amount) for day, amount in stake.rounds]
    for purchases in held.values():
        firm = purchases[0].stake.firm
        if firm and dice.random() < TOLD:
            rounds = draw(sorted(purchases, key=lambda one: one.day), dice=dice)
            for one in purchases:
                if one.converts:
                    lent = recorded(one.day, dice, after=KNOWN_AFTER)
                    timeline.add(lent, _lend(firm, one, people))
            _record(firm, rounds, people=people, timeline=timeline, dice=dice)


def draw(purchases: list[Purchase], *, dice: Chance) -> list[Financing]:
    """The rounds of a firm: one for each day on which somebody bought, and often a later one of others."""
    total, price = dice.choice(FOUNDERS), Decimal(0)
    rounds: list[Financing] = []
    waiting: list[Purchase] = []
    days: dict[date, list[Purchase]] = defaultdict(list)
    for one in purchases:
        days[one.day].append(one)
    for day, bought in days.items():
        last = bought[0]
        if (
            rounds and len(bought) == 1 and not last.stake.exits and not last.stake.write_offs
            and dice.random() < (0.08 if day == last.stake.begins else 0.5)
        ):  # fmt: skip
            last.converts = True
            waiting.append(last)
            continue
        amount = sum((one.amount for one in bought), Decimal(0))
        part = Decimal(f"{dice.uniform(0.05, 0.14):.4f}")
        price = _price(price, amount / part / total, dice)
        raised = amount * Decimal(f"{dice.uniform(1.1, 2.2):.2f}")
        lead = bought[0].plan.charter.name if amount * 2 > raised else _stranger(dice)
        rounds.append(_financing(len(rounds), day, price, raised, total, lead, waiting))
        for one in bought:
            one.shares = int(one.amount / price)
        rounds[-1].bought, waiting, total = bought, [], rounds[-1].shares_after
    again = workday(purchases[-1].day + timedelta(days=dice.randint(200, 420)))
    if again <= LAST_ROUND and len(rounds) < len(NAMES) and (waiting or dice.random() < 0.45):
        price = (price * Decimal(f"{dice.uniform(1.05, 1.6):.2f}")).quantize(CENT)
        raised = price * total * Decimal(f"{dice.uniform(0.1, 0.25):.4f}")
        rounds.append(_financing(len(rounds), again, price, raised, total, _stranger(dice), waiting))
    return rounds[: len(NAMES)]


def _price(last: Decimal, fitting: Decimal, dice: Chance) -> Decimal:
    """What makes the purchase a fitting part, but not less than the last price and some, nor six times as much."""
    if last:
        fitting = min(max(last * Decimal(f"{dice.uniform(1.1, 1.7):.2f}"), fitting), last * 6)
    return fitting.quantize(CENT) + CENT


def _financing(
    number: int, day: date, price: Decimal, raised: Decimal, total: int, lead: str, waiting: list[Purchase]
) -> Financing:
    """New shares for what was raised, whole ones, and whatever converts in the round."""
    new = int(raised / price)
    at = Round(raised=price * new, new_shares=new, shares_after=total + new)
    for one in waiting:
        loan = Security(annual_rate_pct=RATE, discount_pct=DISCOUNT, effective_date=one.day)
        one.shares = conversion(loan, principal=one.amount, at=at, day=day).shares
    after = total + new + sum(one.shares for one in waiting)
    name = NAMES[min(number, len(NAMES) - 1)]
    return Financing(name, day, price, new, after, lead, converted=list(waiting))


def _stranger(dice: Chance) -> str:
    return dice.choice(("长江口创投", "钱塘成长基金", "太湖产业资本", "运河天使会")) + naming.MARK


def _record(
    firm: Enterprise, rounds: list[Financing], *, people: People, timeline: Timeline, dice: Chance
) -> None:
    """Each manager from its own first round on; the shares of a round with it, those of a sale after it."""
    keepers: dict[str, date] = {}
    for one in rounds:
        for purchase in one.bought:
            keepers.setdefault(purchase.plan.charter.keeper, one.day)
        for keeper, since in keepers.items():
            own = [p for p in one.bought if p.plan.charter.keeper == keeper]
            became = [p for p in one.converted if p.plan.charter.keeper == keeper]
            if one.day >= since:
                at = recorded(one.day, dice, after=KNOWN_AFTER)
                timeline.add(at, _finance(firm, one, own, became, keeper, people))
    _sales(firm, [p for one in rounds for p in one.bought], people=people, timeline=timeline, dice=dice)


def _finance(
    firm: Enterprise, one: Financing, own: list[Purchase], became: list[Purchase], keeper: str, people: People
) -> Callable[[datetime], object]:
    def act(now: datetime) -> None:
        entered = operations.record_round(
            uscc=firm.uscc, name=one.name, effective_date=one.day, raised=one.price * one.new_shares,
            price=one.price, new_shares=one.new_shares, shares_after=one.shares_after, lead_investor=one.lead,
            document=f"{one.name}增资协议{naming.MARK}", by=people[keeper], now=now,
        )  # fmt: skip
        for purchase in own:
            operations.record_units(
                event=_entry(firm, purchase, "investment", purchase.day), shares=purchase.shares,
                round=entered.public_id, by=people[keeper], now=now,
            )  # fmt: skip
        for purchase in became:
            bought = _entry(firm, purchase, "investment", purchase.day)
            loan = Security.objects.get(event__public_id=bought)
            operations.convert(
                security=loan.public_id,
                round=entered.public_id,
                effective_date=one.day,
                by=people[keeper],
                now=now,
            )

    return act


def _lend(firm: Enterprise, one: Purchase, people: People) -> Callable[[datetime], object]:
    return lambda now: operations.record_convertible(
        investment=_entry(firm, one, "investment", one.day), annual_rate_pct=RATE, discount_pct=DISCOUNT,
        ends_on=one.day + timedelta(days=730), document=f"可转债投资协议{naming.MARK}",
        by=people[one.plan.charter.keeper], now=now,
    )  # fmt: skip


def _sales(
    firm: Enterprise, bought: list[Purchase], *, people: People, timeline: Timeline, dice: Chance
) -> None:
    """Of each sale the part of the shares that it is of the cost; what is sold out leaves none."""
    stakes: dict[int, list[Purchase]] = defaultdict(list)
    for one in bought:
        stakes[id(one.stake)].append(one)
    for purchases in stakes.values():
        stake, gone = purchases[0].stake, 0
        for day, _cash, cost in stake.exits:
            held = sum(one.shares for one in purchases if one.day <= day) - gone
            before = stake.cost(day) + cost
            shares = held if cost == before else int(held * cost / before)
            if shares:
                gone += shares
                at = recorded(day, dice, after=KNOWN_AFTER)
                timeline.add(at, _sold(firm, purchases[0], day, shares, people))


def _sold(
    firm: Enterprise, one: Purchase, day: date, shares: int, people: People
) -> Callable[[datetime], object]:
    return lambda now: operations.record_units(
        event=_entry(firm, one, "exit", day), shares=shares, by=people[one.plan.charter.keeper], now=now
    )


def _entry(firm: Enterprise, one: Purchase, kind: str, day: date) -> str:
    """The public id of what was entered before, perhaps by a loading before this one."""
    entry = HoldingEvent.objects.get(
        holding__fund__code=one.plan.charter.code, holding__firm__uscc=firm.uscc, kind=kind, effective_date=day,
        reverses=None,
    )  # fmt: skip
    return entry.public_id
