"""Days and years as contracts count them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine.daycount import UnknownConventionError, canonical, days_between, year_fraction
from tests.engine.published import cases

CONVENTIONS = [
    "ACT/ACT ISDA", "ACT/365F", "ACT/365.25", "ACT/364", "ACT/360", "NL/365", "NL/360",
    "30/360 ISDA", "30/360 US", "30/360 PSA", "30E/360", "30E+/360", "30E/360 ISDA", "ACT/ACT AFB",
]  # fmt: skip
PEER = {
    "ACT/ACT ISDA": pyxirr.DayCount.ACT_ACT_ISDA,
    "ACT/365F": pyxirr.DayCount.ACT_365F,
    "ACT/365.25": pyxirr.DayCount.ACT_365_25,
    "ACT/364": pyxirr.DayCount.ACT_364,
    "ACT/360": pyxirr.DayCount.ACT_360,
    "30/360 ISDA": pyxirr.DayCount.THIRTY_360_ISDA,
    "30/360 US": pyxirr.DayCount.THIRTY_U_360,
    "30E/360": pyxirr.DayCount.THIRTY_E_360,
    "30E+/360": pyxirr.DayCount.THIRTY_E_PLUS_360,
    "30E/360 ISDA": pyxirr.DayCount.THIRTY_E_360_ISDA,
}
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))


def _ends(case: dict[str, Any]) -> tuple[date, date, str]:
    given_ = case["input"]
    return date.fromisoformat(given_["from"]), date.fromisoformat(given_["to"]), given_["day_count"]


@pytest.mark.parametrize("case", cases("day_count", "days_between"))
def test_days_agree_with_published_counts(case: dict[str, Any]) -> None:
    start, end, convention = _ends(case)
    assert days_between(start, end, convention=convention) == case["expected"]


@pytest.mark.parametrize("case", cases("day_count", "year_fraction"))
def test_years_agree_with_published_fractions(case: dict[str, Any]) -> None:
    start, end, convention = _ends(case)
    assert year_fraction(start, end, convention=convention) == pytest.approx(case["expected"], abs=1e-15)


@pytest.mark.parametrize("convention", PEER)
@given(start=DAYS, length=st.integers(0, 9000))
def test_counts_agree_with_an_independent_library(convention: str, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assert days_between(start, end, convention=convention) == pyxirr.days_between(
        start, end, PEER[convention]
    )
    assert year_fraction(start, end, convention=convention) == pytest.approx(
        pyxirr.year_fraction(start, end, PEER[convention]), abs=1e-12
    )


def test_actual_years_are_split_at_new_year() -> None:
    # 2023-12-12 to 2024-01-12: 20 days from the 12th to the 31st inclusive, then 11 in the leap year.
    fraction = year_fraction(date(2023, 12, 12), date(2024, 1, 12), convention="ACT/ACT")
    assert fraction == pytest.approx(20 / 365 + 11 / 366, abs=1e-15)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2024, 2, 28), date(2024, 2, 29), 0),
        (date(2024, 2, 28), date(2024, 3, 1), 1),
        (date(2024, 2, 29), date(2024, 3, 1), 1),
        (date(2023, 2, 28), date(2023, 3, 1), 1),
    ],
)
def test_a_year_without_leap_days_takes_the_29th_for_the_28th(start: date, end: date, days: int) -> None:
    assert days_between(start, end, convention="NL/365") == days


def test_the_us_and_psa_rules_part_at_the_end_of_february() -> None:
    ends = date(2023, 2, 28), date(2024, 2, 29)
    assert days_between(*ends, convention="30/360 US") == 360
    assert days_between(*ends, convention="30/360 PSA") == 359


@pytest.mark.parametrize("convention", CONVENTIONS)
@given(start=DAYS, length=st.integers(0, 9000))
def test_going_back_is_the_negative_of_going_forth(convention: str, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    forth = days_between(start, end, convention=convention)
    assert days_between(end, start, convention=convention) == -forth
    assert year_fraction(end, start, convention=convention) == -year_fraction(
        start, end, convention=convention
    )
    assert days_between(start, start, convention=convention) == 0


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("act/365f", "ACT/365F"), ("Actual/365", "ACT/365F"), ("Actual/Actual", "ACT/ACT ISDA"),
        ("30/360", "30/360 ISDA"), ("30/360 SIA", "30/360 US"), ("30E/360 German", "30E/360 ISDA"),
        ("  bond   basis ", "30/360 ISDA"), ("actual", "ACTUAL"),
        # As brackets, identifiers and other libraries spell them.
        ("Actual/Actual (ISDA)", "ACT/ACT ISDA"), ("ACT_ACT_ISDA", "ACT/ACT ISDA"), ("A/A", "ACT/ACT ISDA"),
        ("ACT/365 (Fixed)", "ACT/365F"), ("ACT_365F", "ACT/365F"), ("a/365f", "ACT/365F"),
        ("ACT_365_25", "ACT/365.25"), ("ACT_364", "ACT/364"), ("A/360", "ACT/360"), ("NL_365", "NL/365"),
        ("Act/365 No Leap", "NL/365"), ("THIRTY_360_ISDA", "30/360 ISDA"), ("360/360", "30/360 ISDA"),
        ("THIRTY_U_360", "30/360 US"), ("30u/360", "30/360 US"), ("THIRTY_E_360", "30E/360"),
        ("30/360 European", "30E/360"), ("Eurobond Basis", "30E/360"), ("THIRTY_E_PLUS_360", "30E+/360"),
        ("30E/360ISDA", "30E/360 ISDA"), ("30E/360 (ISDA)", "30E/360 ISDA"), ("German", "30E/360 ISDA"),
        ("THIRTY_E_360_ISDA", "30E/360 ISDA"), ("Act/Act Euro", "ACT/ACT AFB"),
    ],
)  # fmt: skip
def test_a_convention_is_known_by_its_other_names(written: str, name: str) -> None:
    assert canonical(written) == name


@pytest.mark.parametrize(
    "name",
    [
        "", "ACT", "ACT/366", "360", "30", "30/365", "业务", "ACT/ACT ICMA", "ACT/365L", "BUS/252", "1/1",
        "ACT/ACT/ACT", "ACT/365F/360", "30E", None, 360, b"ACT/360",
    ],
)  # fmt: skip
def test_an_unknown_convention_is_refused(name: Any) -> None:
    with pytest.raises(UnknownConventionError):
        year_fraction(date(2024, 1, 1), date(2024, 2, 1), convention=name)


def test_counting_days_alone_gives_no_fraction() -> None:
    assert days_between(date(2024, 1, 1), date(2024, 2, 1), convention="actual") == 31
    with pytest.raises(UnknownConventionError, match="names no year"):
        year_fraction(date(2024, 1, 1), date(2024, 2, 1), convention="actual")


# ISDA, EMU and Market Conventions: Recent Developments, 1998: the same periods by two of the ACT/ACT rules.
@pytest.mark.parametrize(
    ("start", "end", "isda", "afb"),
    [
        (date(2003, 11, 1), date(2004, 5, 1), 61 / 365 + 121 / 366, 182 / 366),
        (date(1999, 2, 1), date(1999, 7, 1), 150 / 365, 150 / 365),
        (date(1999, 7, 1), date(2000, 7, 1), 184 / 365 + 182 / 366, 1),
        (date(2002, 8, 15), date(2003, 7, 15), 334 / 365, 334 / 365),
        (date(2003, 7, 15), date(2004, 1, 15), 170 / 365 + 14 / 366, 184 / 365),
        (date(1999, 7, 30), date(2000, 1, 30), 155 / 365 + 29 / 366, 184 / 365),
        (date(2000, 1, 30), date(2000, 6, 30), 152 / 366, 152 / 366),
        (date(1999, 11, 30), date(2000, 4, 30), 32 / 365 + 120 / 366, 152 / 366),
    ],
)
def test_two_rules_of_actual_years(start: date, end: date, isda: float, afb: float) -> None:
    assert year_fraction(start, end, convention="ACT/ACT") == pytest.approx(isda, abs=1e-15)
    assert year_fraction(start, end, convention="ACT/ACT AFB") == pytest.approx(afb, abs=1e-15)


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        # Back from 28 February 2005 lies 29 February 2004; from 28 February 2004 the 28th of each year. The day
        # before a 29 February is a day of a common year.
        (date(2004, 2, 29), date(2005, 2, 28), 1),
        (date(2004, 2, 28), date(2005, 2, 28), 1 + 1 / 365),
        (date(2003, 2, 28), date(2004, 2, 28), 1),
        (date(2003, 2, 28), date(2004, 2, 29), 1),
        (date(1996, 2, 29), date(2004, 2, 29), 8),
        (date.min, date.max, 9998 + 364 / 365),
    ],
)
def test_whole_years_are_counted_back_from_the_end(start: date, end: date, years: float) -> None:
    assert year_fraction(start, end, convention="ACT/ACT AFB") == pytest.approx(years, rel=1e-14)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_of_a_moment_the_civil_date_counts(convention: str) -> None:
    late, early = datetime.fromisoformat("2024-01-31T23:59"), datetime(2024, 3, 1, 0, 1, tzinfo=UTC)
    plain = year_fraction(date(2024, 1, 31), date(2024, 3, 1), convention=convention)
    assert year_fraction(late, early, convention=convention) == plain
    assert year_fraction(late, date(2024, 3, 1), convention=convention) == plain
    columns = np.array(["2024-01-31", "2024-03-01"], dtype="datetime64[s]")
    assert year_fraction(*columns, convention=convention) == plain


@pytest.mark.parametrize("day", [None, "2024-01-01", 45_000, np.datetime64("NaT"), 1.5])
def test_what_is_no_day_is_refused(day: Any) -> None:
    for ends in ((day, date(2024, 1, 1)), (date(2024, 1, 1), day)):
        with pytest.raises(TypeError, match="a day is a date"):
            days_between(*ends, convention="ACT/360")
