"""What of a sheet is refused, and where the fault is said to be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from funds import limits
from funds.models import FundEvent
from tests.cast import Api
from tests.funds.conftest import CITY, FIRM, OTHER_FIRM, Desk, made, refused
from tests.funds.rows import INVESTMENT, LEDGER, NAME, SUB, ask, enter, faults, invested, preview

FEE = {"kind": "fee", "amount": "1.00", "effective_date": "2024-06-01"}
PAID = {**INVESTMENT, "amount": "1.00", "effective_date": "2023-05-01"}
VALUE = {"uscc": FIRM, "fair_value": "1.00", "method": "cost", "effective_date": "2023-12-31"}
EXIT = {"kind": "exit", "uscc": FIRM, "cash": "1.00", "cost": "1.00", "effective_date": "2024-03-01"}
DEAL = {
    "firm_name": "某团队", "title": "种子轮", "source": "roadshow", "instrument": "equity",
    "planned_amount": "1.00", "lead": "陈某", "effective_date": "2022-06-05",
}  # fmt: skip


#: By sheet: what is typed over a sound row, and what is then said of it.
WRONG: dict[str, list[tuple[dict[str, str], tuple[str, str]]]] = {
    "ledger": [
        ({"kind": ""}, ("required", "#/kind")),
        ({"kind": "管理 费用"}, ("invalid_choice", "#/kind")),
        ({"amount": "一千"}, ("amount-format", "#/amount")),
        ({"amount": "1.001"}, ("amount-scale", "#/amount")),
        ({"amount": "1,00,000"}, ("amount-format", "#/amount")),
        ({"amount": "0"}, ("amount-not-positive", "#/amount")),
        ({"amount": "-5"}, ("amount-not-positive", "#/amount")),
        ({"amount": "NaN"}, ("amount-format", "#/amount")),
        ({"amount": "1000000000000.01"}, ("amount-too-large", "#/amount")),
        ({"amount": "99999999999999999"}, ("amount-too-large", "#/amount")),
        ({"amount": "900000000"}, ("cash-short", "#/amount")),
        ({"effective_date": "2024-02-30"}, ("date-format", "#/effective_date")),
        ({"effective_date": "45000"}, ("date-format", "#/effective_date")),
        ({"effective_date": "2022-05-31"}, ("date-before-establishment", "#/effective_date")),
        ({"effective_date": "9000-01-01"}, ("date-in-future", "#/effective_date")),
        ({"investor": CITY}, ("investor-not-allowed", "#/investor")),
        ({"kind": "call"}, ("investor-required", "#/investor")),
        ({"kind": "call", "investor": "无此人"}, ("investor-unknown", "#/investor")),
        ({"kind": "call", "investor": CITY, "amount": "42000000.01"}, ("call-above-uncalled", "#/amount")),
        ({"nature": "gain"}, ("does-not-fit-the-kind", "#/nature")),
        ({"recallable": "maybe"}, ("invalid_choice", "#/recallable")),
        ({"note": "长" * 501}, ("max_length", "#/note")),
        ({"note": "a\u0000b"}, ("control-characters", "#/note")),
        ({"note": "a\nb"}, ("control-characters", "#/note")),
        ({"id": "fe_none"}, ("entry-unknown", "#/id")),
    ],
    "investments": [
        ({"uscc": ""}, ("one-investee", "#/uscc")),
        ({"sub_fund": SUB}, ("one-investee", "#/uscc")),
        ({"uscc": "", "sub_fund": "no-such"}, ("fund-unknown", "#/sub_fund")),
        ({"uscc": FIRM[:-1] + "3"}, ("uscc-check-character", "#/uscc")),
        ({"uscc": FIRM[:-1]}, ("uscc-length", "#/uscc")),
        ({"uscc": OTHER_FIRM, "firm_name": ""}, ("firm-unknown", "#/uscc")),
        ({"amount": "900000000"}, ("cash-short", "#/amount")),
    ],
    "valuations": [
        ({"uscc": OTHER_FIRM}, ("holding-unknown", "#/uscc")),
        ({"uscc": "", "firm_name": "无此企业"}, ("holding-unknown", "#/firm_name")),
        ({"uscc": "", "sub_fund": SUB}, ("holding-unknown", "#/sub_fund")),
        ({"uscc": ""}, ("one-investee", "#/uscc")),
        ({"sub_fund": SUB}, ("one-investee", "#/sub_fund")),
        ({"fair_value": ""}, ("required", "#/fair_value")),
        ({"fair_value": "-1"}, ("amount-negative", "#/fair_value")),
        ({"effective_date": "2023-02-28"}, ("valuation-before-investment", "#/effective_date")),
    ],
    "exits": [
        ({"kind": "investment"}, ("invalid_choice", "#/kind")),
        ({"cost": "20000000.01"}, ("cost-above-held", "#/cost")),
        ({"cash": ""}, ("required", "#/cash")),
        ({"cost": ""}, ("required", "#/cost")),
        ({"kind": "write_off"}, ("does-not-fit-the-kind", "#/cash")),
        ({"kind": "income"}, ("does-not-fit-the-kind", "#/cost")),
        ({"kind": "recovery", "cost": ""}, ("nothing-written-off", "#/effective_date")),
    ],
    "deals": [
        ({"title": " "}, ("required", "#/title")),
        ({"lead": "长" * 101}, ("max_length", "#/lead")),
        ({"firm_name": ""}, ("required", "#/firm_name")),
        ({"source": "bank"}, ("referrer-required", "#/referred_by")),
        ({"planned_amount": "0"}, ("amount-not-positive", "#/planned_amount")),
    ],
}  # fmt: skip
SOUND = {"ledger": FEE, "investments": PAID, "valuations": VALUE, "exits": EXIT, "deals": DEAL}


def sound(sheet: str, at: int) -> dict[str, str]:
    """A row that would be taken, and repeats no other."""
    row = SOUND[sheet]
    if sheet == "deals":
        return {**row, "title": f"{row['title']} {at}"}
    return {**row, "effective_date": str(date.fromisoformat(row["effective_date"]) + timedelta(days=at))}


@pytest.mark.parametrize("sheet", [*WRONG])
def test_every_fault_is_named_with_its_column(played: Desk, sheet: str) -> None:
    """All in one sheet: no bad row hides another."""
    rows = [{**sound(sheet, at), **typed} for at, (typed, _) in enumerate(WRONG[sheet])]
    said = preview(played, sheet, rows)
    found = faults(said)
    assert [(typed, found.get(number)) for number, (typed, _) in enumerate(WRONG[sheet], 1)] == [
        (typed, [wrong]) for typed, wrong in WRONG[sheet]
    ]


@pytest.fixture
def played(angel: Desk) -> Desk:
    invested(angel)
    return angel


def test_all_cells_of_a_row_are_looked_at_at_once(angel: Desk) -> None:
    row = {"kind": "?", "amount": "x", "effective_date": "y"}
    assert faults(preview(angel, "ledger", [row])) == {
        1: [("invalid_choice", "#/kind"), ("amount-format", "#/amount"), ("date-format", "#/effective_date")]
    }


def test_rows_that_say_the_same_are_all_refused_and_name_each_other(played: Desk) -> None:
    said = preview(played, "ledger", [FEE, {**FEE, "amount": "2.00"}, {**FEE, "note": "再一笔"}])
    assert faults(said) == {1: [("duplicate-row", "#/amount")], 3: [("duplicate-row", "#/amount")]}
    assert [said["rows"][at]["errors"][0]["context"]["row"] for at in (0, 2)] == ["3", "1"]
    two = [VALUE, {**VALUE, "fair_value": "2.00"}]
    assert set(faults(preview(played, "valuations", two))) == {1, 2}


def test_two_equal_entries_that_are_held_keep_their_numbers(played: Desk) -> None:
    body = {"kind": "fee", "amount": "1.00", "effective_date": "2024-06-01"}
    ids = [made(played.api.post("/funds/angel/events", body))["id"] for _ in range(2)]
    assert faults(preview(played, "ledger", [{**FEE, "id": one} for one in ids])) == {}
    assert set(faults(preview(played, "ledger", [{**FEE, "id": ids[0]}, FEE]))) == {1, 2}
    assert set(faults(preview(played, "ledger", [{**FEE, "id": ids[0]}] * 2))) == {1, 2}


def test_what_is_recorded_is_not_changed_in_a_sheet(played: Desk) -> None:
    number = enter(played, "ledger", [FEE])["rows"][0]["entry"]
    said = preview(played, "ledger", [{**FEE, "id": number, "amount": "3.00", "note": "改"}])
    assert faults(said) == {1: [("recorded-otherwise", "#/amount"), ("recorded-otherwise", "#/note")]}
    assert "“1.00”" in said["rows"][0]["errors"][0]["message"]


def test_two_firms_of_one_name_are_told_apart_by_their_codes(played: Desk) -> None:
    enter(played, "investments", [{**PAID, "uscc": OTHER_FIRM}])
    row = {**VALUE, "uscc": "", "firm_name": NAME}
    assert faults(preview(played, "valuations", [row])) == {1: [("holding-ambiguous", "#/firm_name")]}


def test_with_one_row_refused_nothing_is_entered(angel: Desk) -> None:
    rows = [*LEDGER, {**FEE, "amount": "90000000"}, {**FEE, "amount": ""}]
    shown = preview(angel, "ledger", rows)
    problem = refused(ask(angel, "ledger", rows, fingerprint=shown["fingerprint"]), 422, "rows-refused")
    assert [(error["code"], error["pointer"]) for error in problem["errors"]] == [
        ("cash-short", "#/rows/9/amount"), ("required", "#/rows/10/amount"),
    ]  # fmt: skip
    with within(EVERYTHING):
        assert not FundEvent.objects.exists()


class TestTheFingerprint:
    def test_is_that_of_what_is_said_and_not_of_how_it_is_typed(self, angel: Desk) -> None:
        typed = [
            {**row, "amount": f"{float(row['amount']):,.2f}", "note": row.get("note", "")} for row in LEDGER
        ]
        assert (
            preview(angel, "ledger", LEDGER)["fingerprint"] == preview(angel, "ledger", typed)["fingerprint"]
        )

    def test_other_rows_than_the_previewed_are_refused(self, angel: Desk) -> None:
        shown = preview(angel, "ledger", LEDGER)
        rows = [*LEDGER[:-1], {**LEDGER[-1], "amount": "3500000.01"}]
        refused(ask(angel, "ledger", rows, fingerprint=shown["fingerprint"]), 409, "import-differs")
        refused(ask(angel, "ledger", LEDGER[:-1], fingerprint=shown["fingerprint"]), 409, "import-differs")

    def test_what_was_entered_meanwhile_is_found_out(self, angel: Desk) -> None:
        shown = preview(angel, "ledger", LEDGER)
        enter(angel, "ledger", LEDGER[:1])
        refused(ask(angel, "ledger", LEDGER, fingerprint=shown["fingerprint"]), 409, "import-differs")

    def test_is_asked_for_and_has_its_form(self, angel: Desk) -> None:
        refused(ask(angel, "ledger", LEDGER, dry_run=False), 422, "required")
        refused(ask(angel, "ledger", LEDGER, fingerprint="x"), 422, "sha256-format")


@pytest.mark.parametrize(("body", "code", "pointer"), [
    ({"sheet": "loans", "rows": [FEE]}, "invalid_choice", "#/sheet"),
    ({"sheet": "ledger"}, "required", "#/rows"),
    ({"sheet": "ledger", "rows": []}, "empty", "#/rows"),
    ({"sheet": "ledger", "rows": [{}, {"note": " "}]}, "empty", "#/rows"),
    ({"sheet": "ledger", "rows": "x"}, "not_a_list", "#/rows"),
    ({"sheet": "ledger", "rows": [FEE, "x"]}, "not_a_dict", "#/rows/2"),
    ({"sheet": "ledger", "rows": [FEE, {**FEE, "amount": 1}]}, "not-a-string", "#/rows/2/amount"),
    ({"sheet": "ledger", "rows": [{**FEE, "amount": 1.5}]}, "not-a-string", "#/rows/1/amount"),
    ({"sheet": "ledger", "rows": [{**FEE, "fair_value": "1"}]}, "unknown-field", "#/rows/1/fair_value"),
    ({"sheet": "ledger", "rows": [{**FEE, "recorded_at": "2024-01-01"}]}, "unknown-field", "#/rows/1/recorded_at"),
    ({"sheet": "ledger", "rows": [FEE], "dry_run": "yes"}, "not-a-boolean", "#/dry_run"),
])  # fmt: skip
def test_a_body_that_is_no_import_is_refused(angel: Desk, body: Any, code: str, pointer: str) -> None:
    problem = refused(angel.api.post("/funds/angel/imports", body), 422, code)
    assert problem["errors"][0]["pointer"] == pointer


def test_more_rows_than_are_taken_are_refused_before_any_is_looked_at(angel: Desk) -> None:
    refused(ask(angel, "ledger", [FEE] * (limits.MOST_ROWS + 1)), 413, "too-many-rows")


def test_faults_are_said_in_the_caller_s_language(angel: Desk) -> None:
    body = {"sheet": "ledger", "rows": [{**FEE, "amount": "5"}]}
    answer = angel.api.post("/funds/angel/imports", body, Accept_Language="en")
    assert answer.json()["rows"][0]["errors"][0]["message"].startswith("It takes 5.00;")


def test_readers_of_a_fund_enter_nothing(angel: Desk, api: Any) -> None:
    for name in ("maker", "auditor", "bank_a", "admin"):
        other: Api = api(name)
        assert ask(Desk(other, "angel"), "ledger", [FEE]).status_code == 403
