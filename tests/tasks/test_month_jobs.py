"""A month's job in a real process: killed or stopped in the middle it leaves nothing half done, and is done again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.db import connection
from django.utils import timezone

from finance_hub.kernel import job_control, jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.scoping import within
from tasks import schedule
from tasks.models import Briefing, Figure, Snapshot
from tests.cast import NOW, Api, Cast
from tests.kernel.processes import database_url
from tests.tasks.test_month import OCTOBER, make_city

WORK = "import django; django.setup(); from finance_hub.kernel import jobs; print(jobs.run('{job}'))"


def worker(job: Job) -> subprocess.Popen[str]:
    at: dict[str, Any] = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "finance_hub.settings",
        "DATABASE_URL": database_url(user=at["USER"], password=at["PASSWORD"]),
        "FINANCE_HUB_VAR": str(project.VAR_DIR),
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORK.format(job=job.pk)], env=environment, cwd=project.BASE_DIR,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


@contextmanager
def held_up(owner: Any) -> Iterator[None]:
    """No snapshot can be written meanwhile: a worker comes as far as its figures and waits."""
    with owner.transaction():
        owner.execute("LOCK TABLE tasks_snapshot IN SHARE ROW EXCLUSIVE MODE")
        yield


def until_it_waits(job: Job) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise TimeoutError(job.pk)


def nothing_half_done() -> bool:
    with within(EVERYTHING):
        kept = (Snapshot.objects.count(), Figure.objects.count(), Briefing.objects.count())
    files = list((project.FILES_DIR / "briefings").rglob("*.*")) if project.FILES_DIR.exists() else []
    return (kept, files) == ((0, 0, 0), [])


@pytest.fixture
def due(committed: Cast) -> Job:
    make_city(committed, lambda name: Api(committed.key(name)))
    assert schedule.enqueue_due(now=NOW) == 1
    return Job.objects.get(kind="month")


def test_killed_in_the_middle_it_is_done_by_the_next_worker(due: Job, owner_connection: Any) -> None:
    with held_up(owner_connection):
        process = worker(due)
        until_it_waits(due)
        process.kill()
        process.wait(20)
    assert Job.objects.get(pk=due.pk).state == "running"
    assert nothing_half_done()
    Job.objects.filter(pk=due.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.run(str(due.pk)) == "succeeded"
    with within(EVERYTHING):
        assert (Snapshot.objects.count(), Briefing.objects.count()) == (1, 1)
    assert schedule.enqueue_due(now=NOW) == 0


def test_stopped_in_the_middle_it_leaves_nothing_and_is_done_when_asked_again(
    due: Job, committed: Cast, owner_connection: Any
) -> None:
    by = committed["maker"]
    with held_up(owner_connection):
        process = worker(due)
        until_it_waits(due)
        assert job_control.stop(str(due.pk), by=by, now=timezone.now()).state == "cancelled"
    assert (process.communicate(timeout=60)[0] or "").strip() == "busy"
    assert nothing_half_done()
    assert schedule.enqueue_due(now=NOW) == 0
    job_control.repeat(str(due.pk), by=by, now=timezone.now())
    assert jobs.run(str(due.pk)) == "succeeded"
    with within(EVERYTHING):
        assert Snapshot.objects.get().month == OCTOBER.first


def test_the_next_day_looks_again_and_finds_the_snapshot_there(due: Job) -> None:
    assert jobs.run(str(due.pk)) == "succeeded"
    assert schedule.enqueue_due(now=NOW) == 0
    assert schedule.enqueue_due(now=NOW + timedelta(days=1)) == 1
    again = Job.objects.get(kind="month", state="queued")
    assert jobs.run(str(again.pk)) == "succeeded"
    output = Job.objects.get(pk=again.pk).output
    assert output
    assert output["new_snapshot"] is False
    with within(EVERYTHING):
        assert Snapshot.objects.count() == 1
