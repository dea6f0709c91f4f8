"""The month told in its parts, by hand: the small city of `city.CITY`, with a few rows of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from funds.queries import DealRow
from listings.queries import StageRow
from loans.queries import PositionRow, TroubledRow
from tasks.catalogue import month
from tasks.frames import Frames, RegisteredRow
from tests.tasks import city
from tests.tasks.city import (
    ANGEL,
    BANK_A,
    FIRM_1,
    FIRM_2,
    FIRM_3,
    MILLION,
    names,
    values,
    yuan,
)

__all__ = ["names"]  # fixture
#: Firm 1 is of industry C in a town, firm 2 of another; nothing is known of firm 3. Bank A's loans: 3 at 4.2 %, 1 in
#: arrears at 6 %, 3 at 3 %: 0.126 + 0.06 + 0.09 of 7 a year.
CITY = replace(
    city.CITY,
    registry=[
        RegisteredRow(FIRM_1, None, "C39", "乌镇镇", "growth"),
        RegisteredRow(FIRM_2, None, "I65", "石门镇", "seed"),
    ],
    investments=[
        *city.CITY.investments,
        DealRow(1, ANGEL, FIRM_1, None, 4 * MILLION, 4 * MILLION, date(2026, 10, 12)),
    ],
    exits=[DealRow(1, ANGEL, FIRM_1, None, MILLION, 3 * MILLION, date(2026, 10, 15))],
    positions=[
        PositionRow(BANK_A, "rd", "normal", "0", 3 * MILLION, 1, 3 * MILLION * 42_000),
        PositionRow(BANK_A, "ip_pledge", "substandard", "91-180", 1 * MILLION, 1, MILLION * 60_000),
        PositionRow(BANK_A, "ip_pledge", "normal", "0", 3 * MILLION, 1, 3 * MILLION * 30_000),
    ],
    troubled=[TroubledRow(BANK_A, "ip_pledge", FIRM_2, MILLION, MILLION)],
    guarantees=[
        row._replace(underwritten_month=n * MILLION, released_month=MILLION // 2, paid_month=0, recovered_month=MILLION // 4)
        for n, row in enumerate(city.CITY.guarantees, start=1)
    ],
    stages=[
        StageRow(1, FIRM_1, "star", "cultivation", date(2026, 2, 1)),
        StageRow(1, FIRM_1, "star", "applied", date(2026, 10, 9)),
        StageRow(2, FIRM_2, "chinext", "inquiry", date(2026, 3, 1)),
        StageRow(2, FIRM_2, "chinext", "suspended", date(2026, 10, 9)),
        StageRow(3, FIRM_3, "star", "cultivation", date(2026, 10, 20)),
        StageRow(4, FIRM_1, "beijing", "inquiry", date(2026, 5, 1)),
        StageRow(4, FIRM_1, "beijing", "withdrawn", date(2026, 10, 2)),
        StageRow(5, FIRM_2, "main", "registered", date(2026, 5, 1)),
        StageRow(5, FIRM_2, "main", "listed", date(2026, 10, 2)),
        StageRow(6, FIRM_3, "main", "applied", date(2026, 5, 1)),
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "scope", "expected"),
    [
        # Firm 2 got its first 5; firm 1 was held before, for 10 altogether.
        ("deals.first", "", {"": yuan("5")}),
        ("deals.invested", "fund_firm", {"angel|U2": yuan("5"), "angel|U1": yuan("4")}),
        ("deals.proceeds", "fund_firm", {"angel|U1": yuan("3")}),
        ("deals.written_off", "fund_firm", {"angel|U3": yuan("2")}),
        ("deals.invested", "industry", {"I": yuan("5"), "C": yuan("4")}),
        ("deals.invested", "town", {"石门镇": yuan("5"), "乌镇镇": yuan("4")}),
        ("fund.invested", "growth_stage", {"growth": yuan("10"), "seed": yuan("5"), "unknown": yuan("2")}),
        # What firm 2 is worth, 5, is not listed by itself.
        ("fund.book_value", "fund_firm", {"angel|U1": yuan("12")}),
        ("fund.book_value", "", {"": yuan("17")}),
        ("fund.ended", "fund", {"angel": 1, "mother": 0, "sub": 0}),
        ("loans.firms", "product", {"rd": 1, "ip_pledge": 1}),
        (
            "loans.firms",
            "bank_product",
            {"bank-a:rd": 1, "bank-a:ip_pledge": 1, "bank-b:rd": 1, "bank-b:ip_pledge": 0},
        ),
        ("loans.firms_disbursed", "bank", {"bank-a": 1, "bank-b": 0}),
        ("loans.firms_repaid", "bank", {"bank-a": 0, "bank-b": 1}),
        # Bank B has not reported its positions.
        ("loans.overdue_balance", "bank", {"bank-a": yuan("1"), "bank-b": "not-reported"}),
        ("loans.overdue_balance", "product", {"rd": yuan("0"), "ip_pledge": yuan("1")}),
        ("loans.overdue_firms", "", {"": 1}),
        ("loans.npl_firms", "product", {"rd": 0, "ip_pledge": 1}),
        ("loans.npl_ratio", "product", {"rd": 0, "ip_pledge": Decimal("0.25")}),
        ("loans.rate", "", {"": Decimal("0.03942857")}),
        ("loans.rate", "product", {"rd": Decimal("0.042"), "ip_pledge": Decimal("0.0375")}),
        ("guarantees.written", "", {"": yuan("3")}),
        ("guarantees.released_month", "guarantor", {"guarantor": yuan("1")}),
        ("guarantees.compensated_month", "", {"": yuan("0")}),
        ("guarantees.recovered_month", "", {"": yuan("0.5")}),
        ("guarantees.firms", "guarantor", {"guarantor": 2}),
        ("guarantees.firms_written", "guarantor", {"guarantor": 2}),
        ("guarantees.firms_compensated_month", "guarantor", {"guarantor": 0}),
        ("guarantees.firms_compensated", "guarantor", {"guarantor": 1}),
        ("guarantees.compensation_ratio", "guarantor", {"guarantor": Decimal("0.5")}),
        ("pipeline.moves", "move", {"in": 1, "up": 1, "down": 1, "out": 1, "listed": 1}),
        (
            "pipeline.moved",
            "firm_move",
            {"in|U3|3": 1, "up|U1|1": 1, "down|U2|2": 1, "out|U1|4": 1, "listed|U2|5": 1},
        ),
    ],
)
def test_is_as_computed_by_hand(code: str, scope: str, expected: dict[str, Any]) -> None:
    assert values(CITY, code, scope) == expected


def test_a_move_says_from_where_to_where_and_a_deal_that_it_is_the_first() -> None:
    moved = {point.key: point.notes for point in month.moved(CITY)}
    assert moved["up|U1|1"] == ("from: cultivation", "to: applied")
    assert moved["in|U3|3"] == ("from: ", "to: cultivation")
    deals = {point.key: point.notes for point in month.invested_by_firm(CITY)}
    assert deals == {"angel|U2": ("first",), "angel|U1": ()}


def test_a_silent_bank_has_no_counts_and_nobody_at_all_none_of_the_city() -> None:
    silent: Frames = replace(CITY, not_reported=[("bank-b", "flow"), ("bank-b", "stock")])
    assert values(silent, "loans.firms", "product") == {"rd": 1, "ip_pledge": 1}
    assert values(silent, "loans.firms_disbursed", "bank") == {"bank-a": 1, "bank-b": "not-reported"}
    nobody = replace(CITY, not_reported=[(f"bank-{x}", part) for x in "ab" for part in ("flow", "stock")])
    assert values(nobody, "loans.rate", "") == {"": "not-reported"}
