"""An issue is published once: two approvers at once, a review against an edit, a worker killed, paused, or out of disk."""

from __future__ import annotations

import errno
import hashlib
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.scoping import within
from tasks import publication
from tasks.briefing import editions
from tasks.models import Briefing
from tests.cast import NOW, Cast
from tests.kernel.threads import at_once
from tests.tasks import issuing
from tests.tasks.conftest import KNOWN, make_snapshot
from tests.tasks.test_month_jobs import worker

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def draft(committed: Cast) -> Briefing:
    with within(EVERYTHING):
        made = editions.draft(
            make_snapshot(OCTOBER, balance="64000000.00"), requested_by=committed["maker"], now=KNOWN
        )
    assert made is not None
    return made


def attempt(act: Any, *arguments: Any, **facts: Any) -> str:
    """`done`, or the code of the refusal."""
    try:
        with within(EVERYTHING):
            act(*arguments, **facts, now=NOW)
    except Problem as refused:
        return refused.code
    return "done"


def publishing(draft: Briefing, cast: Cast) -> Job:
    with within(EVERYTHING):
        issuing.approved(draft, cast)
    return Job.objects.get(kind="publish")


def issue_is_whole(public_id: str) -> None:
    """Published once, under the first number, its hash that of its file; nothing half written beside it."""
    with within(EVERYTHING):
        (issue,) = Briefing.objects.filter(state="published")
    assert (issue.public_id, issue.issue_no, issue.total_no) == (public_id, 1, 1)
    content = (settings.FILES_DIR / issue.file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == issue.sha256
    assert parts() == []


def parts() -> list[Path]:
    return list(settings.FILES_DIR.rglob("*.part"))


@contextmanager
def held_up(owner: Any) -> Iterator[None]:
    """No act can be recorded meanwhile: the worker has set its file, and waits."""
    with owner.transaction():
        owner.execute("LOCK TABLE kernel_auditentry IN SHARE ROW EXCLUSIVE MODE")
        yield


def until_it_waits() -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise TimeoutError


def test_two_approvals_at_once_give_one_number(draft: Briefing, committed: Cast) -> None:
    with within(EVERYTHING):
        issuing.reviewed(draft, committed, by="approver")
    people = ("approver", "second_approver")
    said = at_once(2, lambda n: attempt(publication.approve, draft.public_id, by=committed[people[n]]))
    assert sorted(said) == ["briefing-not-a-draft", "done"]
    job = Job.objects.get(kind="publish")
    assert at_once(2, lambda _: jobs.run(str(job.pk))).count("succeeded") == 1
    issue_is_whole(draft.public_id)


def test_an_edit_and_a_review_at_once_leave_the_edit_unreviewed(draft: Briefing, committed: Cast) -> None:
    with within(EVERYTHING):
        issuing.answered(draft)
        job = publication.request_edit(draft.public_id, note="内部", by=committed["maker"], now=NOW)

    def act(n: int) -> str:
        if n:
            return attempt(publication.review, draft.public_id, by=committed["approver"])
        return jobs.run(str(job.pk))

    edit, review = at_once(2, act)
    assert edit == "succeeded"
    assert review in {"briefing-being-edited", "briefing-not-a-draft", "stale-briefing"}
    with within(EVERYTHING):
        states = list(Briefing.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["superseded", "draft"]
    assert parts() == []


def test_killed_in_the_middle_it_is_published_by_the_next_worker(
    draft: Briefing, committed: Cast, owner_connection: Any
) -> None:
    job = publishing(draft, committed)
    with held_up(owner_connection):
        process = worker(job)
        until_it_waits()
        process.kill()
        process.wait(20)
    with within(EVERYTHING):
        assert publication.find(draft.public_id).state == "approved"
        assert (settings.FILES_DIR / publication.find(draft.public_id).file).is_file()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.run(str(job.pk)) == "succeeded"
    issue_is_whole(draft.public_id)


def test_paused_until_another_has_taken_over_it_commits_nothing(
    draft: Briefing, committed: Cast, owner_connection: Any
) -> None:
    job = publishing(draft, committed)
    with held_up(owner_connection):
        process = worker(job)
        until_it_waits()
        process.send_signal(signal.SIGSTOP)
    said: list[str] = []

    def take_over() -> None:
        try:
            said.append(jobs.run(str(job.pk)))
        finally:
            connections.close_all()

    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    other = threading.Thread(target=take_over)
    other.start()
    time.sleep(1)
    process.send_signal(signal.SIGCONT)
    other.join(120)
    first = (process.communicate(timeout=120)[0] or "").strip()
    assert sorted([*said, first]) == ["busy", "succeeded"]
    issue_is_whole(draft.public_id)


def test_a_full_disk_fails_with_a_code_and_the_former_issue_stays_served(
    draft: Briefing, committed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = publishing(draft, committed)
    assert jobs.run(str(job.pk)) == "succeeded"
    with within(EVERYTHING):
        former = publication.find(draft.public_id)
        made = editions.correct(
            former.public_id, make_snapshot(OCTOBER, balance="65000000.00"), occasion="更正", by=committed["maker"],
            now=NOW,
        )  # fmt: skip
        issuing.approved(made, committed)
    second = Job.objects.get(dedupe_key=f"publish:{made.public_id}")
    before = sorted(path for path in settings.FILES_DIR.rglob("*") if path.is_file())

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        Job.objects.filter(pk=second.pk).update(max_attempts=1)
        assert jobs.run(str(second.pk)) == "failed"
    error = Job.objects.get(pk=second.pk).error
    assert error
    assert error["code"] == "storage-full"
    assert sorted(path for path in settings.FILES_DIR.rglob("*") if path.is_file()) == before
    issue_is_whole(draft.public_id)
    with within(EVERYTHING):
        assert publication.find(made.public_id).state == "approved"
