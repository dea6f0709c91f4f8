"""The drawdowns of the city: who borrows what from whom, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from finance_hub.demo.calendar import FIRST, LAST
from finance_hub.demo.chance import Chance
from finance_hub.demo.lending.terms import PRODUCTS, WANTED, Price, price
from finance_hub.demo.registry import Enterprise

#: Market shares of the banks, in the order of `people.BANKS`.
SHARES = (26, 22, 18, 15, 10, 9)
#: How drawdowns end. Refinancing brings forth another drawdown and is set apart, in `book`; the
#: drawdowns of a firm that fails default.
FATES = {"performing": 905, "prepaid": 42, "slow": 36, "extended": 17}
#: Nobody lends to a firm that will fail within these days.
FORESEEN = timedelta(days=45)


class Fact(NamedTuple):
    """One row of a flow report; `amount` in fen, `more` are fields that few rows have."""

    day: date
    kind: str
    amount: int
    more: dict[str, Any] | None = None


@dataclass(slots=True)
class Loan:
    """A drawdown with its terms and, once its course is set, its facts and what was due when."""

    number: int
    bank: int
    contract_no: str
    firm: Enterprise
    product: str
    method: str
    disbursed_on: date
    months: int
    amount: int
    price: Price
    fate: str
    facts: list[Fact] = field(default_factory=list)
    #: What was due on which day, in fen; cleared by repayments in order.
    dues: list[tuple[date, int]] = field(default_factory=list)
    guarantee_no: str = ""
    compensated_on: date | None = None
    #: Principal lost of a guaranteed loan, in fen.
    claimed: int = 0
    #: Whether the insurer covers it, not a guarantor.
    insured: bool = False

    @property
    def drawdown_no(self) -> str:
        return f"JJ-{self.disbursed_on.year}-{self.number:06d}"

    @property
    def maturity_date(self) -> date:
        return months_later(self.disbursed_on, self.months)


def months_later(day: date, months: int) -> date:
    """The same day of a later month; days after the 28th become the 28th."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def draw(count: int, firms: list[Enterprise], *, dice: Chance) -> list[Loan]:
    """`count` drawdowns over the city's months, a little more every month; by day."""
    days = sorted(_day(dice) for _ in range(count))
    open_to = sorted(firms, key=lambda firm: firm.known_on)
    homes = {firm.uscc: _homes(dice) for firm in firms}
    last_of: dict[str, Loan] = {}
    loans = []
    for number, day in enumerate(days, start=1):
        firm = _borrower(open_to, day, dice)
        again = last_of.get(firm.uscc)
        if again and day < again.maturity_date and dice.random() < 0.3:
            loan = _another(again, number, day, dice)
        else:
            loan = _loan(number, dice.choice(homes[firm.uscc]), firm, day, dice)
        if firm.fails_on and firm.fails_on < loan.maturity_date:
            loan.fate = "defaulted"
        last_of[firm.uscc] = loan
        loans.append(loan)
    return loans


def _day(dice: Chance) -> date:
    span = (LAST.end - FIRST.first).days - 2
    # The density rises linearly to twice its beginning.
    drawn = ((1 + 3 * dice.random()) ** 0.5 - 1) * span
    day = FIRST.first + timedelta(days=1 + int(drawn) % span)
    return day - timedelta(days=max(0, day.weekday() - 4)) if day.day > 3 else day


def _homes(dice: Chance) -> list[int]:
    """The one or two banks of a firm."""
    return dice.choices(range(len(SHARES)), weights=SHARES, k=dice.choice((1, 1, 2)))


def _borrower(by_known_on: list[Enterprise], day: date, dice: Chance) -> Enterprise:
    while True:
        firm = dice.choice(by_known_on)
        sound = firm.fails_on is None or day < firm.fails_on - FORESEEN
        if sound and firm.known_on < day - timedelta(days=15):
            return firm


def _loan(number: int, bank: int, firm: Enterprise, day: date, dice: Chance) -> Loan:
    product = dice.weighted(WANTED[firm.stage])
    terms = PRODUCTS[product]
    return Loan(
        number, bank, f"HT-{day.year}-{number:06d}", firm, product, dice.weighted(terms.methods), day,
        dice.choice(terms.months), int(dice.money(*terms.ticket)) * 100, price(product, day, dice=dice),
        dice.weighted(FATES),
    )  # fmt: skip


def _another(first: Loan, number: int, day: date, dice: Chance) -> Loan:
    """A further drawdown on the same contract, with its product and method."""
    terms = PRODUCTS[first.product]
    return Loan(
        number, first.bank, first.contract_no, first.firm, first.product, first.method, day,
        dice.choice(terms.months), int(dice.money(*terms.ticket)) * 100,
        price(first.product, day, dice=dice), dice.weighted(FATES),
    )  # fmt: skip
