"""Returns of dated flows.

Formula: `Σ a_i (1 + r)^(-t_i) = 0` with t_i the years from the earliest date, by default actual days / 365.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tasks.engine.amounts import Amount, as_float
from tasks.engine.arrays import Floats
from tasks.engine.daycount import year_fraction
from tasks.engine.days import civil, given
from tasks.engine.returns.solving import single
from tasks.engine.value import NOT_REPORTED, TOO_FEW_FLOWS, UNDER_ONE_YEAR, Value


def xirr(dates: Sequence[date], amounts: Sequence[Amount | None], *, day_count: str = "ACT/365F") -> Value:
    """The annual rate at which dated flows are worth nothing, the one nearest to 0 in ln(1 + r).

    Every rate above -1 is looked for; where there are several, the note `multiple-roots` lists them all.
    The note `under-one-year` warns that the flows span less than a year, so that an annual rate
    extrapolates. A missing amount or date (None, NaN, NaT) is `not-reported`. Zero flows and the order of rows
    change nothing; of a datetime the civil date counts.

    Raises ValueError where the lengths differ, UnknownConventionError for the day count, and TypeError for an
    amount that is no number or a day that is no date.
    """
    flows = [(civil(day), as_float(amount)) for day, amount in zip(dates, amounts, strict=True)]
    if any(day is None or math.isnan(amount) for day, amount in flows):
        return Value.none(NOT_REPORTED)
    paid = [(day, amount) for day, amount in flows if day is not None and amount]
    if not paid:
        return Value.none(TOO_FEW_FLOWS)
    times = _years([day for day, _ in paid], day_count=day_count)
    result = single(times, np.array([amount for _, amount in paid]))
    if result.value is not None and times.max() < 1:
        return replace(result, notes=(UNDER_ONE_YEAR, *result.notes))
    return result


def xnpv(
    rate: float, dates: Sequence[date], amounts: Sequence[Amount], *, day_count: str = "ACT/365F"
) -> float:
    """What dated flows are worth on the earliest date, in the unit of the amounts; 0 for no flows.

    NaN where an amount is missing. Raises ValueError for a rate of -1 or less or an infinite one and where the
    lengths differ, TypeError as `xirr` does.
    """
    return _worth(rate, dates, amounts, day_count=day_count, at_end=False)


def xnfv(
    rate: float, dates: Sequence[date], amounts: Sequence[Amount], *, day_count: str = "ACT/365F"
) -> float:
    """What dated flows are worth on the latest date; the rest as for `xnpv`."""
    return _worth(rate, dates, amounts, day_count=day_count, at_end=True)


def _worth(
    rate: float, dates: Sequence[date], amounts: Sequence[Amount], *, day_count: str, at_end: bool
) -> float:
    yearly = float(rate)
    if not -1 < yearly < math.inf:
        raise ValueError("a rate of -100 % or less has no discount factor, nor has an infinite one")
    days, flows = list(map(given, dates)), list(map(as_float, amounts))
    if len(days) != len(flows):
        raise ValueError("as many amounts as dates")
    if not days:
        return 0.0
    times = _years(days, day_count=day_count)
    shift = times.max() if at_end else 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        factors = np.exp(np.log1p(yearly) * (shift - times))
        return float(np.dot(factors, np.array(flows)))


def _years(dates: Sequence[date], *, day_count: str) -> Floats:
    """Years of each date from the earliest."""
    first = min(dates)
    return np.array([year_fraction(first, day, convention=day_count) for day in dates])
