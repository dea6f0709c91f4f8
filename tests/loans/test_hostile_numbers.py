"""Numbers as they should not be, through every door: NDJSON, CSV, both kinds of cells, JSON bodies, SQL."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from finance_hub.kernel import money
from tests.cast import Api
from tests.loans import workbooks
from tests.loans.bank import (
    Sent,
    csv_text,
    disbursement,
    ndjson,
    position,
    repayment,
    send,
    send_content,
    totals,
)

Speak = Callable[[str], Api]

#: What stands in the place of an amount as text, and the code that every door answers; None = accepted.
TEXTS: list[tuple[str, str | None]] = [
    ("NaN", "amount-format"),
    ("nan", "amount-format"),
    ("Infinity", "amount-format"),
    ("-Infinity", "amount-format"),
    ("inf", "amount-format"),
    ("-0", "amount-not-positive"),
    ("-0.00", "amount-not-positive"),
    ("0", "amount-not-positive"),
    ("-1.00", "amount-not-positive"),
    ("1e5", "amount-format"),
    ("1E5", "amount-format"),
    ("1e400", "amount-format"),
    ("1_000", "amount-format"),
    ("1,000.00", "amount-format"),
    ("1 000.00", "amount-format"),
    ("1.000,00", "amount-format"),
    ("１２３", "amount-format"),
    ("１２３．００", "amount-format"),
    ("٣٤", "amount-format"),
    ("一百", "amount-format"),
    ("¥5.00", "amount-format"),
    ("5.00元", "amount-format"),
    ("(5.00)", "amount-format"),
    ("0x10", "amount-format"),
    ("+5", "amount-format"),
    ("--5", "amount-format"),
    (" 5.00", "amount-format"),
    ("5.00 ", "amount-format"),
    ("\u00a05.00", "amount-format"),
    ("5\u200b.00", "amount-format"),
    ("05.00", "amount-format"),
    ("00", "amount-format"),
    ("5.", "amount-format"),
    (".5", "amount-format"),
    ("5..0", "amount-format"),
    ("", "amount-missing"),
    ("12.345", "amount-scale"),
    ("0.001", "amount-scale"),
    ("10000000000000000", "amount-too-large"),
    ("100000000000000000", "amount-too-large"),
    ("99999999999999999999.99", "amount-too-large"),
    ("0.01", None),
    ("7", None),
    ("7.5", None),
    ("999999999999999.99", None),
]
#: JSON tokens that are no strings: an amount is never a number, whatever it is worth.
TOKENS: list[tuple[str, str]] = [
    ("0.1", "amount-not-a-string"),
    ("100", "amount-not-a-string"),
    ("-0", "amount-not-a-string"),
    ("1e5", "amount-not-a-string"),
    ("1e400", "amount-not-a-string"),
    ("99999999999999999999999999", "amount-not-a-string"),
    ("true", "amount-not-a-string"),
    ("null", "amount-missing"),
    ('["1.00"]', "nested-value"),
    ('{"yuan": "1.00"}', "nested-value"),
]
#: The value of a number cell as it stands in the file, the text it is read as, its code.
CELLS: list[tuple[str, str, str | None]] = [
    ("0.1", "0.1", None),
    ("100", "100", None),
    ("100.0", "100", None),
    ("1E5", "100000", None),
    ("1234567.89", "1234567.89", None),
    ("99999999999999.9", "99999999999999.9", None),
    ("0", "0", "amount-not-positive"),
    ("-0", "0", "amount-not-positive"),
    ("-0.0", "0", "amount-not-positive"),
    ("-1", "-1", "amount-not-positive"),
    ("12.345", "12.345", "amount-scale"),
    ("0.30000000000000004", "0.30000000000000004", "amount-scale"),
    ("1E-7", "0.0000001", "amount-scale"),
    ("5E-324", "0." + "0" * 323 + "5", "amount-scale"),
    ("1E+17", "100000000000000000", "amount-too-large"),
    ("9999999999999999.99", "10000000000000000", "amount-too-large"),
    ("1E+300", "1" + "0" * 300, "amount-too-large"),
    ("1.7976931348623157E+308", "", "cell-not-exact"),
    ("123456789012345.67", "", "cell-not-exact"),
    ("1234567890123456", "", "cell-not-exact"),
    ("NaN", "NaN", "amount-format"),
    ("INF", "Infinity", "amount-format"),
    ("1e400", "Infinity", "amount-format"),
]


def judged(sent: Sent, count: int) -> list[str | None]:
    """The code of each row's amount in file order, None where the row was accepted."""
    assert sent.state == "applied", sent.error
    found: dict[int, str] = {}
    for row in sent.rows():
        [error] = row["errors"]
        assert error["pointer"] == "#/amount"
        found[row["row_number"]] = error["code"]
    assert sent.result["accepted"] == count - len(found)
    return [found.get(number) for number in range(1, count + 1)]


def lent(amounts: list[Any]) -> list[dict[str, Any]]:
    return [disbursement(f"E-{at}", amount, contract_no=f"HT-{at}") for at, amount in enumerate(amounts)]


@pytest.mark.parametrize("format", ["ndjson", "csv", "xlsx"])
def test_only_money_written_as_money_is_taken(api: Speak, format: str) -> None:
    sent = send(api("bank_a"), lent([text for text, _ in TEXTS]), format=format)
    said = judged(sent, len(TEXTS))
    assert [(text, code) for (text, _), code in zip(TEXTS, said, strict=True)] == TEXTS


@pytest.mark.parametrize("format", ["ndjson", "csv", "xlsx"])
def test_the_largest_amount_is_taken_and_a_sum_beyond_it_is_an_answer(api: Speak, format: str) -> None:
    largest = "9999999999999999.99"
    assert send(api("bank_a"), lent([largest]), format=format).result["accepted"] == 1
    declared = {"rows": 2, "disbursed": largest, "repaid": "0.00"}
    sent = send(api("bank_b"), lent([largest, largest]), format=format, control_totals=declared)
    assert (sent.state, sent.error["code"]) == ("rejected", "control-total-mismatch")
    assert sent.error["errors"][0]["computed"] == "19999999999999999.98"


@pytest.mark.parametrize(("text", "code"), TEXTS)
def test_the_codes_of_every_door_are_those_of_the_kernel(text: str, code: str | None) -> None:
    if code in {None, "amount-not-positive"}:
        amount = money.parse(text)
        assert (amount > 0) is (code is None)
        assert amount < 0 or not amount.is_signed(), "minus zero is kept"
    else:
        with pytest.raises(money.UnableToReadMoney) as refused:
            money.parse(text)
        assert refused.value.code == code


def test_a_json_number_is_no_amount(api: Speak) -> None:
    lines = [
        json.dumps(row).replace('"AMOUNT"', token)
        for row, (token, _) in zip(lent(["AMOUNT"] * len(TOKENS)), TOKENS, strict=True)
    ]
    declared = {"rows": len(lines), "disbursed": "0.00", "repaid": "0.00"}
    sent = send_content(api("bank_a"), ndjson(lines), control_totals=declared)
    said = judged(sent, len(TOKENS))
    assert [(token, code) for (token, _), code in zip(TOKENS, said, strict=True)] == TOKENS


def test_a_number_cell_is_taken_when_it_is_exactly_money(api: Speak) -> None:
    rows = lent(["AMOUNT"] * len(CELLS))
    sheet = workbooks.sheet_of(*rows)
    for value, _, _ in CELLS:
        at = sheet.index("<is><t>AMOUNT</t></is>")
        head = sheet.rindex(' t="inlineStr"', 0, at)
        rest = sheet[at + len("<is><t>AMOUNT</t></is>") :]
        sheet = f"{sheet[:head]}><v>{value}</v>{rest}"
    declared = totals([{**row, "amount": text} for row, (_, text, _) in zip(rows, CELLS, strict=True)])
    content = workbooks.pack(workbooks.parts(sheet))
    sent = send_content(api("bank_a"), content, format="xlsx", control_totals=declared)
    said = judged(sent, len(CELLS))
    assert list(zip(CELLS, said, strict=True)) == [(cell, cell[2]) for cell in CELLS]
    held = {
        row["contract_no"]: row["balance"] for row in api("bank_a").get("/contracts?limit=100").json()["data"]
    }
    assert held == {
        f"HT-{at}": f"{Decimal(text):.2f}" for at, (_, text, code) in enumerate(CELLS) if code is None
    }


@pytest.mark.parametrize("value", ["0x10", "1_000", "１２３", "+-5", "five"])
def test_a_number_cell_that_holds_no_number_is_judged_as_the_text_it_is(api: Speak, value: str) -> None:
    sheet = workbooks.sheet_of(disbursement(), amount=f'<c r="REF"><v>{value}</v></c>')
    declared = {"rows": 1, "disbursed": "0.00", "repaid": "0.00"}
    content = workbooks.pack(workbooks.parts(sheet))
    sent = send_content(api("bank_a"), content, format="xlsx", control_totals=declared)
    assert sent.faults() == [("amount-format", "#/amount")]
    assert value in sent.rows()[0]["original"]


def amount_codes(sent: Sent, name: str) -> dict[int, str]:
    return {
        row["row_number"]: error["code"]
        for row in sent.rows()
        for error in row["errors"]
        if error["pointer"] == f"#/{name}"
    }


@pytest.mark.parametrize("format", ["ndjson", "csv", "xlsx"])
@pytest.mark.parametrize("name", ["balance", "overdue_principal", "overdue_interest"])
def test_every_amount_of_a_snapshot_is_held_to_the_same(api: Speak, name: str, format: str) -> None:
    """Zero is an amount here, and an amount that is not required may be missing."""
    rows = [position(contract_no=f"HT-{at}", **{name: text}) for at, (text, _) in enumerate(TEXTS)]
    sent = send(api("bank_a"), rows, format=format, dataset="stock", acceptance="valid_rows")
    found = amount_codes(sent, name)
    for number, (text, code) in enumerate(TEXTS, 1):
        expected = code
        if code == "amount-not-positive":
            expected = "amount-negative" if Decimal(text) < 0 else None
        if code == "amount-missing" and name != "balance":
            expected = None
        assert found.get(number) == expected, (text, found.get(number))


@pytest.mark.parametrize("format", ["ndjson", "csv", "xlsx"])
def test_the_value_of_a_pledge_is_held_to_the_same(api: Speak, format: str) -> None:
    pledge = {"type": "patent", "certificate_no": "ZL1", "registration_no": "Y1", "share_pct": "60"}
    rows = [
        disbursement(
            f"E-{at}",
            contract_no=f"HT-{at}",
            product="ip_pledge",
            pledges=[pledge | {"appraised_value": text}],
        )
        for at, (text, _) in enumerate(TEXTS)
    ]
    sent = send(api("bank_a"), rows, format=format)
    found = amount_codes(
        sent, "pledges/0/appraised_value" if format == "ndjson" else "pledge_1_appraised_value"
    )
    for number, (text, code) in enumerate(TEXTS, 1):
        expected = code
        if code == "amount-not-positive":
            expected = "amount-negative" if Decimal(text) < 0 else None
        assert found.get(number) == expected, (text, found.get(number))


def test_the_amounts_of_a_guarantee_are_held_to_the_same(api: Speak) -> None:
    from tests.loans.test_guarantees import NEW

    guarantor = api("guarantor_a")
    for text, code in TEXTS:
        if code is None:
            continue
        answer = guarantor.post("/guarantees", NEW | {"principal": text})
        assert answer.status_code == 422, text
        assert [(e["code"], e["pointer"]) for e in answer.json()["errors"]] == [(code, "#/principal")]
    for token, _ in TOKENS:
        body = json.dumps(NEW | {"principal": "AMOUNT"}).replace('"AMOUNT"', token)
        answer = guarantor.post("/guarantees", body)
        assert answer.status_code in {400, 422}, token
        assert answer["Content-Type"].startswith("application/problem+json")


def test_minus_zero_is_kept_as_zero(api: Speak) -> None:
    """An extension is of 0.00, and -0.00 is that; it is kept without its sign."""
    bank = api("bank_a")
    longer = repayment("E-2", "-0.00", record_type="extension", maturity_date="2028-01-04")
    content = csv_text([disbursement(), longer]).encode()
    declared = {"rows": 2, "disbursed": "1000.00", "repaid": "0.00"}
    assert send_content(bank, content, format="csv", control_totals=declared).result["accepted"] == 2
    amounts = [event["amount"] for event in bank.get("/contracts/HT-1/events").json()["data"]]
    assert sorted(amounts) == ["0.00", "1000.00"]
