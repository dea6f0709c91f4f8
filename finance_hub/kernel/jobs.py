"""Jobs: the table is the truth, a Celery message is only a doorbell.

Lease → do → result and `succeeded` in one transaction guarded by the lease. A worker that was
killed leaves a lease that runs out; the sweeper rings again; a worker that comes back late finds
its lease gone and commits nothing. All times are the database's.
"""

from __future__ import annotations

import logging
import os
import socket
import traceback
import uuid
from collections.abc import Callable
from itertools import takewhile
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from finance_hub.kernel import audit, leases
from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.leases import LostLease
from finance_hub.kernel.models import Job, Person
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.kernel.scoping import within
from finance_hub.kernel.text import printable

TASK = "finance_hub.run_job"
WORKER_LOST = {
    "code": "worker-lost",
    "zh": "处理进程多次中断，任务已放弃",
    "en": "The workers doing this job were lost too often; it was given up",
}
log = logging.getLogger(__name__)

Handler = Callable[..., dict[str, Any] | None]


def enqueue(
    kind: str,
    *,
    dedupe_key: str,
    payload: dict[str, Any],
    organisation_id: int | None = None,
    requested_by: Person | None = None,
) -> tuple[Job, bool]:
    """Record a job once per dedupe key and ring after commit: (the job, whether it is new)."""
    if kind not in settings.JOB_HANDLERS:
        raise KeyError(kind)
    fresh = Job(
        kind=kind,
        dedupe_key=dedupe_key,
        payload=payload,
        organisation_id=organisation_id,
        requested_by=requested_by,
    )
    Job.objects.bulk_create([fresh], ignore_conflicts=True)
    job = Job.objects.get(dedupe_key=dedupe_key)
    if job.pk == fresh.pk:
        transaction.on_commit(lambda: ring(job.pk))
    return job, job.pk == fresh.pk


def ring(job_id: uuid.UUID) -> bool:
    """Send the job's id to the workers; False when the broker is away (the sweeper rings again)."""
    # By name: in a process that never imported ours Celery's current app rings where nobody listens.
    doorbell = import_string(settings.CELERY_APP)
    try:
        doorbell.send_task(TASK, args=[str(job_id)], retry=False, ignore_result=True)
    except (OSError, BrokerError, RedisError) as error:
        log.warning("job %s: broker is away: %s", job_id, error)
        return False
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_job SET published_at = now() WHERE id = %s", [job_id])
    return True


def sweep() -> int:
    """Ring for every unfinished job that nobody is working on; returns how many were rung.

    A queued job is rung again once its last ring is a lease old, so a flushed broker loses nothing.
    Jobs out of attempts fail here, by name.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE kernel_job SET state = 'failed', finished_at = now(), lease_owner = '',
                      error = %s::jsonb || jsonb_build_object('before', error)
                WHERE state IN ('queued', 'running') AND lease_until < now() AND attempt >= max_attempts""",
            [_json(WORKER_LOST)],
        )
        cursor.execute(
            """SELECT id FROM kernel_job
                WHERE state IN ('queued', 'running') AND lease_until < now()
                  AND (published_at IS NULL OR published_at < now() - make_interval(secs => 30))
                ORDER BY created_at LIMIT 500""",
        )
        waiting = [row[0] for row in cursor.fetchall()]
    # A broker that is away is not knocked at five hundred times.
    return sum(1 for _ in takewhile(ring, waiting))


def run(job_id: str) -> str:
    """Do the job if it is free: `succeeded`, `failed`, `queued` (to be tried again) or `busy`."""
    job = _lease(job_id, owner=f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}")
    if job is None:
        return "busy"
    log.info("job %s %s: attempt %s", job.kind, job.pk, job.attempt)
    try:
        with leases.kept(job) as lost:
            do = handler(job.kind)
            outward = getattr(do, "outward", None)
            brought = (outward(job),) if outward else ()
            with within(_scope(job)):
                _allow_long_statements()
                with audit.written_last():
                    output = do(job, *brought)
                _finish(job, output)
    except LostLease:
        log.warning("job %s %s: lease lost, rolled back", job.kind, job.pk)
        return "busy"
    except Problem as refusal:
        said = {"code": refusal.code, "zh": refusal.said.zh, "en": refusal.said.en}
        return _release(job, error=said, final=refusal.retry_after is None)
    except Exception as error:  # noqa: BLE001 - whatever it is, the job must say so and end
        if lost.is_set():
            return "busy"
        said = {"code": "internal-error", "en": printable(repr(error)[:500])}
        said["trace"] = printable(traceback.format_exc()[-4000:])
        log.error("job %s %s failed: %s", job.kind, job.pk, said["trace"])
        return _release(job, error=said, final=False)
    return "succeeded"


def handler(kind: str) -> Handler:
    """The function of a kind, imported when first needed so that web workers stay light."""
    found: Handler = import_string(settings.JOB_HANDLERS[kind])
    return found


def after(outward: Callable[[Job], Any]) -> Callable[[Handler], Handler]:
    """For a handler whose slow part is not in the database: `outward` runs first, with no transaction
    open and no scope set, and the handler is called with the job and what it brought.

    A worker that dies between the two has the job done again, the outward part too.
    """

    def with_outward(handler: Handler) -> Handler:
        handler.outward = outward  # type: ignore[attr-defined]
        return handler

    return with_outward


def report_progress(job: Job, **progress: Any) -> None:
    """Publish progress at once, whatever the job's own transaction is doing. Raises LostLease."""
    with leases.own_connection() as cursor:
        cursor.execute(
            "UPDATE kernel_job SET progress = progress || %s::jsonb WHERE id = %s AND lease_owner = %s",
            [_json(progress), job.pk, job.lease_owner],
        )
        if leases.is_lost(cursor, job):
            raise LostLease(job.pk)


def recorded(*, kind: str = "", state: str = "") -> QuerySet[Job]:
    """Jobs with who asked for them, of one kind or state where given."""
    wanted = {name: value for name, value in (("kind", kind), ("state", state)) if value}
    return Job.objects.select_related("requested_by").filter(**wanted)


def find(job_id: str) -> Job:
    """Raises NotFound, for what is no id too."""
    try:
        job = recorded().filter(pk=uuid.UUID(job_id)).first()
    except ValueError as error:
        raise NotFound from error
    if job is None:
        raise NotFound
    return job


def cancel(job: Job) -> bool:
    """Cancel a job nobody has begun; False when it runs or has ended. People stop one by `job_control`."""
    queued = Job.objects.filter(pk=job.pk, state="queued")
    return queued.update(state="cancelled", finished_at=Now()) == 1


def _scope(job: Job) -> Scope:
    return Scope(organisation_id=job.organisation_id) if job.organisation_id else EVERYTHING


def _allow_long_statements() -> None:
    with connection.cursor() as cursor:
        # A job may queue behind another of the same bank for as long as that one takes.
        cursor.execute(
            "SET LOCAL statement_timeout = '30min'; SET LOCAL lock_timeout = '30min';"
            " SET LOCAL idle_in_transaction_session_timeout = '30min'"
        )


def _lease(job_id: str, *, owner: str) -> Job | None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE kernel_job
                  SET state = 'running', attempt = attempt + 1, lease_owner = %s,
                      lease_until = now() + make_interval(secs => %s),
                      started_at = coalesce(started_at, now())
                WHERE id = %s AND state IN ('queued', 'running')
                  AND lease_until <= clock_timestamp() AND attempt < max_attempts""",
            [owner, leases.LEASE_SECONDS, job_id],
        )
        leased = cursor.rowcount == 1
    return Job.objects.get(pk=job_id) if leased else None


def _finish(job: Job, output: dict[str, Any] | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE kernel_job SET state = 'succeeded', output = %s::jsonb, error = NULL,
                      finished_at = clock_timestamp(), lease_owner = ''
                WHERE id = %s AND state = 'running' AND lease_owner = %s""",
            [_json(output or {}), job.pk, job.lease_owner],
        )
        if cursor.rowcount != 1:
            raise LostLease(job.pk)


def _release(job: Job, *, error: dict[str, Any], final: bool) -> str:
    state = "failed" if final or job.attempt >= job.max_attempts else "queued"
    pause = 0 if state == "failed" else 5 * 2**job.attempt
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE kernel_job SET state = %s, error = %s::jsonb, lease_owner = '', published_at = NULL,
                      lease_until = now() + make_interval(secs => %s),
                      finished_at = CASE WHEN %s = 'failed' THEN now() END
                WHERE id = %s AND state = 'running' AND lease_owner = %s""",
            [state, _json(error), pause, state, job.pk, job.lease_owner],
        )
    return state


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()
