"""Returns of dated flows.

Formula: `Σ a_i (1 + r)^(-t_i) = 0` with t_i the years from the earliest date, by default actual days / 365.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tasks.engine.amounts import Amount
from tasks.engine.arrays import Floats
from tasks.engine.daycount import year_fraction
from tasks.engine.returns.solving import single
from tasks.engine.value import NOT_REPORTED, TOO_FEW_FLOWS, UNDER_ONE_YEAR, Value


def xirr(dates: Sequence[date], amounts: Sequence[Amount | None], *, day_count: str = "ACT/365F") -> Value:
    """The annual rate at which dated flows are worth nothing, the one nearest to 0 in ln(1 + r).

    Every rate above -1 is looked for; where there are several, the note `multiple-roots` lists them all.
    The note `under-one-year` warns that the flows span less than a year, so that an annual rate
    extrapolates. An amount of None is `not-reported`. Zero flows and the order of rows change nothing.

    Raises ValueError where the lengths differ, UnknownConventionError for the day count.
    """
    flows = list(zip(dates, amounts, strict=True))
    if any(amount is None for _, amount in flows):
        return Value.none(NOT_REPORTED)
    paid = [(day, float(amount)) for day, amount in flows if amount]
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

    Raises ValueError for a rate of -1 or less and where the lengths differ.
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
    if not rate > -1:
        raise ValueError("a rate of -100 % or less has no discount factor")
    if len(dates) != len(amounts):
        raise ValueError("as many amounts as dates")
    if not dates:
        return 0.0
    times = _years(dates, day_count=day_count)
    shift = times.max() if at_end else 0.0
    factors = np.exp(np.log1p(rate) * (shift - times))
    return float(np.dot(factors, np.array([float(amount) for amount in amounts])))


def _years(dates: Sequence[date], *, day_count: str) -> Floats:
    """Years of each date from the earliest."""
    first = min(dates)
    return np.array([year_fraction(first, day, convention=day_count) for day in dates])
