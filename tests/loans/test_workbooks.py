"""Workbooks as clerks make them: typed cells, other sheets, gaps, and what a cell may not hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from finance_hub.kernel.workbook import cells, places
from loans import formats
from tests.cast import Api
from tests.loans import workbooks
from tests.loans.bank import Row, Sent, disbursement, flat, position, repayment, send, send_content, totals

Speak = Callable[[str], Api]
COLUMNS = list(formats.csv_columns("flow"))


def send_workbook(api: Api, content: bytes, **changes: Any) -> Sent:
    return send_content(api, content, format="xlsx", **changes)


def send_row(api: Api, row: Row, *, disbursed: str = "1000.00") -> Sent:
    declared = {"rows": 1, "disbursed": disbursed, "repaid": "0.00"}
    return send_workbook(api, workbooks.of_rows([row]), control_totals=declared)


def lines(*rows: Row) -> list[list[Any]]:
    return [[flat(row).get(name) for name in COLUMNS] for row in rows]


def test_cells_of_numbers_and_dates_say_what_text_says(api: Speak) -> None:
    typed = disbursement(
        amount=1234567.89, annual_rate_pct=3.45, revision=1, lpr_spread_bp=-20,
        value_date=date(2026, 10, 17), maturity_date=date(2027, 10, 16),
    )  # fmt: skip
    sent = send_row(api("bank_a"), typed, disbursed="1234567.89")
    assert sent.result == {"accepted": 1, "unchanged": 0, "rejected": 0, "warnings": 0}
    [drawdown] = api("bank_a").get("/contracts/HT-1").json()["drawdowns"]
    assert (drawdown["balance"], drawdown["annual_rate_pct"]) == ("1234567.89", "3.4500")
    assert (drawdown["disbursed_on"], drawdown["maturity_date"]) == ("2026-10-17", "2027-10-16")
    as_text = typed | {
        "amount": "1234567.89", "annual_rate_pct": "3.4500", "value_date": "2026-10-17", "maturity_date": "2027-10-16",
    }  # fmt: skip
    assert send(api("bank_a"), [as_text], format="csv").result["unchanged"] == 1


def test_a_snapshot_comes_as_a_workbook_too(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [disbursement()])
    row = position(balance=1000, overdue_days=0, overdue_interest=0.5)
    content = workbooks.of_rows([row], dataset="stock")
    sent = send_workbook(bank, content, dataset="stock", control_totals={"rows": 1, "balance": "1000.00"})
    assert (sent.state, sent.result["accepted"]) == ("applied", 1)


#: (field, what stands in the cell, code): everything else about the row is good.
CELLS: list[tuple[str, Any, str]] = [
    ("amount", True, "cell-boolean"),
    ("amount", date(2026, 10, 17), "cell-date"),
    ("amount", 1000.005, "amount-scale"),
    ("amount", 1234567890123.45678, "cell-not-exact"),
    ("revision", False, "cell-boolean"),
    ("revision", 1.5, "not-an-integer"),
    ("revision", 1e12, "too-large"),
    ("annual_rate_pct", 3.45678, "rate-scale"),
    ("annual_rate_pct", True, "cell-boolean"),
    ("value_date", 46312, "date-format"),
    ("value_date", datetime.fromisoformat("2026-10-17T13:30"), "date-with-time"),
    ("maturity_date", True, "cell-boolean"),
    ("contract_no", 20260091, "cell-not-text"),
    ("contract_no", date(2026, 10, 5), "cell-date"),
    ("uscc", 913501000001000043, "cell-not-text"),
    ("firm_name", True, "cell-boolean"),
    ("branch_code", 3301, "cell-not-text"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "code"), CELLS, ids=[f"{n} {v!r}" for n, v, _ in CELLS])
def test_a_cell_of_the_wrong_type_is_named_with_its_place(
    api: Speak, name: str, value: Any, code: str
) -> None:
    disbursed = "0.00" if name == "amount" else "1000.00"
    sent = send_row(api("bank_a"), disbursement(**{name: value}), disbursed=disbursed)
    assert sent.faults() == [(code, f"#/{name}")]
    [error] = sent.rows()[0]["errors"]
    place = f"{places.letters(COLUMNS.index(name))}2"
    assert error["context"]["cell"] == place
    assert f"单元格 {place}：" in error["message"]
    assert f"Cell {place}: " in error["message_en"]


ODD: list[tuple[str, str, str]] = [
    ("amount", '<c r="REF"><v>0.30000000000000004</v></c>', "amount-scale"),
    ("amount", '<c r="REF"><v>NaN</v></c>', "amount-format"),
    ("amount", '<c r="REF"><v>1e400</v></c>', "amount-format"),
    ("amount", '<c r="REF" t="e"><v>#N/A</v></c>', "cell-error"),
    ("amount", '<c r="REF" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "cell-error"),
    ("amount", '<c r="REF"><f>A1+1</f></c>', "formula-without-value"),
    ("amount", '<c r="REF"><f>A1+1</f><v></v></c>', "formula-without-value"),
    ("contract_no", '<c r="REF"><f>A1</f></c>', "formula-without-value"),
    ("value_date", '<c r="REF" t="e"><v>#VALUE!</v></c>', "cell-error"),
]


@pytest.mark.parametrize(("name", "cell", "code"), ODD, ids=[f"{n} {c}" for n, c, _ in ODD])
def test_what_a_reader_shows_as_empty_is_named_for_what_it_is(
    api: Speak, name: str, cell: str, code: str
) -> None:
    sheet = workbooks.sheet_of(disbursement(), **{name: cell})
    disbursed = "0.00" if name == "amount" else "1000.00"
    sent = send_workbook(
        api("bank_a"), workbooks.pack(workbooks.parts(sheet)),
        control_totals={"rows": 1, "disbursed": disbursed, "repaid": "0.00"},
    )  # fmt: skip
    assert sent.faults() == [(code, f"#/{name}")]
    if code == "cell-error":
        assert "#" in sent.rows()[0]["errors"][0]["context"]["shown"]


def test_the_value_of_a_formula_counts(api: Speak) -> None:
    sheet = workbooks.sheet_of(
        disbursement(), amount='<c r="REF"><f>500*2</f><v>1000</v></c>',
        branch_code='<c r="REF" t="str"><f>IF(1,"","")</f><v></v></c>',
    )  # fmt: skip
    sent = send_workbook(
        api("bank_a"), workbooks.pack(workbooks.parts(sheet)),
        control_totals={"rows": 1, "disbursed": "1000.00", "repaid": "0.00"},
    )  # fmt: skip
    assert sent.result["accepted"] == 1


def test_a_percentage_is_not_taken_for_a_hundredth_of_itself(api: Speak) -> None:
    """3.45 % stands in the file as 0.0345."""
    styles = (
        f'<styleSheet xmlns="{workbooks.MAIN}"><numFmts><numFmt numFmtId="170" formatCode="0.000%"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="10"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/>'
        '<xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    declared = {"rows": 1, "disbursed": "1000.00", "repaid": "0.00"}
    for style, faults in (("0", []), ("1", ["cell-percent"]), ("2", ["cell-percent"])):
        sheet = workbooks.sheet_of(
            disbursement(), annual_rate_pct=f'<c r="REF" s="{style}"><v>0.0345</v></c>'
        )
        content = workbooks.pack(workbooks.parts(sheet, **{"xl/styles.xml": styles}))
        sent = send_workbook(api("bank_a"), content, control_totals=declared, dry_run=True)
        assert [code for code, _ in sent.faults()] == faults


def test_rows_of_nothing_but_formulas_without_a_value_are_rows(api: Speak) -> None:
    empty = dict.fromkeys(("contract_no", "amount"), '<c r="REF"><f>B1</f></c>')
    sheet = workbooks.sheet_of(disbursement()).removesuffix("</sheetData>")
    cells = [empty.get(name, "") for name in COLUMNS]
    sheet += workbooks.row_of(cells, row=5) + "</sheetData>"
    sent = send_workbook(
        api("bank_a"), workbooks.pack(workbooks.parts(sheet)),
        control_totals={"rows": 2, "disbursed": "1000.00", "repaid": "0.00"},
    )  # fmt: skip
    assert (sent.result["accepted"], sent.result["rejected"]) == (1, 1)
    assert [(row["row_number"], row["line_number"]) for row in sent.rows()] == [(2, 5)]
    assert ("formula-without-value", "#/amount") in sent.faults()
    assert ("amount-missing", "#/amount") not in sent.faults()


def test_blank_rows_are_skipped_and_people_find_a_row_by_its_number_in_the_sheet(api: Speak) -> None:
    first, second, third = lines(disbursement(), repayment("E-2", "x"), repayment("E-3", "y"))
    blank = [None] * len(COLUMNS)
    content = workbooks.of_cells([blank, COLUMNS, first, blank, second, blank, blank, third, blank])
    sent = send_workbook(
        api("bank_a"), content, control_totals={"rows": 3, "disbursed": "1000.00", "repaid": "0"}
    )
    assert [(row["row_number"], row["line_number"]) for row in sent.rows()] == [(2, 5), (3, 8)]
    place = places.letters(COLUMNS.index("amount"))
    assert [row["errors"][0]["context"]["cell"] for row in sent.rows()] == [f"{place}5", f"{place}8"]


def test_a_fault_found_against_the_database_names_its_cell_too(api: Speak) -> None:
    sent = send(api("bank_a"), [disbursement(), repayment("E-2", "1000.01")], format="xlsx")
    [error] = sent.rows()[0]["errors"]
    assert error["context"]["cell"] == f"{places.letters(COLUMNS.index('amount'))}3"
    assert error["message"].endswith("还款 1000.01 大于余额 1000.00")


def test_a_row_with_a_value_beyond_the_header_is_listed(api: Speak) -> None:
    [row] = lines(disbursement())
    content = workbooks.of_cells([COLUMNS, [*row, "surplus"], [*row, None, ""]])
    sent = send_workbook(
        api("bank_a"), content, control_totals={"rows": 2, "disbursed": "1000.00", "repaid": "0"}
    )
    assert sent.codes() == [(1, ["wrong-number-of-cells"])]
    assert sent.rows()[0]["errors"][0]["context"] == {
        "cells": str(len(COLUMNS) + 1),
        "columns": str(len(COLUMNS)),
    }


def test_the_first_sheet_with_the_header_is_read(api: Speak) -> None:
    notes = {"notes": [["read me"], ["and me"]], "empty": []}
    content = workbooks.of_cells([COLUMNS, *lines(disbursement())], before=notes)
    sent = send_workbook(api("bank_a"), content, control_totals=totals([disbursement()]))
    assert sent.result["accepted"] == 1


def test_columns_stand_in_any_order_and_optional_ones_may_be_missing(api: Speak) -> None:
    names = sorted(disbursement())
    content = workbooks.of_cells([names, [disbursement()[name] for name in names]])
    sent = send_workbook(api("bank_a"), content, control_totals=totals([disbursement()]))
    assert sent.result["accepted"] == 1


@pytest.mark.parametrize(("header", "errors"), [
    (["contract_no", "colour"], [("unknown-field", "#/colour"), ("required", "#/drawdown_no")]),
    ([*COLUMNS, "uscc"], [("duplicate-name", "#/uscc")]),
    ([None, *COLUMNS], [("unknown-field", "#/")]),
    ([], [("required", "#/contract_no"), ("required", "#/uscc")]),
])  # fmt: skip
def test_a_header_that_does_not_fit_refuses_the_file(
    api: Speak, header: list[Any], errors: list[tuple[str, str]]
) -> None:
    sent = send_workbook(api("bank_a"), workbooks.of_cells([header, ["x"]]))
    assert (sent.state, sent.error["code"]) == ("rejected", "wrong-columns")
    assert set(errors) <= {(error["code"], error["pointer"]) for error in sent.error["errors"]}


def test_a_hidden_sheet_is_no_report(api: Speak) -> None:
    made = workbooks.parts(workbooks.sheet_of(disbursement()))
    made["xl/workbook.xml"] = made["xl/workbook.xml"].replace('sheetId="1"', 'sheetId="1" state="hidden"')
    sent = send_workbook(api("bank_a"), workbooks.pack(made))
    assert sent.error["code"] == "wrong-columns"


def test_pledges_stand_in_their_columns_and_a_wrong_cell_is_named_once(api: Speak) -> None:
    pledge = {"type": "patent", "certificate_no": "ZL1", "registration_no": "Y1", "appraised_value": 900.5,
              "share_pct": 60}  # fmt: skip
    good = disbursement(product="ip_pledge", pledges=[pledge])
    bad = disbursement("E-2", contract_no="HT-2", product="ip_pledge", pledges=[pledge | {"share_pct": True}])
    content = workbooks.of_rows([good, bad])
    sent = send_workbook(
        api("bank_a"), content, control_totals={"rows": 2, "disbursed": "2000.00", "repaid": "0"}
    )
    assert sent.result["accepted"] == 1
    assert sent.faults() == [("cell-boolean", "#/pledge_1_share_pct")]
    [drawdown] = api("bank_a").get("/contracts/HT-1").json()["drawdowns"]
    assert [(p["appraised_value"], p["share_pct"]) for p in drawdown["pledges"]] == [("900.50", "60.00")]


MOST_SAFE = 10**14


@given(st.integers(-MOST_SAFE, MOST_SAFE))
@example(10)
@example(-1)
@example(MOST_SAFE)
def test_every_amount_that_a_double_holds_is_read_to_the_fen(fen: int) -> None:
    amount = Decimal(fen) / 100
    text, code = cells.read(float(amount), cells.Kind.NUMBER)
    assert (Decimal(text), code) == (amount, "")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_out_with_all_its_digits(value: float) -> None:
    text, _ = cells.read(value, cells.Kind.NUMBER)
    assert "e" not in text.lower()
    assert Decimal(text) == Decimal(repr(value))
    assert text != "-0"


@given(st.integers(0, 16_383))
def test_the_names_of_columns_are_those_of_a_spreadsheet(column: int) -> None:
    assert places.column_of(places.letters(column)) == column


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
)
def test_columns_have_their_names(column: int, name: str) -> None:
    assert (places.letters(column), places.column_of(name)) == (name, column)
