"""All funds of the city as planned, the sub-funds with what the mother fund holds of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from finance_hub.demo.capital import charters
from finance_hub.demo.capital.ledger import FundPlan, found
from finance_hub.demo.capital.portfolio import invest, part, pass_on
from finance_hub.demo.capital.stakes import Mark, Stake, quarter_ends
from finance_hub.demo.chance import Chance
from finance_hub.demo.registry import Enterprise
from finance_hub.kernel.money import CENT

#: How many good stakes each fund has sold.
EXITS = {"angel": 4, "mother": 1, "industry": 3, "sub": 1}


def plan(firms: list[Enterprise], *, champions: list[Enterprise], dice: Chance) -> list[FundPlan]:
    """The three funds of the plan and the sub-funds. `champions` are the firms that go public."""
    angel, mother, industry = (found(charter, dice=dice) for charter in charters.CITY)
    subs = [found(charter, dice=dice) for charter in charters.SUBS]
    invest(angel, firms, dice=dice, champions=champions[:1])
    invest(industry, _followed(angel, firms), dice=dice, champions=champions)
    part(angel, exits=EXITS["angel"], dice=dice)
    part(industry, exits=EXITS["industry"], dice=dice)
    for sub in subs:
        invest(sub, firms, dice=dice)
        part(sub, exits=EXITS["sub"], dice=dice)
        mother.stakes.append(_held(sub, mother, dice=dice))
    invest(mother, firms, dice=dice)
    return [angel, mother, industry, *subs]


def _followed(angel: FundPlan, firms: list[Enterprise]) -> list[Enterprise]:
    """The industry fund looks at the larger firms and at some that the angel fund began with."""
    begun = [stake.firm for stake in angel.stakes if stake.firm and stake.fate == "star"]
    return firms + [firm for firm in begun if firm.stage == "growth"]


def _held(sub: FundPlan, mother: FundPlan, *, dice: Chance) -> Stake:
    """The mother fund's stake: its contributions, its share of what comes back, and of the net assets."""
    mine = sub_partner(sub)
    rounds = [(e.day, e.amount) for e in sub.entries if e.kind == "contribution" and e.investor == mine]
    stake = Stake(None, sub.charter.code, "steady", rounds)
    for day, amount in rounds:
        mother.purse.take(day, amount)
    for entry in [e for e in sub.entries if e.kind == "distribution" and e.investor == mine]:
        cost = min(entry.amount / 2, stake.cost(entry.day) / 2).quantize(CENT)
        stake.exits.append((entry.day, entry.amount, cost))
        mother.purse.put(entry.day, entry.amount)
        pass_on(mother, entry.amount, after=entry.day, dice=dice)
    stake.marks = [Mark(stake.begins, stake.rounds[0][1], "cost")]
    stake.marks += [Mark(day, _share(sub, mine, day), "net_assets") for day in quarter_ends(stake.begins)]
    return stake


def _share(sub: FundPlan, mine: str, day: date) -> Decimal:
    paid = sub.paid_in(day)
    return (sub.worth(day) * paid[mine] / sum(paid.values(), Decimal(0))).quantize(CENT)


def sub_partner(sub: FundPlan) -> str:
    """The mother fund's name among the partners of a sub-fund."""
    return sub.charter.partners[0].name
