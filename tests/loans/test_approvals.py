"""A restatement of a month that is closed for long waits for the centre's word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry, Job, MonthState, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans import operations
from loans.intake.states import IllegalBatchState
from loans.models import LoanEvent, LoanReportBatch
from tests.cast import NOW, Api, Cast
from tests.kernel.threads import at_once
from tests.loans.bank import URL, Row, balance, disbursement, ndjson, run, send, totals, upload

Speak = Callable[[str], Api]
#: NOW is in November 2026: a year back is November 2025, and this is the month before.
LATE = "2025-10"
REASON = {"reason": "已核对来函"}


@pytest.fixture
def closed(cast: Cast) -> None:
    close(cast)


def close(cast: Cast) -> None:
    Organisation.objects.filter(code="bank-a").update(reports_since=Month(2025, 1).first)
    for month in (Month.parse(LATE), Month.parse(LATE) + 1):
        MonthState.objects.create(
            month=month.first, proposed_by=cast["maker"], proposed_at=NOW, closed_by=cast["approver"], closed_at=NOW,
        )  # fmt: skip


def late(event: str = "E-1", **changes: Any) -> Row:
    return disbursement(event, value_date="2025-10-05", **changes)


def submit(api: Api, rows: list[Row], **changes: Any) -> str:
    """Submit a batch for the late month; its id."""
    batch = upload(api, ndjson(rows), **{"period": LATE, "control_totals": totals(rows)} | changes)
    answer = api.post(f"{URL}/{batch}/submit")
    assert answer.status_code == 202, answer.content
    return batch


def events() -> int:
    with within(EVERYTHING):
        return LoanEvent.objects.count()


def test_the_bank_waits_for_the_centre_and_reads_its_reason(api: Speak, closed: None) -> None:
    bank = api("bank_a")
    batch = submit(bank, [late()])
    shown = bank.get(f"{URL}/{batch}").json()
    assert (shown["state"], shown["approval"]) == (
        "awaiting_approval", {"state": "awaited", "reason": None, "decided_at": None},
    )  # fmt: skip
    assert Job.objects.count() == 0
    answer = api("approver").post(f"{URL}/{batch}/approve", REASON)
    assert (answer.status_code, answer.json()["state"]) == (200, "validating")
    assert run(batch) == "succeeded"
    shown = bank.get(f"{URL}/{batch}").json()
    assert (shown["state"], shown["result"]["accepted"]) == ("applied", 1)
    assert (shown["approval"]["state"], shown["approval"]["reason"]) == ("approved", "已核对来函")
    assert balance(bank) == "1000.00"


def test_what_is_refused_is_never_read(api: Speak, closed: None) -> None:
    bank = api("bank_a")
    batch = submit(bank, [late()])
    answer = api("second_approver").post(f"{URL}/{batch}/reject", REASON)
    assert (answer.status_code, answer.json()["state"]) == (200, "rejected")
    shown = bank.get(f"{URL}/{batch}").json()
    assert (shown["error"]["code"], shown["approval"]["state"]) == ("approval-refused", "refused")
    assert "已核对来函" in shown["error"]["message"]
    assert (events(), Job.objects.count()) == (0, 0)


def test_it_is_in_the_audit_trail_who_decided_and_why(api: Speak, closed: None) -> None:
    bank = api("bank_a")
    for act in ("approve", "reject"):
        api("approver").post(f"{URL}/{submit(bank, [late()])}/{act}", REASON)
    entries = AuditEntry.objects.filter(action__in=["batch.approve", "batch.refuse"]).order_by("seq")
    assert [(entry.action, entry.actor_label.split()[0], entry.detail["reason"]) for entry in entries] == [
        ("batch.approve", "approver", "已核对来函"), ("batch.refuse", "approver", "已核对来函"),
    ]  # fmt: skip


def test_a_month_within_the_year_needs_no_word_nor_does_a_dry_run(api: Speak, closed: None) -> None:
    bank = api("bank_a")
    within_a_year = [disbursement(value_date="2025-11-05")]
    assert send(bank, within_a_year, period="2025-11").state == "applied"
    dry = [late("E-9", contract_no="HT-9")]
    assert send(bank, dry, period=LATE, dry_run=True).state == "validated"


@pytest.mark.parametrize("person", ["maker", "auditor", "bank_a", "admin"])
@pytest.mark.parametrize("act", ["approve", "reject"])
def test_only_an_approver_decides(api: Speak, closed: None, person: str, act: str) -> None:
    batch = submit(api("bank_a"), [late()])
    answer = api(person).post(f"{URL}/{batch}/{act}", REASON)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("act", ["approve", "reject"])
@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": " "}, {"reason": None}, {"reason": "x" * 501}]
)
def test_a_decision_has_a_reason(api: Speak, closed: None, act: str, body: Row) -> None:
    batch = submit(api("bank_a"), [late()])
    answer = api("approver").post(f"{URL}/{batch}/{act}", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/reason")
    assert api("bank_a").get(f"{URL}/{batch}").json()["state"] == "awaiting_approval"


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_there_is_one_decision_and_only_on_what_waits_for_it(api: Speak, closed: None, act: str) -> None:
    bank, centre = api("bank_a"), api("approver")
    decided = submit(bank, [late()])
    centre.post(f"{URL}/{decided}/reject", REASON)
    gone = submit(bank, [late()])
    assert bank.post(f"{URL}/{gone}/cancel").json()["state"] == "cancelled"
    ordinary = str(send(bank, []).batch["id"])
    for batch in (decided, gone, ordinary, upload(bank, b"", period=LATE)):
        answer = centre.post(f"{URL}/{batch}/{act}", REASON)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal-batch-state")
    assert centre.post(f"{URL}/none/{act}", REASON).status_code == 404


def test_it_waits_as_long_as_it_takes(api: Speak, closed: None, cast: Cast) -> None:
    batch = submit(api("bank_a"), [late()])
    with within(cast["bank_a"].scope):
        LoanReportBatch.objects.update(expires_at=NOW)
        assert operations.expire(now=NOW) == 0
    assert api("bank_a").get(f"{URL}/{batch}").json()["state"] == "awaiting_approval"


def test_all_parts_of_a_report_are_decided_together(api: Speak, closed: None) -> None:
    bank, centre = api("bank_a"), api("approver")
    files = ([late()], [late("E-2", drawdown_no="JJ-2")])
    for report, act, state in (("R-1", "reject", "rejected"), ("R-2", "approve", "validating")):
        batches = [
            submit(bank, rows, report_id=report, part_no=number, parts=2)
            for number, rows in enumerate(files, 1)
        ]
        assert [bank.get(f"{URL}/{batch}").json()["state"] for batch in batches] == ["awaiting_approval"] * 2
        centre.post(f"{URL}/{batches[1]}/{act}", REASON)
        assert [bank.get(f"{URL}/{batch}").json()["state"] for batch in batches] == [state] * 2
    assert run(batches[0]) == "succeeded"
    assert (balance(bank), events()) == ("2000.00", 2)


def test_two_approvers_at_once_are_one_decision(committed: Cast) -> None:
    close(committed)
    batch = submit(Api(committed.key("bank_a")), [late()])

    def decide(number: int) -> str:
        name, act = (("approver", operations.approve), ("second_approver", operations.refuse))[number]
        with within(EVERYTHING):
            held = LoanReportBatch.objects.get(public_id=batch)
        try:
            with within(EVERYTHING):
                act(held, reason="x", by=committed[name], now=timezone.now())
        except IllegalBatchState:
            return "late"
        return act.__name__

    said = sorted(at_once(2, decide))
    state = Api(committed.key("bank_a")).get(f"{URL}/{batch}").json()["state"]
    assert (said, state) in [(["approve", "late"], "validating"), (["late", "refuse"], "rejected")]
    assert Job.objects.count() == (1 if state == "validating" else 0)


def test_rows_in_a_request_wait_for_the_centre_too(api: Speak, closed: None) -> None:
    answer = api("bank_a").post("/loan-events", {"period": LATE, "rows": [late()]})
    assert (answer.status_code, answer.json()["state"], answer.json()["rows"]) == (
        202,
        "awaiting_approval",
        None,
    )


def test_the_calendar_says_which_months_need_it(api: Speak, closed: None) -> None:
    periods = api("bank_a").get("/reporting-calendar").json()["periods"]
    accepts = {period["period"]: period["accepts"] for period in periods}
    assert (accepts["2025-09"], accepts[LATE], accepts["2025-11"], accepts["2026-11"]) == (
        "report", "approved_restatement", "restatement", "report",
    )  # fmt: skip


@pytest.mark.parametrize("period", ["2024-12", "2026-12"])
def test_future_months_and_those_before_the_bank_reports_are_not_even_declared(
    api: Speak, closed: None, period: str
) -> None:
    answer = api("bank_a").post("/loan-events", {"period": period, "rows": []})
    assert (answer.status_code, answer.json()["code"]) == (422, "period-not-open")
