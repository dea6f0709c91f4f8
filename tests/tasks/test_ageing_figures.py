"""Figures of ageing, renewals, branches and subsidies over rows that a clerk can add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from finance_hub.kernel.periods import Month
from loans.queries import (
    BranchBalanceRow,
    MigrationRow,
    PositionRow,
    RenewalRow,
    SubsidyRow,
    VintageRow,
)  # fmt: skip
from tasks.frames import Frames
from tests.tasks.city import BANK_A, BANK_B, CITY, MILLION, compute, values, yuan

BOTH = [("bank-a", "stock"), ("bank-b", "stock"), ("bank-a", "flow"), ("bank-b", "flow")]


def positions(*rows: tuple[int, str, int]) -> list[PositionRow]:
    """(bank, overdue bucket, millions)."""
    return [PositionRow(bank, "rd", "normal", overdue, n * MILLION, 1) for bank, overdue, n in rows]


AGED = replace(
    CITY,
    not_reported=[],
    positions=positions((BANK_A, "0", 6), (BANK_A, "1-30", 1), (BANK_A, "361+", 1), (BANK_B, "0", 2)),
    migration=[
        MigrationRow(BANK_A, "normal", "normal", 5 * MILLION, 3),
        MigrationRow(BANK_A, "normal", "substandard", 1 * MILLION, 1),
        MigrationRow(BANK_B, "normal", "normal", 2 * MILLION, 2),
        MigrationRow(BANK_B, "new", "special_mention", 3 * MILLION, 1),
        MigrationRow(BANK_B, "loss", "closed", 4 * MILLION, 1),
    ],
    vintages=[
        VintageRow(date(2025, 4, 1), 2, 1 * MILLION, 1),
        VintageRow(date(2025, 4, 1), 12, 2 * MILLION, 1),
        VintageRow(date(2025, 4, 1), None, 7 * MILLION, 9),
        VintageRow(date(2026, 4, 1), None, 5 * MILLION, 2),
        VintageRow(date(2026, 7, 1), 0, 5 * MILLION, 2),
    ],
    renewals=[
        RenewalRow(BANK_A, "extension", 0, 2),
        RenewalRow(BANK_A, "renew-by-new-loan", 1 * MILLION, 1),
        RenewalRow(BANK_B, "renew-by-new-loan", 2 * MILLION, 3),
        RenewalRow(BANK_B, "unknown", 4 * MILLION, 1),
    ],
    branches=[
        BranchBalanceRow(BANK_A, "specialised", 3 * MILLION),
        BranchBalanceRow(BANK_A, "unknown", 4 * MILLION),
        BranchBalanceRow(BANK_B, "talent", 1 * MILLION),
        BranchBalanceRow(BANK_B, "specialised", 2 * MILLION),
    ],
    subsidies=[SubsidyRow(BANK_A, "rd", 150_00, 10_00, 1), SubsidyRow(BANK_B, "rd", 50_00, 0, 1)],
)


@pytest.mark.parametrize(
    ("code", "scope", "expected"),
    [
        ("loans.overdue", "overdue", {"0": yuan("8"), "1-30": yuan("1"), "361+": yuan("1")}),
        (
            "loans.overdue",
            "bank_overdue",
            {
                "bank-a:0": yuan("6"),
                "bank-a:1-30": yuan("1"),
                "bank-a:361+": yuan("1"),
                "bank-b:0": yuan("2"),
            },
        ),
        ("loans.overdue_ratio", "", {"": Decimal("0.2")}),
        ("loans.overdue_ratio", "bank", {"bank-a": Decimal("0.25")}),
        (
            "loans.migration",
            "migration",
            {
                "normal:normal": yuan("7"),
                "normal:substandard": yuan("1"),
                "new:special_mention": yuan("3"),
                "loss:closed": yuan("4"),
            },
        ),
        (
            "loans.migration_drawdowns",
            "migration",
            {"normal:normal": 5, "normal:substandard": 1, "new:special_mention": 1, "loss:closed": 1},
        ),
        ("loans.renewals", "renewal", {"extension": 2, "renew-by-new-loan": 4, "unknown": 1}),
        ("loans.renewed", "renewal", {"renew-by-new-loan": yuan("3"), "unknown": yuan("4")}),
        (
            "loans.balance",
            "branch_kind",
            {"specialised": yuan("5"), "talent": yuan("1"), "unknown": yuan("4")},
        ),
        (
            "loans.branch_share",
            "branch_kind",
            {"specialised": Decimal("0.5"), "talent": Decimal("0.1"), "unknown": Decimal("0.4")},
        ),
        ("loans.subsidy", "", {"": Decimal("200.00")}),
        ("loans.subsidy", "bank", {"bank-a": Decimal("150.00"), "bank-b": Decimal("50.00")}),
    ],
)
def test_every_figure_is_as_added_up_by_hand(code: str, scope: str, expected: dict[str, Any]) -> None:
    found = values(AGED, code, scope)
    assert {key: value for key, value in found.items() if value} == expected


def test_a_vintage_is_looked_at_once_all_of_its_loans_are_that_old() -> None:
    """Lent from April to June of 2025: 10 million, 1 bad after 2 months, 2 more after 12; the youngest loan is
    16 months old in October. The second quarter of 2026 is 4 months old; the third is not looked at yet."""
    assert values(AGED, "loans.vintage", "vintage") == {
        "2025Q2:3": Decimal("0.1"), "2025Q2:6": Decimal("0.1"), "2025Q2:12": Decimal("0.3"), "2026Q2:3": 0,
    }  # fmt: skip
    later = replace(AGED, month=Month(2026, 12))
    assert values(later, "loans.vintage", "vintage")["2025Q2:18"] == Decimal("0.3")
    assert values(later, "loans.vintage", "vintage")["2026Q3:3"] == 1


def test_the_matrix_names_what_is_new_and_what_is_closed_and_adds_up() -> None:
    points = compute(AGED, "loans.migration", "migration")
    assert len(points) == 35
    assert "new:closed" not in points
    assert points["new:special_mention"].label == ("新增 → 关注", "New → Special mention")
    assert sum(point.value for point in points.values() if point.value) == yuan("15")


class TestMissingIsNotZero:
    @pytest.mark.parametrize(
        ("code", "scope"),
        [
            ("loans.overdue", "overdue"),
            ("loans.overdue", "bank_overdue"),
            ("loans.overdue_ratio", ""),
            ("loans.overdue_ratio", "bank"),
            ("loans.migration", "migration"),
            ("loans.migration_drawdowns", "migration"),
            ("loans.renewals", "renewal"),
            ("loans.renewed", "renewal"),
            ("loans.balance", "branch_kind"),
            ("loans.branch_share", "branch_kind"),
            ("loans.subsidy", ""),
            ("loans.subsidy", "bank"),
        ],
    )
    def test_where_nobody_has_reported(self, code: str, scope: str) -> None:
        nobody = replace(CITY, positions=[], not_reported=BOTH)
        assert set(values(nobody, code, scope).values()) == {"not-reported"}

    @pytest.mark.parametrize(
        ("silent", "code", "scope", "expected"),
        [
            ("stock", "loans.subsidy", "bank", {"bank-a": Decimal("150.00"), "bank-b": "not-reported"}),
            ("flow", "loans.subsidy", "", {"": Decimal("150.00")}),
            ("flow", "loans.branch_share", "branch_kind", {"specialised": Decimal("0.42857143")}),
            ("flow", "loans.renewals", "renewal", {"renew-by-new-loan": 1, "unknown": 0}),
            ("stock", "loans.overdue_ratio", "bank", {"bank-a": Decimal("0.25"), "bank-b": "not-reported"}),
        ],
    )
    def test_a_silent_bank_is_left_out(
        self, silent: str, code: str, scope: str, expected: dict[str, Any]
    ) -> None:
        frames: Frames = replace(AGED, not_reported=[("bank-b", silent)])
        found = values(frames, code, scope)
        assert {key: found[key] for key in expected} == expected

    def test_no_balance_has_no_shares(self) -> None:
        assert set(values(replace(AGED, branches=[]), "loans.branch_share", "branch_kind").values()) == {
            "no-denominator"
        }
