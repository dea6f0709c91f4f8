"""The management fee that is due for a period, by hand and for any terms."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine.fees import FeeStep, fee_due, quarter_of

D = Decimal
Q1 = (date(2023, 1, 1), date(2023, 4, 1))
TEN_MILLION = [(date(2022, 6, 1), D("10000000.00"))]


def due(*steps: tuple[date, str | None, str | None], paid_in: Any = TEN_MILLION, **asked: Any) -> Any:
    start, end = asked.pop("period", Q1)
    rows = [FeeStep(since, base, None if rate is None else D(rate)) for since, base, rate in steps]
    return fee_due(rows, bases={"paid_in": paid_in}, start=start, end=end, **asked)


def test_a_quarter_at_two_per_cent() -> None:
    """10,000,000 × 2 % × 90 / 365 = 49,315.0685."""
    found = due((date(2022, 6, 1), "paid_in", "2"))
    assert (found.gross, found.due, len(found.lines)) == (D("49315.07"), D("49315.07"), 1)
    assert found.lines[0][:2] == Q1


def test_a_step_within_the_quarter() -> None:
    """31 days at 2 % are 16,986.3014, 59 days at 1.5 % are 24,246.5753: 41,232.88, whose fen goes to the second."""
    found = due((date(2022, 6, 1), "paid_in", "2"), (date(2023, 2, 1), "paid_in", "1.5"))
    assert [line.amount for line in found.lines] == [D("16986.30"), D("24246.58")]
    assert found.gross == D("41232.88")


def test_what_is_paid_in_counts_from_its_day_on() -> None:
    """A tenth of a year at 10 % of 365 is 3.65: 10 days at 3650 are 10.00, 80 at 7300 are 160.00."""
    paid_in = [(date(2022, 1, 1), D(3650)), (date(2023, 1, 11), D(7300))]
    found = due((date(2022, 1, 1), "paid_in", "10"), paid_in=paid_in)
    assert [(line.base_amount, line.amount) for line in found.lines] == [
        (D(3650), D("10.00")), (D(7300), D("160.00")),
    ]  # fmt: skip


def test_an_offset_is_set_off_as_far_as_the_fee_goes() -> None:
    step = (date(2022, 6, 1), "paid_in", "2")
    some, all_of_it = due(step, offset=D("315.07")), due(step, offset=D("50000.00"))
    assert (some.offset, some.offset_left, some.due) == (D("315.07"), D("0.00"), D("49000.00"))
    assert (all_of_it.offset, all_of_it.offset_left, all_of_it.due) == (D("49315.07"), D("684.93"), D("0.00"))


@pytest.mark.parametrize(
    ("steps", "paid_in"),
    [
        ([], TEN_MILLION),
        ([(date(2023, 4, 1), "paid_in", "2")], TEN_MILLION),
        ([(date(2022, 6, 1), None, None)], TEN_MILLION),
        ([(date(2022, 6, 1), "paid_in", "0")], TEN_MILLION),
        ([(date(2022, 6, 1), "paid_in", "2")], []),
        ([(date(2022, 6, 1), "paid_in", "2")], [(date(2023, 4, 1), D(1))]),
        ([(date(2022, 6, 1), "paid_in", "2")], [(date(2022, 6, 1), D(-5))]),
    ],
)
def test_where_nothing_is_agreed_or_stands_nothing_is_due(steps: list[Any], paid_in: list[Any]) -> None:
    found = due(*steps, paid_in=paid_in)
    assert (found.lines, found.gross, found.due) == ([], 0, 0)


def test_a_line_goes_on_where_a_change_changes_nothing() -> None:
    found = due((date(2022, 6, 1), "paid_in", "2"), (date(2023, 2, 1), "paid_in", "2"))
    assert len(found.lines) == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"period": (date(2023, 1, 2), date(2023, 1, 1))}, "end"),
        ({"offset": D("-0.01")}, "offset"),
    ],
)
def test_what_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        due((date(2022, 6, 1), "paid_in", "2"), **asked)


def test_a_rate_below_zero_and_a_base_without_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="rate_pct"):
        due((date(2022, 6, 1), "paid_in", "-1"))
    with pytest.raises(ValueError, match="bases"):
        due((date(2022, 6, 1), "invested", "1"))


def test_quarters_of_the_calendar() -> None:
    assert quarter_of(date(2023, 12, 31)) == (date(2023, 10, 1), date(2024, 1, 1))
    assert quarter_of(date(2024, 1, 1)) == (date(2024, 1, 1), date(2024, 4, 1))
    assert quarter_of(date(2024, 6, 30)) == (date(2024, 4, 1), date(2024, 7, 1))


DAYS = st.integers(0, 700).map(lambda days: date(2022, 1, 1) + timedelta(days=days))
STEPS = st.lists(
    st.tuples(DAYS, st.just("paid_in"), st.integers(0, 500).map(lambda n: str(D(n) / 100))), max_size=4
)
MOVES = st.dictionaries(DAYS, st.integers(-(10**9), 10**11).map(lambda fen: D(fen) / 100), max_size=5).map(
    lambda moves: sorted(moves.items())
)


@given(steps=STEPS, paid_in=MOVES, cuts=st.tuples(DAYS, DAYS, DAYS))
def test_lines_add_up_and_a_period_is_its_parts(steps: Any, paid_in: Any, cuts: Any) -> None:
    start, middle, end = sorted(cuts)
    whole = due(*steps, paid_in=paid_in, period=(start, end))
    assert sum(line.amount for line in whole.lines) == whole.gross >= 0
    assert all(start <= line.start < line.end <= end for line in whole.lines)
    parts = [due(*steps, paid_in=paid_in, period=period).gross for period in ((start, middle), (middle, end))]
    assert abs(sum(parts) - whole.gross) <= D("0.01")  # each is rounded once
