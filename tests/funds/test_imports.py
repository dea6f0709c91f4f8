"""Rows handed in as JSON: each sheet worked out by hand, and what is the same is not entered twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from finance_hub.kernel import audit
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry
from finance_hub.kernel.scoping import within
from funds.models import Deal, FundEvent, HoldingEvent, Valuation
from tests.cast import Api
from tests.funds.conftest import CITY, FIRM, Desk, made
from tests.funds.rows import (
    INVESTMENT,
    LEDGER,
    NAME,
    SUB,
    ask,
    enter,
    faults,
    founded_sub,
    invested,
    outcomes,
    preview,
)

DEAL = {
    "uscc": FIRM, "firm_name": NAME, "title": "示例科技 A 轮", "source": "路演", "instrument": "equity",
    "planned_amount": "￥3,000,000", "lead": "陈某", "effective_date": "2022/6/5",
}  # fmt: skip


def kept() -> dict[str, int]:
    with within(EVERYTHING):
        models = (FundEvent, HoldingEvent, Valuation, Deal)
        return {model.__name__: model.objects.count() for model in models}


class TestLedger:
    def test_a_preview_counts_and_sums_to_the_cent_and_keeps_nothing(self, angel: Desk) -> None:
        entries = AuditEntry.objects.count()
        said = preview(angel, "ledger", LEDGER)

        assert said["dry_run"] is True
        assert said["counts"] == {"new": 8, "unchanged": 0, "refused": 0}
        assert [(one["kind"], one["rows"], one["amount"]) for one in said["totals"]] == [
            ("commitment", 2, "100000000.00"),
            ("call", 2, "40000000.00"),
            ("contribution", 2, "40000000.00"),
            ("distribution", 1, "3500000.00"),
            ("fee", 1, "1000000.01"),
        ]
        assert {row["entry"] for row in said["rows"]} == {None}
        assert kept() == {"FundEvent": 0, "HoldingEvent": 0, "Valuation": 0, "Deal": 0}
        assert AuditEntry.objects.count() == entries

    def test_what_is_entered_is_what_single_entries_would_be(self, angel: Desk) -> None:
        said = enter(angel, "ledger", LEDGER)

        position = angel.position(as_of="2024-12-31")
        assert (position["committed"], position["called"], position["contributed"]) == (
            "100000000.00", "40000000.00", "40000000.00",
        )  # fmt: skip
        assert (position["fees"], position["distributed"], position["cash"]) == (
            "1000000.01", "3500000.00", "35499999.99",
        )  # fmt: skip
        with within(EVERYTHING):
            fee = FundEvent.objects.get(kind="fee")
        assert (fee.note, fee.public_id) == ("2022 年度", said["rows"][6]["entry"])

    def test_rows_are_entered_by_day_whatever_order_they_stand_in(self, angel: Desk) -> None:
        assert outcomes(preview(angel, "ledger", LEDGER[::-1])) == ["new"] * 8

    def test_what_is_held_is_unchanged_and_its_note_makes_no_difference(self, angel: Desk) -> None:
        first = enter(angel, "ledger", LEDGER)
        more = {"kind": "管理费", "amount": "1.00", "effective_date": "20240601"}
        again = [dict(row, note="另一备注") for row in LEDGER] + [more]

        said = enter(angel, "ledger", again)
        assert outcomes(said) == ["unchanged"] * 8 + ["new"]
        assert [row["entry"] for row in said["rows"][:8]] == [row["entry"] for row in first["rows"]]
        assert kept()["FundEvent"] == 9

    def test_what_was_taken_back_is_entered_anew(self, angel: Desk) -> None:
        said = enter(angel, "ledger", LEDGER)
        made(angel.reverse(said["rows"][6]["entry"], "2023-01-10"))

        assert outcomes(preview(angel, "ledger", LEDGER))[6] == "new"

    def test_every_row_is_in_the_audit_chain_and_the_chain_holds(self, angel: Desk) -> None:
        entries = AuditEntry.objects.count()
        said = enter(angel, "ledger", LEDGER)

        added = list(AuditEntry.objects.order_by("seq")[entries:].values_list("action", flat=True))
        assert sorted(added[:-1]) == sorted(f"fund.{row['kind']}" for row in LEDGER)
        last = AuditEntry.objects.order_by("seq").last()
        assert last is not None
        assert (last.action, last.subject) == ("fund.import", "fund:angel")
        assert last.detail == {
            "sheet": "ledger", "fingerprint": said["fingerprint"], "new": 8, "unchanged": 0,
        }  # fmt: skip
        assert audit.verify() is None

    def test_words_of_either_language_are_read(self, angel: Desk) -> None:
        rows = [
            {"kind": "认缴", "investor": CITY, "amount": "1,000.00", "effective_date": "2022年6月1日"},
            {"kind": "Capital call", "investor": CITY, "amount": "８００", "effective_date": "2022/6/2"},
            {"kind": "实缴", "investor": CITY, "amount": "800", "effective_date": "2022-06-03"},
            {"kind": "分配", "investor": CITY, "amount": "100", "effective_date": "2022-06-04", "nature": "返还本金",
             "recallable": "是"},
        ]  # fmt: skip
        enter(angel, "ledger", rows)
        with within(EVERYTHING):
            last = FundEvent.objects.latest("pk")
        assert (last.nature, last.recallable, last.amount) == ("return_of_capital", True, Decimal("100.00"))


class TestInvestments:
    def test_firms_and_sub_funds_are_paid_for(self, angel: Desk, api: Any) -> None:
        founded_sub(angel, api("maker"))
        enter(angel, "ledger", LEDGER)
        rows = [
            {"sub_fund": SUB, "amount": "5000000.00", "effective_date": "2023-04-01"},
            {"uscc": FIRM, "amount": "500000.55", "effective_date": "2023-03-02"},  # registered by the row of the day before
            INVESTMENT,
        ]  # fmt: skip
        said = enter(angel, "investments", rows)

        assert said["counts"] == {"new": 3, "unchanged": 0, "refused": 0}
        held = {
            one["investee"]["uscc"]: one["invested"]
            for one in angel.api.get("/funds/angel/holdings?as_of=2023-12-31").json()["data"]
        }
        assert held == {FIRM: "20500000.55", None: "5000000.00"}
        assert outcomes(preview(angel, "investments", rows)) == ["unchanged"] * 3


class TestValuations:
    def test_a_value_is_recorded_and_another_of_the_day_takes_its_place(self, angel: Desk) -> None:
        holding = invested(angel)
        row = {
            "uscc": FIRM,
            "fair_value": "26000000.00",
            "method": "最近融资价格法",
            "effective_date": "2023-12-31",
        }
        enter(
            angel, "valuations", [row, {**row, "fair_value": "27000000.50", "effective_date": "2024-06-30"}]
        )
        assert angel.holding(holding, as_of="2023-12-31")["fair_value"] == "26000000.00"

        said = enter(
            angel,
            "valuations",
            [row, {**row, "fair_value": "0", "method": "cost", "effective_date": "2024-06-30"}],
        )
        assert outcomes(said) == ["unchanged", "new"]
        shown = angel.holding(holding, as_of="2024-12-31")
        assert (shown["fair_value"], shown["valued_on"]) == ("0.00", "2024-06-30")

    def test_a_holding_is_known_by_the_name_of_its_firm(self, angel: Desk) -> None:
        invested(angel)
        row = {"firm_name": NAME, "fair_value": "1", "method": "cost", "effective_date": "2023-12-31"}
        enter(angel, "valuations", [row])
        named_by_code = {**row, "firm_name": "", "uscc": FIRM.lower()}
        assert outcomes(preview(angel, "valuations", [named_by_code])) == ["unchanged"]


class TestExits:
    def test_exits_write_offs_and_receipts_are_told_apart_by_their_kind(self, angel: Desk) -> None:
        holding = invested(angel)
        rows = [
            {"kind": "exit", "uscc": FIRM, "cash": "9000000.00", "cost": "6000000.00", "effective_date": "2024-03-01"},
            {"kind": "write_off", "firm_name": NAME, "cost": "1000000.00", "effective_date": "2024-04-01"},
            {"kind": "核销后收回", "uscc": FIRM, "cash": "250000.01", "effective_date": "2024-05-01"},
            {"kind": "股息利息", "uscc": FIRM, "cash": "100000.00", "effective_date": "2023-09-01", "note": "分红"},
        ]  # fmt: skip
        said = enter(angel, "exits", rows)

        sums = {(one["kind"], one["column"]): one["amount"] for one in said["totals"]}
        assert sums["exit", "cash"] == "9000000.00"
        assert sums["write_off", "cost"] == "1000000.00"
        shown = angel.holding(holding, as_of="2024-12-31")
        assert (shown["remaining_cost"], shown["proceeds"], shown["income"]) == (
            "13000000.00", "9250000.01", "100000.00",
        )  # fmt: skip
        assert outcomes(preview(angel, "exits", rows)) == ["unchanged"] * 4


class TestDeals:
    def test_a_deal_is_opened_by_its_first_meeting(self, angel: Desk) -> None:
        referred = {"source": "referral", "referred_by": "高校"}
        rows = [DEAL, {**DEAL, "uscc": "", "firm_name": "某初创团队", "title": "种子轮", **referred}]
        enter(angel, "deals", rows)

        deals = angel.api.get("/deals?fund=angel").json()["data"]
        assert [
            (one["firm"]["uscc"], one["stage"], one["planned_amount"], one["step_date"]) for one in deals
        ] == [
            (None, "met", "3000000.00", "2022-06-05"),
            (FIRM, "met", "3000000.00", "2022-06-05"),
        ]
        assert outcomes(preview(angel, "deals", rows)) == ["unchanged"] * 2

    def test_a_deal_met_by_name_is_not_opened_again_with_a_code(self, angel: Desk) -> None:
        enter(angel, "deals", [{**DEAL, "uscc": ""}])
        assert faults(preview(angel, "deals", [DEAL])) == {1: [("recorded-otherwise", "#/uscc")]}


def test_a_bad_row_hides_no_other_and_counts_as_absent(angel: Desk) -> None:
    rows = [dict(row) for row in LEDGER]
    rows[4]["amount"] = "28000000.01"  # a cent more than was called
    said = preview(angel, "ledger", rows)

    assert faults(said) == {5: [("contribution-above-called", "#/amount")]}
    assert (
        said["rows"][4]["errors"][0]["message"]
        == f"{rows[4]['investor']}实缴 28000000.01 元，该日起其已催缴未缴最低为 28000000.00 元"
    )
    assert outcomes(said) == ["new"] * 4 + ["refused"] + ["new"] * 3
    assert said["totals"][2:4] == [
        {"kind": "contribution", "column": "amount", "outcome": "new", "rows": 1, "amount": "12000000.00", "unread": 0},
        {"kind": "contribution", "column": "amount", "outcome": "refused", "rows": 1, "amount": "28000000.01",
         "unread": 0},
    ]  # fmt: skip


def test_blank_rows_are_passed_over_and_keep_their_numbers(angel: Desk) -> None:
    said = preview(angel, "ledger", [{}, LEDGER[0], {"note": "  "}, LEDGER[1]])
    assert [(row["row"], row["outcome"]) for row in said["rows"]] == [(2, "new"), (4, "new")]


def test_what_is_held_is_looked_up_at_once_and_not_row_by_row(angel: Desk) -> None:
    enter(angel, "ledger", LEDGER)

    def asked(rows: list[dict[str, str]]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert set(outcomes(preview(angel, "ledger", rows))) == {"unchanged"}
        return len(queries)

    assert asked(LEDGER) == asked(LEDGER[:1])


def test_another_manager_and_a_fund_that_is_not_there_answer_alike(angel: Desk, api: Any) -> None:
    other: Api = api("manager_industry")
    bodies = []
    for code in ("angel", "no-such-fund"):
        answer = ask(Desk(other, code), "ledger", LEDGER)
        body = answer.json()
        bodies.append((answer.status_code, body["code"], body["detail"]))
        for file in ("template.xlsx", "export.xlsx"):
            assert other.get(f"/funds/{code}/{file}").status_code == 404
    assert bodies[0] == bodies[1] == (404, "not-found", "没有找到")
    assert ask(Desk(api("maker"), "angel"), "ledger", LEDGER).status_code == 403


def test_an_entry_of_another_fund_is_unknown(angel: Desk, api: Any) -> None:
    founded_sub(angel, api("maker"))
    said = enter(angel, "ledger", LEDGER)
    row = {**LEDGER[6], "id": said["rows"][6]["entry"]}
    assert outcomes(preview(angel, "ledger", [row])) == ["unchanged"]
    assert faults(preview(Desk(angel.api, SUB), "ledger", [row])) == {1: [("entry-unknown", "#/id")]}
