"""Jobs: done once, whoever rings and however often; a late worker commits nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError as BrokerError

from finance_hub.kernel import audit, jobs, leases
from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import AuditEntry, Job, Organisation
from finance_hub.kernel.problems import NotFound
from tests.cast import Cast
from tests.kernel import handlers
from tests.kernel.threads import at_once


@pytest.fixture(autouse=True)
def _workshop(settings: Any) -> Iterator[None]:
    settings.JOB_HANDLERS = handlers.HANDLERS
    settings.CELERY_APP = "tests.kernel.handlers.bell"
    handlers.reset()
    yield
    handlers.go_on.set()


def enqueue(then: str = "", *, key: str = "job", **facts: Any) -> Job:
    return jobs.enqueue("test", dedupe_key=key, payload={"then": then}, **facts)[0]


def now(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def effects() -> list[str]:
    return sorted(Organisation.objects.filter(code__startswith="done-").values_list("code", flat=True))


def make_due(job: Job, *, seconds: int = 1) -> None:
    """As if the job's lease or pause had run out that long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_job SET lease_until = now() - make_interval(secs => %s),"
            " published_at = now() - make_interval(secs => 31) WHERE id = %s",
            [seconds, job.pk],
        )


def pause_of(job: Job) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM lease_until - now()) FROM kernel_job WHERE id = %s", [job.pk]
        )
        return float(cursor.fetchone()[0])


class TestEnqueueing:
    def test_a_key_makes_one_job(self, db: None) -> None:
        first, fresh = jobs.enqueue("test", dedupe_key="month:2026-10", payload={"a": 1})
        again, new = jobs.enqueue("test", dedupe_key="month:2026-10", payload={"a": 2})
        assert (fresh, new) == (True, False)
        assert again == first
        assert again.payload == {"a": 1}

    def test_sixteen_at_once_make_one_job_and_one_of_them_knows(self, committed: Cast) -> None:
        made = at_once(16, lambda _: jobs.enqueue("test", dedupe_key="same", payload={}))
        assert sum(fresh for _, fresh in made) == 1
        assert len({job.pk for job, _ in made}) == 1
        assert len(handlers.bell.rung) == 1

    def test_a_kind_that_nobody_handles_is_a_defect(self, db: None) -> None:
        with pytest.raises(KeyError):
            jobs.enqueue("unheard-of", dedupe_key="x", payload={})

    def test_the_workers_are_rung_after_the_commit_and_not_before(self, committed: Cast) -> None:
        with transaction.atomic():
            job = enqueue()
            assert handlers.bell.rung == []
        assert handlers.bell.rung == [str(job.pk)]
        assert now(job).published_at

    def test_what_is_rolled_back_is_neither_there_nor_rung(self, committed: Cast) -> None:
        with transaction.atomic():
            enqueue()
            transaction.set_rollback(True)
        assert not Job.objects.exists()
        assert handlers.bell.rung == []

    @pytest.mark.parametrize("away", [BrokerError("away"), ConnectionRefusedError()])
    def test_a_broker_that_is_away_loses_nothing(self, committed: Cast, away: Exception) -> None:
        handlers.bell.away = away
        job = enqueue()
        assert now(job).published_at is None
        handlers.bell.away = None
        assert jobs.sweep() == 1
        assert handlers.bell.rung == [str(job.pk)]

    def test_the_bell_is_our_own_celery_app_at_our_own_broker(self, settings: Any) -> None:
        app = import_string("finance_hub.celery.app")
        assert app.main == "finance_hub"
        assert app.conf.broker_url == project_settings.REDIS_URL
        # Without this the caller of a submit would wait six seconds for a broker that is away.
        assert app.conf.broker_transport_options["max_retries"] == 0
        assert app.conf.task_acks_late
        assert not app.conf.task_reject_on_worker_lost
        assert app.conf.accept_content == ["json"]

    def test_the_project_names_that_app(self) -> None:
        from finance_hub import settings as module

        assert module.CELERY_APP == "finance_hub.celery.app"

    def test_ringing_at_a_closed_door_takes_no_time(self, committed: Cast, settings: Any) -> None:
        from celery import Celery

        closed = Celery("closed", broker="redis://127.0.0.1:1/0", set_as_current=False)
        closed.conf.broker_transport_options = {"max_retries": 0, "socket_connect_timeout": 5}
        handlers.closed = closed  # type: ignore[attr-defined]
        settings.CELERY_APP = "tests.kernel.handlers.closed"
        began = time.perf_counter()
        job = enqueue()
        assert time.perf_counter() - began < 1
        assert now(job).published_at is None


class TestRunning:
    def test_result_and_success_are_one_commit(self, committed: Cast) -> None:
        job = enqueue()
        assert jobs.run(str(job.pk)) == "succeeded"
        done = now(job)
        assert (done.state, done.output, done.attempt, done.lease_owner) == (
            "succeeded",
            {"attempt": 1},
            1,
            "",
        )
        assert done.started_at
        assert done.finished_at
        assert len(effects()) == 1

    def test_a_finished_job_is_not_done_again(self, committed: Cast) -> None:
        job = enqueue()
        assert [jobs.run(str(job.pk)) for _ in range(3)] == ["succeeded", "busy", "busy"]
        assert len(effects()) == 1

    def test_of_eight_workers_one_does_it(self, committed: Cast) -> None:
        job = enqueue()
        assert sorted(at_once(8, lambda _: jobs.run(str(job.pk)))) == ["busy"] * 7 + ["succeeded"]
        assert len(effects()) == 1

    def test_a_job_that_does_not_exist_is_nobodys(self, committed: Cast) -> None:
        assert jobs.run("00000000-0000-4000-8000-000000000000") == "busy"

    def test_a_refusal_fails_at_once_with_its_code_and_undoes_the_work(self, committed: Cast) -> None:
        job = enqueue("refuse")
        assert jobs.run(str(job.pk)) == "failed"
        done = now(job)
        assert done.error == {"code": "not-found", "zh": "没有找到", "en": "Not found"}
        assert (done.attempt, done.finished_at is not None) == (1, True)
        assert effects() == []

    def test_a_refusal_that_says_come_back_is_tried_again(self, committed: Cast) -> None:
        job = enqueue("come back")
        assert jobs.run(str(job.pk)) == "queued"
        assert now(job).error["code"] == "idempotency-in-progress"
        assert effects() == []

    def test_a_crash_is_tried_again_after_a_growing_pause_until_attempts_run_out(
        self, committed: Cast
    ) -> None:
        job = enqueue("crash")
        assert jobs.run(str(job.pk)) == "queued"
        assert 8 < pause_of(job) <= 10
        assert jobs.run(str(job.pk)) == "busy"
        make_due(job)
        assert jobs.run(str(job.pk)) == "queued"
        assert 18 < pause_of(job) <= 20
        make_due(job)
        assert jobs.run(str(job.pk)) == "failed"
        done = now(job)
        assert (done.attempt, done.error["code"]) == (3, "internal-error")
        assert "broken" in done.error["trace"]
        assert effects() == []

    def test_other_jobs_go_on_beside_a_poisoned_one(self, committed: Cast) -> None:
        poisoned, healthy = enqueue("crash", key="a"), enqueue(key="b")
        assert [jobs.run(str(poisoned.pk)), jobs.run(str(healthy.pk))] == ["queued", "succeeded"]

    def test_a_job_sees_the_rows_of_its_organisation(self, committed: Cast) -> None:
        bank = committed.organisation("bank-a")
        jobs.run(str(enqueue(key="bank", organisation_id=bank.pk).pk))
        jobs.run(str(enqueue(key="all").pk))
        assert handlers.scopes == [Scope(organisation_id=bank.pk), EVERYTHING]

    def test_an_attempt_too_many_is_refused_by_the_database(self, db: None) -> None:
        job = enqueue()
        with pytest.raises(IntegrityError, match="job_has_attempts_left_to_run"), transaction.atomic():
            Job.objects.filter(pk=job.pk).update(attempt=4)


class TestALateWorker:
    def test_commits_nothing_once_another_has_done_the_job(self, committed: Cast) -> None:
        job = enqueue("block")
        said: list[str] = []
        late = threading.Thread(target=lambda: (said.append(jobs.run(str(job.pk))), connection.close()))
        late.start()
        assert handlers.begun.wait(10)
        make_due(job)
        assert jobs.run(str(job.pk)) == "succeeded"
        handlers.go_on.set()
        late.join(20)
        assert said == ["busy"]
        done = now(job)
        assert (done.state, done.output) == ("succeeded", {"attempt": 2})
        assert effects() == [f"done-{job.pk.hex[:8]}-2"]

    def test_cannot_fail_a_job_that_another_holds(self, committed: Cast) -> None:
        job = enqueue()
        held = jobs._lease(str(job.pk), owner="late")
        make_due(job)
        assert jobs._lease(str(job.pk), owner="other")
        assert held
        jobs._release(held, error={"code": "x"}, final=True)
        assert (now(job).state, now(job).lease_owner) == ("running", "other")

    def test_shows_its_progress_while_it_works(self, committed: Cast) -> None:
        job = enqueue("block")
        worker = threading.Thread(target=lambda: (jobs.run(str(job.pk)), connection.close()))
        worker.start()
        assert handlers.begun.wait(10)
        assert (now(job).state, now(job).progress) == ("running", {"rows_read": 3})
        assert effects() == []
        handlers.go_on.set()
        worker.join(20)
        assert now(job).state == "succeeded"

    def test_keeps_nobody_waiting_for_the_audit_chain(self, committed: Cast) -> None:
        job = enqueue("block")
        worker = threading.Thread(target=lambda: (jobs.run(str(job.pk)), connection.close()))
        worker.start()
        assert handlers.begun.wait(10)  # it has recorded what it does
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            audit.record("test.meanwhile", actor=None, subject="thing:1", at=timezone.now())
        handlers.go_on.set()
        worker.join(20)
        recorded = AuditEntry.objects.filter(action__startswith="test.").order_by("seq")
        assert [entry.action for entry in recorded] == ["test.meanwhile", "test.done"]
        assert audit.verify() is None

    def test_that_still_beats_keeps_its_lease(self, committed: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(leases, "LEASE_SECONDS", 1)
        monkeypatch.setattr(leases, "HEARTBEAT_SECONDS", 0.1)
        job = enqueue("block")
        worker = threading.Thread(target=lambda: (jobs.run(str(job.pk)), connection.close()))
        worker.start()
        assert handlers.begun.wait(10)
        time.sleep(1.5)
        assert jobs.run(str(job.pk)) == "busy"
        handlers.go_on.set()
        worker.join(20)
        assert (now(job).state, now(job).attempt) == ("succeeded", 1)


class TestTheSweeper:
    def test_rings_again_for_what_a_flushed_broker_forgot(self, committed: Cast) -> None:
        job = enqueue()
        handlers.reset()
        assert jobs.sweep() == 0  # rung a moment ago: the message may be on its way
        make_due(job)
        assert jobs.sweep() == 1
        assert handlers.bell.rung == [str(job.pk)]

    def test_rings_for_a_worker_that_was_killed_and_another_finishes(self, committed: Cast) -> None:
        job = enqueue()
        assert jobs._lease(str(job.pk), owner="killed")
        handlers.reset()
        assert jobs.sweep() == 0  # its lease still runs
        make_due(job)
        assert jobs.sweep() == 1
        assert jobs.run(str(job.pk)) == "succeeded"
        assert now(job).attempt == 2

    def test_fails_by_name_what_kills_every_worker(self, committed: Cast) -> None:
        job = enqueue()
        for _ in range(3):
            assert jobs._lease(str(job.pk), owner="killed")
            make_due(job)
        jobs.sweep()
        done = now(job)
        assert (done.state, done.error["code"]) == ("failed", "worker-lost")
        assert done.error["en"]
        assert done.finished_at
        assert jobs.run(str(job.pk)) == "busy"

    def test_knocks_once_at_a_broker_that_is_away(self, committed: Cast) -> None:
        for number in range(5):
            make_due(enqueue(key=str(number)))
        handlers.reset()
        handlers.bell.away = BrokerError("away")
        assert jobs.sweep() == 0
        assert handlers.bell.knocks == 1

    def test_leaves_what_has_ended_alone(self, committed: Cast) -> None:
        done, gone = enqueue(key="a"), enqueue(key="b")
        jobs.run(str(done.pk))
        jobs.cancel(gone)
        make_due(done)
        make_due(gone)
        handlers.reset()
        assert jobs.sweep() == 0


class TestCancelling:
    def test_a_job_nobody_began_never_runs(self, committed: Cast) -> None:
        job = enqueue()
        assert jobs.cancel(job)
        assert jobs.run(str(job.pk)) == "busy"
        assert (now(job).state, effects()) == ("cancelled", [])
        assert now(job).finished_at

    def test_a_running_or_finished_job_is_not_cancelled(self, committed: Cast) -> None:
        job = enqueue()
        assert jobs._lease(str(job.pk), owner="worker")
        assert not jobs.cancel(job)
        make_due(job)
        jobs.run(str(job.pk))
        assert not jobs.cancel(job)
        assert now(job).state == "succeeded"


@pytest.mark.parametrize("text", ["", "7", "no-uuid", "5f0c1f0e-6f0e-4c53-9d0e-6a2f5a6c9b11"])
def test_what_is_not_there_is_not_found(db: None, text: str) -> None:
    with pytest.raises(NotFound):
        jobs.find(text)
