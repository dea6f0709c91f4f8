"""XIRR of hundreds of thousands of series at once."""

import math
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from tasks.engine import value as reason
from tasks.engine.amounts import as_float
from tasks.engine.arrays import Floats, Ints
from tasks.engine.days import civil
from tasks.engine.returns.series import Series
from tasks.engine.returns.solving import solve


def xirr_many(
    series: npt.ArrayLike, dates: npt.ArrayLike, amounts: npt.ArrayLike
) -> tuple[Floats, list[str | None]]:
    """The annual rate (ACT/365F) of each series, as `xirr` gives it for one.

    `series` (rows,) int64 ids, in any order; `dates` (rows,) datetime64, `date` objects or day numbers;
    `amounts` (rows,) numbers. Returns values (n,) float64 and n reasons, one for each distinct id in
    ascending order: a value is NaN where its reason is set. A missing amount or date, and whatever is no amount
    or no date at all, is `not-reported` and an infinite amount `undefined`, for its own series only.

    Raises ValueError where the lengths differ or an id is no whole number.
    """
    ids, days, flows = _ids(series), _days(dates), _amounts(amounts)
    if not ids.shape == days.shape == flows.shape or ids.ndim != 1:
        raise ValueError("series, dates and amounts are columns of one length")
    broken = _broken(ids, days, flows)
    sound = np.isfinite(days) & np.isfinite(flows)
    if not sound.all():
        # A zero flow changes no rate, and the series keeps its place in the answer.
        days, flows = np.where(sound, days, 0.0), np.where(sound, flows, 0.0)
    order = _order(ids, days)
    if order is not None:
        ids, days, flows = ids[order], days[order], flows[order]
    owner, distinct = _positions(ids)
    nearest, _, reasons = solve(Series.ordered(owner, days, flows, count=distinct.size), year=365.0)
    values = np.expm1(nearest)
    for position, why in zip(np.searchsorted(distinct, list(broken)).tolist(), broken.values(), strict=True):
        values[position], reasons[position] = np.nan, why
    return values, reasons


def _ids(series: npt.ArrayLike) -> Ints:
    given = np.asarray(series)
    if given.dtype.kind == "i" or not given.size:
        return given.astype(np.int64)
    try:
        with np.errstate(invalid="ignore"):
            ids = given.astype(np.int64)
        whole = given.dtype.kind not in "SU" and bool((ids == given).all())
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError("an id is a whole number") from error
    if not whole:
        raise ValueError("an id is a whole number")
    return ids


def _amounts(amounts: npt.ArrayLike) -> Floats:
    """Amounts as floats, NaN for what is none."""
    given = (
        np.ma.asarray(amounts).filled(np.nan)
        if isinstance(amounts, np.ma.MaskedArray)
        else np.asarray(amounts)
    )
    if given.dtype.kind in "iuf":
        return given.astype(np.float64)
    return np.array([_amount(each) for each in given.ravel()], dtype=np.float64).reshape(given.shape)


def _amount(given: object) -> float:
    try:
        return as_float(given)
    except TypeError:
        return math.nan


def _day(given: Any) -> date | None:
    try:
        return date.fromisoformat(given) if isinstance(given, str) else civil(given)
    except (TypeError, ValueError):
        return None


def _days(dates: npt.ArrayLike) -> Floats:
    """Day numbers as floats, NaN for what is no date."""
    given = np.asarray(dates)
    if given.dtype.kind in "iuf":
        return given.astype(np.float64)
    days = given.astype("datetime64[D]") if given.dtype.kind == "M" else _plain_days(given)
    numbers = days.astype(np.int64).astype(np.float64)
    numbers[np.isnat(days)] = np.nan
    return numbers


def _plain_days(given: Any) -> npt.NDArray[np.datetime64]:
    """Days of a column of objects; at once where all of them are dates."""
    if set(map(type, given.flat)) <= {date}:
        return given.astype("datetime64[D]")  # type: ignore[no-any-return]
    days = [_day(each) for each in given.flat]
    return np.array(days, dtype="datetime64[D]").reshape(given.shape)


def _order(ids: Ints, days: Floats) -> Ints | None:
    """The order of the rows by id, then day; None where they already are grouped by ascending id."""
    if (ids[1:] >= ids[:-1]).all():
        return None
    first, span = days.min(), int(np.ptp(days)) + 1
    width = int(ids.max()) - int(ids.min()) + 1
    if span * width >= 2**63:
        return np.lexsort((days, ids))
    # One key sorts in half the time of two; part of a day only decides among rows that `Series` orders.
    order: Ints = np.argsort((ids - ids.min()) * span + (days - first).astype(np.int64))
    return order


def _positions(ids: Ints) -> tuple[Ints, Ints]:
    """For ascending ids: the position of each row's id among the distinct ones, and these."""
    fresh = np.ones(ids.size, dtype=np.bool_)
    np.not_equal(ids[1:], ids[:-1], out=fresh[1:])
    return np.cumsum(fresh) - 1, ids[fresh]


def _broken(ids: Ints, days: Floats, flows: Floats) -> dict[int, str]:
    """Ids with a row that cannot be used; what is missing outweighs what is infinite."""
    infinite = np.unique(ids[np.isinf(flows) | np.isinf(days)])
    missing = np.unique(ids[np.isnan(flows) | np.isnan(days)])
    return dict.fromkeys(infinite.tolist(), reason.UNDEFINED) | dict.fromkeys(
        missing.tolist(), reason.NOT_REPORTED
    )
