"""Lines, statuses and due reports, worked by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine import progress

D = Decimal
BEGINS, DEADLINE = date(2022, 1, 1), date(2023, 12, 31)
VALUES = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def line(day: date, *, start: str = "0", target: str = "730") -> Decimal:
    return progress.expected(start=D(start), target=D(target), begins=BEGINS, deadline=DEADLINE, day=day)


class TestTheLine:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            # 2022 and 2023 have 730 days together, so that 730 rises by one a day.
            (date(2021, 12, 31), "0"),
            (date(2022, 1, 1), "1"),
            (date(2022, 10, 31), "304"),
            (date(2022, 12, 31), "365"),
            (date(2023, 12, 31), "730"),
            (date(2026, 10, 31), "730"),
        ],
    )
    def test_rises_by_days_and_is_flat_outside(self, day: date, expected: str) -> None:
        assert line(day) == D(expected)

    def test_falls_for_a_rank(self) -> None:
        # From 20th to 10th: half of the 730 days are gone, so half of the ten places.
        assert line(date(2022, 12, 31), start="20", target="10") == D("15.0000")

    def test_rounds_to_four_places_half_to_even(self) -> None:
        # 100 ÷ 730 = 0.136986…
        assert line(date(2022, 1, 1), target="100") == D("0.1370")

    def test_a_deadline_before_the_beginning_is_refused(self) -> None:
        with pytest.raises(ValueError, match="before"):
            progress.expected(start=D(0), target=D(1), begins=DEADLINE, deadline=BEGINS, day=BEGINS)

    @given(start=VALUES, target=VALUES, day=DAYS)
    def test_stays_between_its_ends(self, start: Decimal, target: Decimal, day: date) -> None:
        found = line(day, start=str(start), target=str(target))
        assert min(start, target) <= found <= max(start, target)

    @given(start=VALUES, target=VALUES, day=DAYS)
    def test_read_backwards_it_is_the_same_line(self, start: Decimal, target: Decimal, day: date) -> None:
        """What is gone of the way there is left of the way back, to the rounding of both."""
        there = line(day, start=str(start), target=str(target))
        back = line(day, start=str(target), target=str(start))
        assert abs(there + back - start - target) <= D("0.0001")


class TestReached:
    @pytest.mark.parametrize(
        ("value", "comparison", "expected"),
        [
            ("10", ">=", True), ("9.9999", ">=", False), ("10", ">", False), ("10.0001", ">", True),
            ("10", "=", True), ("11", "=", True), ("9", "=", False),
            ("10", "<=", True), ("10.0001", "<=", False), ("3", "<=", True), ("10", "<", False), ("9", "<", True),
        ],
    )  # fmt: skip
    def test_by_comparison(self, value: str, comparison: str, expected: bool) -> None:
        assert progress.reached(D(value), D(10), comparison) is expected


class TestStatus:
    @pytest.mark.parametrize(
        ("value", "expected", "comparison", "deadline", "status"),
        [
            (None, "50", ">=", "2023-12-31", "not-reported"),
            (None, "50", ">=", "2022-01-01", "not-reported"),  # past its deadline, and still not known
            ("100", "50", ">=", "2022-01-01", "done"),
            ("99", "50", ">=", "2022-06-29", "overdue"),
            ("99", "50", ">=", "2022-06-30", "on-track"),  # the deadline's own day belongs to it
            ("50", "50", ">=", None, "on-track"),
            ("49.9999", "50", ">=", None, "behind"),
            ("60", None, ">=", None, "undetermined"),
            ("60", None, ">=", "2022-01-01", "overdue"),
            ("101", "120", "<=", None, "on-track"),
            ("121", "120", "<=", None, "behind"),
            ("100", "120", "<=", None, "done"),
            ("100", "50", ">", None, "on-track"),
        ],
    )
    def test_is_a_word_for_where_it_stands(
        self, value: str | None, expected: str | None, comparison: str, deadline: str | None, status: str
    ) -> None:
        found = progress.status(
            None if value is None else D(value), None if expected is None else D(expected), target=D(100),
            comparison=comparison, deadline=date.fromisoformat(deadline) if deadline else None,
            day=date(2022, 6, 30),
        )  # fmt: skip
        assert found == status

    @given(
        value=st.none() | VALUES,
        expected=st.none() | VALUES,
        comparison=st.sampled_from([">=", "<=", "=", ">"]),
    )
    def test_is_always_one_of_the_six(
        self, value: Decimal | None, expected: Decimal | None, comparison: str
    ) -> None:
        found = progress.status(
            value, expected, target=D(1), comparison=comparison, deadline=DEADLINE, day=BEGINS
        )
        assert found in progress.STATUSES
        assert (found == progress.NOT_REPORTED) is (value is None)


class TestTheWay:
    @pytest.mark.parametrize(
        ("value", "target", "comparison", "start", "expected"),
        [
            ("50", "200", ">=", None, "0.25"),
            ("300", "200", ">=", None, "1.5"),
            ("15", "10", "<=", "20", "0.5"),
            ("10", "10", "<=", "20", "1"),
            ("25", "10", "<=", "20", "-0.5"),
            ("15", "10", "<=", None, None),
            ("9", "10", "<=", "10", None),
            ("5", "0", ">=", None, None),
        ],
    )
    def test_that_is_gone(
        self, value: str, target: str, comparison: str, start: str | None, expected: str | None
    ) -> None:
        found = progress.way_gone(
            D(value), target=D(target), comparison=comparison, start=None if start is None else D(start)
        )
        assert found == (None if expected is None else D(expected))


class TestWhatIsMissing:
    @pytest.mark.parametrize(
        ("cadence", "delivered", "today", "due"),
        [
            # The first quarter of 2022 ends on 31 March; its report is due on 20 April.
            ("quarterly", None, "2022-04-20", None),
            ("quarterly", None, "2022-04-21", "2022-04-20"),
            ("quarterly", None, "2026-11-05", "2022-04-20"),
            ("quarterly", "2022-03-30", "2022-04-21", "2022-04-20"),  # a day short of the quarter
            ("quarterly", "2022-03-31", "2022-07-20", None),
            ("quarterly", "2022-03-31", "2022-07-21", "2022-07-20"),
            ("quarterly", "2021-12-31", "2022-04-21", "2022-04-20"),
            ("monthly", "2022-03-31", "2022-05-21", "2022-05-20"),
            ("yearly", None, "2023-01-20", None),
            ("yearly", None, "2023-01-21", "2023-01-20"),
            ("", None, "2026-11-05", None),
            # Nothing is owed beyond the period of the deadline.
            ("quarterly", "2023-12-31", "2026-11-05", None),
            ("quarterly", "2023-12-30", "2026-11-05", "2024-01-20"),
        ],
    )
    def test_by_hand(self, cadence: str, delivered: str | None, today: str, due: str | None) -> None:
        found = progress.first_missing(
            cadence=cadence, begins=BEGINS, deadline=DEADLINE,
            delivered=date.fromisoformat(delivered) if delivered else None, today=date.fromisoformat(today),
        )  # fmt: skip
        assert found == (date.fromisoformat(due) if due else None)

    @given(cadence=st.sampled_from(["monthly", "quarterly", "yearly"]), delivered=DAYS, today=DAYS)
    def test_a_report_of_today_leaves_nothing_missing(
        self, cadence: str, delivered: date, today: date
    ) -> None:
        owed = progress.first_missing(
            cadence=cadence, begins=BEGINS, deadline=None, delivered=delivered, today=today
        )
        assert owed is None or delivered + timedelta(days=progress.GRACE) <= owed < today
        assert not progress.first_missing(
            cadence=cadence, begins=BEGINS, deadline=None, delivered=max(today, BEGINS), today=today
        )
