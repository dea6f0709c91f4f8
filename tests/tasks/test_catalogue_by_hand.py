"""Figures of the small city as computed by hand, among them what guarantors owe, weighed by customer and group."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from funds.queries import FlowRow
from tests.tasks.city import ANGEL, CITY, FIRM_2, MILLION, compute, names, values, yuan

__all__ = ["names"]  # fixture


@pytest.mark.parametrize(
    ("code", "scope", "expected"),
    [
        ("fund.subscribed", "fund", {"angel": yuan("50"), "mother": 0, "sub": yuan("7")}),
        ("fund.subscribed", "", {"": yuan("50")}),
        ("fund.planned", "", {"": yuan("1100")}),
        ("fund.subscribed", "capital", {"fiscal": yuan("30"), "state": 0, "social": yuan("20")}),
        ("fund.paid_in", "fund", {"angel": yuan("20"), "mother": 0, "sub": 0}),
        ("fund.invested", "", {"": yuan("17")}),
        ("fund.nav", "fund", {"angel": yuan("18.5"), "mother": 0, "sub": 0}),
        ("fund.dpi", "fund", {"angel": Decimal("0.05"), "mother": "no-denominator", "sub": "no-denominator"}),
        (
            "fund.tvpi",
            "fund",
            {"angel": Decimal("0.975"), "mother": "no-denominator", "sub": "no-denominator"},
        ),
        ("fund.firms", "fund", {"angel": 2, "mother": 0, "sub": 0}),
        ("deals.invested", "", {"": yuan("5")}),
        ("deals.investments", "", {"": 1}),
        ("deals.written_off", "", {"": yuan("2")}),
        ("loans.balance", "", {"": yuan("9")}),
        ("loans.balance", "bank", {"bank-a": yuan("7"), "bank-b": yuan("2")}),
        ("loans.balance", "product", {"rd": yuan("5"), "ip_pledge": yuan("4")}),
        (
            "loans.balance",
            "bank_product",
            {
                "bank-a:rd": yuan("3"),
                "bank-a:ip_pledge": yuan("4"),
                "bank-b:rd": yuan("2"),
                "bank-b:ip_pledge": 0,
            },
        ),
        ("loans.disbursed", "", {"": yuan("1")}),
        ("loans.repaid", "bank", {"bank-a": 0, "bank-b": yuan("0.25")}),
        ("loans.firms", "", {"": 2}),
        (
            "loans.five_tier",
            "five_tier",
            {"normal": yuan("6"), "special_mention": 0, "substandard": yuan("1"), "doubtful": 0, "loss": 0},
        ),
        # 1 of 7 million; bank B has not reported its positions.
        ("loans.npl_ratio", "", {"": Decimal("0.14285714")}),
        ("loans.npl_ratio", "bank", {"bank-a": Decimal("0.14285714"), "bank-b": "not-reported"}),
        ("loans.stock_flow_difference", "bank", {"bank-a": 0, "bank-b": "not-reported"}),
        ("reporting.complete", "", {"": 1}),
        ("reporting.due", "", {"": 2}),
        ("guarantees.outstanding", "", {"": yuan("3")}),
        # 1 compensated of 1 released and 1 ended by compensation.
        ("guarantees.compensation_ratio", "", {"": Decimal("0.5")}),
        # All of it in this year, in which nothing else was released.
        ("guarantees.compensation_ratio_year", "", {"": 1}),
        ("guarantees.recovery_ratio", "", {"": Decimal("0.25")}),
        # 75 % of 2 million for a small firm, and 1 million.
        ("guarantees.liability", "", {"": yuan("2.5")}),
        ("guarantees.liability", "guarantor", {"guarantor": yuan("2.5")}),
        ("guarantees.leverage", "guarantor", {"guarantor": Decimal("0.25")}),
        # 1.5 of 10 million; firm 3 stands at the bound of 10 %, the group of firm 1 at that of 15 %.
        ("guarantees.above_single_limit", "guarantor_firm", {"guarantor:U1": Decimal("0.15")}),
        ("guarantees.above_group_limit", "guarantor_group", {}),
        ("guarantees.policy_share", "", {"": Decimal("0.66666667")}),
        # Bank B has not reported its positions.
        ("guarantees.overdue_not_compensated", "", {"": yuan("0.5")}),
        ("pools.balance", "pool", {"pool": yuan("2")}),
        ("pools.leverage", "pool", {"pool": Decimal("1.5")}),
        ("pools.fuse", "pool_bank", {"pool:bank-a": Decimal("0.05"), "pool:bank-b": "not-reported"}),
        ("pools.fuses_blown", "", {"": 1}),
        # Firm 1: 10, and 80 % of the 2 guaranteed of its loan; firm 2: 5; firm 3: 80 % of the 1 guaranteed elsewhere, and
        # 1 compensated - 0.25 recovered.
        ("exposure.largest_public", "firm", {"U1": yuan("11.6"), "U2": yuan("5"), "U3": yuan("1.55")}),
        ("exposure.public", "", {"": yuan("18.15")}),
        # The loans of 5 and 4 are finance; of firm 3 the whole guarantee of 1 and the 0.75.
        ("exposure.largest_finance", "firm", {"U1": yuan("15"), "U2": yuan("9"), "U3": yuan("1.75")}),
        ("exposure.finance", "", {"": yuan("25.75")}),
        ("exposure.public_loss", "", {"": "no-assumptions"}),
        # 40 % of 17 million paid; 2 lost, nothing impaired: firm 1 gained, firm 2 stands at cost.
        ("tolerance.limit", "fund", {"angel": yuan("6.8")}),
        ("tolerance.used", "fund", {"angel": yuan("2")}),
        ("tolerance.used_share", "fund", {"angel": Decimal("0.29411765")}),
        ("pipeline.under_way", "", {"": 2}),
        ("pipeline.listed", "", {"": 1}),
        ("target.value", "target", {"T1": yuan("50"), "T2": 1, "T3": 8, "T4": "not-reported"}),
        (
            "target.progress",
            "target",
            {"T1": Decimal("0.5"), "T2": Decimal("0.25"), "T3": "undefined", "T4": "not-reported"},
        ),
    ],
)
def test_every_figure_is_as_computed_by_hand(code: str, scope: str, expected: dict[str, Any]) -> None:
    assert values(CITY, code, scope) == expected


def test_irr_balances_the_investors_flows() -> None:
    """-20 on 2024-10-31, +1 a year later, NAV 18.5 two years later: the rate is about -1.28 %."""
    rate = compute(CITY, "fund.irr", "fund")["angel"].value
    assert rate is not None
    r = float(rate)
    years = (date(2026, 10, 31) - date(2024, 10, 31)).days / 365
    assert -20 + 1 / (1 + r) + 18.5 / (1 + r) ** years == pytest.approx(0, abs=1e-6)
    assert r == pytest.approx(-0.0128, abs=5e-4)


def test_a_fund_without_flows_has_no_irr_and_says_so() -> None:
    assert compute(CITY, "fund.irr", "fund")["mother"].value is None


def test_a_history_under_one_year_shows_no_annual_rate() -> None:
    young = replace(CITY, flows=[FlowRow(ANGEL, date(2026, 3, 1), 20 * MILLION, 0)])
    assert values(young, "fund.irr", "fund")["angel"] == "under-one-year"


def test_the_pipeline_counts_a_firm_once_where_it_is_furthest() -> None:
    found = values(CITY, "pipeline.firms", "stage")
    assert {stage: n for stage, n in found.items() if n} == {"cultivation": 1, "inquiry": 1}


class TestLiability:
    """75 % up to and including the bound, of all that a household owes with a guarantor; else 100 %."""

    @pytest.mark.parametrize(
        ("customer", "owed", "weighed"),
        [
            ("small_micro", "5000000.00", "3750000.00"),
            ("small_micro", "5000000.01", "5000000.01"),
            ("farmer", "2000000.00", "1500000.00"),
            ("farmer", "2000000.01", "2000000.01"),
            ("other", "1.00", "1.00"),
            ("small_micro", "0.01", "0.01"),  # 0.75 of a fen
        ],
    )
    def test_weighs_by_customer_and_household(self, customer: str, owed: str, weighed: str) -> None:
        row = CITY.guarantees[0]._replace(customer=customer, outstanding=int(Decimal(owed) * 100))
        assert values(replace(CITY, guarantees=[row]), "guarantees.liability") == {"": Decimal(weighed)}

    def test_two_kinds_of_one_household_are_added_up_for_the_bound(self) -> None:
        row = CITY.guarantees[0]._replace(outstanding=3 * MILLION)
        whole = replace(CITY, guarantees=[row, row._replace(customer="other")])
        assert values(whole, "guarantees.liability") == {"": yuan("6")}

    def test_a_group_above_15_percent_is_listed_with_its_share(self) -> None:
        second = CITY.guarantees[0]._replace(firm_id=FIRM_2, outstanding=MILLION)
        whole = replace(CITY, guarantees=[CITY.guarantees[0], second])
        found = values(whole, "guarantees.above_group_limit", "guarantor_group")
        assert found == {"guarantor:7": Decimal("0.225")}
