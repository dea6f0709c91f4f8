"""Rows as they should not be: every fault has its code and its field, whatever the format."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Api
from tests.loans.bank import (
    Row,
    disbursement,
    ndjson,
    position,
    repayment,
    send,
    send_content,
)  # fmt: skip

Speak = Callable[[str], Api]


def _line(row: Row, old: str, new: str) -> str:
    text = json.dumps(row, ensure_ascii=False)
    assert old in text
    return text.replace(old, new)


LINES: list[tuple[str, str, list[tuple[str, str]]]] = [
    ("not JSON", "{nonsense", [("malformed-json", "#")]),
    ("a bare NaN", _line(disbursement(), '"1000.00"', "NaN"), [("no-json-value", "#")]),
    ("an endless number", _line(disbursement(), '"1000.00"', "1e400"), [("amount-not-a-string", "#/amount")]),
    ("half a surrogate pair", _line(disbursement(), "示例科技有限公司", "\\ud800"), [("no-json-value", "#")]),
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
    well_formed = '"amount": "1000.00"' in line and faults[0][0] not in {"malformed-json", "no-json-value"}
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
@pytest.mark.parametrize("format", ["ndjson", "csv", "xlsx"])
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


def test_what_has_not_happened_yet_is_not_reported(api: Speak) -> None:
    """On 5 November a repayment of the 5th has happened, one of the 6th has not."""
    rows = [
        disbursement(value_date="2026-11-02"),
        repayment("E-2", "1.00", value_date="2026-11-05"),
        repayment("E-3", "1.00", value_date="2026-11-06"),
    ]
    sent = send(api("bank_a"), rows, period="2026-11")
    assert (sent.result["accepted"], sent.codes()) == (2, [(3, ["date-in-future"])])
