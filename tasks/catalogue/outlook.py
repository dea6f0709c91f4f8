"""What a fund will still call and pay back, year by year, by what is assumed of it in three scenarios."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from finance_hub.kernel.money import CENT, LIMIT
from tasks.engine.pacing import Pace, Projection, forecast
from tasks.engine.value import NOT_REPORTED, OUT_OF_RANGE, UNDEFINED
from tasks.models import Outlook, PacingAssumptions, PacingScenario

NO_ASSUMPTIONS: Final = "no-assumptions"
LIFE_IS_OVER: Final = "life-is-over"


class Year(NamedTuple):
    """What is called and paid back in a year, and what is left at its end, in yuan."""

    contributions: Decimal
    distributions: Decimal
    nav: Decimal
    unfunded: Decimal


class Course(NamedTuple):
    """The years that are left by one scenario, the next one first; without any `reason` says why."""

    years: tuple[Year, ...]
    reason: str = ""


class Forecast(NamedTuple):
    """`age` in whole years lived; `courses` by outlook, empty where there is a `reason` why nothing is foreseen."""

    age: int
    courses: dict[Outlook, Course]
    reason: str = ""

    @property
    def length(self) -> int:
        """Years of the longest scenario."""
        return max((len(course.years) for course in self.courses.values()), default=0)


def foresee(
    assumed: PacingAssumptions | None,
    *,
    unfunded: Decimal,
    nav: Decimal,
    is_known: bool,
    established_on: date,
    on: date,
) -> Forecast:
    """The years after `on`, at whose end the fund stands as said; `is_known` tells whether anything is.

    A year is one of the fund's age as the model counts it, and ends on the anniversary of `on`.
    """
    age = whole_years(established_on, on)
    if not is_known:
        return Forecast(age, {}, NOT_REPORTED)
    if assumed is None:
        return Forecast(age, {}, NO_ASSUMPTIONS)
    scenarios = {Outlook(each.outlook): each for each in assumed.scenarios.all()}
    return Forecast(
        age,
        {outlook: _course(scenarios[outlook], unfunded=unfunded, nav=nav, age=age) for outlook in Outlook},
    )


def whole_years(since: date, on: date) -> int:
    """Anniversaries of `since` up to and with `on`; negative before it."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def anniversary(of: date, years: int) -> date:
    """The same day so many years later; the last of February where the year has no 29th."""
    try:
        return of.replace(year=of.year + years)
    except ValueError:
        return of.replace(year=of.year + years, day=28)


def _course(assumed: PacingScenario, *, unfunded: Decimal, nav: Decimal, age: int) -> Course:
    if unfunded < 0 or nav < 0:
        return Course((), UNDEFINED)
    if age >= assumed.life:
        return Course((), LIFE_IS_OVER)
    projected = forecast(unfunded, nav=nav, age=age, pace=_pace(assumed))
    if max(projected.nav + projected.distributions) >= LIMIT:
        return Course((), OUT_OF_RANGE)
    return Course(tuple(_years(projected, unfunded=unfunded)))


def _years(projected: Projection, *, unfunded: Decimal) -> Iterable[Year]:
    """To the cent; what is called in a year is what the unfunded falls by, so that the years add up."""
    left, called = unfunded, 0.0
    for contribution, distribution, nav in zip(
        projected.contributions, projected.distributions, projected.nav, strict=True
    ):
        called += contribution
        after = max(_cents(unfunded - Decimal(called)), Decimal(0))
        yield Year(left - after, _cents(Decimal(distribution)), _cents(Decimal(nav)), after)
        left = after


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT)


def _pace(assumed: PacingScenario) -> Pace:
    """The engine's parameters, which are fractions."""
    return Pace(
        contribution_rates=tuple(float(rate / 100) for rate in assumed.contribution_rates_pct),
        life=assumed.life,
        bow=float(assumed.bow),
        growth=float(assumed.growth_pct / 100),
        yield_=float(assumed.yield_pct / 100),
    )
