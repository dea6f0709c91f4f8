"""Public-market equivalents."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.engine import pme
from tasks.engine.returns import irr
from tasks.engine.value import Value
from tests.engine.published import cases

KINDS = ["ks_pme", "ln_pme_nav", "ln_pme", "pme_plus", "direct_alpha"]
RATES = ["ln_pme", "pme_plus", "direct_alpha"]
ALL = [*KINDS, "pme_plus_lambda"]


@pytest.mark.parametrize("case", cases("pme", *KINDS))
def test_equivalents_agree_with_published_ones(case: dict[str, Any]) -> None:
    result = getattr(pme, case["kind"])(**case["input"])
    assert result.value == pytest.approx(case["expected"], abs=case["tolerance"])


def test_a_fund_and_an_index_by_hand() -> None:
    # The index doubles, then halves: 100 paid in are 100 of the end's money, 90 paid out are 45.
    amounts, index = [-100, 90, 0], [10, 20, 10]
    assert pme.ks_pme(amounts, index, nav=30).value == pytest.approx(0.75)
    assert pme.ln_pme_nav(amounts, index).value == pytest.approx(55)
    assert pme.ln_pme(amounts, index).value == irr([-100, 90, 55]).value
    assert pme.pme_plus_lambda(amounts, index, nav=30).value == pytest.approx(70 / 45)
    assert pme.pme_plus(amounts, index, nav=30).value == pytest.approx(irr([-100, 140, 30]).value)
    assert pme.direct_alpha(amounts, index, nav=30).value == pytest.approx(irr([-100, 45, 30]).value)


def test_a_nav_stands_beside_the_last_flow_and_does_not_replace_it() -> None:
    assert pme.ln_pme([-100, 40], [10, 11]).value == pytest.approx(irr([-100, 110]).value)
    assert pme.direct_alpha([-100, 40], [10, 11], nav=70).value == pytest.approx(irr([-110, 110]).value)
    assert pme.pme_plus([-100, 40], [10, 11], nav=70).value == pytest.approx(irr([-100, 40 + 70]).value)


@given(
    growth=st.lists(st.floats(0.5, 2), min_size=1, max_size=6),
    paid=st.lists(st.integers(1, 1000), min_size=7, max_size=7),
)
def test_a_fund_that_is_the_index_beats_it_by_nothing(growth: list[float], paid: list[int]) -> None:
    index = [1.0]
    for step in growth:
        index.append(index[-1] * step)
    amounts = [-float(amount) for amount, _ in zip(paid, index, strict=False)]
    left = pme.ln_pme_nav(amounts, index).value
    assert left is not None
    assert pme.ks_pme(amounts, index, nav=left).value == pytest.approx(1)
    assert pme.direct_alpha([*amounts[:-1], 0.0], index, nav=left + amounts[-1]).value == pytest.approx(
        0, abs=1e-9
    )


@pytest.mark.parametrize("name", RATES)
def test_dated_periods_of_a_year_give_the_periodic_rate(name: str) -> None:
    amounts, index = [-100, 90, 5], [10, 20, 10]
    dates = [date(2021, 1, 1) + timedelta(days=365 * at) for at in range(3)]
    function = getattr(pme, name)
    assert function(amounts, index, nav=30, dates=dates).value == pytest.approx(
        function(amounts, index, nav=30).value
    )


@pytest.mark.parametrize("name", ALL)
def test_dated_rows_may_come_in_any_order(name: str) -> None:
    amounts, index = [-100, 90, 5], [10, 20, 12]
    dates = [date(2021, 1, 1), date(2021, 9, 1), date(2023, 3, 1)]
    function = getattr(pme, name)
    turned = function(amounts[::-1], index[::-1], dates=dates[::-1])
    assert turned.value == pytest.approx(function(amounts, index, dates=dates).value)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("amounts", "index", "reason"),
    [
        ([], [], "too-few-flows"),
        ([-100, None], [10, 20], "not-reported"),
        ([-100, 120], [10, None], "not-reported"),
        ([-100, 120], [10, 0], "undefined"),
        ([-100, 120], [-10, 10], "undefined"),
    ],
)
def test_without_an_equivalent_there_is_a_reason(name: str, amounts: Any, index: Any, reason: str) -> None:
    assert getattr(pme, name)(amounts, index) == Value.none(reason)


@pytest.mark.parametrize("name", ["ks_pme", "pme_plus", "pme_plus_lambda", "direct_alpha"])
def test_a_nav_that_is_not_reported_is_not_zero(name: str) -> None:
    assert getattr(pme, name)([-100, 50], [10, 11], nav=None) == Value.none("not-reported")


def test_an_index_portfolio_that_ran_dry_has_no_rate() -> None:
    assert pme.ln_pme_nav([-100, 300, 0], [10, 10, 10]).value == pytest.approx(-200)
    assert pme.ln_pme([-100, 300, 0], [10, 10, 10]) == Value.none("undefined")


def test_a_fund_worth_more_than_the_index_could_pay_has_no_scaled_rate() -> None:
    assert pme.pme_plus_lambda([-100, 10, 0], [10, 10, 10], nav=500).value == pytest.approx(-40)
    assert pme.pme_plus([-100, 10, 0], [10, 10, 10], nav=500) == Value.none("undefined")


def test_without_money_in_or_out_there_is_nothing_to_divide_by() -> None:
    assert pme.ks_pme([0, 10], [10, 10]) == Value.none("no-denominator")
    assert pme.pme_plus_lambda([-10, 0], [10, 10], nav=5) == Value.none("no-denominator")
    assert pme.pme_plus([-10, 0], [10, 10], nav=5) == Value.none("no-denominator")


@pytest.mark.parametrize("name", ALL)
def test_columns_of_different_length_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="as many"):
        getattr(pme, name)([-1, 2], [10])
    with pytest.raises(ValueError, match="as many"):
        getattr(pme, name)([-1, 2], [10, 11], dates=[date(2021, 1, 1)])


LIVES = st.integers(2, 7).flatmap(
    lambda years: st.tuples(
        st.lists(st.integers(-(10**9), 10**9), min_size=years, max_size=years),
        st.lists(st.integers(50, 200), min_size=years, max_size=years),
    )
)


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=25)
@given(life=LIVES, nav=st.integers(0, 10**9), doublings=st.integers(-20, 20), at=st.integers(0, 6))
def test_the_unit_of_money_and_flows_of_nothing_change_no_equivalent(
    name: str, life: tuple[list[int], list[int]], nav: int, doublings: int, at: int
) -> None:
    """The unit is changed by doubling, which loses no bit: a factor at the edge of zero stays on its side."""
    function, (amounts, index), unit = getattr(pme, name), life, 2.0**doublings
    dates = [date(2010 + year, 5, 1) for year in range(len(amounts))]
    idle = min(at, len(dates) - 1)
    day = dates[idle] + timedelta(days=100 if idle < len(dates) - 1 else 0)
    known: dict[str, float] = {} if name == "ln_pme_nav" else {"nav": nav}
    plain = function(amounts, index, dates=dates, **known)
    scaled = function(
        [amount * unit for amount in amounts], [level * unit for level in index], dates=dates,
        **{key: value * unit for key, value in known.items()},
    )  # fmt: skip
    with_nothing = function([*amounts, 0], [*index, index[idle]], dates=[*dates, day], **known)
    assert plain.reason == scaled.reason == with_nothing.reason
    if plain.value is not None:
        factor = unit if name == "ln_pme_nav" else 1
        assert scaled.value == pytest.approx(plain.value * factor, rel=1e-9, abs=1e-9)
        assert with_nothing.value == pytest.approx(plain.value, rel=1e-9, abs=1e-9)


@settings(max_examples=40)
@given(life=LIVES, nav=st.integers(1, 10**9))
def test_a_fund_beats_an_index_by_every_measure_or_by_none(
    life: tuple[list[int], list[int]], nav: int
) -> None:
    """KS-PME is above 1 exactly where direct alpha is above 0, for a fund that first pays in and then gets back."""
    amounts, index = life
    signed = [-abs(amounts[0]) - 1, *(abs(amount) for amount in amounts[1:])]
    multiple, alpha = (function(signed, index, nav=nav).value for function in (pme.ks_pme, pme.direct_alpha))
    assert multiple is not None
    assert alpha is not None
    if abs(multiple - 1) > 1e-9:
        assert (multiple > 1) is (alpha > 0)
