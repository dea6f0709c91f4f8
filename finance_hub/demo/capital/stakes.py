"""What becomes of an investment: rounds, quarterly marks, exits and write-offs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from finance_hub.demo.calendar import LAST
from finance_hub.demo.chance import Chance
from finance_hub.demo.registry import Enterprise
from finance_hub.kernel.money import CENT
from finance_hub.kernel.periods import Month

#: Change of value in a quarter by fate: mean and spread.
COURSES = {
    "star": (Decimal("0.13"), 0.06),
    "leader": (Decimal("0.05"), 0.03),
    "steady": (Decimal("0.015"), 0.03),
    "weak": (Decimal("-0.07"), 0.04),
    "lost": (Decimal("-0.26"), 0.08),
}
AT_COST = timedelta(days=170)
#: Nothing is given up on the last days of the city: it could not be recorded in its time.
WOUND_UP = date(2026, 10, 20)
#: A lost stake worth less than this part of its cost is given up.
LITTLE = Decimal("0.35")


@dataclass(frozen=True)
class Mark:
    """A fair value on a day."""

    day: date
    value: Decimal
    method: str


@dataclass
class Stake:
    """A fund's stake in a firm or in a sub-fund (its code). `holding` is its public id, once that is known."""

    firm: Enterprise | None
    sub_fund: str | None
    fate: str
    rounds: list[tuple[date, Decimal]]
    marks: list[Mark] = field(default_factory=list)
    exits: list[tuple[date, Decimal, Decimal]] = field(default_factory=list)
    write_offs: list[tuple[date, Decimal]] = field(default_factory=list)
    holding: str = ""

    @property
    def begins(self) -> date:
        return self.rounds[0][0]

    def cost(self, day: date) -> Decimal:
        """What is held at the end of a day, at cost."""
        paid = sum((amount for on, amount in self.rounds if on <= day), Decimal(0))
        sold = sum((cost for on, _cash, cost in self.exits if on <= day), Decimal(0))
        return paid - sold - sum((cost for on, cost in self.write_offs if on <= day), Decimal(0))

    def value(self, day: date) -> Decimal:
        """The last mark up to a day, or the cost before the first."""
        known = [mark for mark in self.marks if mark.day <= day]
        return known[-1].value if known else self.cost(day)


def quarter_ends(since: date) -> Iterator[date]:
    """The last days of the quarters that end after `since` and before the city's last month ends."""
    month = Month.of(since)
    while month <= LAST:
        if month.number % 3 == 0 and month.last > since:
            yield month.last
        month += 1


def live(stake: Stake, *, dice: Chance, lost_from: date) -> None:
    """Mark a stake quarter by quarter; a lost one is written off once little is left.

    Losses before `lost_from` are only marked down. A first round is marked at cost on its own day.
    """
    before, value = stake.begins, stake.rounds[0][1]
    stake.marks.append(Mark(before, value, "cost"))
    for day in quarter_ends(before):
        value += sum((amount for on, amount in stake.rounds if before < on <= day), Decimal(0))
        value *= _course(stake, day, dice)
        gone = day + timedelta(days=dice.randint(15, 40))
        if stake.fate == "lost" and value < stake.cost(day) * LITTLE and lost_from <= day and gone < WOUND_UP:
            stake.write_offs.append((gone, stake.cost(day)))
            break
        stake.marks.append(Mark(day, value.quantize(CENT), _method(stake, value, day)))
        before = day


def sell(stake: Stake, *, day: date, part: Decimal, premium: Decimal) -> Decimal:
    """Sell a part (0 to 1) of the stake at its last value and a premium; returns the cash. Marks follow."""
    held, value = stake.cost(day), stake.value(day)
    cost = (held * part).quantize(CENT)
    cash = (value * part * (1 + premium)).quantize(CENT)
    stake.exits.append((day, cash, cost))
    left = 1 - part
    later = [
        Mark(m.day, (m.value * left).quantize(CENT), m.method) for m in stake.marks if m.day > day and left
    ]
    stake.marks = [m for m in stake.marks if m.day <= day] + later
    if left:
        stake.marks.insert(
            len(stake.marks) - len(later), Mark(day, (value * left).quantize(CENT), "latest_round")
        )
    return cash


def _course(stake: Stake, day: date, dice: Chance) -> Decimal:
    """The quarter's factor; the first two quarters stay at cost."""
    mean, spread = COURSES[stake.fate]
    drawn = Decimal(f"{dice.gauss(0, spread):.4f}")
    return 1 + mean + drawn if day - stake.begins > AT_COST else Decimal(1)


def _method(stake: Stake, value: Decimal, day: date) -> str:
    if value == stake.cost(day):
        return "cost"
    if any(0 < (day - on).days < 200 for on, _ in stake.rounds[1:]):
        return "latest_round"
    return "net_assets" if value < stake.cost(day) else "market"
