"""Rates of equal periods, and multiples."""

import math
from decimal import Decimal
from typing import Any

import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine.returns import irr, mirr, multiples, npv
from tasks.engine.value import Value
from tests.engine.flows import all_roots
from tests.engine.published import cases

YUAN = st.integers(0, 10**12).map(lambda fen: Decimal(fen) / 100)


@pytest.mark.parametrize("case", cases("irr_periodic", "irr"))
def test_rates_agree_with_published_ones(case: dict[str, Any]) -> None:
    result = irr(case["input"]["cash_flows"])
    if case["expected"] is None:
        assert result.value is None
    else:
        # The published rate may be one of several: the note prints ten digits of each.
        closeness = max(case["tolerance"], 1e-9)
        assert any(
            rate == pytest.approx(case["expected"], rel=1e-9, abs=closeness) for rate in all_roots(result)
        )


@pytest.mark.parametrize("case", cases("irr_periodic", "mirr"))
def test_modified_rates_agree_with_published_ones(case: dict[str, Any]) -> None:
    given_ = case["input"]
    result = mirr(
        given_["cash_flows"], finance_rate=given_["finance_rate"], reinvest_rate=given_["reinvest_rate"]
    )
    assert result.value == pytest.approx(case["expected"], abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("irr_periodic", "npv"))
def test_present_values_agree_with_published_ones(case: dict[str, Any]) -> None:
    assert npv(case["input"]["rate"], case["input"]["cash_flows"]) == pytest.approx(
        case["expected"], abs=case["tolerance"]
    )


def test_the_present_value_of_a_spreadsheet_discounts_the_first_flow_too() -> None:
    assert npv(0.1, [110, 121]) == pytest.approx(110 + 110)
    assert npv(0.1, [110, 121], start_from_zero=False) == pytest.approx(100 + 100)
    assert npv(0.1, []) == 0.0


def test_a_modified_rate_by_hand() -> None:
    # 100 now; 50 reinvested for a year at 20 % and 65.4 at the end: 125.4 after two years.
    result = mirr([-100, 50, Decimal("65.44")], finance_rate=0.05, reinvest_rate=0.20)
    assert result.value == pytest.approx(1.12 - 1, abs=1e-12)


def test_a_period_without_a_flow_is_a_period() -> None:
    assert irr([-100, 0, 121]).value == pytest.approx(0.10, abs=1e-14)
    assert irr([0, 0, -100, 0, 121, 0]).value == pytest.approx(0.10, abs=1e-14)


@pytest.mark.parametrize(
    ("amounts", "reason"),
    [
        ([], "too-few-flows"),
        ([-100], "too-few-flows"),
        ([-100, -1], "one-sign"),
        ([-100, None], "not-reported"),
        ([-100, math.nan], "not-reported"),
        ([math.inf, -1], "undefined"),
        ([-200, 200, -100], "no-root"),
    ],
)
def test_without_a_rate_there_is_a_reason(amounts: list[float | None], reason: str) -> None:
    assert irr(amounts) == Value.none(reason)


@pytest.mark.parametrize(
    ("amounts", "finance", "reinvest", "reason"),
    [
        ([], 0.1, 0.1, "too-few-flows"),
        ([-100], 0.1, 0.1, "too-few-flows"),
        ([-100, -1], 0.1, 0.1, "one-sign"),
        ([100, 0], 0.1, 0.1, "one-sign"),
        ([-100, None], 0.1, 0.1, "not-reported"),
        ([-100, math.inf], 0.1, 0.1, "undefined"),
        ([-100, 110], -1.0, 0.1, "undefined"),
        ([-100, 110], 0.1, -1.5, "undefined"),
    ],
)
def test_without_a_modified_rate_there_is_a_reason(
    amounts: list[float | None], finance: float, reinvest: float, reason: str
) -> None:
    assert mirr(amounts, finance_rate=finance, reinvest_rate=reinvest) == Value.none(reason)


def test_a_present_value_without_a_discount_factor_is_refused() -> None:
    with pytest.raises(ValueError, match="discount"):
        npv(-1.0, [1, 2])


@given(st.lists(st.integers(-1000, 1000).map(float), min_size=2, max_size=8))
def test_an_independent_library_finds_one_of_ourall_roots(amounts: list[float]) -> None:
    theirs, ours = pyxirr.irr(amounts, silent=True), irr(amounts)
    if theirs is not None and math.isfinite(theirs) and -0.999 < theirs < 1e6:
        # Their search may stop beside a rate that only touches zero, where the worth is flat.
        assert any(rate == pytest.approx(theirs, rel=1e-4, abs=1e-4) for rate in all_roots(ours))


def test_multiples_by_hand() -> None:
    result = multiples([Decimal("600000"), Decimal("400000")], [Decimal("250000")], Decimal("900000"))
    assert result.paid_in == Decimal("1000000")
    assert (result.dpi.value, result.rvpi.value, result.tvpi.value) == (0.25, 0.9, 1.15)


def test_contributions_may_carry_the_investors_sign() -> None:
    signed = multiples([Decimal(-60), Decimal(-40)], [Decimal(25)], Decimal(90))
    assert signed == multiples(Decimal(100), Decimal(25), Decimal(90))


def test_a_refund_lowers_what_was_paid_in() -> None:
    assert multiples([Decimal(120), Decimal(-20)], [], Decimal(50)).paid_in == Decimal(100)
    assert multiples([Decimal(120), Decimal(-20)], [], Decimal(50)).dpi == Value.of(0.0)


def test_a_fund_may_be_worth_less_than_nothing() -> None:
    result = multiples([Decimal(100)], [Decimal(30)], Decimal(-10))
    assert result.rvpi.value == -0.1
    assert result.tvpi.value == 0.2


def test_without_a_nav_the_money_that_came_back_still_counts() -> None:
    result = multiples([Decimal(100)], [Decimal(30)], None)
    assert result.dpi.value == 0.3
    assert result.rvpi == result.tvpi == Value.none("not-reported")


@pytest.mark.parametrize(
    "contributions", [[], [Decimal(0)], [Decimal(20), Decimal(-20)], [Decimal(5), Decimal(-9)]]
)
def test_a_multiple_of_nothing_paid_in_does_not_exist(contributions: list[Decimal]) -> None:
    result = multiples(contributions, [Decimal(30)], Decimal(10))
    assert result.dpi == result.rvpi == result.tvpi == Value.none("no-denominator")


@given(paid=st.lists(YUAN, min_size=1, max_size=8), back=st.lists(YUAN, max_size=8), nav=YUAN)
def test_tvpi_is_dpi_and_rvpi(paid: list[Decimal], back: list[Decimal], nav: Decimal) -> None:
    result = multiples(paid, back, nav)
    if sum(paid) == 0:
        assert result.tvpi.reason == "no-denominator"
    else:
        assert result.tvpi.value == pytest.approx(result.dpi.value + result.rvpi.value, rel=1e-12)
