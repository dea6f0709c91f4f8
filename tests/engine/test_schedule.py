"""Repayment schedules to the cent."""

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.engine.amortisation import (
    Instalment,
    Period,
    period_factors,
    schedule,
)
from tasks.engine.daycount import UnknownConventionError
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
