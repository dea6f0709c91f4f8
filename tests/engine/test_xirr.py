"""The rate of dated flows: every root, or why there is none."""

import math
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tasks.engine.returns import xirr, xirr_many, xnfv, xnpv
from tasks.engine.value import Value
from tests.engine.flows import START, YEAR, all_roots
from tests.engine.published import cases


def _yearly(*amounts: float) -> Value:
    return xirr([START + YEAR * at for at in range(len(amounts))], amounts)


@pytest.mark.parametrize("case", cases("xirr", "xirr"))
def test_rates_agree_with_published_ones(case: dict[str, Any]) -> None:
    dates, amounts = zip(*case["input"]["flows"], strict=True)
    result = xirr([date.fromisoformat(day) for day in dates], amounts, day_count=case["day_count"])
    if case["expected"] is None:
        assert result == Value.none("no-root")
        return
    # Where several rates exist, the published one is among them and ours is the one nearest to 0.
    roots = all_roots(result)
    # The note prints ten digits.
    closeness = case["tolerance"] if len(roots) == 1 else 1e-9
    assert any(rate == pytest.approx(case["expected"], rel=closeness, abs=closeness) for rate in roots)
    assert result.value == pytest.approx(min(roots, key=lambda rate: abs(math.log1p(rate))), rel=1e-9)


@pytest.mark.parametrize("case", cases("xirr", "xnpv"))
def test_worths_agree_with_published_ones(case: dict[str, Any]) -> None:
    dates, amounts = zip(*case["input"]["flows"], strict=True)
    worth = xnpv(case["input"]["rate"], [date.fromisoformat(day) for day in dates], amounts)
    assert worth == pytest.approx(case["expected"], abs=case["tolerance"])


def test_the_textbook_example_of_spreadsheets() -> None:
    dates = [date(2008, 1, 1), date(2008, 3, 1), date(2008, 10, 30), date(2009, 2, 15), date(2009, 4, 1)]
    result = xirr(dates, [-10000, 2750, 4250, 3250, 2750])
    # Spreadsheets stop at a hundred-millionth.
    assert result.value == pytest.approx(0.373362535, abs=5e-9)
    assert result.notes == ()


def test_a_tenth_a_year_by_hand() -> None:
    assert _yearly(-100, 10, 110).value == pytest.approx(0.10, abs=1e-14)
    assert _yearly(-100, 0, 0, Decimal("133.10")).value == pytest.approx(0.10, abs=1e-14)  # type: ignore[arg-type]


def test_money_back_without_gain_is_zero_and_not_nothing() -> None:
    assert _yearly(-100, 100) == Value.of(0.0)


def test_of_two_rates_the_one_nearest_to_zero_is_given_and_both_are_told() -> None:
    # -100 + 230 x - 132 x² = 0 for x = 1/1.1 and x = 1/1.2.
    result = _yearly(-100, 230, -132)
    assert result.value == pytest.approx(0.10, abs=1e-12)
    assert result.notes == ("multiple-roots: 0.1, 0.2",)


def test_a_rate_close_to_a_total_loss_is_told_from_one() -> None:
    # 1 + r = 1.1 and 1 + r = 10^-12.
    result = _yearly(-1e12, 1.1e12 + 1, -1.1)
    assert result.notes == ("multiple-roots: -0.999999999999, 0.1",)


def test_three_rates_are_found_by_hand() -> None:
    # x = 1/(1 + r): (1 - 1.05 x)(1 - 1.5 x)(1 - 3 x) · -1000
    result = _yearly(-1000, 5550, -9225, 4725)
    assert result.value == pytest.approx(0.05, abs=1e-10)
    assert all_roots(result) == pytest.approx([0.05, 0.5, 2.0], abs=1e-8)


def test_of_two_rates_at_the_same_distance_the_lower_is_given() -> None:
    # 1 + r = 2 and 1 + r = 1/2: (1 - 2 x)(1 - x/2) = 1 - 2.5 x + x².
    result = _yearly(-100, 250, -100)
    assert result.value == pytest.approx(-0.5, abs=1e-12)
    assert all_roots(result) == pytest.approx([-0.5, 1.0])


def test_two_rates_that_lie_close_together_are_both_found() -> None:
    # 1.1 and 1.1001: their product and sum, so that a coarse search would step over both.
    result = _yearly(-1.0, 2.2001, -1.21011)
    assert all_roots(result) == pytest.approx([0.1, 0.1001], abs=1e-9)


@pytest.mark.parametrize("rate", [-0.5, -0.1, 0.01, 0.03, 0.07, 0.1, 0.13, 0.3, 0.9, 4.0])
def test_a_rate_that_only_touches_zero_is_one_rate(rate: float) -> None:
    # -100 (1 - (1 + r) x)²
    result = _yearly(-100, 200 * (1 + rate), -100 * (1 + rate) ** 2)
    assert result.value == pytest.approx(rate, abs=1e-7)
    assert result.notes == ()


def test_four_rates_within_four_per_cent_are_all_found() -> None:
    # -10,000 (1 - 1.10 x)(1 - 1.11 x)(1 - 1.12 x)(1 - 1.13 x)
    result = _yearly(-10_000, 44_600, -74_591, 55_442.26, -15_452.976)
    assert len(all_roots(result)) == 4
    assert all_roots(result) == pytest.approx([0.10, 0.11, 0.12, 0.13], abs=1e-6)


def test_rates_over_forty_years_are_found() -> None:
    # In y = x^20: -(1 - 0.5^20 y)(1 - 1.1^20 y)
    dates = [START, START + YEAR * 20, START + YEAR * 40]
    low, high = 0.5**20, 1.1**20
    result = xirr(dates, [-1.0, low + high, -low * high])
    assert all_roots(result) == pytest.approx([-0.5, 0.1], abs=1e-9)


def test_a_loss_of_nearly_everything_is_found() -> None:
    assert _yearly(-100_000, 1).value == pytest.approx(-0.99999, abs=1e-15)
    assert _yearly(-1e12, 1e-2).value == pytest.approx(-1 + 1e-14, abs=1e-16)


def test_a_gain_of_a_thousandfold_in_a_month_is_found() -> None:
    result = xirr([START, START + timedelta(days=30)], [-1, 1000])
    assert result.value == pytest.approx(1000 ** (365 / 30) - 1, rel=1e-12)
    assert result.notes == ("under-one-year",)


@pytest.mark.parametrize(("days", "noted"), [(364, True), (365, False), (366, False)])
def test_a_history_under_a_year_is_noted(days: int, noted: bool) -> None:
    result = xirr([START, START + timedelta(days=days)], [-100, 105])
    assert ("under-one-year" in result.notes) is noted
    assert result.value == pytest.approx(1.05 ** (365 / days) - 1, rel=1e-12)


def test_zero_flows_do_not_lengthen_a_history() -> None:
    result = xirr([START - YEAR, START, START + timedelta(days=90), START + YEAR * 2], [0, -100, 105, 0])
    assert result.notes == ("under-one-year",)


def test_flows_of_one_day_that_cancel_are_no_flow() -> None:
    dates = [START, START + YEAR, START + YEAR, START + YEAR, START + YEAR * 2]
    assert xirr(dates, [-100, 0.1, 0.2, -0.3, 121]).value == pytest.approx(0.10, abs=1e-14)
    before = [START - YEAR] * 3
    result = xirr(before + dates, [0.1, 0.2, -0.3, -100, 0, 0, 0, 121])
    assert result.value == pytest.approx(0.10, abs=1e-14)
    assert result.notes == ()


def test_the_day_count_changes_the_rate() -> None:
    dates, amounts = [date(2024, 1, 31), date(2024, 7, 31), date(2025, 1, 31)], [-100, 3, 103]
    assert xirr(dates, amounts, day_count="30/360").value == pytest.approx(1.03**2 - 1, abs=1e-14)
    assert xirr(dates, amounts).value != pytest.approx(1.03**2 - 1, abs=1e-6)


@pytest.mark.parametrize(
    ("amounts", "reason"),
    [
        ([], "too-few-flows"),
        ([-100], "too-few-flows"),
        ([0, 0, 0], "too-few-flows"),
        ([-100, 0], "too-few-flows"),
        ([-100, -50], "one-sign"),
        ([100, 0, 50], "one-sign"),
        ([-100, None, 120], "not-reported"),
        ([-100, math.nan, 120], "not-reported"),
        ([-100, math.inf], "undefined"),
        # (1 - x)² + 1 has no zero.
        ([-200, 200, -100], "no-root"),
    ],
)
def test_without_a_rate_there_is_a_reason(amounts: list[float | None], reason: str) -> None:
    dates = [START + YEAR * at for at in range(len(amounts))]
    assert xirr(dates, amounts) == Value.none(reason)


def test_two_flows_of_one_day_are_one_moment() -> None:
    assert xirr([START, START], [-100, 120]) == Value.none("too-few-flows")


@pytest.mark.parametrize("amounts", [[-1e-3, 1e9], [-1e9, 1e-3]])
def test_a_rate_that_no_float_can_hold_is_out_of_range(amounts: list[float]) -> None:
    assert xirr([START, START + timedelta(days=1)], amounts) == Value.none("out-of-range")


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="argument"):
        xirr([START], [-1, 2])
    with pytest.raises(ValueError, match="as many"):
        xnpv(0.1, [START], [-1, 2])
    with pytest.raises(ValueError, match="one length"):
        xirr_many([1, 1], [0, 365, 730], [-1, 2])


@pytest.mark.parametrize("rate", [-1.0, -1.5, math.nan])
def test_a_rate_without_a_discount_factor_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="discount"):
        xnpv(rate, [START, START + YEAR], [-1, 2])
    with pytest.raises(ValueError, match="discount"):
        xnfv(rate, [START, START + YEAR], [-1, 2])


def test_the_worth_at_either_end_by_hand() -> None:
    dates, amounts = [START + YEAR, START], [110, -100]
    assert xnpv(0.25, dates, amounts) == pytest.approx(-100 + 88)
    assert xnfv(0.25, dates, amounts) == pytest.approx(-125 + 110)
    assert xnpv(0.25, [], []) == xnfv(0.25, [], []) == 0.0
