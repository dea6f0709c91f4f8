"""Jobs in people's hands: stop one, and have one that was stopped or failed done again.

A job that runs loses its lease with its state, so that whatever its worker has done is rolled back; the worker hears
of it with its next heartbeat, or when it reports progress, or at the latest when it wants to commit.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from finance_hub.kernel import audit, jobs
from finance_hub.kernel.models import Job, Person
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text

UNFINISHED, ENDED = ("queued", "running"), ("cancelled", "failed")


class JobIsNotForPeople(Problem):
    code = "job-not-stoppable"
    status = 409
    title = Text("这类任务不能由人中止或重做", "Jobs of this kind are neither stopped nor repeated by people")


class JobHasEnded(Problem):
    code = "job-has-ended"
    status = 409
    title = Text("任务已结束，不能中止", "The job has ended and cannot be stopped")


class JobIsNotOver(Problem):
    code = "job-not-over"
    status = 409
    title = Text("只有已中止或失败的任务可以重做", "Only a job that was stopped or failed is done again")


def may_stop(job: Job) -> bool:
    return job.kind in settings.STOPPABLE_JOBS and job.state in UNFINISHED


def may_repeat(job: Job) -> bool:
    return job.kind in settings.STOPPABLE_JOBS and job.state in ENDED


def stop(job_id: str, *, by: Person, now: datetime) -> Job:
    """Cancel a job that waits or runs. Raises NotFound, JobIsNotForPeople, JobHasEnded."""
    job = _found(job_id)
    with transaction.atomic():
        _change(
            """UPDATE kernel_job SET state = 'cancelled', finished_at = now(), lease_owner = '', lease_until = now()
                WHERE id = %s AND state IN ('queued', 'running')""",
            job,
            refusal=JobHasEnded,
        )
        audit.record("job.stop", actor=by, subject=f"job:{job.pk}", at=now, kind=job.kind)
    return jobs.find(job_id)


def repeat(job_id: str, *, by: Person, now: datetime) -> Job:
    """Queue a job once more with all its attempts. Raises NotFound, JobIsNotForPeople, JobIsNotOver."""
    job = _found(job_id)
    with transaction.atomic():
        _change(
            """UPDATE kernel_job SET state = 'queued', attempt = 0, progress = '{}', error = NULL, started_at = NULL,
                      finished_at = NULL, published_at = NULL, lease_owner = '', lease_until = now()
                WHERE id = %s AND state IN ('cancelled', 'failed')""",
            job,
            refusal=JobIsNotOver,
        )
        audit.record("job.repeat", actor=by, subject=f"job:{job.pk}", at=now, kind=job.kind)
        transaction.on_commit(lambda: jobs.ring(job.pk))
    return jobs.find(job_id)


def _found(job_id: str) -> Job:
    job = jobs.find(job_id)
    if job.kind not in settings.STOPPABLE_JOBS:
        raise JobIsNotForPeople
    return job


def _change(statement: str, job: Job, *, refusal: type[Problem]) -> None:
    """By compare-and-set: a worker that is just committing is waited for, and then it has ended."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [job.pk])
        if cursor.rowcount != 1:
            raise refusal
