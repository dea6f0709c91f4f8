"""The states of a batch: what may follow what, once and never twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry, Job
from finance_hub.kernel.scoping import within
from finance_hub.rest import waiting
from loans import operations
from loans.intake.receive import path_of
from loans.models import LoanEvent, LoanReportBatch
from tests.cast import NOW, Api, Cast
from tests.loans.bank import (
    URL,
    Sent,
    declaration,
    declare,
    disbursement,
    ndjson,
    run,
    send,
    send_content,
    totals,
    upload,
    walk,
)  # fmt: skip

Speak = Callable[[str], Api]


def _events() -> int:
    with within(EVERYTHING):
        return LoanEvent.objects.count()


def test_a_repeated_declaration_is_the_same_batch(api: Speak) -> None:
    bank, body = api("bank_a"), declaration(b"")
    first, second = bank.post(URL, body, key="k-1"), bank.post(URL, body, key="k-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (second["Idempotent-Replayed"], first["Location"]) == (
        "true",
        f"/api/v1{URL}/{first.json()['id']}",
    )
    found = bank.get(f"{URL}?idempotency_key=k-1").json()["data"]
    assert [batch["id"] for batch in found] == [first.json()["id"]]


def test_a_key_reused_for_another_body_is_refused_and_another_banks_key_is_its_own(api: Speak) -> None:
    bank = api("bank_a")
    bank.post(URL, declaration(b""), key="k-1")
    answer = bank.post(URL, declaration(b"x"), key="k-1")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert api("bank_b").post(URL, declaration(b"x"), key="k-1").status_code == 201
    assert bank.post(URL, declaration(b""), key="").json()["code"] == "idempotency-key-missing"


def test_a_repeated_submission_is_one_job(api: Speak) -> None:
    bank = api("bank_a")
    batch = upload(bank, b"")
    first, second = bank.post(f"{URL}/{batch}/submit", key="s"), bank.post(f"{URL}/{batch}/submit", key="s")
    assert (first.status_code, second.status_code, second["Idempotent-Replayed"]) == (202, 202, "true")
    assert (first["Retry-After"], first["Location"]) == ("2", f"/api/v1{URL}/{batch}")
    third = bank.post(f"{URL}/{batch}/submit")
    assert (third.status_code, third.json()["code"]) == (409, "illegal-batch-state")
    assert Job.objects.filter(kind="loan_batch").count() == 1


def test_a_job_that_is_run_twice_works_once(api: Speak) -> None:
    sent = send(api("bank_a"), [disbursement()])
    assert run(sent.batch["id"]) == "busy"
    assert _events() == 1


def test_the_version_rises_with_every_state(api: Speak) -> None:
    bank = api("bank_a")
    content = ndjson([disbursement()])
    declared = bank.post(URL, declaration(content, control_totals=totals([disbursement()])))
    batch = declared.json()["id"]
    tags = [declared["ETag"], bank.put(f"{URL}/{batch}/content", content)["ETag"]]
    tags.append(bank.post(f"{URL}/{batch}/submit")["ETag"])
    run(batch)
    tags.append(bank.get(f"{URL}/{batch}")["ETag"])
    assert tags == ['"1"', '"2"', '"3"', '"4"']


def test_nothing_is_submitted_before_it_is_uploaded(api: Speak) -> None:
    bank = api("bank_a")
    answer = bank.post(f"{URL}/{declare(bank, b'')}/submit")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal-batch-state")


def _applied(api: Api) -> str:
    return str(send(api, [disbursement()]).batch["id"])


def _cancelled(api: Api) -> str:
    batch = upload(api, b"")
    assert api.post(f"{URL}/{batch}/cancel").json()["state"] == "cancelled"
    return batch


def _rejected(api: Api) -> str:
    return str(
        send(api, [disbursement()], control_totals={"rows": 9, "disbursed": "0", "repaid": "0"}).batch["id"]
    )


@pytest.mark.parametrize("end", [_applied, _cancelled, _rejected])
def test_a_batch_at_its_end_takes_nothing_more(api: Speak, end: Callable[[Api], str]) -> None:
    bank = api("bank_a")
    batch = end(bank)
    before = bank.get(f"{URL}/{batch}").json()
    for answer in (
        bank.post(f"{URL}/{batch}/submit"),
        bank.post(f"{URL}/{batch}/cancel"),
        bank.put(f"{URL}/{batch}/content", b""),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal-batch-state")
    assert bank.get(f"{URL}/{batch}").json() == before


def test_a_batch_cancelled_after_submission_is_never_applied(api: Speak) -> None:
    bank = api("bank_a")
    batch = upload(bank, ndjson([disbursement()]), control_totals=totals([disbursement()]))
    bank.post(f"{URL}/{batch}/submit")
    assert bank.post(f"{URL}/{batch}/cancel").status_code == 200
    assert run(batch) == "busy"
    assert (_events(), bank.get(f"{URL}/{batch}").json()["state"]) == (0, "cancelled")


def test_a_batch_cancelled_while_it_is_applied_leaves_nothing(api: Speak, monkeypatch: Any) -> None:
    from loans.intake import road

    bank = api("bank_a")
    batch = upload(bank, ndjson([disbursement()]), control_totals=totals([disbursement()]))
    bank.post(f"{URL}/{batch}/submit")
    settle = road.apply.settle

    def cancelled_meanwhile(*args: Any, **kwargs: Any) -> Any:
        done = settle(*args, **kwargs)
        LoanReportBatch.objects.filter(public_id=batch).update(state="cancelled")
        return done

    monkeypatch.setattr(road.apply, "settle", cancelled_meanwhile)
    assert run(batch) == "failed"
    assert _events() == 0


def test_a_batch_whose_job_gave_up_says_so(api: Speak, monkeypatch: Any) -> None:
    from loans.intake import road

    bank = api("bank_a")
    batch = upload(bank, b"")
    bank.post(f"{URL}/{batch}/submit")

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("no luck")

    monkeypatch.setattr(road, "process", broken)
    for _ in range(3):
        Job.objects.update(lease_until=timezone.now() - timedelta(minutes=5))
        run(batch)
    shown = bank.get(f"{URL}/{batch}").json()
    assert (shown["state"], shown["error"]["code"]) == ("rejected", "processing-failed")


def test_a_batch_that_nobody_submits_expires(api: Speak, cast: Cast) -> None:
    bank = api("bank_a")
    batches = [upload(bank, b""), declare(bank, b"")]
    with within(EVERYTHING):
        LoanReportBatch.objects.update(expires_at=NOW - timedelta(seconds=1))
    assert bank.get(f"{URL}/{batches[0]}").json()["state"] == "expired"
    for answer in (bank.post(f"{URL}/{batches[1]}/submit"), bank.put(f"{URL}/{batches[1]}/content", b"")):
        assert (answer.status_code, answer.json()["code"]) == (410, "batch-expired")
    with within(cast["bank_a"].scope):
        assert operations.expire(now=NOW) == 1


def test_a_content_file_that_is_gone_is_an_outcome(api: Speak) -> None:
    bank = api("bank_a")
    batch = upload(bank, b"")
    path_of(batch).unlink()
    assert walk(bank, batch).error["code"] == "content-missing"


def test_the_centre_reads_every_batch_and_filters_them(api: Speak) -> None:
    for name, period in (("bank_a", "2026-10"), ("bank_b", "2026-11")):
        api(name).post(URL, declaration(b"", period=period, client_reference=f"ref-{name}"))
    centre = api("maker")

    def banks(query: str) -> list[str]:
        return [batch["bank"] for batch in centre.get(f"{URL}?{query}").json()["data"]]

    assert banks("") == ["bank-b", "bank-a"]
    assert banks("period=2026-10") == ["bank-a"]
    assert banks("client_reference=ref-bank_b") == ["bank-b"]
    assert banks("state=applied") == []
    assert centre.get(f"{URL}?period=x").json()["errors"][0]["pointer"] == "#/period"
    assert centre.get(f"{URL}?state=x").status_code == 422


def test_a_long_poll_of_a_settled_batch_answers_at_once(api: Speak) -> None:
    bank = api("bank_a")
    began = timezone.now()
    assert bank.get(f"{URL}/{_applied(bank)}?wait=20").json()["state"] == "applied"
    held = upload(bank, b"")
    bank.post(f"{URL}/{held}/submit")
    assert bank.get(f"{URL}/{held}?wait=1").json()["state"] == "validating"
    assert timezone.now() - began < timedelta(seconds=15)
    assert bank.get(f"{URL}/{held}?wait=soon").json()["errors"][0]["pointer"] == "#/wait"


def test_every_act_is_in_the_audit_trail(api: Speak) -> None:
    bank = api("bank_a")
    sent = send(bank, [disbursement()])
    bank.post(f"{URL}/{declare(bank, b'')}/cancel")
    entries = AuditEntry.objects.filter(action__startswith="batch.").order_by("seq")
    actions = [entry.action for entry in entries]
    assert actions == ["batch.declare", "batch.submit", "batch.applied", "batch.declare", "batch.cancel"]
    applied = entries[2]
    assert applied.subject == f"batch:{sent.batch['id']}"
    assert applied.detail["content_sha256"] == sent.batch["content_sha256"]
    assert applied.detail["applied"] == {"rows": 1, "disbursed": "1000.00", "repaid": "0.00"}


def test_a_history_is_built_without_the_queue_as_of_its_own_time(api: Speak, cast: Cast) -> None:
    bank, person = api("bank_a"), cast["bank_a"]
    content = ndjson([disbursement()])
    batch = upload(bank, content, control_totals=totals([disbursement()]))
    then = NOW - timedelta(days=3)
    with within(person.scope):
        held = LoanReportBatch.objects.get(public_id=batch)
        done = operations.submit_and_process(held, by=person, now=then)
        assert done["state"] == "applied"
        assert LoanEvent.objects.get().recorded_at == then
    assert Job.objects.count() == 0
    assert Sent(bank, bank.get(f"{URL}/{batch}").json()).result["accepted"] == 1


def test_the_job_says_how_long_each_step_took(api: Speak) -> None:
    sent = send_content(api("bank_a"), b"")
    job = Job.objects.get()
    assert (job.state, sent.batch["attempt"]) == ("succeeded", 1)
    assert {"check", "merge"} <= set(job.output["seconds"])
    assert jobs.handler("loan_batch").__module__ == "loans.intake"


def test_where_too_many_wait_already_the_answer_comes_at_once(
    api: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits holds a thread: those threads are counted, so that others are answered."""
    bank = api("bank_a")
    batch = upload(bank, ndjson([disbursement()]), control_totals=totals([disbursement()]))
    assert bank.post(f"{URL}/{batch}/submit").status_code == 202
    monkeypatch.setattr("finance_hub.rest.waiting._seats", threading.BoundedSemaphore(1))
    with waiting._seats:
        began = time.monotonic()
        assert bank.get(f"{URL}/{batch}?wait=20").json()["state"] == "validating"
        assert time.monotonic() - began < 10
    run(batch)
    assert bank.get(f"{URL}/{batch}?wait=20").json()["state"] == "applied"
