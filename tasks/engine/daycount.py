"""Day-count conventions, by the names that contracts and other systems use.

Sources: ISDA 2006 definitions, section 4.16 (ACT/ACT, ACT/365F, ACT/360, 30/360, 30E/360, 30E/360 ISDA);
SIA Standard Securities Calculation Methods (30/360 US) and PSA (30/360 PSA); ISDA, EMU and Market Conventions,
1998 (ACT/ACT AFB). The 30E/360 ISDA exception for a termination date in February is left out: two dates alone
do not say which one ends the contract. For the same want ACT/ACT ICMA, ACT/365L (both ask for the coupon
periods) and BUS/252 (asks for holidays) are no conventions here.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final

from tasks.engine.days import given

ACTUAL: Final = "ACTUAL"  # counts days; it names no year, so it has no fraction

_ALIASES: Final = {
    "ACT": ACTUAL,
    "ACT/365": "ACT/365F",
    "ACT/365 FIXED": "ACT/365F",
    "ACT/ACT": "ACT/ACT ISDA",
    "ACT/ACT EURO": "ACT/ACT AFB",
    "30/360": "30/360 ISDA",
    "360/360": "30/360 ISDA",
    "30A/360": "30/360 ISDA",
    "BOND BASIS": "30/360 ISDA",
    "30/360 BOND BASIS": "30/360 ISDA",
    "30/360 SIA": "30/360 US",
    "30U/360": "30/360 US",
    "30US/360": "30/360 US",
    "30/360US": "30/360 US",
    "30/360 ISMA": "30E/360",
    "30/360 ICMA": "30E/360",
    "30/360 EUROPEAN": "30E/360",
    "30/360E": "30E/360",
    "30E/360 ISMA": "30E/360",
    "EUROBOND": "30E/360",
    "EUROBOND BASIS": "30E/360",
    "30/360 GERMAN": "30E/360 ISDA",
    "30E/360 GERMAN": "30E/360 ISDA",
    "GERMAN": "30E/360 ISDA",
    "30/360E+": "30E+/360",
    "30+/360": "30E+/360",
    "NL365": "NL/365",
    "NL360": "NL/360",
    "ACT/365 NO LEAP": "NL/365",
    "365/365": "NL/365",
}
#: How the names are spelt where a slash or a blank cannot stand: in identifiers of programs.
_SPELT: Final = (
    (r"[_\s()]+", " "),
    (r"(?<=[0-9])ISDA\b", " ISDA"),
    (r"\b365 25\b", "365.25"),
    (r"\bTHIRTY\b", "30"),
    (r"\bPLUS\b", "+"),
    (r"\b(?:ACTUAL|A)(?=[ /])", "ACT"),
    (r"(?<=[ /])(?:ACTUAL|A)\b", "ACT"),
    (r"^30 ([EU])\b", r"30\1"),
    (r"^30E \+ ?", "30E+ "),
    (r"^(ACT|NL|30[EU]?\+?) (?=(?:ACT|36))", r"\1/"),
)


class UnknownConventionError(ValueError):
    """The name is not a day-count convention, or it counts days and names no year."""


@lru_cache(maxsize=256)
def canonical(convention: str) -> str:
    """The one name of a convention: case, brackets, underscores and the spelling "actual/…" do not matter.

    Raises UnknownConventionError.
    """
    name = convention.upper() if isinstance(convention, str) else ""
    for written, meant in _SPELT:
        name = re.sub(written, meant, name.strip())
    name = _ALIASES.get(name, name)
    if name not in _DAYS:
        raise UnknownConventionError(f"unknown day count {convention!r}")
    return name


def days_between(start: date, end: date, *, convention: str) -> int:
    """Days from `start` to `end` as the convention counts them; negative where `end` is earlier.

    Of a datetime the civil date counts. Raises UnknownConventionError, and TypeError for what is no date.
    """
    count = _DAYS[canonical(convention)]
    start, end = given(start), given(end)
    # A rule that takes the end of February for a 30th only at the start would find days within one day.
    if start == end:
        return 0
    return count(start, end) if start <= end else -count(end, start)


def year_fraction(start: date, end: date, *, convention: str) -> float:
    """Years from `start` to `end`; negative where `end` is earlier.

    Raises UnknownConventionError, also for "actual", which names no year, and TypeError for what is no date.
    """
    name = canonical(convention)
    start, end = given(start), given(end)
    if end < start:
        return -year_fraction(end, start, convention=name)
    if name in _BY_YEARS:
        return _BY_YEARS[name](start, end)
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


def _back_from_the_end(start: date, end: date) -> float:
    """Whole years counted back from the end, and what is left over 366 where a 29 February lies in it, else 365.

    A year back from 28 February leads to the last day of February.
    """
    years = end.year - start.year
    if _years_before(end, years) < start:
        years -= 1
    rest = _years_before(end, years)
    leap = any(
        start <= date(year, 2, 29) < rest
        for year in range(start.year, rest.year + 1)
        if calendar.isleap(year)
    )
    return years + (rest - start).days / (366 if leap else 365)


def _years_before(end: date, years: int) -> date:
    last = calendar.monthrange(end.year - years, end.month)[1]
    return end.replace(year=end.year - years, day=last if _ends_february(end) else end.day)


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
    "ACT/ACT AFB": _actual,
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

_BY_YEARS: Final[dict[str, Callable[[date, date], float]]] = {
    "ACT/ACT ISDA": _by_calendar_year,
    "ACT/ACT AFB": _back_from_the_end,
}

_YEAR: Final[dict[str, float]] = {
    name: 365.25 if name == "ACT/365.25" else float(name.split("/")[1][:3])
    for name in _DAYS
    if name != ACTUAL and name not in _BY_YEARS
}
