"""A request with rows is one batch, however often it is sent and whoever dies on the way."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry, IdempotencyKey, Job
from loans import limits, operations
from loans.api import waiting
from loans.models import LoanEvent, LoanReportBatch
from tests.cast import Api, Cast
from tests.kernel.threads import at_once
from tests.loans import worker
from tests.loans.bank import URL, Row, disbursement, repayment, run

EVENTS = "/loan-events"


@pytest.fixture
def bank(committed: Cast, settings: Any) -> Api:
    """Bank A, with a worker that does its jobs at once."""
    settings.CELERY_APP = worker.PROMPT
    return Api(committed.key("bank_a"))


@pytest.fixture
def unserved(committed: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Api:
    """Bank A while no worker is there, with little patience."""
    settings.CELERY_APP = worker.ASLEEP
    monkeypatch.setattr(limits, "INLINE_WAIT_SECONDS", 0.1)
    return Api(committed.key("bank_a"))


def report(rows: list[Any], **changes: Any) -> Row:
    return {"period": "2026-10", "rows": rows} | changes


def count(model: Any) -> int:
    with scoping.within(EVERYTHING):
        return int(model.objects.count())


class TestOnce:
    def test_a_repeated_request_gets_the_same_answer(self, bank: Api) -> None:
        body = report([disbursement(), repayment("E-2", "x")])
        first, again = bank.post(EVENTS, body, key="k"), bank.post(EVENTS, body, key="k")
        assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
        assert first.content == again.content
        assert (count(LoanReportBatch), Job.objects.count()) == (1, 1)
        assert [entry.action for entry in AuditEntry.objects.filter(action__startswith="batch.").order_by("seq")] == [
            "batch.report", "batch.applied",
        ]  # fmt: skip

    def test_a_key_with_other_rows_is_refused(self, bank: Api) -> None:
        bank.post(EVENTS, report([disbursement()]), key="k")
        number = json.dumps(report([disbursement()])).replace('"1000.00"', "1000.00")
        for body in (report([repayment()]), number):
            answer = bank.post(EVENTS, body, key="k")
            assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")

    def test_fifty_at_once_with_one_key_are_one_batch(self, bank: Api) -> None:
        body = report([disbursement()])
        answers = at_once(
            50, lambda _: Api(bank.headers["Authorization"].split()[1]).post(EVENTS, body, key="k")
        )
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len([answer for answer in answers if answer.status_code == 201]) >= 1
        assert (count(LoanReportBatch), count(LoanEvent)) == (1, 1)

    def test_where_it_takes_longer_the_answer_is_202_and_stays_so(self, unserved: Api) -> None:
        body = report([disbursement()])
        first = unserved.post(EVENTS, body, key="k")
        assert (first.status_code, first["Retry-After"], first.json()["rows"]) == (202, "2", None)
        batch = first.json()["id"]
        assert run(batch) == "succeeded"
        again = unserved.post(EVENTS, body, key="k")
        assert (again.status_code, again["Location"]) == (202, f"/api/v1{URL}/{batch}")
        assert unserved.get(f"{URL}/{batch}").json()["state"] == "applied"

    def test_whoever_died_while_it_waited_is_taken_up_where_it_was(
        self, unserved: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The web process dies after the batch is stored: the retry waits, takes over, and answers for it."""

        def killed(*_: Any, **__: Any) -> Any:
            raise KeyboardInterrupt

        body = report([disbursement()])
        with monkeypatch.context() as dying:
            dying.setattr(waiting, "settled", killed)
            with pytest.raises(KeyboardInterrupt):
                unserved.post(EVENTS, body, key="k")
        with scoping.within(EVERYTHING):
            batch = LoanReportBatch.objects.get()
        assert run(batch.public_id) == "succeeded"
        assert unserved.post(EVENTS, body, key="k").json()["code"] == "idempotency-in-progress"
        IdempotencyKey.objects.update(lease_until="2026-01-01T00:00:00Z")
        answer = unserved.post(EVENTS, body, key="k")
        assert (answer.status_code, answer.json()["id"]) == (201, batch.public_id)
        assert (count(LoanReportBatch), count(LoanEvent)) == (1, 1)

    def test_of_two_who_hold_a_key_one_stores_and_the_other_is_told_to_wait(
        self, unserved: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A slow holder whose lease ran out meets the one who took over: the database knows one batch."""
        found = operations.inline.batches.prepare

        def other(_: int) -> Any:
            IdempotencyKey.objects.update(lease_until="2026-01-01T00:00:00Z")
            return Api(unserved.headers["Authorization"].split()[1]).post(EVENTS, body, key="k")

        def overtaken(**facts: Any) -> Any:
            monkeypatch.setattr(operations.inline.batches, "prepare", found)
            assert at_once(1, other)[0].status_code == 202
            return found(**facts)

        body = report([disbursement()])
        monkeypatch.setattr(operations.inline.batches, "prepare", overtaken)
        answer = unserved.post(EVENTS, body, key="k")
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency-in-progress")
        assert count(LoanReportBatch) == 1

    def test_a_key_freed_after_its_batch_was_stored_takes_no_other_rows(self, unserved: Api) -> None:
        """As after a commit whose outcome the web process never heard."""
        unserved.post(EVENTS, report([disbursement()]), key="k")
        IdempotencyKey.objects.all().delete()
        other = unserved.post(EVENTS, report([repayment()]), key="k")
        assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
        assert unserved.post(EVENTS, report([disbursement()]), key="k").status_code == 202
        assert count(LoanReportBatch) == 1


class TestWaiting:
    def test_a_long_poll_ends_when_the_batch_does(self, unserved: Api) -> None:
        batch = unserved.post(EVENTS, report([disbursement()])).json()["id"]
        token = unserved.headers["Authorization"].split()[1]

        def wait(number: int) -> tuple[str, float]:
            if number:
                time.sleep(0.5)
                return run(batch), time.monotonic()
            state = Api(token).get(f"{URL}/{batch}?wait=20").json()["state"]
            return state, time.monotonic()

        (state, answered), (did, done) = at_once(2, wait)
        assert (state, did) == ("applied", "succeeded")
        assert answered - done < 1
