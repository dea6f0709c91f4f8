"""What a partnership agreement says about the waterfall."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from tasks.engine.daycount import UnknownConventionError, days_between, year_fraction
from tasks.engine.waterfall.records import Yuan, exact_number

# Every day count divides by 365, 366, 364, 360 or 365.25, or by the first two at once.
_LARGEST_DENOMINATOR: Final = 365 * 366


class Compounding(StrEnum):
    """How the preferred return grows at the yearly rate r over t years.

    SIMPLE 单利 gives r·t on the capital not yet returned, nothing on a return not yet paid. The others give it
    on both: ANNUALLY 复利 (1 + r)^t - 1, parts of a year included, so that investors who have had exactly
    their preferred return have an internal rate of return of r; DAILY (1 + r·t/n)^n - 1 for n days.
    An agreement that adds the return to the capital only on anniversaries agrees with ANNUALLY on those.
    """

    SIMPLE = "simple"
    ANNUALLY = "annually"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Terms:
    """Contract data; every share and rate is a fraction from 0 to 1, not a percentage.

    `carry` is the manager's share of the split, `preferred_return` a yearly rate. `catch_up` is the manager's
    share of the cash while it catches up: 0 for no catch-up, 1 for a full one. `catch_up_target` is the share
    of cumulative profit, preferred return and catch-up included, at which the catch-up ends; None stands for
    `carry`.

    Why the target must be told: 1,200,000 on 1,000,000 after a year, 8 % preferred, 20 % carry, "50 % catch-up".
    Until the manager has 20 % of all profit it gets 40,000; until it has 20 % of the profit that a full
    catch-up would have ended at (20,000 of 100,000, which is here 1/6 of cumulative profit) it gets 36,000.
    Both readings are in use.
    """

    carry: Yuan
    preferred_return: Yuan
    compounding: Compounding
    day_count: str
    catch_up: Yuan
    catch_up_target: Yuan | None = None

    def __post_init__(self) -> None:
        """Refuse with ValueError, naming the argument, terms that no waterfall can follow.

        A target above the carry would be lost again in every split. A catch-up that pays no more than its
        target would never reach it.
        """
        for name in ("carry", "preferred_return", "catch_up"):
            if not 0 <= exact_number(name, getattr(self, name)) <= 1:
                raise ValueError(f"{name}: {getattr(self, name)} is not a fraction from 0 to 1")
        if not 0 <= exact_number("catch_up_target", self.target) <= self.carry:
            raise ValueError(f"catch_up_target: {self.target} is not a fraction from 0 to the carry")
        if 0 < self.catch_up <= self.target:
            raise ValueError(f"catch_up: a share of {self.catch_up} never reaches a target of {self.target}")
        if self.compounding not in list(Compounding):
            raise ValueError(f"compounding: {self.compounding!r} is unknown")
        try:
            year_fraction(date.min, date.min, convention=self.day_count)
        except (AttributeError, UnknownConventionError) as error:
            raise ValueError(f"day_count: {self.day_count!r} is unknown, or names no year") from error

    @property
    def target(self) -> Yuan:
        """The manager's share of cumulative profit at which the catch-up ends."""
        return self.carry if self.catch_up_target is None else self.catch_up_target

    @property
    def compounds(self) -> bool:
        """Whether a preferred return that is not paid earns one itself."""
        return self.compounding != Compounding.SIMPLE

    def accrual(self, start: date, end: date) -> Decimal:
        """The preferred return on one yuan from `start` to `end`, in the precision of the context."""
        rate = Decimal(self.preferred_return)
        years = _years(start, end, day_count=self.day_count)
        if self.compounding == Compounding.SIMPLE:
            return rate * years
        if self.compounding == Compounding.ANNUALLY:
            return (1 + rate) ** years - 1
        days = days_between(start, end, convention=self.day_count)
        return (1 + rate * years / days) ** days - 1 if days else Decimal(0)


def _years(start: date, end: date, *, day_count: str) -> Decimal:
    """Years as the fraction of whole days that the float stands for: 73 days of 365 are a fifth."""
    years = Fraction(year_fraction(start, end, convention=day_count)).limit_denominator(_LARGEST_DENOMINATOR)
    return Decimal(years.numerator) / years.denominator
