"""Jobs stopped and repeated by people: what is stopped leaves nothing, a worker's commit is waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from finance_hub.kernel import job_control, jobs, leases
from finance_hub.kernel.models import AuditEntry, Job
from finance_hub.kernel.problems import NotFound
from tests.cast import Api, Cast
from tests.kernel import handlers
from tests.kernel.test_jobs import effects, enqueue, now

Speak = Callable[[str], Api]


@pytest.fixture(autouse=True)
def _workshop(settings: Any) -> Iterator[None]:
    settings.JOB_HANDLERS = handlers.HANDLERS
    settings.CELERY_APP = "tests.kernel.handlers.bell"
    settings.STOPPABLE_JOBS = ("test",)
    handlers.reset()
    yield
    handlers.go_on.set()


def stop(job: Job, cast: Cast) -> Job:
    return job_control.stop(str(job.pk), by=cast["maker"], now=timezone.now())


def repeat(job: Job, cast: Cast) -> Job:
    return job_control.repeat(str(job.pk), by=cast["maker"], now=timezone.now())


def working(job: Job, said: list[str]) -> threading.Thread:
    worker = threading.Thread(target=lambda: (said.append(jobs.run(str(job.pk))), connection.close()))
    worker.start()
    assert handlers.begun.wait(10)
    return worker


class TestStopping:
    def test_a_running_job_leaves_nothing_and_its_worker_hears_of_it(self, committed: Cast) -> None:
        job, said = enqueue("block"), []
        worker = working(job, said)
        assert stop(job, committed).state == "cancelled"
        handlers.go_on.set()
        worker.join(20)
        assert said == ["busy"]
        assert (now(job).state, now(job).output, effects()) == ("cancelled", None, [])
        assert jobs.run(str(job.pk)) == "busy"
        assert AuditEntry.objects.filter(action="job.stop", subject=f"job:{job.pk}").count() == 1

    def test_a_long_statement_is_ended_by_the_next_heartbeat(
        self, committed: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(leases, "HEARTBEAT_SECONDS", 0.1)
        job, said = enqueue("sleep"), []
        worker = working(job, said)
        stop(job, committed)
        worker.join(10)
        assert not worker.is_alive()
        assert (said, now(job).state, effects()) == (["busy"], "cancelled", [])

    def test_progress_of_a_stopped_job_is_the_end_of_it(self, committed: Cast) -> None:
        job = enqueue()
        held = jobs._lease(str(job.pk), owner="worker")
        assert held
        stop(job, committed)
        with pytest.raises(jobs.LostLease):
            jobs.report_progress(held, step="on")
        assert now(job).progress == {}

    def test_what_has_ended_is_not_stopped(self, committed: Cast) -> None:
        job = enqueue()
        jobs.run(str(job.pk))
        with pytest.raises(job_control.JobHasEnded):
            stop(job, committed)
        assert (now(job).state, len(effects())) == ("succeeded", 1)


class TestRepeating:
    def test_what_was_stopped_is_done_anew_with_all_its_attempts(self, committed: Cast) -> None:
        job = enqueue()
        stop(job, committed)
        handlers.reset()
        again = repeat(job, committed)
        assert (again.state, again.attempt, again.error) == ("queued", 0, None)
        assert handlers.bell.rung == [str(job.pk)]
        assert jobs.run(str(job.pk)) == "succeeded"
        assert len(effects()) == 1

    def test_a_worker_of_before_commits_nothing_beside_the_new_one(self, committed: Cast) -> None:
        job, said = enqueue("block"), []
        worker = working(job, said)
        stop(job, committed)
        repeat(job, committed)
        Job.objects.filter(pk=job.pk).update(payload={}, attempt=1)
        assert jobs.run(str(job.pk)) == "succeeded"
        handlers.go_on.set()
        worker.join(20)
        assert said == ["busy"]
        assert effects() == [f"done-{job.pk.hex[:8]}-2"]

    @pytest.mark.parametrize("state", ["queued", "running", "succeeded"])
    def test_nothing_else_is(self, committed: Cast, state: str) -> None:
        job = enqueue()
        Job.objects.filter(pk=job.pk).update(state=state)
        with pytest.raises(job_control.JobIsNotOver):
            repeat(job, committed)


def test_kinds_that_leave_something_behind_are_not_for_people(committed: Cast, settings: Any) -> None:
    settings.STOPPABLE_JOBS = ()
    job = enqueue()
    for act in (stop, repeat):
        with pytest.raises(job_control.JobIsNotForPeople):
            act(job, committed)
    assert now(job).state == "queued"


def test_what_is_not_there_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        job_control.stop("7", by=cast["maker"], now=timezone.now())


def test_over_http(cast: Cast, api: Speak) -> None:
    job = enqueue()
    for name in ("auditor", "bank_a", "manager_angel", "department"):
        assert api(name).post(f"/jobs/{job.pk}/stop").status_code == 403
    assert api("admin").post(f"/jobs/{job.pk}/stop").json()["state"] == "cancelled"
    refused = api("maker").post(f"/jobs/{job.pk}/stop")
    assert (refused.status_code, refused.json()["code"]) == (409, "job-has-ended")
    assert api("maker").post(f"/jobs/{job.pk}/repeat").json()["state"] == "queued"
    assert api("maker").post("/jobs/no-uuid/stop").status_code == 404
