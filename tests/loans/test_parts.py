"""A report in parts: several files that are applied together, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.scoping import within
from loans import operations
from loans.models import LoanEvent, LoanReportBatch
from tasks import invariants
from tests.cast import NOW, Api, Cast
from tests.kernel.threads import at_once
from tests.loans.bank import (
    URL,
    Row,
    Sent,
    balance,
    csv_text,
    declaration,
    disbursement,
    ndjson,
    position,
    repayment,
    totals,
    upload,
)  # fmt: skip

Speak = Callable[[str], Api]
LENT = disbursement("E-1", "1000.00")
FIRST, SECOND = repayment("E-2", "300.00"), repayment("E-3", "250.00")


def part_of(report: str, number: int, parts: int) -> dict[str, Any]:
    return {"report_id": report, "part_no": number, "parts": parts}


def bring(
    api: Api, number: int, rows: list[Row], *, parts: int = 2, report: str = "R-1", **changes: Any
) -> str:
    """Declare and upload a part; its batch."""
    dataset = changes.get("dataset", "flow")
    content = csv_text(rows, dataset=dataset).encode() if changes.get("format") == "csv" else ndjson(rows)
    declared = {"control_totals": totals(rows, dataset=dataset)} | changes
    return upload(api, content, **part_of(report, number, parts), **declared)


def submit(api: Api, batch: str) -> dict[str, Any]:
    answer = api.post(f"{URL}/{batch}/submit")
    assert answer.status_code == 202, answer.content
    shown: dict[str, Any] = answer.json()
    return shown


def work() -> None:
    """Let a worker do every job that waits."""
    for job in Job.objects.filter(kind="loan_batch", state="queued"):
        assert jobs.run(str(job.pk)) == "succeeded"


def look(api: Api, batch: str) -> dict[str, Any]:
    shown: dict[str, Any] = api.get(f"{URL}/{batch}").json()
    return shown


def events() -> int:
    with within(EVERYTHING):
        return LoanEvent.objects.count()


@pytest.mark.parametrize("order", list(permutations([0, 1, 2])))
def test_the_part_that_is_submitted_last_takes_all_along(api: Speak, order: tuple[int, ...]) -> None:
    """The repayments stand before the loan they repay: as in one file, their order does not matter."""
    bank = api("bank_a")
    files = [[FIRST], [SECOND], [LENT]]
    batches = [bring(bank, number, rows, parts=3) for number, rows in enumerate(files, 1)]
    for done, index in enumerate(order[:-1], 1):
        shown = submit(bank, batches[index])
        assert shown["state"] == "submitted"
        assert shown["part"]["waiting_for_parts"] == sorted(at + 1 for at in order[done:])
        work()
        assert (events(), look(bank, batches[index])["state"]) == (0, "submitted")
    assert submit(bank, batches[order[-1]])["state"] == "validating"
    work()
    assert [look(bank, batch)["state"] for batch in batches] == ["applied"] * 3
    assert balance(bank) == "450.00"
    assert Job.objects.count() == 1


def test_the_outcome_stands_with_the_first_part_and_counts_rows_through_all(api: Speak) -> None:
    bank = api("bank_a")
    first = bring(bank, 1, [LENT, repayment("E-8", "x")])
    second = bring(bank, 2, [FIRST, repayment("E-9", "701.00")])
    submit(bank, second)
    submit(bank, first)
    work()
    told, other = look(bank, first), look(bank, second)
    assert told["result"] == {"accepted": 2, "unchanged": 0, "rejected": 2, "warnings": 0}
    assert told["control_totals"]["computed"] == {"rows": 2, "disbursed": "1000.00", "repaid": "0.00"}
    assert told["control_totals"]["applied"] == {"rows": 2, "disbursed": "1000.00", "repaid": "300.00"}
    assert Sent(bank, told).codes() == [(2, ["amount-format"]), (4, ["repayment-exceeds-balance"])]
    assert (other["result"], other["control_totals"]["applied"]) == (None, None)
    assert other["control_totals"]["computed"] == {"rows": 2, "disbursed": "0.00", "repaid": "1001.00"}
    assert other["part"] == {
        **part_of("R-1", 2, 2), "waiting_for_parts": [], "outcome": f"/api/v1{URL}/{first}",
    }  # fmt: skip
    assert other["finished_at"] == told["finished_at"]


def test_all_or_nothing_is_over_the_whole_report(api: Speak) -> None:
    bank = api("bank_a")
    batches = [
        bring(bank, 1, [LENT], acceptance="all_or_nothing"),
        bring(bank, 2, [repayment("E-9", "1000.01")], acceptance="all_or_nothing"),
    ]
    for batch in batches:
        submit(bank, batch)
    work()
    shown = [look(bank, batch) for batch in batches]
    assert [(one["state"], one["error"]["code"]) for one in shown] == [("rejected", "rows-rejected")] * 2
    assert Sent(bank, shown[0]).codes() == [(2, ["repayment-exceeds-balance"])]
    assert events() == 0


def test_a_wrong_sum_of_one_part_stops_all(api: Speak) -> None:
    bank = api("bank_a")
    wrong = {"rows": 1, "disbursed": "0.00", "repaid": "300.01"}
    batches = [bring(bank, 1, [LENT]), bring(bank, 2, [FIRST], control_totals=wrong)]
    for batch in batches:
        submit(bank, batch)
    work()
    assert {look(bank, batch)["error"]["code"] for batch in batches} == {"control-total-mismatch"}
    assert events() == 0


def test_a_snapshot_in_parts_misses_nothing_that_another_part_has(api: Speak) -> None:
    bank = api("bank_a")
    for batch in (
        bring(bank, 1, [LENT], report="F"),
        bring(bank, 2, [disbursement("E-5", contract_no="HT-5")], report="F"),
    ):
        submit(bank, batch)  # fmt: skip
    work()
    held = [position("1000.00"), position("1000.00", contract_no="HT-5")]
    batches = [bring(bank, at, [row], report="S", dataset="stock") for at, row in enumerate(held, 1)]
    for batch in batches:
        submit(bank, batch)
    work()
    assert look(bank, batches[0])["result"] == {"accepted": 2, "unchanged": 0, "rejected": 0, "warnings": 0}


def test_csv_parts_bear_one_header(api: Speak) -> None:
    bank = api("bank_a")
    good = [bring(bank, 1, [LENT], format="csv"), bring(bank, 2, [FIRST], format="csv")]
    for batch in good:
        submit(bank, batch)
    work()
    assert balance(bank) == "700.00"
    text = csv_text([SECOND])
    names = text.splitlines()[0].split(",")
    fewer = text.replace(names[-1], "", 1).replace(",\r\n", "\r\n")
    with_all = csv_text([repayment("E-4", "1.00")])
    odd = [
        upload(bank, content.encode(), format="csv", control_totals=totals([row]), **part_of("R-2", at, 2))
        for at, (content, row) in enumerate([(with_all, repayment("E-4", "1.00")), (fewer, SECOND)], 1)
    ]
    for batch in odd:
        submit(bank, batch)
    work()
    assert {look(bank, batch)["error"]["code"] for batch in odd} == {"wrong-columns"}
    assert balance(bank) == "700.00"


DECLARATIONS: list[tuple[dict[str, Any], int, str, str]] = [
    (part_of("R-1", 1, 2), 409, "part-taken", "1"),
    (part_of("R-1", 2, 3), 422, "parts-differ", "parts"),
    (part_of("R-1", 2, 2) | {"period": "2026-11"}, 422, "parts-differ", "period"),
    (part_of("R-1", 2, 2) | {"acceptance": "all_or_nothing"}, 422, "parts-differ", "acceptance"),
    (part_of("R-1", 2, 2) | {"dry_run": True}, 422, "parts-differ", "dry_run"),
    (part_of("R-1", 2, 2) | {"format": "csv"}, 422, "parts-differ", "format"),
    (part_of("R-1", 3, 2), 422, "invalid-fields", "#/part_no"),
    (part_of("R-1", 0, 2), 422, "invalid-fields", "#/part_no"),
    (part_of("R-1", 51, 51), 422, "invalid-fields", "#/parts"),
    ({"report_id": "R-1"}, 422, "invalid-fields", "#/part_no"),
    ({"part_no": 1, "parts": 2}, 422, "invalid-fields", "#/report_id"),
]


@pytest.mark.parametrize(("changes", "status", "code", "named"), DECLARATIONS)
def test_a_part_that_does_not_fit_is_refused(
    api: Speak, changes: dict[str, Any], status: int, code: str, named: str
) -> None:
    bank = api("bank_a")
    bank.post(URL, declaration(b"", **part_of("R-1", 1, 2)))
    answer = bank.post(URL, declaration(b"") | changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert named in answer.content.decode()
    assert len(bank.get(URL).json()["data"]) == 1


def test_a_snapshot_is_no_part_of_a_report_of_flows(api: Speak) -> None:
    bank = api("bank_a")
    bank.post(URL, declaration(b"", **part_of("R-1", 1, 2), acceptance="valid_rows"))
    stock = {"dataset": "stock", "acceptance": "valid_rows", "control_totals": {"rows": 0, "balance": "0.00"}}
    answer = bank.post(URL, declaration(b"", **part_of("R-1", 2, 2), **stock))
    assert (answer.status_code, answer.json()["code"]) == (422, "parts-differ")


def test_another_banks_report_of_that_name_is_another_report(api: Speak) -> None:
    for name in ("bank_a", "bank_b"):
        batch = bring(api(name), 1, [LENT])
        assert submit(api(name), batch)["part"]["waiting_for_parts"] == [2]


def test_a_part_that_was_cancelled_may_come_again(api: Speak) -> None:
    bank = api("bank_a")
    wrong = bring(bank, 1, [disbursement("E-1", "9.00")])
    submit(bank, wrong)
    assert bank.post(f"{URL}/{wrong}/cancel").json()["state"] == "cancelled"
    for batch in (bring(bank, 2, [FIRST]), bring(bank, 1, [LENT])):
        submit(bank, batch)
    work()
    assert (balance(bank), look(bank, wrong)["state"]) == ("700.00", "cancelled")


def test_cancelling_one_part_on_its_way_gives_up_the_report(api: Speak) -> None:
    bank = api("bank_a")
    batches = [bring(bank, 1, [LENT]), bring(bank, 2, [FIRST])]
    for batch in batches:
        submit(bank, batch)
    assert bank.post(f"{URL}/{batches[1]}/cancel").status_code == 200
    assert {look(bank, batch)["state"] for batch in batches} == {"cancelled"}
    assert (Job.objects.get().state, events()) == ("cancelled", 0)


def test_a_report_that_is_never_whole_expires(api: Speak, cast: Cast) -> None:
    bank = api("bank_a")
    batch = bring(bank, 1, [LENT])
    submit(bank, batch)
    with within(cast["bank_a"].scope):
        assert operations.expire(now=NOW + timedelta(hours=47)) == 0
        assert operations.expire(now=NOW + timedelta(hours=49)) == 1
    assert look(bank, batch)["state"] == "expired"


def test_a_job_that_gave_up_ends_every_part(api: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = api("bank_a")
    batches = [bring(bank, 1, [LENT]), bring(bank, 2, [FIRST])]
    for batch in batches:
        submit(bank, batch)
    Job.objects.update(state="failed")
    shown = [look(bank, batch) for batch in reversed(batches)]
    assert {(one["state"], one["error"]["code"]) for one in shown} == {("rejected", "processing-failed")}


def test_the_list_of_batches_says_what_is_waited_for(api: Speak) -> None:
    bank = api("bank_a")
    submit(bank, bring(bank, 1, [LENT], parts=3))
    bring(bank, 3, [FIRST], parts=3)
    waiting = [batch["part"]["waiting_for_parts"] for batch in bank.get(URL).json()["data"]]
    assert waiting == [[2, 3], [2, 3]]


def test_parts_submitted_at_once_set_off_once(committed: Cast) -> None:
    token = committed.key("bank_a")
    bank = Api(token)
    rows = [[LENT], *([repayment(f"E-{n}", "10.00")] for n in range(2, 9))]
    batches = [bring(bank, number, some, parts=8) for number, some in enumerate(rows, 1)]
    answers = at_once(8, lambda number: Api(token).post(f"{URL}/{batches[number]}/submit").status_code)
    assert answers == [202] * 8
    assert Job.objects.count() == 1
    work()
    assert balance(bank) == "930.00"


def test_two_who_declare_parts_at_once_agree(committed: Cast) -> None:
    """Of a report of two and one of three parts under one name, the first to come decides."""
    token = committed.key("bank_a")
    said = at_once(
        6,
        lambda n: Api(token).post(URL, declaration(b"", **part_of("R-1", n // 2 + 1, 3 - n % 2))).status_code,
    )
    assert set(said) <= {201, 409, 422}
    with within(EVERYTHING):
        kept = list(LoanReportBatch.objects.values_list("parts", "part_no"))
    assert len({parts for parts, _ in kept}) == 1
    assert len(kept) == len(set(kept)) == said.count(201)


def test_the_invariants_hold_of_a_report_in_parts(api: Speak) -> None:
    bank = api("bank_a")
    for batch in (bring(bank, 1, [LENT, repayment("E-8", "x")]), bring(bank, 2, [FIRST])):
        submit(bank, batch)
    work()
    with within(EVERYTHING):
        offended = [finding.name for finding in invariants.check() if not finding.holds]
    assert offended == []
