"""Months are civil months of Asia/Shanghai, half-open, written 2026-10."""

from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_hub.kernel.periods import FIRST_YEAR, LAST_YEAR, Month, UnableToReadMonth, parse_date

MONTHS = st.builds(Month, st.integers(FIRST_YEAR + 100, LAST_YEAR - 100), st.integers(1, 12))


NO_MONTHS = (
    "2026-1", "2026-13", "2026-00", "202610", "2026-10-01", "２０２６-10", " 2026-10", "2026-10\n", "",
    "0000-01", "1899-12", "9999-01",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_MONTHS)
def test_what_is_not_written_as_a_month_is_refused(text: str) -> None:
    with pytest.raises(UnableToReadMonth):
        Month.parse(text)


@given(MONTHS)
def test_a_month_is_read_as_it_is_written(month: Month) -> None:
    assert Month.parse(str(month)) == month


@given(MONTHS, st.integers(-900, 900), st.integers(-100, 100))
def test_adding_months_is_adding(month: Month, first: int, then: int) -> None:
    assert month + first + then == month + (first + then)
    assert month + first - first == month


@given(MONTHS, st.integers(0, 60))
def test_until_counts_the_months_between(month: Month, count: int) -> None:
    between = list(month.until(month + count))
    assert len(between) == count
    assert all(earlier.end == later.first for earlier, later in itertools.pairwise(between))


@given(st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)))
def test_every_day_is_in_exactly_its_month(day: date) -> None:
    month = Month.of(day)
    assert month.first <= day < month.end
    assert month.last == month.end - timedelta(days=1)


def test_the_last_month_has_an_end_too() -> None:
    assert Month(LAST_YEAR, 12).end == date(LAST_YEAR + 1, 1, 1)


def test_a_month_begins_at_midnight_in_shanghai() -> None:
    assert Month.of(datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)) == Month(2026, 2)
    assert Month.of(datetime(2026, 2, 28, 16, 0, 0, tzinfo=UTC)) == Month(2026, 3)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_the_zone_of_the_server_changes_nothing(zone: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c",
         "from datetime import UTC, datetime; from finance_hub.kernel.periods import Month;"
         "print(Month.of(datetime(2026, 2, 28, 16, tzinfo=UTC)))"],
        env={"TZ": zone, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "2026-03"


def test_a_moment_without_a_zone_has_no_month() -> None:
    with pytest.raises(ValueError, match="naive"):
        Month.of(datetime(2026, 2, 28, 16, 0, 0))  # noqa: DTZ001 - the case itself


@pytest.mark.parametrize(
    "text",
    ["20240209", "2024-2-9", "２０２４-02-09", "2023-02-29", "2024-02-30", "2024-02-09T00:00", "", None, 20240209,
     "0001-01-01", "9999-12-31", "2024-W06-5"],
)  # fmt: skip
def test_what_is_no_civil_date_is_refused(text: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - messages differ by case
        parse_date(text)


def test_the_leap_day_is_a_date() -> None:
    assert parse_date("2024-02-29") == date(2024, 2, 29)
