"""Job handlers that do what their payload says, and a bell that writes down who was rung for."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connection
from django.utils import timezone

from finance_hub.kernel import audit, jobs, scoping
from finance_hub.kernel.idempotency import InProgress
from finance_hub.kernel.models import Job, Organisation
from finance_hub.kernel.problems import NotFound

HANDLERS = {"test": "tests.kernel.handlers.do"}
#: Set when a blocked handler has begun, and to let it go on.
begun, go_on = threading.Event(), threading.Event()
scopes: list[scoping.Scope] = []


class Bell:
    """Stands for the Celery app; `away` is what it raises instead of ringing."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.away: Exception | None = None
        self.knocks = 0

    def send_task(self, _name: str, *, args: list[str], **_: Any) -> None:
        self.knocks += 1
        if self.away:
            raise self.away
        self.rung += args


bell = Bell()


def reset() -> None:
    begun.clear()
    go_on.clear()
    scopes.clear()
    bell.rung, bell.away, bell.knocks = [], None, 0


def do(job: Job) -> dict[str, Any]:
    """Leaves one organisation behind, named after the attempt; then what the payload asks."""
    scopes.append(scoping.current())
    Organisation.objects.create(
        code=f"done-{job.pk.hex[:8]}-{job.attempt}", kind="department", name="x", name_en="x"
    )
    wanted = job.payload.get("then", "")
    if wanted == "refuse":
        raise NotFound
    if wanted == "come back":
        raise InProgress
    if wanted == "crash":
        raise RuntimeError("broken \x00 \ud800")
    if wanted == "sleep":
        begun.set()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")
    if wanted == "block" and job.attempt == 1:
        audit.record("test.done", actor=None, subject=f"job:{job.pk}", at=timezone.now())
        jobs.report_progress(job, rows_read=3)
        begun.set()
        if not go_on.wait(20):
            raise TimeoutError
    return {"attempt": job.attempt}
