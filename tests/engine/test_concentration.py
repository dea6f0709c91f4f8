"""Measures of concentration."""

import math
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine.concentration import Amounts, atkinson, entropy, gini, hannah_kay, hhi, top_share
from tasks.engine.value import Value
from tests.engine.published import cases

SIZES = st.lists(st.integers(0, 10**14), min_size=1, max_size=30).filter(any)
MEASURES = {
    "hhi": hhi,
    "gini": gini,
    "entropy": entropy,
    "atkinson": lambda amounts: atkinson(amounts, epsilon=0.5),
    "geometric": lambda amounts: atkinson(amounts, epsilon=1),
    "hannah-kay": lambda amounts: hannah_kay(amounts, alpha=3),
    "top": lambda amounts: top_share(amounts, n=3),
}


@pytest.mark.parametrize("case", cases("risk", "atkinson"))
def test_atkinson_agrees_with_published_values(case: dict[str, Any]) -> None:
    result = atkinson(case["input"]["x"], epsilon=case["input"]["epsilon"])
    assert result.value == pytest.approx(case["expected"], abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("risk", "gini"))
def test_gini_agrees_with_published_values(case: dict[str, Any]) -> None:
    assert gini(case["input"]["x"]).value == pytest.approx(case["expected"], abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("risk", "hannah_kay"))
def test_the_hannah_kay_index_agrees_with_published_values(case: dict[str, Any]) -> None:
    given_ = case["input"]
    result = hannah_kay(given_["x"], alpha=given_["a"])
    assert result.value == pytest.approx(case["expected"], abs=case["tolerance"])


@pytest.mark.parametrize("case", cases("risk", "hhi_normalized"))
def test_the_normalised_index_agrees_with_published_values(case: dict[str, Any]) -> None:
    result = hhi(case["input"]["x"], normalised=True)
    assert result.value == pytest.approx(case["expected"], abs=case["tolerance"])


def test_three_firms_by_hand() -> None:
    # Shares 0.5, 0.3, 0.2.
    amounts = [Decimal(50), Decimal(30), Decimal(20)]
    assert hhi(amounts).value == pytest.approx(0.25 + 0.09 + 0.04)
    assert hhi(amounts, normalised=True).value == pytest.approx((0.38 - 1 / 3) / (2 / 3))
    assert gini(amounts).value == pytest.approx((-2 * 0.2 + 0 * 0.3 + 2 * 0.5) / 3)
    assert entropy(amounts).value == pytest.approx(
        -(0.5 * math.log(0.5) + 0.3 * math.log(0.3) + 0.2 * math.log(0.2))
    )
    assert atkinson(amounts, epsilon=1).value == pytest.approx(1 - 30_000 ** (1 / 3) / (100 / 3))
    assert atkinson(amounts, epsilon=2).value == pytest.approx(
        1 - (3 / (1 / 50 + 1 / 30 + 1 / 20)) / (100 / 3)
    )
    assert top_share(amounts, n=2).value == pytest.approx(0.8)


def test_a_single_firm_is_all_there_is() -> None:
    assert hhi([7]) == Value.of(1.0)
    assert gini([7]) == Value.of(0.0)
    assert entropy([7]) == Value.of(0.0)
    assert top_share([7], n=20) == Value.of(1.0)
    assert hhi([7], normalised=True) == Value.none("no-denominator")


def test_a_firm_without_money_counts_only_where_evenness_is_measured() -> None:
    assert hhi([1, 1, 0]) == hhi([1, 1])
    assert entropy([1, 1, 0]) == entropy([1, 1])
    assert gini([1, 1, 0]).value == pytest.approx(1 / 3)
    assert atkinson([1, 1, 0], epsilon=1) == atkinson([1, 1, 0], epsilon=2) == Value.of(1.0)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("amounts", "reason"),
    [
        ([], "no-denominator"),
        ([0, 0], "no-denominator"),
        ([1, None], "not-reported"),
        ([1, math.nan], "not-reported"),
        ([5, -1], "undefined"),
        ([1, math.inf], "undefined"),
    ],
)
def test_without_shares_there_is_a_reason(measure: str, amounts: Amounts, reason: str) -> None:
    assert MEASURES[measure](amounts) == Value.none(reason)


@pytest.mark.parametrize("epsilon", [0.0, -1.0, math.nan])
def test_an_aversion_that_is_none_is_refused(epsilon: float) -> None:
    with pytest.raises(ValueError, match="aversion"):
        atkinson([1, 2], epsilon=epsilon)


@pytest.mark.parametrize("n", [0, -1])
def test_the_share_of_no_firm_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        top_share([1, 2], n=n)


@pytest.mark.parametrize("measure", MEASURES)
@given(sizes=SIZES, seed=st.integers(0, 99))
def test_the_order_changes_no_digit(measure: str, sizes: list[int], seed: int) -> None:
    mixed = random.Random(seed).sample(sizes, len(sizes))
    assert MEASURES[measure](sizes) == MEASURES[measure](mixed)


@pytest.mark.parametrize("measure", MEASURES)
@given(sizes=SIZES)
def test_fen_and_yuan_are_equally_concentrated(measure: str, sizes: list[int]) -> None:
    yuan = [Decimal(size) / 100 for size in sizes]
    assert MEASURES[measure](yuan).value == pytest.approx(MEASURES[measure](sizes).value, rel=1e-9, abs=1e-9)


@given(sizes=SIZES)
def test_measures_stay_within_their_bounds(sizes: list[int]) -> None:
    n, slack = len(sizes), 1e-12
    assert 1 / n - slack <= hhi(sizes).value <= 1 + slack
    assert -slack <= gini(sizes).value <= (n - 1) / n + slack
    assert 0 <= entropy(sizes).value <= math.log(n) + slack
    assert -slack <= atkinson(sizes, epsilon=0.5).value <= 1
    assert 1 / n - slack <= top_share(sizes, n=1).value <= top_share(sizes, n=2).value + slack


@given(size=st.integers(1, 10**12), n=st.integers(2, 40))
def test_equal_amounts_are_the_least_concentrated(size: int, n: int) -> None:
    assert hhi([size] * n).value == pytest.approx(1 / n)
    assert gini([size] * n).value == pytest.approx(0, abs=1e-12)
    assert entropy([size] * n).value == pytest.approx(math.log(n))
    assert atkinson([size] * n, epsilon=0.5).value == pytest.approx(0, abs=1e-9)


def test_the_hannah_kay_index_by_hand() -> None:
    # Shares 1/2, 1/4, 1/4. Order 2 is HHI; of order 3 the root of 1/8 + 2/64; of order 1 e^-entropy.
    amounts = [2, 1, 1]
    assert hannah_kay(amounts, alpha=2).value == pytest.approx(hhi(amounts).value)
    assert hannah_kay(amounts, alpha=3).value == pytest.approx(math.sqrt(5 / 32))
    spread = entropy(amounts).value
    assert spread is not None
    assert hannah_kay(amounts, alpha=1).value == pytest.approx(math.exp(-spread))
    assert hannah_kay(amounts, alpha=1 + 1e-13).value == pytest.approx(math.exp(-spread), rel=1e-12)
    assert hannah_kay(amounts, alpha=1e6).value == pytest.approx(0.5, rel=1e-5)


@pytest.mark.parametrize("alpha", [0, -1, math.nan, math.inf])
def test_an_order_that_is_none_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match="order"):
        hannah_kay([1, 2], alpha=alpha)


@pytest.mark.parametrize("offset", [1e-12, 1e-6, -1e-12, -1e-6])
def test_an_aversion_near_one_loses_no_digit(offset: float) -> None:
    amounts = [1, 2, 3, 50]
    at_one = atkinson(amounts, epsilon=1).value
    assert atkinson(amounts, epsilon=1 + offset).value == pytest.approx(at_one, abs=2 * abs(offset))


@pytest.mark.parametrize("epsilon", [1e3, 1e6, 1e300])
def test_the_greatest_aversion_sees_the_least_amount_alone(epsilon: float) -> None:
    assert atkinson([1, 2, 3], epsilon=epsilon).value == pytest.approx(0.5, abs=2 / epsilon)
