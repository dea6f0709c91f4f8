"""Small drawings: the points are the figures, and gaps stay gaps."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_hub.web.drawing import HEIGHT, WIDTH, percent_width, sparkline

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
