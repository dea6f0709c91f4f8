"""What a fund will still call and pay back, year by year, and how deep the investor has stood in it so far.

The projection is the model of Takahashi and Alexander, "Illiquid Alternative Asset Fund Modeling", Yale
University Investments Office, January 2001. Periods are equal; one is a year of the fund's age. All flows of
a year stand at its end: what is called in a year does not grow in it, and what is paid back has grown until
then. Amounts of a projection are floats in the unit of its inputs: a forecast has no cents. Every rate is
a fraction and every parameter the caller's; none is assumed here.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Final, NamedTuple, Self

from tasks.engine.amounts import Amount, as_float, exact, is_missing
from tasks.engine.days import civil
from tasks.engine.value import NOT_REPORTED, TOO_FEW_FLOWS, UNDEFINED

# Beside the codes of `Value`, for a date: the money paid in has not come back yet.
NOT_REACHED: Final = "not-reached"


@dataclass(frozen=True, slots=True)
class Pace:
    """How a kind of fund calls, grows and pays back.

    `contribution_rates`: what is called in year 1, 2, …, of what is unfunded then, the last one for all
    further years; `life`: years until all is paid back; `bow`: 0 or more, the higher the later it is paid
    back; `growth`: yearly, above -1; `yield_`: the least part of the NAV paid back each year.
    """

    contribution_rates: tuple[float, ...]
    life: int
    bow: float
    growth: float
    yield_: float

    def __post_init__(self) -> None:
        """Refuse with ValueError, by its name, a parameter outside what the model is defined for.

        Decimals and NumPy's numbers are taken as the floats nearest to them.
        """
        rates = tuple(_number("contribution_rates", rate) for rate in _several(self.contribution_rates))
        object.__setattr__(self, "contribution_rates", rates)
        for name in ("bow", "growth", "yield_"):
            object.__setattr__(self, name, _number(name, getattr(self, name)))
        life = _number("life", self.life)
        if not 1 <= life < math.inf or life != int(life):
            raise ValueError("life is a whole number of years, 1 or more")
        object.__setattr__(self, "life", int(life))
        if not self.contribution_rates or not all(0 <= rate <= 1 for rate in self.contribution_rates):
            raise ValueError("contribution_rates are one or more fractions from 0 to 1")
        if not 0 <= self.bow < math.inf:
            raise ValueError("bow is a number, 0 or more")
        if not -1 < self.growth < math.inf:
            raise ValueError("growth is a number above -1")
        if not 0 <= self.yield_ <= 1:
            raise ValueError("yield_ is a fraction from 0 to 1")

    def contribution_rate(self, year: int) -> float:
        """The part of the unfunded that is called in this year of the fund's age, counted from 1."""
        return self.contribution_rates[min(year, len(self.contribution_rates)) - 1]

    def distribution_rate(self, year: int) -> float:
        """The part of the grown NAV that is paid back in this year: `max(Y, (t / L)^B)`, 1 in the last."""
        return max(self.yield_, math.pow(year / self.life, self.bow))


@dataclass(frozen=True, slots=True)
class Projection:
    """Contributions and distributions (both 0 or more) and the NAV at the end of each year, (years,) each."""

    contributions: tuple[float, ...]
    distributions: tuple[float, ...]
    nav: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """One fund under three paces; which of them is low is the caller's word, no order of amounts."""

    low: Projection
    base: Projection
    high: Projection


def takahashi_alexander(
    commitment: Amount,
    *,
    contribution_rates: Sequence[float],
    life: int,
    bow: float,
    growth: float,
    yield_: float,
) -> Projection:
    """The whole of a fund's life from its commitment: `life` years, the first one at index 0.

    Parameters as for `Pace`. With CC the commitment, for t = 1 … L (Takahashi and Alexander 2001):
    `C_t = RC_t (CC - Σ C)`, `RD_t = max(Y, (t / L)^B)`, `D_t = RD_t NAV_(t-1) (1 + G)` and
    `NAV_t = NAV_(t-1) (1 + G) + C_t - D_t`. The growth is the IRR, and the only one, of D - C with the
    last NAV as an inflow (there is none if nothing was called before the last year); that NAV is what was
    called in the last year.

    Raises ValueError that names the argument: a negative or infinite commitment, and what `Pace` refuses.
    """
    pace = Pace(contribution_rates, life, bow, growth, yield_)  # type: ignore[arg-type]  # made a tuple there
    _refuse_negative("commitment", commitment)
    return forecast(commitment, nav=0, age=0, pace=pace)


def forecast(unfunded: Amount, *, nav: Amount, age: int, pace: Pace) -> Projection:
    """The years that are left of a fund that stands at `nav` with `unfunded` still to call.

    `age` is the years it has lived, whole ones; year age + 1 is at index 0 and year L at the last, of
    L - age. The recursion is that of `takahashi_alexander`, so what was paid in so far does not enter but
    for the unfunded, which holds recallable distributions too. The growth is the IRR of -nav, D - C and the
    last NAV.

    Raises ValueError that names the argument: a negative or infinite amount, an age below 0, an age at the
    life of the pace or past it (an extended fund needs the longer life), a growth beyond what floats hold.
    """
    if not 0 <= age < pace.life:
        raise ValueError("age is 0 or more and below the life")
    left, worth = _refuse_negative("unfunded", unfunded), _refuse_negative("nav", nav)
    contributions, distributions, navs = [], [], []
    for year in range(age + 1, pace.life + 1):
        grown = worth * (1 + pace.growth)
        called = pace.contribution_rate(year) * left
        returned = pace.distribution_rate(year) * grown
        left -= called
        # In this order rounding takes the NAV neither below zero nor, in the last year, off what is called.
        worth = grown - returned + called
        contributions.append(called)
        distributions.append(returned)
        navs.append(worth)
    if not math.isfinite(worth):  # infinity of any year ends as NaN: the last one pays all of it back
        raise ValueError("growth takes the NAV beyond what a float holds")
    return Projection(tuple(contributions), tuple(distributions), tuple(navs))


def band(unfunded: Amount, *, nav: Amount, age: int, low: Pace, base: Pace, high: Pace) -> Band:
    """`forecast` under three paces; where their lives differ, the projections differ in length.

    Raises ValueError as `forecast` does.
    """
    return Band(*(forecast(unfunded, nav=nav, age=age, pace=pace) for pace in (low, base, high)))


class Point(NamedTuple):
    """The cumulative net flow at the end of a day, in the unit of the flows."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class JCurve:
    """The path of the cumulative net flow, one point a day with a net flow, ascending; its depth and its end.

    `depth` is the lowest point, 0 or less. Exactly one of `break_even` and `reason` is set: the day on which
    the money was back, or why there is none. A curve without a path has no depth either.
    """

    cumulative: tuple[Point, ...]
    depth: Point | None
    break_even: date | None
    reason: str | None

    @classmethod
    def none(cls, reason: str) -> Self:
        """No curve, and why."""
        return cls((), None, None, reason)


def j_curve(dates: Sequence[date], amounts: Sequence[Amount | None]) -> JCurve:
    """The J-curve of an investor's dated flows, calls negative; sums are decimal, exact to 28 digits.

    Flows of one day are netted; zero flows and the order of rows change nothing. The path starts from 0: one
    that never falls below it has the depth 0 on its first day. The break-even is the first day from the
    lowest point on with a cumulative flow of 0 or more (a later call can take it below again), or
    `not-reached`. Without a net flow there is no curve: `too-few-flows`; nor with an amount that is missing
    (None or NaN) or a day that is: `not-reported`, or infinite: `undefined`. Of a datetime the civil date counts.

    Raises ValueError where the lengths differ, TypeError for an amount that is no number or a day that is no date.
    """
    flows = [
        (civil(day), None if amount is None or is_missing(amount) else exact(amount))
        for day, amount in zip(dates, amounts, strict=True)
    ]
    known = [(day, amount) for day, amount in flows if day is not None and amount is not None]
    if len(known) < len(flows):
        return JCurve.none(NOT_REPORTED)
    if any(amount.is_infinite() for _, amount in known):
        return JCurve.none(UNDEFINED)
    net: defaultdict[date, Decimal] = defaultdict(Decimal)
    for day, amount in known:
        net[day] += amount
    days = sorted(day for day, amount in net.items() if amount)
    if not days:
        return JCurve.none(TOO_FEW_FLOWS)
    path = tuple(map(Point, days, accumulate(net[day] for day in days)))
    depth = min(Point(days[0], Decimal(0)), *path, key=lambda point: point.amount)
    back = next((point.on for point in path if point.on >= depth.on and point.amount >= 0), None)
    return JCurve(path, depth, back, NOT_REACHED if back is None else None)


def _refuse_negative(name: str, amount: Amount) -> float:
    """The amount as a float; ValueError by its name for a negative or infinite one or none."""
    size = _number(name, amount)
    if not 0 <= size < math.inf:
        raise ValueError(f"{name} is an amount, 0 or more")
    return size


def _number(name: str, given: object) -> float:
    """A parameter as a float, NaN for none; ValueError by its name for what is no number."""
    try:
        return as_float(given)
    except TypeError as error:
        raise ValueError(f"{name} is a number") from error


def _several(rates: object) -> Iterable[object]:
    if not isinstance(rates, Iterable) or isinstance(rates, str | bytes):
        raise ValueError("contribution_rates are one or more fractions from 0 to 1")
    return rates
