"""Up to a thousand rows in one request: a batch like any other, with its rows in the answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from loans.intake.receive import path_of
from loans.models import LoanEvent, LoanReportBatch
from loans.operations.inline import as_ndjson, totals
from tests.cast import Api, Cast
from tests.loans import worker
from tests.loans.bank import OTHER_FIRM, URL, Row, balance, disbursement, position, repayment
from tests.loans.bank import totals as bank_totals

EVENTS = "/loan-events"


@pytest.fixture
def bank(committed: Cast, settings: Any) -> Api:
    """Bank A, with a worker that does its jobs at once."""
    settings.CELERY_APP = worker.PROMPT
    return Api(committed.key("bank_a"))


def report(rows: list[Any], **changes: Any) -> Row:
    return {"period": "2026-10", "rows": rows} | changes


def count(model: Any) -> int:
    with scoping.within(EVERYTHING):
        return int(model.objects.count())


def faults(answer: Any) -> list[tuple[int, str, str]]:
    """(row number, code, pointer) of every error."""
    return [
        (row["row_number"], error["code"], error["pointer"])
        for row in answer.json()["rows"]
        for error in row["errors"]
    ]


def test_the_answer_says_what_became_of_each_row(bank: Api) -> None:
    rows = [disbursement(), repayment("E-2", "1000.01"), repayment("E-3", "300.00")]
    answer = bank.post(EVENTS, report(rows, client_reference="small"))
    shown = answer.json()
    assert (answer.status_code, shown["state"]) == (201, "applied")
    assert answer["Location"] == f"/api/v1{URL}/{shown['id']}"
    assert shown["result"] == {"accepted": 2, "unchanged": 0, "rejected": 1, "warnings": 0}
    assert [(r["row_number"], r["client_row_id"], r["outcome"]) for r in shown["rows"]] == [
        (1, "row-E-1", "accepted"), (2, "row-E-2", "rejected"), (3, "row-E-3", "accepted"),
    ]  # fmt: skip
    [error] = shown["rows"][1]["errors"]
    assert (error["code"], error["pointer"]) == ("repayment-exceeds-balance", "#/amount")
    assert (error["message"], error["message_en"]) == (
        "还款 1000.01 大于余额 700.00", "1000.01 exceeds the outstanding balance 700.00",
    )  # fmt: skip
    assert balance(bank) == "700.00"
    listed = bank.get(f"{URL}/{shown['id']}").json()
    assert {name: shown[name] for name in listed} == listed


def test_rows_without_totals_are_their_own_and_totals_that_differ_are_refused(bank: Api) -> None:
    shown = bank.post(EVENTS, report([disbursement()])).json()
    assert shown["control_totals"]["declared"] == {"rows": 1, "disbursed": "1000.00", "repaid": "0.00"}
    wrong = {"rows": 1, "disbursed": "0.00", "repaid": "300.01"}
    answer = bank.post(EVENTS, report([repayment()], control_totals=wrong))
    assert (answer.status_code, answer.json()["state"]) == (201, "rejected")
    assert answer.json()["error"]["code"] == "control-total-mismatch"
    assert (answer.json()["rows"], balance(bank)) == ([], "1000.00")


def test_a_warning_stands_with_its_row(bank: Api) -> None:
    bank.post(EVENTS, report([disbursement()]))
    [row] = bank.post(EVENTS, report([repayment(firm_name="改名科技有限公司")])).json()["rows"]
    assert (row["outcome"], [warning["code"] for warning in row["warnings"]]) == (
        "accepted", ["firm-name-differs"],
    )  # fmt: skip


def test_a_snapshot_in_a_request_names_the_drawdown_it_misses(bank: Api) -> None:
    bank.post(EVENTS, report([disbursement(), disbursement("E-5", contract_no="HT-5")]))
    shown = bank.post(EVENTS, report([position("1000.00")], dataset="stock")).json()
    assert (shown["state"], shown["acceptance"]) == ("applied", "all_or_nothing")
    assert [(row["row_number"], row["contract_no"], row["outcome"]) for row in shown["rows"]] == [
        (1, "HT-1", "accepted"), (None, "HT-5", "warning"),
    ]  # fmt: skip


def test_all_or_nothing_lists_the_bad_rows_alone(bank: Api) -> None:
    rows = [disbursement(), repayment("E-2", "x")]
    shown = bank.post(EVENTS, report(rows, acceptance="all_or_nothing")).json()
    assert (shown["state"], shown["error"]["code"]) == ("rejected", "rows-rejected")
    assert [row["row_number"] for row in shown["rows"]] == [2]
    assert count(LoanEvent) == 0


def test_a_dry_run_leaves_nothing(bank: Api) -> None:
    shown = bank.post(EVENTS, report([disbursement()], dry_run=True)).json()
    assert (shown["state"], shown["rows"][0]["outcome"]) == ("validated", "accepted")
    assert count(LoanEvent) == 0


#: (what is sent for a field, the code it is refused with)
HOSTILE: list[tuple[str, str, str]] = [
    ("amount", "1000.00", "amount-not-a-string"),
    ("amount", "1", "amount-not-a-string"),
    ("amount", "1e400", "amount-not-a-string"),
    ("amount", "12345678901234567890.12", "amount-not-a-string"),
    ("amount", "1234567890123456789", "amount-not-a-string"),
    ("amount", "true", "amount-not-a-string"),
    ("amount", "null", "amount-missing"),
    ("amount", '""', "amount-missing"),
    ("amount", '"NaN"', "amount-format"),
    ("amount", '"1e5"', "amount-format"),
    ("amount", '"１２３"', "amount-format"),
    ("amount", '"12.345"', "amount-scale"),
    ("amount", '["1000.00"]', "nested-value"),
    ("revision", '"1"', "not-an-integer"),
    ("revision", "1.0", "not-an-integer"),
    ("uscc", "913301", "uscc-not-a-string"),
    ("value_date", "20261005", "not-a-string"),
    ("value_date", '"2026-09-30"', "date-outside-period"),
]


def test_a_row_is_refused_as_strictly_as_in_a_file(bank: Api) -> None:
    """Every hostile value in a row of its own; a number that was sent as a number stays one."""
    texts = [
        json.dumps(disbursement(f"E-{at}", drawdown_no=f"JJ-{at}")).replace(
            f'"{name}": {json.dumps(disbursement(f"E-{at}")[name])}', f'"{name}": {value}'
        )
        for at, (name, value, _) in enumerate(HOSTILE)
    ]
    answer = bank.post(EVENTS, f'{{"period": "2026-10", "rows": [{", ".join(texts)}]}}')
    assert answer.json()["result"]["rejected"] == len(HOSTILE)
    assert faults(answer) == [(at, code, f"#/{name}") for at, (name, _, code) in enumerate(HOSTILE, 1)]


def test_what_is_no_row_is_named_and_its_neighbours_are_taken(bank: Api) -> None:
    rows = [disbursement(), 5, "x", None, [disbursement("E-9")], {}, disbursement("E-8", surprise="x")]
    answer = bank.post(EVENTS, report(rows))
    assert answer.json()["rows"][0]["outcome"] == "accepted"
    assert [fault for fault in faults(answer) if fault[0] in (2, 3, 4, 5, 7)] == [
        (number, "not-an-object", "#") for number in (2, 3, 4, 5)
    ] + [(7, "unknown-field", "#/surprise")]


REFUSED: list[tuple[Row, str, str]] = [
    ({"rows": [{}] * 1001}, "too-many-inline-rows", "#/rows"),
    ({"rows": {"0": {}}}, "not_a_list", "#/rows"),
    ({"rows": None}, "null", "#/rows"),
    ({"period": "2026-13"}, "month-format", "#/period"),
    ({"dataset": "both"}, "invalid_choice", "#/dataset"),
    ({"surprise": 1}, "unknown-field", "#/surprise"),
    ({"control_totals": {"rows": 0}}, "required", "#/control_totals/disbursed"),
    ({"format": "csv"}, "unknown-field", "#/format"),
]


@pytest.mark.parametrize(("changes", "code", "pointer"), REFUSED)
def test_a_request_out_of_form_is_refused_and_its_key_stays_free(
    bank: Api, changes: Row, code: str, pointer: str
) -> None:
    answer = bank.post(EVENTS, report([]) | changes, key="k")
    assert answer.status_code == 422, answer.content
    assert (code, pointer) in [(error["code"], error["pointer"]) for error in answer.json()["errors"]]
    assert (count(LoanReportBatch), bank.post(EVENTS, report([]), key="k").status_code) == (0, 201)


def test_a_name_that_stands_twice_and_a_body_too_large_are_refused_whole(bank: Api) -> None:
    twice = bank.post(EVENTS, '{"period": "2026-10", "rows": [{"amount": "1", "amount": "2"}]}')
    assert (twice.status_code, twice.json()["code"]) == (400, "malformed-json")
    large = bank.post(EVENTS, report(["x" * 3_000_000]))
    assert (large.status_code, large.json()["code"]) == (413, "body-too-large")


def test_a_future_month_takes_no_rows(bank: Api) -> None:
    answer = bank.post(EVENTS, report([], period="2099-01"))
    assert (answer.status_code, answer.json()["code"]) == (422, "period-not-open")


@pytest.mark.parametrize("person", ["maker", "auditor", "guarantor_a"])
def test_only_a_bank_reports(committed: Cast, person: str) -> None:
    assert Api(committed.key(person)).post(EVENTS, report([])).status_code == 403


def test_the_file_says_what_the_request_said() -> None:
    from finance_hub.rest.formats import read_json

    sent = (
        b'[{"a":1.10,"b":1e400,"c":123456789012345678901,"d":"\\u4e2d\\n","e":[0.1,{"f":-0.00}]},"x",null,7]'
    )
    assert as_ndjson(read_json(sent)).splitlines() == [
        '{"a":1.10,"b":1e400,"c":123456789012345678901,"d":"中\\n","e":[0.1,{"f":-0.00}]}'.encode(),
        b'"x"',
        b"null",
        b"7",
    ]


def test_totals_count_what_a_bank_would_count() -> None:
    rows: list[Any] = [
        disbursement(),
        repayment("E-2", "12.345"),
        repayment("E-3", "0.10"),
        "x",
        {"amount": 1},
    ]
    told = totals(rows, dataset="flow")
    assert {name: str(value) if name != "rows" else value for name, value in told.items()} == bank_totals(
        rows
    )
    stock = totals([position("0.10"), position("0.20"), position("x")], dataset="stock")
    assert (stock["rows"], str(stock["balance"])) == (3, "0.30")


def test_the_content_is_kept_as_evidence(bank: Api, settings: Any) -> None:
    shown = bank.post(EVENTS, report([disbursement(uscc=OTHER_FIRM)])).json()
    [line] = path_of(shown["id"]).read_bytes().splitlines()
    assert json.loads(line) == disbursement(uscc=OTHER_FIRM)
