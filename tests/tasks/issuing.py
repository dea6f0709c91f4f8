"""A draft on its road, as the people of the cast take it."""

from __future__ import annotations

from typing import Any

from finance_hub.kernel import jobs
from finance_hub.kernel.models import Job, Person
from finance_hub.kernel.periods import Month
from tasks import obstacles, publication
from tasks.models import Briefing
from tests.cast import NOW, Cast

OCTOBER = Month(2026, 10)


def answered(draft: Briefing) -> Briefing:
    """With a reason for everything that stands against it, written straight into the table."""
    reasons: dict[str, Any] = {
        one.name: {"against": {"zh": one.text.zh, "en": one.text.en}, "text": "已与该行核实", "by": "maker 某",
                   "at": NOW.isoformat()}
        for one in obstacles.against(draft.snapshot, now=NOW)
    }  # fmt: skip
    Briefing.objects.filter(pk=draft.pk).update(reasons=reasons)
    return publication.find(draft.public_id)


def reviewed(draft: Briefing, cast: Cast, *, by: str = "second_approver") -> Briefing:
    return publication.review(answered(draft).public_id, by=cast[by], now=NOW)


def approved(draft: Briefing, cast: Cast) -> Briefing:
    return publication.approve(reviewed(draft, cast).public_id, by=cast["approver"], now=NOW)


def published(draft: Briefing, cast: Cast) -> Briefing:
    """As the worker does: run the job that the approval recorded."""
    return done(approved(draft, cast))


def done(briefing: Briefing) -> Briefing:
    job = Job.objects.get(dedupe_key=f"publish:{briefing.public_id}")
    assert jobs.run(str(job.pk)) == "succeeded"
    return publication.find(briefing.public_id)


def worked(job: Job) -> Briefing:
    """The edition that a job of editing or correcting made."""
    assert jobs.run(str(job.pk)) == "succeeded", Job.objects.get(pk=job.pk).error
    output = Job.objects.get(pk=job.pk).output
    assert output
    return publication.find(output["briefing"])


def edited(draft: Briefing, *, by: Person, **changes: Any) -> Briefing:
    return worked(publication.request_edit(draft.public_id, **changes, by=by, now=NOW))
