"""What goes into a waterfall and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from tasks.engine.amounts import cents

Yuan: TypeAlias = Decimal | int
Flow: TypeAlias = tuple[date, Yuan]

_LIMIT: Final = Decimal(10) ** 16  # above every amount that numeric(18,2) holds


class Kind(StrEnum):
    """Which way money moves between a fund and its investors."""

    CONTRIBUTION = "contribution"
    DISTRIBUTION = "distribution"


class Tier(StrEnum):
    """The step of the waterfall that a payment belongs to, in their order."""

    RETURN_OF_CAPITAL = "return_of_capital"
    PREFERRED_RETURN = "preferred_return"
    CATCH_UP = "catch_up"
    SPLIT = "split"


class Party(StrEnum):
    """Who is paid."""

    INVESTORS = "investors"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Event:
    """A contribution, or a distribution of cash to be shared out; `amount` in yuan, never negative."""

    on: date
    kind: Kind
    amount: Yuan

    def __post_init__(self) -> None:
        """Refuse with ValueError what is no day, no kind or no amount in yuan and fen."""
        check_day("on", self.on)
        if self.kind not in list(Kind):
            raise ValueError(f"kind: {self.kind!r} is neither a contribution nor a distribution")
        yuan("amount", self.amount)


@dataclass(frozen=True, slots=True)
class Deal:
    """One investment of a fund, as dated amounts in yuan, none of them negative.

    `expenses` are the fees and expenses that the agreement allots to the deal: capital to be returned like
    the rest. From the day `written_off` what the deal has not returned is a loss for other deals to make good.
    """

    investments: Sequence[Flow]
    proceeds: Sequence[Flow] = ()
    expenses: Sequence[Flow] = ()
    written_off: date | None = None

    def __post_init__(self) -> None:
        """Refuse with ValueError what is no day or no amount in yuan and fen."""
        for name in ("investments", "proceeds", "expenses"):
            for on, amount in getattr(self, name):
                check_day(name, on)
                yuan(name, amount)
        if self.written_off is not None:
            check_day("written_off", self.written_off)


@dataclass(frozen=True, slots=True)
class Payment:
    """What a party has from one tier of a day's distribution, in yuan."""

    on: date
    tier: Tier
    to: Party
    amount: Decimal


def yuan(name: str, amount: Yuan) -> Decimal:
    """The amount with two places. Raises ValueError, with the name, for what is no amount in yuan and fen."""
    whole = exact_number(name, amount)
    if not 0 <= whole < _LIMIT or whole != cents(whole):
        raise ValueError(f"{name}: {amount} is not an amount in yuan and fen")
    return cents(whole)


def exact_number(name: str, number: Yuan) -> Decimal:
    """The number as a Decimal. Raises ValueError, with the name, for floats and for what is not finite."""
    if isinstance(number, bool) or not isinstance(number, Decimal | int) or not Decimal(number).is_finite():
        raise ValueError(f"{name}: {number!r} is not an exact number")
    return Decimal(number)


def check_day(name: str, day: date) -> None:
    """Refuse with ValueError what is no date; a moment is none, because it does not compare with one."""
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError(f"{name}: {day!r} is not a date")
