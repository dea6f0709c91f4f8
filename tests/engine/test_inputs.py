"""What callers send besides dates and plain numbers: arrays, moments, gaps, infinities, texts.

A gap (None, NaN, NaT) is `not-reported` and an infinity `undefined`; what is no number and no day at all is an
error of the caller. In a batch each series keeps its own trouble.
"""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.engine import concentration, pme
from tasks.engine.pacing import Pace, j_curve, takahashi_alexander
from tasks.engine.returns import irr, mirr, multiples, npv, xirr, xirr_many, xnfv, xnpv
from tasks.engine.value import REASONS, Value

DAYS = [date(2020, 1, 1), date(2020, 12, 31)]
INDEX = [100, 110]
#: Every function of two flows, an outflow and an inflow.
ONE_SERIES: dict[str, Callable[[Any], Value]] = {
    "xirr": lambda flows: xirr(DAYS, flows),
    "irr": irr,
    "mirr": lambda flows: mirr(flows, finance_rate=0.1, reinvest_rate=0.1),
    "ks_pme": lambda flows: pme.ks_pme(flows, INDEX),
    "ln_pme_nav": lambda flows: pme.ln_pme_nav(flows, INDEX),
    "ln_pme": lambda flows: pme.ln_pme(flows, INDEX),
    "pme_plus": lambda flows: pme.pme_plus(flows, INDEX),
    "pme_plus_lambda": lambda flows: pme.pme_plus_lambda(flows, INDEX),
    "direct_alpha": lambda flows: pme.direct_alpha(flows, INDEX),
    "dated direct_alpha": lambda flows: pme.direct_alpha(flows, INDEX, dates=DAYS),
}
SIZES: dict[str, Callable[[Any], Value]] = {
    "hhi": concentration.hhi,
    "gini": concentration.gini,
    "entropy": concentration.entropy,
    "atkinson": lambda sizes: concentration.atkinson(sizes, epsilon=2),
    "hannah_kay": lambda sizes: concentration.hannah_kay(sizes, alpha=2.5),
    "top_share": lambda sizes: concentration.top_share(sizes, n=1),
}
every_one = pytest.mark.parametrize("name", [*ONE_SERIES, *SIZES])
MISSING = [None, math.nan, Decimal("NaN"), Decimal("sNaN"), np.float64("nan")]
INFINITE = [math.inf, -math.inf, Decimal("-Infinity"), 10**400, -(10**400)]


def _of(name: str) -> Callable[[Any], Value]:
    return ONE_SERIES.get(name) or SIZES[name]


@every_one
def test_a_gap_is_not_reported_and_an_infinity_undefined(name: str) -> None:
    for gap in MISSING:
        assert _of(name)([1, gap]) == Value.none("not-reported"), gap
        assert _of(name)([math.inf, gap]) == Value.none("not-reported"), gap
    for infinite in INFINITE:
        assert _of(name)([-1, infinite]) == Value.none("undefined"), infinite


@every_one
def test_the_type_of_the_numbers_changes_nothing(name: str) -> None:
    amounts = [-100, 105] if name in ONE_SERIES else [100, 105]
    plain = _of(name)(amounts)
    assert plain.reason is None
    for other in (
        tuple(amounts), list(map(float, amounts)), list(map(Decimal, amounts)), list(map(Fraction, amounts)),
        [Decimal(amounts[0]), 105.0], np.array(amounts), np.array(amounts, dtype=np.float32),
        np.array(amounts, dtype=object), iter(amounts),
    ):  # fmt: skip
        assert _of(name)(other) == plain


@every_one
def test_text_is_no_number(name: str) -> None:
    for text in ("100", "abc", b"1"):
        with pytest.raises(TypeError):
            _of(name)([text, 1])


@pytest.mark.parametrize("name", SIZES)
def test_sums_beyond_a_float_are_still_shares(name: str) -> None:
    assert _of(name)([1e308, 1.5e308]) == _of(name)([1.0, 1.5])


def test_sums_of_flows_beyond_a_float_still_have_a_rate() -> None:
    days = [date(2020, 1, 1), date(2020, 1, 1), date(2020, 12, 31)]
    assert xirr(days, [-1e308, -1e308, 1e308]).value == pytest.approx(-0.5)
    assert irr([-1e308, 1.5e308]).value == pytest.approx(0.5)
    assert pme.ks_pme([-1e308, -1e308, 1e308], [1, 1, 1]) == Value.none("undefined")


@pytest.mark.parametrize(
    "name", ["ks_pme", "ln_pme_nav", "ln_pme", "pme_plus", "pme_plus_lambda", "direct_alpha"]
)
def test_the_index_and_the_nav_are_looked_at_as_the_flows_are(name: str) -> None:
    function = getattr(pme, name)
    for gap in MISSING:
        assert function([-100, 125], [100, gap]) == Value.none("not-reported")
    for infinite in (math.inf, 10**400):
        assert function([-100, 125], [100, infinite]) == Value.none("undefined")
    assert function([-100, 125], [1e-300, 1e300]) == Value.none("undefined")
    with pytest.raises(TypeError):
        function([-100, 125], ["100", 110])
    assert function(np.array([-100.0, 105.0]), np.array([1.0, 1.1])).reason is None
    assert function(np.array([]), np.array([])) == Value.none("too-few-flows")
    if name != "ln_pme_nav":
        assert function([-100, 105], INDEX, nav=Decimal("NaN")).reason in {"not-reported", None}
        assert function([-100, 105], INDEX, nav=math.inf).reason in {"undefined", None}


def test_a_moment_stands_for_its_civil_date() -> None:
    plain = xirr(DAYS, [-100, 110])
    moments = [datetime.fromisoformat("2020-01-01T23:30"), datetime(2020, 12, 31, 0, 1, tzinfo=UTC)]
    for days in (moments, [moments[0], DAYS[1]], np.array(DAYS, dtype="datetime64[D]"),
                 np.array(DAYS, dtype="datetime64[ns]"), iter(DAYS)):  # fmt: skip
        assert xirr(days, [-100, 110]) == plain  # type: ignore[arg-type]
    assert pme.direct_alpha([-100, 110], INDEX, dates=moments) == pme.direct_alpha(
        [-100, 110], INDEX, dates=DAYS
    )
    assert xnpv(0.1, moments, [-100, 110]) == xnpv(0.1, DAYS, [-100, 110])
    assert j_curve(moments, [-100, 110]) == j_curve(DAYS, [-100, 110])


@pytest.mark.parametrize("gap", [None, np.datetime64("NaT")])
def test_a_missing_day_is_not_reported(gap: Any) -> None:
    days = [gap, DAYS[1]]
    assert xirr(days, [-100, 110]) == Value.none("not-reported")
    assert pme.ks_pme([-100, 110], INDEX, dates=days) == Value.none("not-reported")
    assert pme.direct_alpha([-100, 110], INDEX, dates=days) == Value.none("not-reported")
    assert j_curve(days, [-100, 110]).reason == "not-reported"


@pytest.mark.parametrize("day", ["2020-01-01", 43_831, 1.5])
def test_what_is_no_day_is_an_error(day: Any) -> None:
    for call in (xirr, j_curve):
        with pytest.raises(TypeError, match="a day is a date"):
            call([day, DAYS[1]], [-100, 110])
    with pytest.raises(TypeError, match="a day is a date"):
        pme.direct_alpha([-100, 110], INDEX, dates=[day, DAYS[1]])


def test_worths_beyond_a_float_are_infinite_or_nothing() -> None:
    assert npv(-0.999999, [0, *[1] * 200]) == math.inf
    assert npv(1.0, [0] * 2000 + [1]) == 0.0
    assert npv(Decimal("0.1"), [Decimal(110), 121.0]) == pytest.approx(220)  # type: ignore[arg-type]
    assert math.isnan(npv(0.1, [1, math.nan]))
    assert xnpv(Decimal("0.1"), DAYS, [0, 110]) == pytest.approx(100)  # type: ignore[arg-type]
    for rate in (math.inf, -1.0, math.nan):
        for call in (xnpv, xnfv):
            with pytest.raises(ValueError, match="discount"):
                call(rate, DAYS, [1, 1])
        with pytest.raises(ValueError, match="discount"):
            npv(rate, [1, 1])


def test_a_modified_rate_of_a_long_life_does_not_overflow() -> None:
    # Every inflow of 5,000 periods doubles until the end: their worth is about 2^5001.
    assert mirr([-1] + [1] * 5_000, finance_rate=0.1, reinvest_rate=1.0).value == pytest.approx(1.0)
    assert mirr([0] * 5_000 + [-1, 1], finance_rate=1.0, reinvest_rate=0.1).value == pytest.approx(
        1.0, abs=1e-3
    )
    assert mirr([-5e-324, 1e308], finance_rate=0.1, reinvest_rate=0.1) == Value.none("out-of-range")
    for rate in (math.nan, math.inf, None):
        assert mirr([-1, 2], finance_rate=rate, reinvest_rate=0.1) == Value.none("undefined")  # type: ignore[arg-type]


def test_multiples_of_gaps_and_infinities() -> None:
    gap, infinite = Value.none("not-reported"), Value.none("undefined")
    known = multiples([100], [50], None)
    assert (known.dpi.value, known.rvpi, known.tvpi) == (0.5, gap, gap)
    for missing in MISSING:
        assert multiples([100, missing], [50], 10)[1:] == (gap, gap, gap)  # type: ignore[list-item]
        assert multiples([100], [missing], 10)[1:] == (gap, Value.of(0.1), gap)  # type: ignore[list-item]
        assert multiples([100], [50], missing)[1:] == (Value.of(0.5), gap, gap)  # type: ignore[arg-type]
    assert multiples([100], [math.inf, -math.inf], 10)[1:] == (infinite, Value.of(0.1), infinite)
    assert multiples([math.inf], [50], 10)[1:] == (infinite, infinite, infinite)
    assert multiples(np.array([60.0, 40.0]), np.int64(50), np.float64(10)) == multiples(
        [60.0, 40.0], 50, 10.0
    )  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        multiples(["100"], [50], 10)  # type: ignore[list-item]


def test_a_pace_takes_any_numbers_and_names_what_is_none() -> None:
    plain = Pace((0.5, 0.25), 4, 2.0, 0.1, 0.0)
    other = Pace(np.array([0.5, 0.25]), np.int64(4), Decimal(2), Decimal("0.1"), 0)  # type: ignore[arg-type]
    assert other == plain
    assert {type(part) for part in (*other.contribution_rates, other.bow, other.growth)} == {float}
    sound: dict[str, Any] = {"contribution_rates": [0.5], "life": 5, "bow": 1, "growth": 0.1, "yield_": 0}
    for name in sound:
        for wrong in (None, "x", math.nan):
            with pytest.raises(ValueError, match=f"^{name} "):
                takahashi_alexander(100, **{**sound, name: wrong})
    for wrong in (2.5, math.inf, 0):
        with pytest.raises(ValueError, match=r"^life "):
            takahashi_alexander(100, **{**sound, "life": wrong})
    for amount in (None, "100", math.nan):
        with pytest.raises(ValueError, match=r"^commitment "):
            takahashi_alexander(amount, **sound)  # type: ignore[arg-type]


#: Rows that a sound batch may hold among others.
ODD_AMOUNTS = [*MISSING, *INFINITE, "abc", "100", b"1", object(), 1j, [1]]
ODD_DAYS = [None, np.datetime64("NaT"), "soon", 1.5, object(), datetime(2020, 6, 1, 12, tzinfo=UTC)]


@settings(max_examples=40)
@given(
    odd=st.lists(
        st.tuples(st.sampled_from(ODD_DAYS), st.sampled_from([*ODD_AMOUNTS, 5, -5])), min_size=1, max_size=6
    ),
    at=st.integers(0, 2),
)
def test_no_row_of_a_batch_raises_or_touches_another_series(odd: list[Any], at: int) -> None:
    """Of three series the one with odd rows has a rate or a reason of its own; the others keep theirs."""
    rows = [(number, day, flow) for number in range(3) for day, flow in zip(DAYS, (-100, 110), strict=True)]
    rows += [(at, day, flow) for day, flow in odd]
    ids, days, flows = zip(*rows, strict=True)
    column: Any = np.empty(len(flows), dtype=object)
    column[:] = flows
    values, reasons = xirr_many(ids, np.array(days, dtype=object), column)
    for number in range(3):
        if number != at:
            assert (values[number], reasons[number]) == (pytest.approx(0.1), None)
    assert (reasons[at] in REASONS) is bool(np.isnan(values[at]))


def test_a_batch_takes_days_as_they_come() -> None:
    plain = xirr_many([1, 1], DAYS, [-100, 110])[0]
    moments = [datetime.fromisoformat(f"{day}T23:30") for day in DAYS]
    for days in (
        moments, [moments[0], DAYS[1]], ["2020-01-01", "2020-12-31"], np.array(DAYS, dtype="datetime64[ns]"),
        [18_262, 18_627], np.array([18_262.0, 18_627.0]),
    ):  # fmt: skip
        assert xirr_many([1, 1], days, [Decimal(-100), 110.0])[0] == plain  # type: ignore[arg-type]
    masked = np.ma.array([-100.0, 110.0], mask=[False, True])
    assert xirr_many([1, 1], DAYS, masked)[1] == ["not-reported"]  # type: ignore[arg-type]


@pytest.mark.parametrize("ids", [[1.5, 1.5], [math.nan, 1], [None, 1], ["a", "b"], ["1", "1"], [2**64, 1]])
def test_an_id_that_is_no_whole_number_is_refused(ids: Any) -> None:
    with pytest.raises(ValueError, match="whole number"):
        xirr_many(ids, DAYS, [-100, 110])
