"""A fund and its investors as planned: calls, contributions, fees, distributions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from finance_hub.demo.calendar import LAST
from finance_hub.demo.capital.charters import Charter, Partner
from finance_hub.demo.capital.purse import Purse
from finance_hub.demo.capital.stakes import Stake
from finance_hub.demo.chance import Chance
from finance_hub.demo.timeline import workday
from finance_hub.kernel import money
from finance_hub.kernel.money import CENT

#: Fees are paid for the half-year before these days; accounts are audited in April.
FEE_DAYS = ((1, 15), (7, 15))
AUDITED = (4, 22)


class Entry(NamedTuple):
    """A ledger entry; `investor` is empty for fees and expenses."""

    day: date
    kind: str
    amount: Decimal
    investor: str = ""


@dataclass
class FundPlan:
    """A fund of the plan with all that its keeper will record."""

    charter: Charter
    entries: list[Entry] = field(default_factory=list)
    purse: Purse = field(default_factory=Purse)
    stakes: list[Stake] = field(default_factory=list)

    def paid_in(self, day: date) -> dict[str, Decimal]:
        """What each partner has contributed by the end of a day."""
        paid: dict[str, Decimal] = {}
        for entry in self.entries:
            if entry.kind == "contribution" and entry.day <= day:
                paid[entry.investor] = paid.get(entry.investor, Decimal(0)) + entry.amount
        return paid

    def worth(self, day: date) -> Decimal:
        """Cash and the last marks: the fund's net assets."""
        return self.purse.balance(day) + sum((stake.value(day) for stake in self.stakes), Decimal(0))

    def distribute(self, day: date, amount: Decimal) -> None:
        """Pay an amount to the partners as they paid in."""
        paid = self.paid_in(day)
        for name, part in zip(paid, money.split(amount, list(paid.values())), strict=True):
            self.entries.append(Entry(day, "distribution", part, name))
        self.purse.take(day, amount)


def found(charter: Charter, *, dice: Chance) -> FundPlan:
    """The fund with its commitments, calls, contributions, fees and yearly audit."""
    plan = FundPlan(charter)
    for partner in charter.partners:
        plan.entries.append(Entry(partner.joins, "commitment", partner.commitment, partner.name))
        for day, percent in charter.calls:
            if day > partner.joins:
                _call(plan, partner, day=workday(day), percent=percent, dice=dice)
    for year in range(charter.established_on.year, LAST.year + 1):
        _spend(plan, date(year, *AUDITED), "expense", Decimal(dice.randint(4, 12) * 10_000))
        for fee_day in FEE_DAYS:
            on = workday(date(year, *fee_day))
            base = sum(plan.paid_in(on).values(), Decimal(0))
            _spend(plan, on, "fee", (base * plan.charter.fee / 200).quantize(CENT))
    return plan


def _call(plan: FundPlan, partner: Partner, *, day: date, percent: int, dice: Chance) -> None:
    amount = partner.commitment * percent / 100
    plan.entries.append(Entry(day, "call", amount, partner.name))
    paid_on = workday(day + timedelta(days=dice.randint(9, 20)))
    # In the last call a private partner pays only a part: called and paid-in differ, as they do in life.
    late = partner.capital == "social" and plan.charter.tier != "sub" and day.year == LAST.year
    paid = amount * 6 / 10 if late else amount
    plan.entries.append(Entry(paid_on, "contribution", paid, partner.name))
    plan.purse.put(paid_on, paid)


def _spend(plan: FundPlan, day: date, kind: str, amount: Decimal) -> None:
    if amount and plan.purse.room(day) >= amount and plan.charter.established_on < day < LAST.last:
        plan.entries.append(Entry(day, kind, amount))
        plan.purse.take(day, amount)
