"""A worker's hold on a job: renewed from a thread while the job's transaction runs, and lost for good once lost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import Error, connection

from finance_hub.kernel.models import Job

LEASE_SECONDS = 30
HEARTBEAT_SECONDS = 8
log = logging.getLogger(__name__)


class LostLease(RuntimeError):
    """Another worker holds the job now, or somebody stopped it: whatever this one did is rolled back."""


@contextmanager
def kept(job: Job) -> Iterator[threading.Event]:
    """Renew the lease from a thread with its own connection.

    Once the lease is another's, or the job was stopped, the event is set and the statement under way is ended.
    """
    over, lost, working = threading.Event(), threading.Event(), connection.connection

    def beat() -> None:
        while not (over.wait(HEARTBEAT_SECONDS) or lost.is_set()):
            try:
                if not _renew(job):
                    lost.set()
                    working.cancel()
            except Error:
                # Without the renewal the lease runs out and the job's commit is refused.
                log.warning("job %s: lease not renewed", job.pk, exc_info=True)

    thread = threading.Thread(target=beat, name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        over.set()
        thread.join()


def is_lost(cursor: Any, job: Job) -> bool:
    """Whether the committed row says that somebody else has the job; one that is not committed is nobody else's."""
    cursor.execute("SELECT lease_owner <> %s FROM kernel_job WHERE id = %s", [job.lease_owner, job.pk])
    row = cursor.fetchone()
    return bool(row and row[0])


@contextmanager
def own_connection() -> Iterator[Any]:
    """A cursor beside the transaction of the work."""
    with closing(connection.copy()) as own, own.cursor() as cursor:
        yield cursor


def _renew(job: Job) -> bool:
    with own_connection() as cursor:
        cursor.execute(
            """UPDATE kernel_job SET lease_until = now() + make_interval(secs => %s)
                WHERE id = %s AND lease_owner = %s""",
            [LEASE_SECONDS, job.pk, job.lease_owner],
        )
        return not is_lost(cursor, job)
