"""Really committed, with threads: what is open while a receiver is called, and who notes what."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.db import connection

from finance_hub.kernel import jobs
from finance_hub.kernel.models import Job
from loans.operations import deliveries
from tests.cast import Cast
from tests.kernel import handlers
from tests.kernel.processes import database_url
from tests.kernel.receiver import Receiver
from tests.kernel.threads import at_once
from tests.loans.webhooks.push import Bank, Clock, sequences, states


@pytest.fixture
def bank(committed: Cast, at: Clock) -> Bank:
    return Bank(committed, at)


def test_no_transaction_is_open_while_the_receiver_is_called(bank: Bank, receiver: Receiver) -> None:
    worker, seen = connection.connection, []
    receiver.meanwhile = lambda: seen.append(worker.info.transaction_status.name)
    bank.listen(receiver.url)
    bank.happen()
    bank.tick()
    assert seen == ["IDLE"]
    assert states() == [("delivered", 1)]


def test_a_worker_that_dies_after_the_call_has_it_made_again(
    bank: Bank, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.listen(receiver.url)
    bank.happen()
    deliveries.push(now=bank.clock.at)
    job = Job.objects.get(kind="webhook")
    with monkeypatch.context() as killed:
        killed.setattr(jobs, "_finish", _die)
        killed.setattr(jobs, "_release", lambda *_, **__: "killed")
        assert jobs.run(str(job.pk)) == "killed"
    assert (len(receiver.got), states()) == (1, [("pending", 0)])
    _let_the_lease_run_out(job)
    assert jobs.run(str(job.pk)) == "succeeded"
    assert (len(receiver.got), states()) == (2, [("delivered", 1)])
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1


def test_a_worker_killed_in_the_middle_of_the_call_loses_nothing(bank: Bank, receiver: Receiver) -> None:
    in_the_call, go_on = threading.Event(), threading.Event()

    def block() -> None:
        in_the_call.set()
        go_on.wait(20)

    receiver.meanwhile = block
    bank.listen(receiver.url)
    bank.happen()
    deliveries.push(now=bank.clock.at)
    job = Job.objects.get(kind="webhook")
    code = f"import django; django.setup(); from finance_hub.kernel import jobs; jobs.run('{job.pk}')"
    at = connection.settings_dict
    address = database_url(user=at["USER"], password=at["PASSWORD"])
    worker = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "DATABASE_URL": address})
    try:
        assert in_the_call.wait(20)
    finally:
        worker.kill()
        worker.wait()
    go_on.set()
    assert states() == [("pending", 0)]
    assert Job.objects.get(pk=job.pk).state == "running"
    _let_the_lease_run_out(job)
    jobs.sweep()
    assert handlers.bell.rung[-1] == str(job.pk)
    assert jobs.run(str(job.pk)) == "succeeded"
    assert (sequences(receiver.got), states()) == ([1, 1], [("delivered", 1)])


def test_of_workers_that_die_again_and_again_an_attempt_is_made_of_it(bank: Bank, receiver: Receiver) -> None:
    endpoint = bank.listen(receiver.url)
    bank.happen()
    deliveries.push(now=bank.clock.at)
    Job.objects.filter(kind="webhook").update(
        state="failed", attempt=3, error={"code": "worker-lost", "zh": "", "en": ""}
    )
    deliveries.push(now=bank.clock.at)
    [row] = bank.pushed(endpoint)
    assert (row["state"], row["attempts"], row["last_fault"]) == ("pending", 1, "worker-lost")
    bank.clock.go(seconds=30)
    bank.tick()
    assert states() == [("delivered", 2)]


def test_workers_at_the_same_job_call_once_and_late_ones_find_it_done(bank: Bank, receiver: Receiver) -> None:
    bank.listen(receiver.url)
    bank.happen()
    deliveries.push(now=bank.clock.at)
    job = str(Job.objects.get(kind="webhook").pk)
    said = at_once(4, lambda _: jobs.run(job))
    assert sorted(said) == ["busy", "busy", "busy", "succeeded"]
    assert len(receiver.got) == 1


def test_a_worker_that_was_thought_dead_notes_nothing_twice(bank: Bank, receiver: Receiver) -> None:
    """Its lease ran out in the middle of the call; another made the call again and noted it."""
    in_the_call, go_on = threading.Event(), threading.Event()
    calls: list[int] = []

    def block_the_first() -> None:
        calls.append(1)
        if len(calls) == 1:
            in_the_call.set()
            go_on.wait(8)

    receiver.meanwhile = block_the_first
    bank.listen(receiver.url)
    bank.happen()
    deliveries.push(now=bank.clock.at)
    job, said = Job.objects.get(kind="webhook"), []

    def slow() -> None:
        said.append(jobs.run(str(job.pk)))
        connection.close()

    worker = threading.Thread(target=slow)
    worker.start()
    assert in_the_call.wait(8)
    _let_the_lease_run_out(job)
    assert jobs.run(str(job.pk)) == "succeeded"
    go_on.set()
    worker.join()
    assert (said, len(receiver.got), states()) == (["busy"], 2, [("delivered", 1)])


def test_clocks_at_once_make_each_delivery_once_and_miss_none(bank: Bank, receiver: Receiver) -> None:
    bank.listen(receiver.url)

    def one(number: int) -> None:
        if number % 2:
            for turn in range(10):
                bank.happen(f"lb_{number}_{turn}")
        else:
            for _ in range(10):
                deliveries.push(now=bank.clock.at)

    at_once(8, one)
    bank.tick()
    assert sorted(sequences(receiver.got)) == list(range(1, 41))
    assert states() == [("delivered", 1)] * 40


def test_a_lost_bell_loses_nothing(bank: Bank, receiver: Receiver) -> None:
    handlers.bell.away = OSError("the broker is away")
    bank.listen(receiver.url)
    bank.happen()
    deliveries.push(now=bank.clock.at)
    assert receiver.got == []
    handlers.bell.away = None
    jobs.sweep()
    [rung] = handlers.bell.rung
    assert jobs.run(rung) == "succeeded"
    assert len(receiver.got) == 1


def _die(*_: Any) -> None:
    raise RuntimeError("killed")


def _let_the_lease_run_out(job: Job) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_job SET lease_until = now() - interval '1 second',"
            " published_at = now() - interval '31 seconds' WHERE id = %s",
            [job.pk],
        )
