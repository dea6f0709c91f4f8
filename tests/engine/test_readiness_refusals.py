"""Standards and figures that make no sense, each refused by name."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tasks.engine.readiness import (
    AllOf,
    AnyOf,
    Financials,
    Kind,
    Limb,
    MarketCap,
    Standard,
    Year,
    assess,
    read,
)

D = Decimal


@pytest.mark.parametrize(
    ("metric", "op", "value", "match"),
    [
        ("revenue", ">=", D(1), "unknown metric"),
        ("revenue_last", "=", D(1), "cannot be compared"),
        ("revenue_last", "<", D(1), "cannot be compared"),
        ("revenue_last", ">=", True, "cannot be compared"),
        ("software", "=", D(1), "cannot be compared"),
        ("software", ">", True, "cannot be compared"),
        ("revenue_last", ">=", D("NaN"), "finite"),
        ("revenue_last", ">=", D("Infinity"), "finite"),
        ("revenue_last", ">=", D("-0.01"), "not negative"),
    ],
)
def test_a_limb_that_makes_no_sense_is_refused(metric: str, op: str, value: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        Limb(metric, op, value)


@pytest.mark.parametrize(
    "figures",
    [
        {"revenue": D("-0.01")}, {"rd": D(-1)}, {"staff": -1}, {"invention_patents": -1}, {"net_profit": D("NaN")},
        {"roe": D("Infinity")}, {"rd_staff": 2, "staff": 1},
    ],
)  # fmt: skip
def test_a_figure_that_no_year_has_is_refused(figures: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(figures))} of 2025"):
        Year(year=2025, **figures)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"years": (Year(year=2025), Year(year=2025))}, "given once"),
        ({"facts": {"sofware": True}}, "unknown fact"),
        ({"facts": {"software": 1}}, "yes-no"),
        ({"facts": {"net_assets": True}}, "yuan"),
        ({"facts": {"holders_after_issue": -1}}, "not below 0"),
    ],
)
def test_financials_that_cannot_be_are_refused(given: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        Financials(**given)


@pytest.mark.parametrize(("amount", "origin"), [(D(-1), "round A"), (D("NaN"), "round A"), (D(1), " ")])
def test_an_estimate_that_is_none_is_refused(amount: Decimal, origin: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        MarketCap(amount, date(2026, 1, 1), origin)


def test_versions_that_overlap_or_never_hold_and_empty_conditions_are_refused() -> None:
    limb = Limb("software", "=", True)
    twice = [Standard("A", "star", Kind.FINANCIAL, limb, date(year, 1, 1)) for year in (2020, 2021)]
    with pytest.raises(ValueError, match="two versions of A"):
        assess(Financials(), standards=twice, as_of=date(2026, 1, 1))
    with pytest.raises(ValueError, match="ends on 2020-01-01"):
        Standard("A", "star", Kind.FINANCIAL, limb, date(2020, 1, 1), date(2020, 1, 1))
    for empty in (AllOf, AnyOf):
        with pytest.raises(ValueError, match="has parts"):
            empty(())
    with pytest.raises(ValueError, match="cagr_intervals"):
        assess(Financials(), standards=[], as_of=date(2026, 1, 1), cagr_intervals=0)


ROW = {"code": "A", "board": "star", "kind": "financial", "valid_from": "2020-01-01"}
LIMB = {"metric": "revenue_last", "op": ">=", "value": "0.15"}


@pytest.mark.parametrize(
    "row",
    [
        ROW,
        ROW | {"condition": {"metric": "revenue_last", "op": ">="}},
        ROW | {"condition": LIMB | {"value": 0.15}},
        ROW | {"condition": LIMB | {"value": "much"}},
        ROW | {"condition": LIMB, "kind": "other"},
        ROW | {"condition": LIMB, "valid_from": "2020"},
        ROW | {"condition": {"any_of": []}},
    ],
)
def test_a_row_that_is_no_standard_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(row)
