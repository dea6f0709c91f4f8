"""Schedules to the cent, and annuities to the last digit."""

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine import amortisation
from tasks.engine.amortisation import (
    Instalment,
    Period,
    cumipmt,
    cumprinc,
    ipmt,
    period_factors,
    pmt,
    ppmt,
    rate,
    schedule,
)
from tasks.engine.daycount import UnknownConventionError
from tasks.engine.value import Value
from tests.engine.published import cases

METHODS = ["equal-instalment", "equal-principal", "bullet"]


def _loan(principal: Any = 1200, **changes: Any) -> list[Instalment]:
    """¥1,200 for a year at 6 % in months of thirty days."""
    terms = {
        "annual_rate_pct": 6,
        "periods": 12,
        "start": date(2024, 1, 31),
        "method": "equal-instalment",
        "day_count": "30/360",
    }
    return schedule(principal, **(terms | changes))


def _terms(given_: dict[str, Any]) -> dict[str, Any]:
    """The terms of a published schedule in our words."""
    terms: dict[str, Any] = {
        "annual_rate_pct": given_["annual_rate_pct"],
        "periods": given_["n"],
        "start": date.fromisoformat(given_["start"]),
        "method": "equal-instalment",
        "day_count": str(given_["days_in_month"]),
        "days_in_year": given_["days_in_year"],
    }
    if "rate_change" in given_:
        change = given_["rate_change"]
        terms["rate_changes"] = {date.fromisoformat(change["date"]): change["annual_rate_pct"]}
    if "disbursements" in given_:
        terms["drawdowns"] = {date.fromisoformat(day): amount for day, amount in given_["disbursements"][1:]}
    return terms


@pytest.mark.parametrize("case", cases("amortization", "amortization_schedule"))
def test_schedules_agree_with_published_ones(case: dict[str, Any]) -> None:
    given_, expected = case["input"], case["expected"]
    first = given_["disbursements"][0][1] if "disbursements" in given_ else given_["principal"]
    rows = schedule(first, **_terms(given_))
    assert [
        (
            str(row.start),
            str(row.due),
            *map(float, (row.instalment, row.interest, row.principal, row.balance)),
        )
        for row in rows
    ] == [
        tuple(row[key] for key in ("from", "due", "installment", "interest", "principal", "balance"))
        for row in expected["rows"]
    ]
    assert float(sum(row.interest for row in rows)) == expected["total_interest"]


def test_the_days_of_a_period_are_split_after_new_years_eve() -> None:
    # The published factor is that of 9.4822 %: 13 to 31 December, then 1 to 12 January of a leap year.
    period = Period(date(2023, 12, 12), date(2024, 1, 12), 1)
    [factor] = period_factors([period], day_count="actual", days_in_year="actual")
    assert factor == Decimal(19) / 365 + Decimal(12) / 366
    assert f"{factor * Decimal('0.094822'):.12f}" == "0.008044857759"


def test_a_long_period_counts_each_year_by_its_own_length() -> None:
    period = Period(date(2023, 7, 1), date(2025, 7, 1), 24)
    [factor] = period_factors([period], day_count="actual", days_in_year="actual")
    assert factor == Decimal(183) / 365 + 1 + Decimal(182) / 365


@pytest.mark.parametrize("case", cases("amortization", "period_rate_factor"))
def test_period_factors_agree_with_published_ones(case: dict[str, Any]) -> None:
    given_ = case["input"]
    periods = [Period(date.fromisoformat(a), date.fromisoformat(b), 1) for a, b in given_["periods"]]
    factors = period_factors(periods, day_count="actual", days_in_year=given_["days_in_year"])
    yearly = Decimal(str(given_["annual_rate"]))
    assert [f"{factor * yearly:.12f}" for factor in factors] == case["expected"]


@pytest.mark.parametrize("case", cases("amortization", "pmt", "ipmt", "ppmt"))
def test_annuities_agree_with_published_ones(case: dict[str, Any]) -> None:
    arguments = dict(case["input"])
    yearly, months = arguments.pop("rate").split("/")
    function = getattr(amortisation, case["kind"])
    if isinstance(case["expected"], str):
        assert str(function(Decimal(yearly) / Decimal(months), **arguments)) == case["expected"]
    else:
        result = function(float(yearly) / float(months), **arguments)
        assert result == pytest.approx(case["expected"], abs=case["tolerance"])


def test_equal_instalments_by_hand() -> None:
    # 0.5 % a month: 1200 · 0.005 / (1 - 1.005^-12) = 103.28.
    rows = _loan()
    assert rows[0] == Instalment(
        start=date(2024, 1, 31),
        due=date(2024, 2, 29),
        instalment=Decimal("103.28"),
        interest=Decimal("6.00"),
        principal=Decimal("97.28"),
        balance=Decimal("1102.72"),
    )
    assert {row.instalment for row in rows[:-1]} == {Decimal("103.28")}
    assert rows[-1].balance == 0


def test_equal_principal_by_hand() -> None:
    rows = _loan(1000, method="equal-principal", periods=3)
    assert [row.principal for row in rows] == [Decimal("333.33"), Decimal("333.33"), Decimal("333.34")]
    assert [row.interest for row in rows] == [Decimal("5.00"), Decimal("3.33"), Decimal("1.67")]


def test_a_bullet_pays_interest_each_quarter_and_the_principal_at_the_end() -> None:
    rows = _loan(method="bullet", periods=4, frequency="quarterly", day_count="ACT/360")
    # 1200 · 6 % · 90, 92, 92 and 92 days / 360.
    assert [row.interest for row in rows] == [
        Decimal("18.00"),
        Decimal("18.40"),
        Decimal("18.40"),
        Decimal("18.40"),
    ]
    assert [row.principal for row in rows] == [0, 0, 0, Decimal(1200)]


def test_due_dates_keep_the_day_of_the_month_where_there_is_one() -> None:
    assert [row.due.isoformat() for row in _loan(periods=4)] == [
        "2024-02-29",
        "2024-03-31",
        "2024-04-30",
        "2024-05-31",
    ]
    yearly = _loan(periods=2, frequency="yearly", start=date(2024, 2, 29))
    assert [row.due.isoformat() for row in yearly] == ["2025-02-28", "2026-02-28"]


def test_without_interest_the_principal_is_all() -> None:
    rows = _loan(100, annual_rate_pct=0, periods=3)
    assert [row.instalment for row in rows] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


def test_a_repricing_before_a_due_date_acts_on_the_whole_period() -> None:
    cheaper = _loan(rate_changes={date(2024, 2, 29): Decimal("3")})
    assert cheaper[0].interest == Decimal("6.00")
    assert cheaper[1].interest == Decimal("2.76")  # 1102.72 · 0.25 %
    assert cheaper[1].instalment < cheaper[0].instalment


@pytest.mark.parametrize(
    ("day_count", "days_in_year", "interest"),
    [
        ("actual", 365, "3.14"),  # 1000 · 3.7 % · 31 / 365
        ("actual", 360, "3.19"),
        ("ACT/360", 365, "3.19"),
        ("ACT/365F", 365, "3.14"),
        ("30", 360, "3.08"),
        ("30", 365, "3.04"),
        ("30/360", 360, "3.08"),
        ("actual", "actual", "3.13"),
        ("ACT/ACT", 365, "3.13"),
        ("30", "actual", "3.03"),
    ],
)
def test_the_day_count_decides_the_interest(day_count: str, days_in_year: Any, interest: str) -> None:
    rows = _loan(
        1000,
        annual_rate_pct=Decimal("3.7"),
        periods=1,
        start=date(2024, 1, 1),
        day_count=day_count,
        days_in_year=days_in_year,
    )
    assert rows[0].interest == Decimal(interest)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"principal": 0}, "positive"),
        ({"principal": -5}, "positive"),
        ({"principal": Decimal("0.005")}, "yuan and fen"),
        ({"principal": math.nan}, "positive"),
        ({"periods": 0}, "at least one"),
        ({"annual_rate_pct": -1}, "not negative"),
        ({"annual_rate_pct": math.nan}, "finite"),
        ({"method": "balloon"}, "method"),
        ({"frequency": "weekly"}, "frequency"),
        ({"day_count": "30/360", "days_in_year": "actual"}, "contradict"),
        ({"day_count": "ACT/365F", "days_in_year": 360}, "contradict"),
        ({"day_count": "NL/365"}, "do not accrue"),
        ({"rate_changes": {date(2023, 12, 31): 5}}, "within the life"),
        ({"rate_changes": {date(2025, 1, 31): 5}}, "within the life"),
        ({"rate_changes": {date(2024, 3, 1): -5}}, "not negative"),
        ({"drawdowns": {date(2024, 3, 1): 5}}, "due date"),
        ({"drawdowns": {date(2025, 1, 31): 5}}, "due date"),
        ({"drawdowns": {date(2024, 2, 29): 0}}, "positive"),
    ],
)
def test_a_loan_that_cannot_be_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        _loan(**changes)


def test_an_unknown_day_count_is_refused() -> None:
    with pytest.raises(UnknownConventionError):
        _loan(day_count="lunar")


@given(
    fen=st.integers(1, 10**11),
    pct=st.integers(0, 2400).map(lambda bp: Decimal(bp) / 100),
    periods=st.integers(1, 60),
    start=st.dates(date(2019, 1, 1), date(2030, 1, 1)),
    method=st.sampled_from(METHODS),
    day_count=st.sampled_from(["30/360", "ACT/360", "ACT/365F", "ACT/ACT"]),
)
def test_principals_add_up_to_what_was_lent(
    fen: int, pct: Decimal, periods: int, start: date, **terms: Any
) -> None:
    lent = Decimal(fen) / 100
    rows = schedule(lent, annual_rate_pct=pct, periods=periods, start=start, **terms)
    assert sum(row.principal for row in rows) == lent
    assert rows[-1].balance == 0
    assert all(row.instalment == row.interest + row.principal and row.principal >= 0 for row in rows)
    balances = [lent, *(row.balance for row in rows)]
    assert all(a - row.principal == row.balance for a, row in zip(balances, rows, strict=False))


@given(
    per=st.integers(1, 24),
    r=st.floats(0.0001, 0.2),
    pv=st.floats(1, 1e6),
    fv=st.floats(-1e6, 1e6),
    first=st.booleans(),
)
def test_annuities_agree_with_an_independent_library(
    per: int, r: float, pv: float, fv: float, first: bool
) -> None:
    slack = 1e-9 * (pv + abs(fv))
    theirs = pyxirr.pmt(r, 24, pv, fv, pmt_at_beginning=first)
    assert pmt(r, 24, pv, fv, at_start=first) == pytest.approx(theirs, abs=slack)
    assert ipmt(r, per, 24, pv, fv, at_start=first) == pytest.approx(
        pyxirr.ipmt(r, per, 24, pv, fv, pmt_at_beginning=first), abs=slack
    )
    # Paid at the start, their first principal leaves out a part, and all of them do not add up to the loan.
    if per > 1 or not first:
        assert ppmt(r, per, 24, pv, fv, at_start=first) == pytest.approx(
            pyxirr.ppmt(r, per, 24, pv, fv, pmt_at_beginning=first), abs=slack
        )


@given(r=st.floats(0.0001, 0.2), pv=st.floats(1, 1e6), nper=st.integers(1, 60), first=st.booleans())
def test_all_principal_is_the_loan_and_the_rate_is_found_again(
    r: float, pv: float, nper: int, first: bool
) -> None:
    assert cumprinc(r, nper, pv, 1, nper, at_start=first) == pytest.approx(-pv)
    payment = pmt(r, nper, pv, at_start=first)
    assert cumipmt(r, nper, pv, 1, nper, at_start=first) == pytest.approx(payment * nper + pv, abs=1e-6 * pv)
    if nper > 1:
        assert rate(nper, payment, pv, at_start=first).value == pytest.approx(r, rel=1e-7)


def test_payments_without_interest_by_hand() -> None:
    assert pmt(0, 10, 1000, 500) == -150.0
    assert ipmt(0, 3, 10, 1000) == 0.0
    assert ppmt(Decimal(0), 3, 10, 1000) == Decimal(-100)
    assert rate(10, -100, 1000).value == pytest.approx(0, abs=1e-12)


def test_a_payment_at_the_start_holds_no_interest_the_first_time() -> None:
    assert ipmt(0.1, 1, 2, 210, at_start=True) == 0.0
    # 210 / (1 + 1/1.1) = 110 at once; the remaining 100 have grown by 10.
    assert pmt(0.1, 2, 210, at_start=True) == pytest.approx(-110)
    assert ipmt(0.1, 2, 2, 210, at_start=True) == pytest.approx(-10)


@pytest.mark.parametrize("per", [-1, 0, 13])
def test_a_payment_that_does_not_exist_is_none(per: int) -> None:
    assert ipmt(0.01, per, 12, 1000) is None
    assert ppmt(0.01, per, 12, 1000) is None


@pytest.mark.parametrize(("start", "end"), [(0, 5), (5, 4), (1, 13), (-3, -1)])
def test_payments_that_do_not_exist_have_no_sum(start: int, end: int) -> None:
    assert cumipmt(0.01, 12, 1000, start, end) is None
    assert cumprinc(0.01, 12, 1000, start, end) is None


@pytest.mark.parametrize(("r", "nper"), [(-1, 12), (-2.5, 12), (math.nan, 12), (0.01, 0), (0.01, -1)])
def test_an_annuity_that_cannot_be_is_refused(r: float, nper: int) -> None:
    with pytest.raises(ValueError, match=r"rate|period"):
        pmt(r, nper, 1000)


def test_a_rate_that_balances_nothing_has_a_reason() -> None:
    assert rate(12, 100, 1000) == Value.none("one-sign")
    assert rate(0, -100, 1000) == Value.none("too-few-flows")
