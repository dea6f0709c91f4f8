"""Files as they should not be: every fault has its code, and no good row suffers for a bad one."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import resource
from collections.abc import Callable
from typing import Any

import pytest

from finance_hub.kernel import money
from tests.cast import Api
from tests.loans.bank import (
    OTHER_FIRM,
    URL,
    Row,
    csv_text,
    declaration,
    declare,
    disbursement,
    ndjson,
    position,
    repayment,
    send,
    send_content,
    totals,
    upload,
    walk,
)  # fmt: skip

Speak = Callable[[str], Api]

#: (what a bank writes, its code in NDJSON, its code in CSV); None = accepted.
NUMBERS: list[tuple[Any, str | None, str | None]] = [
    ("NaN", "amount-format", "amount-format"),
    ("Infinity", "amount-format", "amount-format"),
    ("-0.00", "amount-not-positive", "amount-not-positive"),
    ("-1.00", "amount-not-positive", "amount-not-positive"),
    ("0.00", "amount-not-positive", "amount-not-positive"),
    ("1e5", "amount-format", "amount-format"),
    ("1_000", "amount-format", "amount-format"),
    ("1,000.00", "amount-format", "amount-format"),
    ("１２３", "amount-format", "amount-format"),
    ("٣٤", "amount-format", "amount-format"),
    ("0x10", "amount-format", "amount-format"),
    ("+5.00", "amount-format", "amount-format"),
    (" 5.00", "amount-format", "amount-format"),
    ("05.00", "amount-format", "amount-format"),
    ("5.", "amount-format", "amount-format"),
    (".5", "amount-format", "amount-format"),
    ("", "amount-missing", "amount-missing"),
    (None, "amount-missing", "amount-missing"),
    ("12.345", "amount-scale", "amount-scale"),
    ("100000000000000000", "amount-too-large", "amount-too-large"),
    (0.1, "amount-not-a-string", None),
    (100, "amount-not-a-string", None),
    (True, "amount-not-a-string", "amount-format"),
    (["1.00"], "nested-value", "amount-format"),
    ("0.01", None, None),
    ("7.5", None, None),
    ("9999999999999999.99", None, None),
]


def _judged(api: Api, amount: Any, format: str) -> str | None:
    sent = send(api, [disbursement(amount=amount)], format=format)
    assert sent.state == "applied"
    return sent.codes()[0][1][0] if sent.result["rejected"] else None


@pytest.mark.parametrize(("amount", "in_ndjson", "in_csv"), NUMBERS, ids=[repr(n[0]) for n in NUMBERS])
def test_only_money_written_as_money_is_taken(
    api: Speak, amount: Any, in_ndjson: str | None, in_csv: str | None
) -> None:
    bank = api("bank_a")
    assert (_judged(bank, amount, "ndjson"), _judged(api("bank_b"), amount, "csv")) == (in_ndjson, in_csv)


@pytest.mark.parametrize("amount", [n[0] for n in NUMBERS if isinstance(n[0], str)])
def test_the_codes_of_a_column_are_those_of_the_kernel(api: Speak, amount: str) -> None:
    row = repayment("E-2", amount, record_type="adjustment", reason_code="other")
    sent = send(api("bank_a"), [disbursement(amount="9.00"), row])
    said = {code for _, codes in sent.codes() for code in codes}
    assert said <= _expected(amount)
    assert said or _expected(amount) == {"balance-below-zero"}


def _expected(amount: str) -> set[str]:
    try:
        return {"amount-zero"} if money.parse(amount) == 0 else {"balance-below-zero"}
    except money.UnableToReadMoney as error:
        return {error.code}


def _line(row: Row, old: str, new: str) -> str:
    text = json.dumps(row, ensure_ascii=False)
    assert old in text
    return text.replace(old, new)


LINES: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("not JSON", "{nonsense", [("malformed-json", "#")]),
    ("a bare NaN", _line(disbursement(), '"1000.00"', "NaN"), [("malformed-json", "#")]),
    ("an endless number", _line(disbursement(), '"1000.00"', "1e400"), [("amount-not-a-string", "#/amount")]),
    ("half a surrogate pair", _line(disbursement(), "示例科技有限公司", "\\ud800"), [("malformed-json", "#")]),
    ("a NUL escape", _line(disbursement(), "示例科技有限公司", "a\\u0000b"), [("control-characters", "#/firm_name")]),
    ("an array", "[1]", [("not-an-object", "#")]),
    ("a string", '"x"', [("not-an-object", "#")]),
    ("null", "null", [("not-an-object", "#")]),
    ("two objects", "{}{}", [("malformed-json", "#")]),
    ("a name twice", _line(disbursement(), '"revision": 1', '"revision": 1, "revision": 1'),
     [("duplicate-name", "#/revision")]),
    ("a name twice, escaped", _line(disbursement(), '"revision": 1', '"revision": 1, "revisio\\u006e": 1'),
     [("duplicate-name", "#/revision")]),
    ("an unknown name", _line(disbursement(), '"revision": 1', '"revision": 1, "a/b~": "x"'),
     [("unknown-field", "#/a~1b~0")]),
    ("a wrong case", _line(disbursement(), '"uscc"', '"USCC"'), [("required", "#/uscc"), ("unknown-field", "#/USCC")]),
    ("a nested value", _line(disbursement(), '"HT-1"', '{"no": "HT-1"}'), [("nested-value", "#/contract_no")]),
    ("a text revision", _line(disbursement(), '"revision": 1', '"revision": "1"'), [("not-an-integer", "#/revision")]),
    ("a true revision", _line(disbursement(), '"revision": 1', '"revision": true'), [("not-an-integer", "#/revision")]),
    ("a fractional revision", _line(disbursement(), '"revision": 1', '"revision": 1.0'),
     [("not-an-integer", "#/revision")]),
    ("revision zero", _line(disbursement(), '"revision": 1', '"revision": 0'), [("too-small", "#/revision")]),
    ("a huge revision", _line(disbursement(), '"revision": 1', '"revision": 9999999999'),
     [("reason_code", ""), ("too-large", "#/revision")][1:]),
    ("a numeric code", _line(disbursement(), '"91350100M000100Y43"', "91350100"), [("uscc-not-a-string", "#/uscc")]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "faults"), [case[1:] for case in LINES], ids=[case[0] for case in LINES])
def test_a_bad_line_is_listed_and_its_neighbours_are_taken(
    api: Speak, line: str, faults: list[tuple[str, str]]
) -> None:
    good = disbursement("E-2", "5.00", contract_no="HT-2")
    declared = {"rows": 2, "disbursed": "5.00", "repaid": "0.00"}
    well_formed = '"amount": "1000.00"' in line and faults[0][0] != "malformed-json"
    declared["disbursed"] = "1005.00" if well_formed else "5.00"
    sent = send_content(api("bank_a"), ndjson([line, good]), control_totals=declared)
    assert (sent.state, sent.error) == ("applied", None)
    assert sent.result["accepted"] == 1
    assert sent.faults() == faults
    assert sent.rows()[0]["original"].replace("\\x00", "") == line


FIELDS: list[tuple[Row, str, str]] = [
    ({"uscc": "91350100M000100Y44"}, "uscc-check-character", "#/uscc"),
    ({"uscc": "91350100M000100Y4"}, "uscc-length", "#/uscc"),
    ({"uscc": "91350100m000100y43"}, "uscc-characters", "#/uscc"),
    ({"record_type": "Disbursement"}, "not-allowed", "#/record_type"),
    ({"product": "mortgage"}, "not-allowed", "#/product"),
    ({"repayment_method": "balloon"}, "not-allowed", "#/repayment_method"),
    ({"currency": "RMB"}, "currency-not-cny", "#/currency"),
    ({"value_date": "2026-09-30"}, "date-outside-period", "#/value_date"),
    ({"value_date": "2026-11-01"}, "date-outside-period", "#/value_date"),
    ({"value_date": "20261005"}, "date-format", "#/value_date"),
    ({"value_date": "2026-10-5"}, "date-format", "#/value_date"),
    ({"value_date": "２０２６-10-05"}, "date-format", "#/value_date"),
    ({"value_date": "2026-10-32"}, "date-format", "#/value_date"),
    ({"maturity_date": "2027-02-29"}, "date-format", "#/maturity_date"),
    ({"maturity_date": "2026-10-05"}, "maturity-not-after-value-date", "#/maturity_date"),
    ({"maturity_date": None}, "required", "#/maturity_date"),
    ({"annual_rate_pct": "3.45000"}, "rate-scale", "#/annual_rate_pct"),
    ({"annual_rate_pct": "100"}, "rate-format", "#/annual_rate_pct"),
    ({"annual_rate_pct": "-1"}, "rate-format", "#/annual_rate_pct"),
    ({"annual_rate_pct": "3.45%"}, "rate-format", "#/annual_rate_pct"),
    ({"contract_no": "x" * 65}, "too-long", "#/contract_no"),
    ({"contract_no": "   "}, "required", "#/contract_no"),
    ({"client_row_id": "x" * 65}, "too-long", "#/client_row_id"),
    ({"firm_name": "名" * 201}, "too-long", "#/firm_name"),
    ({"reverses": "E-0"}, "reverses-not-expected", "#/reverses"),
    ({"revision": 2}, "required", "#/reason_code"),
    ({"product": "ip_pledge"}, "required", "#/pledges"),
    ({"lpr_spread_bp": 10**12}, "too-large", "#/lpr_spread_bp"),
]


@pytest.mark.parametrize(("changes", "code", "pointer"), FIELDS, ids=[f"{c} {p}" for _, c, p in FIELDS])
@pytest.mark.parametrize("format", ["ndjson", "csv"])
def test_a_field_out_of_form_is_named(api: Speak, format: str, changes: Row, code: str, pointer: str) -> None:
    sent = send(api("bank_a"), [disbursement(**changes)], format=format)
    assert sent.faults() == [(code, pointer)]


def test_every_fault_of_a_row_is_listed_at_once(api: Speak) -> None:
    row = disbursement(amount="1.234", uscc="x", value_date="never", currency="USD", product="rd", revision=0)
    sent = send(api("bank_a"), [row])
    assert [code for code, _ in sent.faults()] == [
        "amount-scale", "currency-not-cny", "date-format", "too-small", "uscc-length",
    ]  # fmt: skip


PLEDGES: list[tuple[Any, list[tuple[str, str]]]] = [
    ("none", [("not-a-list", "#/pledges")]),
    (["x"], [("not_a_dict", "#/pledges/0")]),
    ([{"type": "patent"}], [
        ("amount-missing", "#/pledges/0/appraised_value"), ("required", "#/pledges/0/certificate_no"),
        ("required", "#/pledges/0/registration_no"), ("required", "#/pledges/0/share_pct"),
    ]),
]  # fmt: skip
_PLEDGE = {
    "type": "patent",
    "certificate_no": "ZL1",
    "registration_no": "Y1",
    "appraised_value": "1.00",
    "share_pct": "60",
}


@pytest.mark.parametrize(
    ("pledges", "faults"),
    [
        *PLEDGES,
        ([_PLEDGE, _PLEDGE], [("pledge-shares-exceed-100", "#/pledges")]),
        ([_PLEDGE | {"type": "land"}], [("not-allowed", "#/pledges/0/type")]),
        ([_PLEDGE | {"share_pct": 60}], [("not-a-string", "#/pledges/0/share_pct")]),
        ([_PLEDGE | {"share_pct": "0"}], [("pledge-share-format", "#/pledges/0/share_pct")]),
        ([_PLEDGE | {"appraised_value": 1}], [("amount-not-a-string", "#/pledges/0/appraised_value")]),
        ([_PLEDGE | {"note": "x"}], [("unknown-field", "#/pledges/0/note")]),
        ([_PLEDGE] * 21, [("too-many-pledges", "#/pledges")]),
    ],
)
def test_a_pledge_out_of_form_is_named(api: Speak, pledges: Any, faults: list[tuple[str, str]]) -> None:
    sent = send(api("bank_a"), [disbursement(product="ip_pledge", pledges=pledges)])
    assert sent.faults() == faults


def test_the_cells_of_a_csv_pledge_are_named(api: Speak) -> None:
    row = disbursement(product="ip_pledge", pledges=[_PLEDGE, _PLEDGE | {"share_pct": "x"}])
    assert send(api("bank_a"), [row], format="csv").faults() == [
        ("pledge-share-format", "#/pledge_2_share_pct")
    ]


TIERS = [(90, "normal", True), (91, "special_mention", False), (91, "substandard", True), (270, "substandard", True),
         (271, "substandard", False), (271, "doubtful", True), (360, "doubtful", True), (361, "doubtful", False),
         (361, "loss", True), (0, "loss", True)]  # fmt: skip


@pytest.mark.parametrize(("days", "tier", "good"), TIERS)
def test_a_class_is_never_better_than_the_floor_of_its_days(
    api: Speak, days: int, tier: str, good: bool
) -> None:
    bank = api("bank_a")
    send(bank, [disbursement()])
    sent = send(bank, [position(overdue_days=days, five_tier=tier)], dataset="stock", acceptance="valid_rows")
    assert sent.result["accepted"] == good
    assert sent.faults() == ([] if good else [("five-tier-better-than-floor", "#/five_tier")])


def test_a_snapshot_has_no_fields_of_a_flow(api: Speak) -> None:
    sent = send(
        api("bank_a"), [position(firm_name="x", balance="-1.00", overdue_principal="x")], dataset="stock",
        acceptance="valid_rows",
    )  # fmt: skip
    assert sent.faults() == [
        ("amount-format", "#/overdue_principal"), ("amount-negative", "#/balance"), ("unknown-field", "#/firm_name"),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_that_banks_write(api: Speak, encoding: str) -> None:
    name = "桐乡𠮷野家示例（集团）有限公司"
    content = csv_text([disbursement(firm_name=name)]).encode(encoding)
    sent = send_content(
        api("bank_a"),
        content,
        format="csv",
        control_totals={"rows": 1, "disbursed": "1000.00", "repaid": "0"},
    )
    assert sent.result["accepted"] == 1
    assert api("maker").get("/contracts/HT-1").json()["firm_name"] == name


def test_ndjson_may_begin_with_a_byte_order_mark_and_end_lines_as_windows_does(api: Speak) -> None:
    rows = [disbursement(), repayment()]
    content = b"\xef\xbb\xbf" + ndjson(rows).replace(b"\n", b"\r\n") + b"\r\n"
    assert send_content(api("bank_a"), content, control_totals=totals(rows)).result["accepted"] == 2


def test_an_undecodable_row_is_listed_with_line_and_byte(api: Speak) -> None:
    rows = [disbursement(), disbursement("E-2", contract_no="HT-2")]
    bad = ndjson(rows).split(b"\n")
    at = bad[1].index("示".encode()) + 1
    bad[1] = bad[1][:at] + b"\xff" + bad[1][at + 1 :]
    declared = {"rows": 2, "disbursed": "1000.00", "repaid": "0.00"}
    sent = send_content(api("bank_a"), b"\n".join(bad), control_totals=declared)
    assert sent.result == {"accepted": 1, "unchanged": 0, "rejected": 1, "warnings": 0}
    [error] = sent.rows()[0]["errors"]
    assert (error["code"], error["context"]) == ("undecodable-bytes", {"line": "2", "byte": str(at)})
    assert "\\xff" in sent.rows()[0]["original"]
    assert "\ufffd" not in sent.rows()[0]["original"]


def test_a_damaged_utf8_csv_is_not_read_as_gb18030(api: Speak) -> None:
    rows = [disbursement(), disbursement("E-2", contract_no="HT-2")]
    content = csv_text(rows).encode()
    at = content.rindex("示".encode())
    content = content[:at] + b"\xff" + content[at + 1 :]
    declared = {"rows": 2, "disbursed": "1000.00", "repaid": "0.00"}
    sent = send_content(api("bank_a"), content, format="csv", control_totals=declared)
    assert sent.result["accepted"] == 1
    assert sent.codes() == [(2, ["undecodable-bytes"])]


def test_a_csv_row_with_other_cells_than_the_header_is_listed(api: Speak) -> None:
    lines = csv_text([disbursement(), disbursement("E-2", contract_no="HT-2")]).splitlines()
    lines[1] += ",surplus"
    declared = {"rows": 2, "disbursed": "1000.00", "repaid": "0.00"}
    sent = send_content(api("bank_a"), "\n".join(lines).encode(), format="csv", control_totals=declared)
    assert sent.codes() == [(1, ["wrong-number-of-cells"])]
    assert sent.result["accepted"] == 1


def test_a_quoted_line_feed_stays_in_its_cell_and_lines_are_counted(api: Speak) -> None:
    rows = [disbursement(firm_name="上\n下"), disbursement("E-2", contract_no="HT-2", uscc="x")]
    sent = send(api("bank_a"), rows, format="csv")
    assert [(row["row_number"], row["line_number"]) for row in sent.rows()] == [(1, 2), (2, 4)]
    assert sent.codes()[0] == (1, ["control-characters"])


WHOLE_FILES: list[tuple[str, bytes, str, list[str]]] = [
    ("an unknown column", b"contract_no,colour\n", "wrong-columns", ["#/colour", "#/drawdown_no"]),
    ("an empty file", b"", "wrong-columns", ["#/contract_no"]),
    ("an unclosed quote", csv_text([]).encode() + b'"HT-1,' + b"x" * 200_000, "malformed-csv", []),
    ("UTF-16", csv_text([]).encode("utf-16"), "undecodable-text", []),
    ("an endless line", b"x" * (3 * 1024 * 1024), "row-too-long", []),
]


@pytest.mark.parametrize(
    ("content", "code", "pointers"), [f[1:] for f in WHOLE_FILES], ids=[f[0] for f in WHOLE_FILES]
)
def test_a_csv_that_is_no_table_is_refused_as_a_whole(
    api: Speak, content: bytes, code: str, pointers: list[str]
) -> None:
    sent = send_content(api("bank_a"), content, format="csv")
    assert (sent.state, sent.error["code"]) == ("rejected", code)
    assert set(pointers) <= {error["pointer"] for error in sent.error["errors"]}
    assert sent.rows() == []


@pytest.mark.parametrize("cut", ["1", "8", "half"])
@pytest.mark.parametrize("format", ["ndjson+gzip", "csv+gzip"])
def test_a_gzip_that_was_cut_short_is_refused(api: Speak, format: str, cut: str) -> None:
    rows = [disbursement(f"E-{n}", contract_no=f"HT-{n}") for n in range(50)]
    plain = ndjson(rows) if format.startswith("ndjson") else csv_text(rows).encode()
    packed = gzip.compress(plain)
    content = packed[: len(packed) // 2 if cut == "half" else -int(cut)]
    sent = send_content(api("bank_a"), content, format=format, control_totals=totals(rows))
    assert (sent.state, sent.error["code"]) == ("rejected", "truncated-body")
    assert (sent.result, sent.rows("accepted")) == (None, [])


def test_what_is_no_gzip_is_refused(api: Speak) -> None:
    sent = send_content(api("bank_a"), ndjson([disbursement()]), format="ndjson+gzip")
    assert sent.error["code"] == "malformed-gzip"


def test_gzip_members_follow_one_another(api: Speak) -> None:
    rows = [disbursement(), repayment()]
    content = b"".join(gzip.compress(ndjson([row])) for row in rows)
    sent = send_content(api("bank_a"), content, format="ndjson+gzip", control_totals=totals(rows))
    assert sent.result["accepted"] == 2


def test_a_gzip_bomb_costs_its_limit_and_no_memory(api: Speak) -> None:
    """1 GiB of blanks in about 1 MB; blank lines are no rows, so only the limit stops it."""
    import zlib

    packer = zlib.compressobj(9, wbits=31)
    block = b" " * 65_535 + b"\n"
    content = b"".join(packer.compress(block) for _ in range(16_384)) + packer.flush()
    batch = upload(api("bank_a"), content, format="ndjson+gzip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sent = walk(api("bank_a"), batch)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert (sent.state, sent.error["code"]) == ("rejected", "decompressed-size-limit")
    assert grown < 64


@pytest.mark.parametrize(
    ("declared", "pointer", "said"),
    [
        ({"rows": 3}, "#/control_totals/rows", ("3", "2")),
        ({"disbursed": "1000.01"}, "#/control_totals/disbursed", ("1000.01", "1000.00")),
        ({"repaid": "0.00"}, "#/control_totals/repaid", ("0.00", "300.00")),
    ],
)
def test_totals_that_differ_refuse_the_file_and_name_both(
    api: Speak, declared: Row, pointer: str, said: tuple[str, str]
) -> None:
    rows = [disbursement(), repayment()]
    sent = send(api("bank_a"), rows, control_totals=totals(rows) | declared)
    assert (sent.state, sent.error["code"]) == ("rejected", "control-total-mismatch")
    [error] = sent.error["errors"]
    assert (error["pointer"], (error["declared"], error["computed"])) == (pointer, said)
    assert sent.batch["control_totals"]["applied"] is None
    assert api("bank_a").get("/contracts").json()["data"] == []


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
    ({"format": "xlsx"}, "invalid_choice", "#/format"),
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
