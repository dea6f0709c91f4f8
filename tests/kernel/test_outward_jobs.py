"""Jobs that call somebody: nothing is open while they do, and what they bring is noted once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from finance_hub.kernel import jobs, scoping
from finance_hub.kernel.models import Job, Organisation
from tests.cast import Cast
from tests.kernel import handlers

seen: list[Any] = []


def _ask(job: Job) -> str:
    seen.append((connection.in_atomic_block, scoping._scope.get()))
    if job.payload.get("then") == "crash":
        raise RuntimeError
    return "42"


@jobs.after(_ask)
def note(job: Job, said: str) -> dict[str, str]:
    seen.append((connection.in_atomic_block, said))
    Organisation.objects.create(code=f"done-{said}", kind="department", name="x", name_en="x")
    if job.payload.get("then") == "lose the lease":
        Job.objects.filter(pk=job.pk).update(lease_owner="somebody else")
    return {"said": said}


@pytest.fixture(autouse=True)
def _workshop(settings: Any) -> None:
    settings.JOB_HANDLERS = {"outward": f"{__name__}.note"}
    settings.CELERY_APP = "tests.kernel.handlers.bell"
    handlers.reset()
    seen.clear()


def run(then: str = "") -> tuple[str, Job]:
    job, _ = jobs.enqueue("outward", dedupe_key="x", payload={"then": then})
    state = jobs.run(str(job.pk))
    return state, Job.objects.get(pk=job.pk)


def noted() -> bool:
    return Organisation.objects.filter(code="done-42").exists()


def test_the_outward_part_runs_with_no_transaction_and_no_scope(committed: Cast) -> None:
    state, job = run()
    assert (state, job.output) == ("succeeded", {"said": "42"})
    assert seen == [(False, None), (True, "42")]
    assert noted()


def test_a_crash_outside_is_tried_again(committed: Cast) -> None:
    state, job = run("crash")
    assert (state, job.state, job.attempt) == ("queued", "queued", 1)
    assert job.error is not None
    assert job.error["code"] == "internal-error"


def test_whoever_lost_the_lease_meanwhile_notes_nothing(committed: Cast) -> None:
    state, job = run("lose the lease")
    assert (state, job.state) == ("busy", "running")
    assert not noted()
