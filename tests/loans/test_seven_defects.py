"""A thousand rows, seven of them wrong: what the bank is told, mends and sends again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from loans.models import LoanEvent
from tests.cast import Api
from tests.loans.bank import (
    URL,
    Row,
    Sent,
    balance,
    csv_text,
    disbursement,
    ndjson,
    repayment,
    send_content,
    totals,
)

Speak = Callable[[str], Api]
COUNT = 1000
#: row number → (what is wrong, its code, its pointer, the cell as it should be)
DEFECTS: dict[int, tuple[Row, str, str, Row]] = {
    7: ({"amount": "12.345"}, "amount-scale", "#/amount", {"amount": "12.34"}),
    142: ({"uscc": "91350100M000100Y44"}, "uscc-check-character", "#/uscc", {"uscc": "91350100M000100Y43"}),
    333: ({"value_date": "2026-11-01"}, "date-outside-period", "#/value_date", {"value_date": "2026-10-31"}),
    500: ({"currency": "USD"}, "currency-not-cny", "#/currency", {"currency": "CNY"}),
    501: ({"product": "mortgage"}, "not-allowed", "#/product", {"product": "rd"}),
    808: ({"revision": 0}, "too-small", "#/revision", {"revision": 1}),
    1000: ({"amount": "1000.01"}, "repayment-exceeds-balance", "#/amount", {"amount": "1000.00"}),
}  # fmt: skip


def rows() -> list[Row]:
    """999 loans of 1000.00 each and a repayment of the first one; seven of them as DEFECTS has it."""
    found = [disbursement(f"E-{n}", contract_no=f"HT-{n}", client_row_id=f"a{n}") for n in range(1, COUNT)]
    found.append(repayment(f"E-{COUNT}", "1000.00", contract_no="HT-1", client_row_id=f"a{COUNT}"))
    for number, (wrong, _code, _pointer, _right) in DEFECTS.items():
        found[number - 1] |= wrong
    return found


def sent(api: Api, format: str, **changes: Any) -> Sent:
    given = rows()
    content = csv_text(given).encode() if format == "csv" else ndjson(given)
    return send_content(api, content, format=format, control_totals=totals(given), **changes)


def told(answer: Sent) -> list[tuple[int, str, str, str]]:
    """(row number, the sender's id, code, pointer) of each rejected row; each has one error in both languages."""
    found = []
    for row in answer.rows():
        [error] = row["errors"]
        assert any("\u4e00" <= letter <= "\u9fff" for letter in error["message"])
        assert error["message_en"].isascii()
        found.append((row["row_number"], row["client_row_id"], error["code"], error["pointer"]))
    return found


EXPECTED = [(number, f"a{number}", code, pointer) for number, (_, code, pointer, _) in DEFECTS.items()]


def mended(api: Api, answer: Sent) -> bytes:
    """The list of rejected rows as CSV, with each wrong cell put right and all else as it came."""
    listed = api.get(f"{URL}/{answer.batch['id']}/results?outcome=rejected&format=csv")
    reader = csv.DictReader(io.StringIO(b"".join(listed.streaming_content).decode("utf-8-sig"), newline=""))
    text = io.StringIO()
    writer = csv.DictWriter(text, reader.fieldnames or [])
    writer.writeheader()
    for row in reader:
        writer.writerow(row | DEFECTS[int(row["row_number"])][3])
    return text.getvalue().encode()


def events() -> int:
    with within(EVERYTHING):
        return LoanEvent.objects.count()


@pytest.mark.parametrize("format", ["ndjson", "csv"])
def test_seven_are_named_mended_and_taken_and_none_twice(api: Speak, format: str) -> None:
    bank = api("bank_a")
    first = sent(bank, format)
    assert (first.state, first.result) == (
        "applied", {"accepted": 993, "unchanged": 0, "rejected": 7, "warnings": 0},
    )  # fmt: skip
    assert told(first) == EXPECTED
    again = {"rows": 7, "disbursed": "5012.34", "repaid": "1000.00"}
    second = send_content(bank, mended(bank, first), format="csv", control_totals=again)
    assert (second.state, second.rows()) == ("applied", [])
    assert second.result == {"accepted": 7, "unchanged": 0, "rejected": 0, "warnings": 0}
    assert (events(), balance(bank, "HT-1"), balance(bank, "HT-7")) == (COUNT, "0.00", "12.34")


def test_all_or_nothing_applies_none_and_lists_the_same_seven(api: Speak) -> None:
    first = sent(api("bank_a"), "ndjson", acceptance="all_or_nothing")
    assert (first.state, first.error["code"], first.result["accepted"]) == ("rejected", "rows-rejected", 0)
    assert told(first) == EXPECTED
    assert events() == 0


def test_the_whole_file_again_after_the_mended_rows_brings_nothing_new(api: Speak) -> None:
    bank = api("bank_a")
    first = sent(bank, "csv")
    again = {"rows": 7, "disbursed": "5012.34", "repaid": "1000.00"}
    send_content(bank, mended(bank, first), format="csv", control_totals=again)
    third = sent(bank, "csv")
    assert (third.result["accepted"], third.result["unchanged"]) == (0, 993)
    assert events() == COUNT
