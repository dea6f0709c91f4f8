"""Day-count conventions, by the names that contracts and other systems use.

Sources: ISDA 2006 definitions, section 4.16 (ACT/ACT, ACT/365F, ACT/360, 30/360, 30E/360, 30E/360 ISDA);
SIA Standard Securities Calculation Methods (30/360 US) and PSA (30/360 PSA). The 30E/360 ISDA exception
for a termination date in February is left out: two dates alone do not say which one ends the contract.
"""

import calendar
from collections.abc import Callable
from datetime import date
from typing import Final

ACTUAL: Final = "ACTUAL"  # counts days; it names no year, so it has no fraction

_ALIASES: Final = {
    "ACT": ACTUAL,
    "ACT/365": "ACT/365F",
    "ACT/365 FIXED": "ACT/365F",
    "ACT/ACT": "ACT/ACT ISDA",
    "30/360": "30/360 ISDA",
    "BOND BASIS": "30/360 ISDA",
    "30/360 SIA": "30/360 US",
    "30U/360": "30/360 US",
    "30US/360": "30/360 US",
    "30/360 ISMA": "30E/360",
    "30/360E": "30E/360",
    "EUROBOND BASIS": "30E/360",
    "30E/360 GERMAN": "30E/360 ISDA",
    "NL365": "NL/365",
    "NL360": "NL/360",
}


class UnknownConventionError(ValueError):
    """The name is not a day-count convention, or it counts days and names no year."""


def canonical(convention: str) -> str:
    """The one name of a convention: case and the spelling "actual/…" do not matter.

    Raises UnknownConventionError.
    """
    name = " ".join(convention.upper().split()).replace("ACTUAL/", "ACT/").replace("/ACTUAL", "/ACT")
    name = _ALIASES.get(name, name)
    if name not in _DAYS:
        raise UnknownConventionError(f"unknown day count {convention!r}")
    return name


def days_between(start: date, end: date, *, convention: str) -> int:
    """Days from `start` to `end` as the convention counts them; negative where `end` is earlier.

    Raises UnknownConventionError.
    """
    count = _DAYS[canonical(convention)]
    # A rule that takes the end of February for a 30th only at the start would find days within one day.
    if start == end:
        return 0
    return count(start, end) if start <= end else -count(end, start)


def year_fraction(start: date, end: date, *, convention: str) -> float:
    """Years from `start` to `end`; negative where `end` is earlier.

    Raises UnknownConventionError, also for "actual", which names no year.
    """
    name = canonical(convention)
    if end < start:
        return -year_fraction(end, start, convention=name)
    if name == "ACT/ACT ISDA":
        return _by_calendar_year(start, end)
    if name not in _YEAR:
        raise UnknownConventionError(f"{convention!r} counts days and names no year")
    return days_between(start, end, convention=name) / _YEAR[name]


def _by_calendar_year(start: date, end: date) -> float:
    """Days in leap years over 366 plus the other days over 365; the first day counts, the last does not."""
    leap = sum(
        (min(end, date(year + 1, 1, 1)) - max(start, date(year, 1, 1))).days
        for year in range(start.year, end.year + 1)
        if calendar.isleap(year)
    )
    return ((end - start).days - leap) / 365 + leap / 366


def _actual(start: date, end: date) -> int:
    return (end - start).days


def _without_leap_days(start: date, end: date) -> int:
    """Actual days less every 29 February in (start, end]."""
    leap_years = (year for year in range(start.year, end.year + 1) if calendar.isleap(year))
    return (end - start).days - sum(start < date(year, 2, 29) <= end for year in leap_years)


def _ends_february(day: date) -> bool:
    return day.month == 2 and day.day == calendar.monthrange(day.year, 2)[1]


def _thirty(start: date, end: date, first: int, last: int) -> int:
    """Days between two dates of 30-day months whose days of the month are `first` and `last`."""
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _thirty_isda(start: date, end: date) -> int:
    first = min(start.day, 30)
    return _thirty(start, end, first, min(end.day, 30) if first == 30 else end.day)


def _thirty_european(start: date, end: date) -> int:
    return _thirty(start, end, min(start.day, 30), min(end.day, 30))


def _thirty_european_plus(start: date, end: date) -> int:
    # A 31st becomes the first of the next month, which is the 31st of a month of thirty days.
    return _thirty(start, end, min(start.day, 30), end.day)


def _thirty_german(start: date, end: date) -> int:
    first = 30 if _ends_february(start) else min(start.day, 30)
    return _thirty(start, end, first, 30 if _ends_february(end) else min(end.day, 30))


def _thirty_psa(start: date, end: date) -> int:
    first = 30 if _ends_february(start) else min(start.day, 30)
    return _thirty(start, end, first, min(end.day, 30) if first == 30 else end.day)


def _thirty_us(start: date, end: date) -> int:
    if _ends_february(start) and _ends_february(end):
        return _thirty(start, end, 30, 30)
    return _thirty_psa(start, end)


_DAYS: Final[dict[str, Callable[[date, date], int]]] = {
    ACTUAL: _actual,
    "ACT/ACT ISDA": _actual,
    "ACT/365F": _actual,
    "ACT/365.25": _actual,
    "ACT/364": _actual,
    "ACT/360": _actual,
    "NL/365": _without_leap_days,
    "NL/360": _without_leap_days,
    "30/360 ISDA": _thirty_isda,
    "30/360 US": _thirty_us,
    "30/360 PSA": _thirty_psa,
    "30E/360": _thirty_european,
    "30E+/360": _thirty_european_plus,
    "30E/360 ISDA": _thirty_german,
}

_YEAR: Final[dict[str, float]] = {
    name: 365.25 if name == "ACT/365.25" else float(name.split("/")[1][:3])
    for name in _DAYS
    if name not in (ACTUAL, "ACT/ACT ISDA")
}
