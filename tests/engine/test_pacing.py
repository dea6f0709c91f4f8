"""Projections of funds, and the J-curve of what has been paid so far."""

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tasks.engine.pacing import (
    Band,
    JCurve,
    Pace,
    Point,
    Projection,
    band,
    forecast,
    j_curve,
    takahashi_alexander,
)
from tasks.engine.returns import irr
from tests.engine.flows import FLOWS, dated
from tests.engine.published import cases

VENTURE = Pace(contribution_rates=(0.25, 1 / 3, 0.5), life=12, bow=2.5, growth=0.13, yield_=0.0)
PUBLISHED = cases("takahashi_alexander", "takahashi_alexander")

FRACTIONS = st.integers(0, 100).map(lambda hundredths: hundredths / 100)
PACES = st.builds(
    Pace,
    contribution_rates=st.lists(FRACTIONS, min_size=1, max_size=6).map(tuple),
    life=st.integers(1, 20),
    bow=st.integers(0, 50).map(lambda tenths: tenths / 10),
    growth=st.integers(-50, 100).map(lambda hundredths: hundredths / 100),
    yield_=FRACTIONS,
)
YUAN = st.integers(0, 10**12)


def _whole(commitment: float, pace: Pace) -> Projection:
    return takahashi_alexander(
        commitment,
        contribution_rates=pace.contribution_rates,
        life=pace.life,
        bow=pace.bow,
        growth=pace.growth,
        yield_=pace.yield_,
    )


def _published(case: dict[str, Any]) -> tuple[float, Pace]:
    given = case["input"]
    rates = tuple(given["rate_of_contribution_by_year(last repeats)"])
    return given["commitment"], Pace(rates, given["life"], given["bow"], given["growth"], given["yield"])


def _net(projection: Projection) -> list[float]:
    """D - C of each year, the last NAV with the last."""
    flows = [
        returned - called
        for called, returned in zip(projection.contributions, projection.distributions, strict=True)
    ]
    return [*flows[:-1], flows[-1] + projection.nav[-1]]


def _amounts(projection: Projection) -> list[float]:
    return [*projection.contributions, *projection.distributions, *projection.nav]


@pytest.mark.parametrize("case", PUBLISHED)
def test_the_growth_is_the_rate_of_published_inputs(case: dict[str, Any]) -> None:
    commitment, pace = _published(case)
    assert irr(_net(_whole(commitment, pace))).value == pytest.approx(pace.growth, abs=1e-9)


@pytest.mark.parametrize("case", PUBLISHED)
def test_published_inputs_give_what_each_call_gives_on_its_own(case: dict[str, Any]) -> None:
    """The paper's formulas solved: a call is what the years before left, and lives on as a fund of its own."""
    commitment, pace = _published(case)
    rates = [pace.contribution_rates[min(at, len(pace.contribution_rates) - 1)] for at in range(pace.life)]
    calls = [
        commitment * rate * math.prod(1 - other for other in rates[:at]) for at, rate in enumerate(rates)
    ]
    kept = [1 - max(pace.yield_, (year / pace.life) ** pace.bow) for year in range(1, pace.life + 1)]
    nav = [
        math.fsum(
            call * (1 + pace.growth) ** (at - since) * math.prod(kept[since + 1 : at + 1])
            for since, call in enumerate(calls[: at + 1])
        )
        for at in range(pace.life)
    ]
    result = _whole(commitment, pace)
    assert result.contributions == pytest.approx(calls)
    assert result.nav == pytest.approx(nav)
    grown = [0.0, *(worth * (1 + pace.growth) for worth in nav[:-1])]
    assert result.distributions == pytest.approx([g * (1 - k) for g, k in zip(grown, kept, strict=True)])


# Powers from a table of logarithms; columns: called, paid back, NAV.
BY_HAND = {
    # Called: 100 x 29 %, 71 x 30 %, 49.7 x 30 %. Year 2: 29 x 1.2 = 34.8, of which (2/20)^1.2 = 6.30957 %;
    # 34.8 - 2.19573 + 21.3 = 53.90427. Year 3: x 1.2 = 64.68512, of which (3/20)^1.2 = 10.26383 %.
    "TA-VC-1980s": ((29.0, 21.3, 14.91), (0.0, 2.19573, 6.63917), (29.0, 53.90427, 72.95595)),
    # Called: 100 x 20 %, 80 x 25 %, 60 x 30 %. Year 2: 20 x 1.07 = 21.4, of which (2/18)^2.2 = 0.79555 %;
    # 21.4 - 0.17025 + 20 = 41.22975. Year 3: x 1.07 = 44.11584, of which (3/18)^2.2 = 1.94119 %.
    "TA-VC-8486": ((20.0, 20.0, 18.0), (0.0, 0.17025, 0.85637), (20.0, 41.22975, 61.25946)),
}


@pytest.mark.parametrize("case", PUBLISHED)
def test_the_first_three_years_of_published_inputs_by_hand(case: dict[str, Any]) -> None:
    result, by_hand = _whole(*_published(case)), BY_HAND[case["id"]]
    columns = (result.contributions[:3], result.distributions[:3], result.nav[:3])
    for column, written in zip(columns, by_hand, strict=True):
        assert column == pytest.approx(written, abs=1e-5)


def test_a_fund_of_four_years_by_hand() -> None:
    # Paid back: 30 % each year by the yield, (3/4)^2 = 56.25 % in the third, all in the fourth.
    # Year 2: 500 x 1.1 = 550, 165 back. Year 3: 585 x 1.1 = 643.5, 361.96875 back. Year 4: 401.53125 x 1.1.
    result = takahashi_alexander(
        Decimal(1000), contribution_rates=[0.5, 0.4], life=4, bow=2, growth=0.1, yield_=0.3
    )
    assert result.contributions == pytest.approx((500, 200, 120, 72))
    assert result.distributions == pytest.approx((0, 165, 361.96875, 441.684375))
    assert result.nav == pytest.approx((500, 585, 401.53125, 72))


def test_a_fund_in_its_third_year_goes_on_from_where_it_stands() -> None:
    # The fund above, but worth 600 instead of 585 and with 50 of the 300 released: 660 x 56.25 % = 371.25.
    pace = Pace((0.5, 0.4), life=4, bow=2, growth=0.1, yield_=0.3)
    result = forecast(250, nav=Decimal(600), age=2, pace=pace)
    assert result.contributions == pytest.approx((100, 60))
    assert result.distributions == pytest.approx((371.25, 427.625))
    assert result.nav == pytest.approx((388.75, 60))


def test_a_band_keeps_the_callers_names() -> None:
    slow, fast = replace(VENTURE, growth=0.02, life=15), replace(VENTURE, growth=0.2)
    whole = band(700, nav=250, age=2, low=slow, base=VENTURE, high=fast)
    assert whole == Band(
        low=forecast(700, nav=250, age=2, pace=slow),
        base=forecast(700, nav=250, age=2, pace=VENTURE),
        high=forecast(700, nav=250, age=2, pace=fast),
    )
    assert [len(part.nav) for part in (whole.low, whole.base, whole.high)] == [13, 10, 10]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("contribution_rates", ()),
        ("contribution_rates", (0.5, 1.01)),
        ("contribution_rates", (-0.01,)),
        ("contribution_rates", (math.nan, 0.5)),
        ("life", 0),
        ("bow", -0.1),
        ("bow", math.inf),
        ("bow", math.nan),
        ("growth", -1.0),
        ("growth", math.inf),
        ("growth", math.nan),
        ("yield_", -0.01),
        ("yield_", 1.01),
        ("yield_", math.nan),
        ("commitment", -1),
        ("commitment", Decimal("-0.01")),
        ("commitment", math.inf),
        ("commitment", Decimal("NaN")),
    ],
)
def test_what_the_model_is_not_defined_for_is_refused_by_name(parameter: str, value: Any) -> None:
    given = {"contribution_rates": (0.5,), "life": 5, "bow": 1.0, "growth": 0.1, "yield_": 0.0}
    given = {"commitment": 100} | given | {parameter: value}
    with pytest.raises(ValueError, match=f"^{parameter} "):
        takahashi_alexander(given.pop("commitment"), **given)


@pytest.mark.parametrize(
    ("argument", "value"),
    [("unfunded", -1), ("unfunded", math.nan), ("nav", -1), ("nav", math.inf), ("age", -1), ("age", 12)],
)
def test_a_standing_that_no_fund_has_is_refused_by_name(argument: str, value: float) -> None:
    given = {"unfunded": 100, "nav": 50, "age": 3} | {argument: value}
    with pytest.raises(ValueError, match=f"^{argument} "):
        forecast(given.pop("unfunded"), pace=VENTURE, **given)


def test_a_growth_that_no_float_holds_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^growth "):
        _whole(1000, replace(VENTURE, growth=1e300))


@given(pace=PACES, commitment=YUAN)
def test_the_growth_is_the_rate_of_any_projection(pace: Pace, commitment: int) -> None:
    assume(pace.life > 1 and pace.contribution_rates[0] > 0 and commitment > 0)
    assert irr(_net(_whole(commitment, pace))).value == pytest.approx(pace.growth, abs=1e-9)


@given(pace=PACES, unfunded=YUAN, nav=st.integers(10**9, 10**12), age=st.integers(0, 19))
def test_the_growth_is_the_rate_from_any_standing(pace: Pace, unfunded: int, nav: int, age: int) -> None:
    assume(age < pace.life)
    rest = forecast(unfunded, nav=nav, age=age, pace=pace)
    assert irr([-nav, *_net(rest)]).value == pytest.approx(pace.growth, abs=1e-9)


@given(pace=PACES, commitment=YUAN, years=st.integers(1, 19))
def test_going_on_from_a_year_gives_the_rest(pace: Pace, commitment: int, years: int) -> None:
    assume(years < pace.life)
    whole = _whole(commitment, pace)
    unfunded = max(0.0, commitment - math.fsum(whole.contributions[:years]))
    rest = forecast(unfunded, nav=whole.nav[years - 1], age=years, pace=pace)
    expected = Projection(whole.contributions[years:], whole.distributions[years:], whole.nav[years:])
    # What is left of the commitment is known to its own rounding only, and grows from there.
    slack = 1e-12 * commitment * (1 + max(pace.growth, 0)) ** pace.life
    assert _amounts(rest) == pytest.approx(_amounts(expected), rel=1e-9, abs=slack)


@given(pace=PACES, commitment=YUAN, factor=st.integers(1, 10**6))
def test_a_larger_commitment_scales_everything(pace: Pace, commitment: int, factor: int) -> None:
    scaled = [factor * amount for amount in _amounts(_whole(commitment, pace))]
    assert _amounts(_whole(commitment * factor, pace)) == pytest.approx(scaled, rel=1e-9)


@given(pace=PACES, commitment=YUAN)
def test_no_more_is_called_than_was_committed_nor_paid_back_than_is_there(
    pace: Pace, commitment: int
) -> None:
    result = _whole(commitment, pace)
    assert math.fsum(result.contributions) <= commitment * (1 + 1e-12)
    assert min(_amounts(result)) >= 0
    assert result.nav[-1] == result.contributions[-1]
    assert {len(column) for column in (result.contributions, result.distributions, result.nav)} == {pace.life}


@given(pace=PACES, commitment=st.integers(1, 10**12), step=st.integers(1, 50))
def test_a_higher_bow_pays_back_later(pace: Pace, commitment: int, step: int) -> None:
    """A bow leaves the calls alone, and no year's end with less in the fund."""
    early, late = _whole(commitment, pace), _whole(commitment, replace(pace, bow=pace.bow + step / 10))
    assert early.contributions == late.contributions
    assert all(before <= after * (1 + 1e-12) for before, after in zip(early.nav, late.nav, strict=True))


SPRING, SUMMER, AUTUMN, WINTER = (date(2021, month, 15) for month in (3, 6, 9, 12))


def test_the_curve_of_a_fund_that_has_paid_back_by_hand() -> None:
    curve = j_curve(
        [SUMMER, SPRING, AUTUMN, SUMMER, WINTER],
        [Decimal("-60.10"), -100, Decimal("80.05"), 20.0, Decimal("60.05")],
    )
    assert curve == JCurve(
        cumulative=(
            Point(SPRING, Decimal(-100)),
            Point(SUMMER, Decimal("-140.10")),
            Point(AUTUMN, Decimal("-60.05")),
            Point(WINTER, Decimal(0)),
        ),
        depth=Point(SUMMER, Decimal("-140.10")),
        break_even=WINTER,
        reason=None,
    )


def test_money_that_is_not_back_has_no_day() -> None:
    curve = j_curve([SPRING, SUMMER], [-100, Decimal("99.99")])
    assert (curve.depth, curve.break_even, curve.reason) == (
        Point(SPRING, Decimal(-100)),
        None,
        "not-reached",
    )


def test_the_day_is_looked_for_from_the_lowest_point_on() -> None:
    assert j_curve([SPRING, SUMMER, AUTUMN, WINTER], [-50, 60, -100, 90]) == JCurve(
        cumulative=(
            Point(SPRING, Decimal(-50)),
            Point(SUMMER, Decimal(10)),
            Point(AUTUMN, Decimal(-90)),
            Point(WINTER, Decimal(0)),
        ),
        depth=Point(AUTUMN, Decimal(-90)),
        break_even=WINTER,
        reason=None,
    )


def test_a_lowest_point_reached_twice_counts_from_the_first() -> None:
    curve = j_curve([SPRING, SUMMER, AUTUMN], [-50, 50, -50])
    assert (curve.depth, curve.break_even) == (Point(SPRING, Decimal(-50)), SUMMER)


def test_a_path_that_never_falls_below_zero_starts_even() -> None:
    curve = j_curve([SPRING, SUMMER], [30, -10])
    assert (curve.depth, curve.break_even) == (Point(SPRING, Decimal(0)), SPRING)


def test_tenths_come_back_to_the_last_digit() -> None:
    curve = j_curve([SPRING, SUMMER, AUTUMN], [-0.3, 0.1, 0.2])
    assert (curve.cumulative[-1], curve.break_even) == (Point(AUTUMN, Decimal(0)), AUTUMN)


@pytest.mark.parametrize(
    ("amounts", "reason"),
    [
        ([], "too-few-flows"),
        ([0, Decimal(0)], "too-few-flows"),
        ([5, -5], "too-few-flows"),
        ([-5, None], "not-reported"),
        ([math.inf, math.nan], "not-reported"),
        ([-5, Decimal("NaN")], "not-reported"),
        ([-5, math.inf], "undefined"),
    ],
)
def test_without_a_path_there_is_a_reason(amounts: list[Any], reason: str) -> None:
    assert j_curve([SPRING] * len(amounts), amounts) == JCurve((), None, None, reason)


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        j_curve([SPRING, SUMMER], [-5])


@given(
    flows=FLOWS, seed=st.randoms(use_true_random=False), zeros=st.lists(st.integers(0, 10_000), max_size=3)
)
def test_zero_flows_and_the_order_of_rows_change_nothing(flows: Any, seed: Any, zeros: list[int]) -> None:
    mixed = flows + [(day, Decimal(0)) for day in zeros]
    seed.shuffle(mixed)
    assert j_curve(*dated(mixed)) == j_curve(*dated(flows))


@given(flows=FLOWS)
def test_a_curve_ends_at_the_sum_and_is_nowhere_below_its_depth(flows: Any) -> None:
    dates, amounts = dated(flows)
    curve = j_curve(dates, amounts)
    assume(curve.depth is not None)
    assert curve.cumulative[-1].amount == sum(amounts)
    assert [point.on for point in curve.cumulative] == sorted({point.on for point in curve.cumulative})
    assert curve.depth.amount == min(0, *(point.amount for point in curve.cumulative))
    assert (curve.break_even is None) == (curve.reason == "not-reached")
    after = [point for point in curve.cumulative if point.on >= curve.depth.on and point.amount >= 0]
    assert curve.break_even == (after[0].on if after else None)
