"""What is refused before a file is read, and what goes back to the bank to be corrected."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Api
from tests.loans.bank import (
    OTHER_FIRM,
    URL,
    Row,
    declaration,
    declare,
    disbursement,
    ndjson,
    send,
    send_content,
)  # fmt: skip

Speak = Callable[[str], Api]


def test_content_that_is_not_what_was_declared_is_refused_at_the_door(api: Speak) -> None:
    bank, content = api("bank_a"), ndjson([disbursement()])
    batch = declare(bank, content)
    for wrong in (content[:-1], content + b" ", b""):
        answer = bank.put(f"{URL}/{batch}/content", wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "content-hash-mismatch")
    assert bank.get(f"{URL}/{batch}").json()["state"] == "uploading"
    assert bank.put(f"{URL}/{batch}/content", content).status_code == 204
    assert bank.put(f"{URL}/{batch}/content", content).status_code == 204


def test_a_content_digest_is_believed_only_when_it_fits(api: Speak) -> None:
    bank, content = api("bank_a"), ndjson([disbursement()])
    batch = declare(bank, content)

    def put(digest: str) -> Any:
        return bank.put(f"{URL}/{batch}/content", content, Content_Digest=digest)

    right = base64.b64encode(hashlib.sha256(content).digest()).decode()
    wrong = base64.b64encode(hashlib.sha256(b"").digest()).decode()
    assert put(f"sha-256=:{wrong}:").json()["code"] == "content-hash-mismatch"
    assert put("md5=:x:").json()["code"] == "content-digest-malformed"
    assert put(f"sha-256=:{right}:").status_code == 204


def test_a_compressed_body_above_the_limit_is_refused_unread(api: Speak) -> None:
    bank = api("bank_a")
    batch = declare(bank, b"", format="ndjson+gzip")
    answer = bank.put(f"{URL}/{batch}/content", b"\x00" * (64 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


DECLARATIONS: list[tuple[Row, str, str]] = [
    ({"period": "2026-13"}, "month-format", "#/period"),
    ({"dataset": "both"}, "invalid_choice", "#/dataset"),
    ({"format": "xlsx+gzip"}, "invalid_choice", "#/format"),
    ({"content_sha256": "ABC"}, "sha256-format", "#/content_sha256"),
    ({"control_totals": {"rows": 1}}, "required", "#/control_totals/disbursed"),
    ({"control_totals": {"rows": 1, "balance": "1.00"}}, "unknown-field", "#/control_totals/balance"),
    ({"control_totals": {"rows": "1", "disbursed": "0", "repaid": "0"}}, "not-an-integer", "#/control_totals/rows"),
    ({"control_totals": {"rows": 1, "disbursed": 0, "repaid": "0"}}, "amount-not-a-string", "#/control_totals/disbursed"),
    ({"surprise": 1}, "unknown-field", "#/surprise"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "pointer"), DECLARATIONS)
def test_a_declaration_out_of_form_is_refused(api: Speak, changes: Row, code: str, pointer: str) -> None:
    answer = api("bank_a").post(URL, declaration(b"") | changes)
    assert answer.status_code == 422, answer.content
    assert (code, pointer) in [(error["code"], error["pointer"]) for error in answer.json()["errors"]]


def test_the_list_of_rejected_rows_can_be_corrected_and_sent_back(api: Speak) -> None:
    bank = api("bank_a")
    rows = [
        disbursement(uscc=OTHER_FIRM, firm_name="=1+1"),
        disbursement("E-2", contract_no="HT-2", firm_name="=HYPERLINK(1)", amount="x"),
        disbursement("E-3", contract_no="HT-3", uscc="x", amount="-5.00"),
    ]
    sent = send(bank, rows, format="csv")
    answer = bank.get(f"{URL}/{sent.batch['id']}/results?outcome=rejected&format=csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert "'=HYPERLINK(1)" in text
    assert ",-5.00," in text
    header = text.removeprefix("\ufeff").splitlines()[0].split(",")
    assert header[:2] == ["client_row_id", "contract_no"]
    assert header[-5:] == [
        "row_number",
        "error_codes",
        "error_pointers",
        "error_messages",
        "error_messages_en",
    ]

    corrected = (
        text.replace(",x,CNY", ",7.00,CNY").replace(",-5.00,", ",8.00,").replace(",x,", f",{OTHER_FIRM},")
    )
    declared = {"rows": 2, "disbursed": "15.00", "repaid": "0.00"}
    again = send_content(bank, corrected.encode(), format="csv", control_totals=declared)
    assert (again.state, again.result["accepted"], again.rows()) == ("applied", 2, [])
    assert "'" not in api("maker").get("/contracts/HT-2").json()["firm_name"]


@pytest.mark.parametrize("outcome", ["rejected", "accepted", "unchanged", "warning"])
def test_an_empty_list_still_has_its_header(api: Speak, outcome: str) -> None:
    bank = api("bank_a")
    batch = send(bank, []).batch["id"]
    answer = bank.get(f"{URL}/{batch}/results?outcome={outcome}&format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert answer.status_code == 200
    assert len(text.splitlines()) == 1
    assert "error_codes" in text
