"""Small drawings: the points are the figures, and gaps stay gaps."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_hub.web.drawing import (
    FOOT,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    band,
    flows,
    percent_width,
    sparkline,
)

MONEY = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


def series(*values: str | None) -> list[Decimal | None]:
    return [None if value is None else Decimal(value) for value in values]


class TestSparkline:
    def test_runs_from_the_left_edge_to_the_right_and_from_low_to_high(self) -> None:
        line = sparkline(series("10", "20", "30"))

        assert line.paths == ("3.0,25.0 60.0,14.0 117.0,3.0",)
        assert (line.last_x, line.last_y) == ("117.0", "3.0")

    def test_does_not_bridge_a_month_that_nobody_reported(self) -> None:
        line = sparkline(series("1", "2", None, "2", "1"))

        assert line.paths == ("3.0,25.0 31.5,3.0", "88.5,3.0 117.0,25.0")

    def test_draws_a_lonely_month_as_a_dot(self) -> None:
        assert sparkline(series(None, "5", None)).paths == ("60.0,14.0 60.0,14.0",)

    def test_ends_at_the_last_month_that_is_known(self) -> None:
        assert sparkline(series("1", "3", None)).last_x == "60.0"

    def test_lies_in_the_middle_when_nothing_changes(self) -> None:
        assert sparkline(series("7", "7")).paths == ("3.0,14.0 117.0,14.0",)

    @pytest.mark.parametrize("values", [[], [None], [None, None]])
    def test_is_empty_when_nothing_is_known(self, values: list[Decimal | None]) -> None:
        assert sparkline(values) == ((), "", "")

    @given(st.lists(st.none() | MONEY, max_size=30))
    def test_stays_in_its_box_and_shows_every_known_value(self, values: list[Decimal | None]) -> None:
        points = [point for path in sparkline(values).paths for point in path.split()]
        places = {(Decimal(x), Decimal(y)) for x, y in (point.split(",") for point in points)}

        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
        assert len(places) == sum(value is not None for value in values)


class TestPercentWidth:
    @pytest.mark.parametrize(
        ("part", "whole", "width"),
        [
            ("1", "4", "25.0"),
            ("1", "3", "33.3"),
            ("0", "9", "0.0"),
            ("12", "10", "100.0"),
            ("-1", "10", "0.0"),
        ],
    )
    def test_is_a_share_held_between_nothing_and_all(self, part: str, whole: str, width: str) -> None:
        assert percent_width(Decimal(part), whole=Decimal(whole)) == width

    @pytest.mark.parametrize("whole", ["0", "-5"])
    def test_is_nothing_when_there_is_no_whole(self, whole: str) -> None:
        assert percent_width(Decimal(3), whole=Decimal(whole)) == "0.0"


def yuan(paid: str, got: str = "0") -> tuple[Decimal, Decimal]:
    return Decimal(paid), Decimal(got)


class TestFlows:
    def test_bars_hang_from_zero_and_stand_on_it_by_year(self) -> None:
        """100 paid in, then 50 got: five levels of 50 from -100 to 50, 244 units high."""
        drawn = flows(
            {2024: yuan("100"), 2025: yuan("0", "50")},
            [(date(2024, 1, 1), Decimal(-100)), (date(2025, 1, 1), Decimal(-50))],
        )
        assert [mark.text for mark in drawn.levels] == ["-100", "-50", "0", "50"]
        assert [mark.text for mark in drawn.years] == ["2024", "2025"]
        third = Decimal(FOOT - TOP) / 3
        assert drawn.zero == f"{TOP + third:.1f}"
        paid, got = drawn.bars
        assert (paid.tone, paid.y, paid.height) == ("paid", drawn.zero, f"{2 * third:.1f}")
        assert (got.tone, got.y, got.height) == ("got", f"{TOP}.0", f"{third:.1f}")

    def test_the_line_starts_at_zero_and_holds_until_the_next_flow(self) -> None:
        drawn = flows(
            {2024: yuan("100"), 2025: yuan("0", "50")},
            [(date(2024, 1, 1), Decimal(-100)), (date(2025, 1, 1), Decimal(-50))],
        )
        middle = (LEFT + RIGHT) / 2
        zero, half = drawn.levels[2].at, drawn.levels[1].at
        assert drawn.path == (f"{LEFT}.0,{zero} {LEFT}.0,{FOOT}.0 {middle:.1f},{FOOT}.0 {middle:.1f},{half}")

    def test_many_years_are_not_all_named(self) -> None:
        years = {year: yuan("1") for year in range(2000, 2030)}
        drawn = flows(years, [(date(2000, 5, 1), Decimal(-1))])
        assert len(drawn.bars) == 30
        assert [mark.text for mark in drawn.years][:2] == ["2000", "2003"]

    @given(
        st.lists(
            st.tuples(st.decimals(0, 10**12, places=2), st.decimals(0, 10**12, places=2)),
            min_size=1,
            max_size=20,
        )
    )
    def test_everything_lies_in_its_box_between_few_levels(
        self, amounts: list[tuple[Decimal, Decimal]]
    ) -> None:
        cumulative, path = Decimal(0), []
        for n, (paid, got) in enumerate(amounts):
            cumulative += got - paid
            path.append((date(2000 + n, 12, 31), cumulative))
        drawn = flows({2000 + n: pair for n, pair in enumerate(amounts)}, path)
        points = [Decimal(n) for point in drawn.path.split() for n in point.split(",")]
        assert all(LEFT <= x <= RIGHT for x in points[::2])
        assert all(TOP <= y <= FOOT for y in points[1::2])
        assert all(Decimal(b.y) >= TOP and Decimal(b.y) + Decimal(b.height) <= FOOT + 1 for b in drawn.bars)
        assert 2 <= len(drawn.levels) <= 8


class TestBand:
    def test_a_line_lies_in_its_area_with_a_slot_for_each_year(self) -> None:
        """From -100: levels of 50 from -100 to 50; the years end in the middle of their slots."""
        drawn = band(
            [2024, 2025], base=[Decimal(-100), Decimal(0)], low=[Decimal(-100), Decimal(-50)],
            high=[Decimal(-100), Decimal(50)],
        )  # fmt: skip
        first, second = (LEFT + (RIGHT - LEFT) * Decimal(part) / 4 for part in (1, 3))
        levels = {mark.text: mark.at for mark in drawn.levels}
        assert drawn.bars == ()
        assert drawn.path == f"{first:.1f},{FOOT}.0 {second:.1f},{levels['0']}"
        assert drawn.area == " ".join(
            (
                drawn.path.split()[0],
                f"{second:.1f},{levels['-50']}",
                f"{second:.1f},{TOP}.0",
                drawn.path.split()[0],
            )
        )

    def test_without_an_edge_there_is_no_area_and_without_a_base_no_line(self) -> None:
        drawn = band([2024, 2025], base=[], low=[], high=[Decimal(1), Decimal(2)])
        assert (drawn.path, drawn.area) == ("", "")
