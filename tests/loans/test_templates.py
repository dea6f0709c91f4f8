"""Files to fill in: every column explained, every code offered, and good to send as they are filled."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import python_calamine

from loans import formats
from loans.intake import template
from loans.intake.rules import checks
from loans.intake.template import columns
from loans.models import Dataset, LoanProduct, PledgeType, RecordType, RepaymentMethod
from loans.reasons import REASONS
from tests.cast import Api
from tests.loans import workbooks
from tests.loans.bank import disbursement, flat, position, send, send_content, totals

Speak = Callable[[str], Api]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
both = pytest.mark.parametrize("dataset", Dataset.values)


def fetch(api: Api, dataset: str, format: str = "xlsx") -> Any:
    return api.get(f"/templates/{dataset}?format={format}")


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = python_calamine.load_workbook(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def part(content: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


@both
def test_the_csv_is_the_header_and_nothing_else(api: Speak, dataset: str) -> None:
    answer = fetch(api("bank_a"), dataset, "csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content == b"\xef\xbb\xbf" + ",".join(formats.csv_columns(dataset)).encode() + b"\r\n"
    assert answer["Content-Disposition"] == f'attachment; filename="loan-report-{dataset}-2026-11.csv"'


@both
def test_the_workbook_has_a_form_notes_and_codes(api: Speak, dataset: str) -> None:
    answer = fetch(api("bank_a"), dataset)
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    found = sheets(answer.content)
    assert list(found) == [dataset, "说明 Notes", "代码 Codes"]
    assert found[dataset] == [list(formats.csv_columns(dataset))]
    notes = found["说明 Notes"][1:]
    assert [row[0] for row in notes] == list(formats.csv_columns(dataset))
    for row in notes:
        name, *texts, _allowed = row
        assert all(texts), name
        assert all(CHINESE.search(text) for text in texts[::2]), name
        assert not any(CHINESE.search(text) for text in texts[1::2]), name


@both
def test_the_notes_ask_for_what_the_rules_ask_for(api: Speak, dataset: str) -> None:
    notes = sheets(fetch(api("bank_a"), dataset).content)["说明 Notes"][1:]
    asked = [row[0] for row in notes if row[4] == "Required"]
    assert sorted(asked) == sorted(formats.REQUIRED[Dataset(dataset)])


def test_the_codes_are_those_that_the_rules_know(api: Speak) -> None:
    LoanProduct.objects.create(code="green", name="绿色贷", name_en="Green loan", position=9)
    flow, stock = (
        sheets(fetch(api("bank_a"), dataset).content)["代码 Codes"][1:] for dataset in ("flow", "stock")
    )
    offered: dict[str, list[str]] = {}
    for name, code, zh, en in [*flow, *stock]:
        offered.setdefault(name, []).append(code)
        assert CHINESE.search(zh), code
        assert en
        assert not CHINESE.search(en), code
    assert offered == {
        "record_type": RecordType.values,
        "currency": ["CNY"],
        "product": ["investment_linked", "rd", "incubation", "ip_pledge", "green"],
        "repayment_method": RepaymentMethod.values,
        "pledge_type": PledgeType.values,
        "reason_code": [reason.code for reason in REASONS],
        "five_tier": list(formats.TIERS),
    }


@both
def test_every_column_of_codes_drops_down_its_own(api: Speak, dataset: str) -> None:
    content = fetch(api("bank_a"), dataset).content
    coded = sheets(content)["代码 Codes"]
    form = part(content, "xl/worksheets/sheet1.xml")
    found = re.findall(r'<dataValidation type="list"[^>]* sqref="([A-Z]+)2:\1(\d+)"><formula1>[^$]*\$B\$(\d+):\$B\$(\d+)<',
                       form)  # fmt: skip
    names = list(formats.csv_columns(dataset))
    offered = {}
    for letters, last, first_code, last_code in found:
        assert last == "100001"
        name = names[workbooks_column(letters)]
        offered[name] = [row[1] for row in coded[int(first_code) - 1 : int(last_code)]]
    lists = template.codes_of(columns.of(dataset))
    assert offered == {
        column.name: [code.code for code in lists[column.choices]]
        for column in columns.of(dataset)
        if column.choices
    }
    assert len(offered) == (8 if dataset == "flow" else 1)


def workbooks_column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def test_an_unknown_reason_is_warned_of_and_an_unknown_code_stopped(api: Speak) -> None:
    """As the rules do: a reason that is not listed is a warning, a product is refused."""
    form = part(fetch(api("bank_a"), "flow").content, "xl/worksheets/sheet1.xml")
    warned = re.findall(r'<dataValidation [^>]*errorStyle="warning"[^>]*errorTitle="(\w+)"', form)
    assert warned == ["reason_code"]


@both
def test_every_heading_is_explained_where_it_stands(api: Speak, dataset: str) -> None:
    content = fetch(api("bank_a"), dataset).content
    comments = re.findall(r'<comment ref="([A-Z]+)1"', part(content, "xl/comments1.xml"))
    assert [workbooks_column(at) for at in comments] == list(range(len(formats.csv_columns(dataset))))


@both
def test_every_cell_to_fill_in_is_text(api: Speak, dataset: str) -> None:
    content = fetch(api("bank_a"), dataset).content
    form = part(content, "xl/worksheets/sheet1.xml")
    styles = re.findall(r'<col min="(\d+)" max="(\d+)" [^>]*style="(\d+)"', form)
    assert sum(int(last) - int(first) + 1 for first, last, _ in styles) == len(formats.csv_columns(dataset))
    cells = re.search("<cellXfs.*?</cellXfs>", part(content, "xl/styles.xml"))
    assert cells
    numbers = re.findall(r'<xf numFmtId="(\d+)"', cells[0])
    assert {numbers[int(style)] for _, _, style in styles} == {"49"}


@both
def test_the_workbook_tells_its_version_and_is_the_same_every_time(api: Speak, dataset: str) -> None:
    first, second = fetch(api("bank_a"), dataset), fetch(api("guarantor_a"), dataset)
    assert (first.content, first["ETag"]) == (second.content, second["ETag"])
    own = part(first.content, "docProps/custom.xml")
    assert f'name="format_version"><vt:lpwstr>{template.VERSION}<' in own
    assert f'name="dataset"><vt:lpwstr>{dataset}<' in own
    LoanProduct.objects.create(code="green", name="绿色贷", name_en="Green loan", position=9)
    assert (fetch(api("bank_a"), dataset)["ETag"] == first["ETag"]) == (dataset == "stock")


def filled(content: bytes, *lines: str) -> bytes:
    """The template with rows put into its form, every other part as it was given out."""
    source = zipfile.ZipFile(io.BytesIO(content))
    parts = {name: source.read(name) for name in source.namelist()}
    form = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = form.replace("</sheetData>", f"{''.join(lines)}</sheetData>").encode()
    return workbooks.pack(parts)


@both
def test_an_empty_form_is_an_empty_report(api: Speak, dataset: str) -> None:
    content = fetch(api("bank_a"), dataset).content
    declared = totals([], dataset=dataset)
    sent = send_content(api("bank_a"), content, format="xlsx", dataset=dataset, control_totals=declared)
    assert (sent.state, sent.error) == ("applied", None)


@both
def test_a_filled_form_is_a_report(api: Speak, dataset: str) -> None:
    bank = api("bank_a")
    send(bank, [disbursement("E-0", "700.00")])
    row = position() if dataset == "stock" else disbursement("E-2", contract_no="HT-2")
    texts = [str(flat(row).get(name, "")) for name in formats.csv_columns(dataset)]
    content = filled(fetch(bank, dataset).content, workbooks.row_of(texts, row=2))
    declared = totals([row], dataset=dataset)
    sent = send_content(bank, content, format="xlsx", dataset=dataset, control_totals=declared)
    assert (sent.error, sent.result["accepted"]) == (None, 1)


@pytest.mark.parametrize("path", ["/templates/both", "/templates/FLOW", "/templates/flow%00"])
def test_there_is_no_other_template(api: Speak, path: str) -> None:
    assert api("bank_a").get(path).status_code == 404


def test_there_is_no_other_format(api: Speak) -> None:
    answer = fetch(api("bank_a"), "flow", "xls")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-fields")


def test_a_stranger_gets_none(api: Speak) -> None:
    assert fetch(api(""), "flow").status_code == 401


def test_every_code_and_column_has_its_words(db: None) -> None:
    """Whatever the formats gain, the template says it too."""
    for dataset in Dataset.values:
        assert [column.name for column in columns.of(dataset)] == list(formats.csv_columns(dataset))
    assert set(columns.MEANINGS) == {*formats.FLOW, *formats.STOCK} - {"pledges"}
    assert checks.MONEY  # the example of an amount is one
    assert re.fullmatch(checks.MONEY[1:-1], "1234567.89")
