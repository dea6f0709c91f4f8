"""What holds for the rate of any dated flows."""

import math
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tasks.engine.returns import xirr, xnpv
from tests.engine.flows import FLOWS, START, all_roots, dated


@given(
    flows=FLOWS, seed=st.randoms(use_true_random=False), zeros=st.lists(st.integers(0, 10_000), max_size=3)
)
def test_zero_flows_and_the_order_of_rows_change_nothing(flows: Any, seed: Any, zeros: list[int]) -> None:
    mixed = flows + [(day, Decimal(0)) for day in zeros]
    seed.shuffle(mixed)
    before, after = xirr(*dated(flows)), xirr(*dated(mixed))
    assert (before.reason, before.notes) == (after.reason, after.notes)
    assert (
        before.value == pytest.approx(after.value, rel=1e-12) if before.value else after.value == before.value
    )


@given(flows=FLOWS)
def test_flows_are_worth_nothing_at_their_rate(flows: Any) -> None:
    dates, amounts = dated(flows)
    result = xirr(dates, amounts)
    assume(result.value is not None and -0.99 < result.value < 1e6)
    gross = xnpv(result.value, dates, [abs(amount) for amount in amounts])
    assert abs(xnpv(result.value, dates, amounts)) <= 1e-9 * gross


@given(flows=FLOWS, unit=st.sampled_from([Decimal("0.0001"), Decimal(10_000), Decimal(-1)]))
def test_the_unit_and_the_side_change_nothing(flows: Any, unit: Decimal) -> None:
    dates, amounts = dated(flows)
    before, after = xirr(dates, amounts), xirr(dates, [amount * unit for amount in amounts])
    assert before.reason == after.reason
    assert before.value is None or before.value == pytest.approx(after.value, rel=1e-9, abs=1e-12)


@given(gap=st.integers(30, 400), rates=st.lists(st.integers(-90, 300), min_size=1, max_size=4, unique=True))
def test_every_planted_rate_is_found(gap: int, rates: list[int]) -> None:
    """Flows multiplied out from their roots in exact arithmetic, in units of a hundredth of the growth."""
    coefficients = [Fraction(-1)]
    for rate in rates:
        growth = 1 + Fraction(rate, 100)
        shifted = [Fraction(0), *[-growth * part for part in coefficients]]
        coefficients = [a + b for a, b in zip([*coefficients, Fraction(0)], shifted, strict=True)]
    dates = [START + timedelta(days=gap * at) for at in range(len(coefficients))]
    found = all_roots(xirr(dates, [float(part) for part in coefficients]))
    planted = sorted(float(1 + Fraction(rate, 100)) ** (365 / gap) - 1 for rate in rates)
    assert len(found) == len(planted)
    assert np.log1p(found) == pytest.approx(np.log1p(planted), rel=1e-5, abs=1e-5 * 365 / gap)


def test_as_many_rates_are_found_as_a_dense_search_finds() -> None:
    random = np.random.default_rng(7)
    grid = np.linspace(-6, 6, 60_001)
    for _ in range(25):
        days = np.sort(random.choice(7_000, 60, replace=False))
        amounts = np.round(random.normal(0, 100, 60), 2)
        result = xirr([START + timedelta(days=int(day)) for day in days], amounts.tolist())
        # Scaled by the largest factor, which changes no sign.
        years = (days - days[0]) / 365
        exponents = -np.multiply.outer(grid, years) + np.minimum(grid, 0)[:, None] * years[-1]
        signs = np.sign(np.exp(exponents) @ amounts)
        within = [rate for rate in all_roots(result) if abs(math.log1p(rate)) < 6]
        assert len(within) == np.count_nonzero(signs[1:] != signs[:-1])
