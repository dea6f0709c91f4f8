"""Jobs of this floor, thin: read the payload, one call, say what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from finance_hub.kernel import months, notices, scoping
from finance_hub.kernel.jobs import report_progress
from finance_hub.kernel.models import Job
from finance_hub.kernel.periods import Month
from tasks import publication, sheets, snapshots
from tasks.briefing import editions
from tasks.briefing.tear.subjects import set_sheet
from tasks.risk import working


def compute_month(job: Job) -> dict[str, Any]:
    """Frames → figures → snapshot → joint loss, which the paper tells, of a month that is open → draft of the briefing."""
    month, known_at = Month.parse(job.payload["month"]), job.payload.get("known_at")
    now = datetime.fromisoformat(known_at) if known_at else timezone.now()
    report_progress(job, step="figures")
    snapshot, fresh = snapshots.take(month, known_at=now, taken_at=now)
    if not known_at:
        report_progress(job, step="month before")
        snapshots.as_known_now(month, now=now)
    if not months.is_closed(month):
        working.base_case(snapshot, step=lambda _step: report_progress(job, step="joint loss"))
    report_progress(job, step="briefing")
    briefing = editions.draft(snapshot, requested_by=job.requested_by, now=now)
    return {
        "snapshot": snapshot.public_id,
        "new_snapshot": fresh,
        "briefing": briefing.public_id if briefing else None,
    }


def restate(job: Job) -> dict[str, Any]:
    """A closed month as known now: a snapshot beside that of its close, and no briefing."""
    month, now = Month.parse(job.payload["month"]), timezone.now()
    report_progress(job, step="figures")
    snapshot, fresh = snapshots.take(month, known_at=now, taken_at=now)
    return {"snapshot": snapshot.public_id, "new_snapshot": fresh}


def publish_briefing(job: Job) -> dict[str, Any]:
    """Set the approved issue with its number and date, and publish it."""
    briefing = editions.publish(job.payload["briefing"], now=timezone.now())
    return {"briefing": briefing.public_id, "sha256": briefing.sha256}


def edit_briefing(job: Job) -> dict[str, Any]:
    """The draft again with what people have changed: its texts, or the matters of its month."""
    now, said = timezone.now(), job.payload
    if "month" in said:
        drawn = editions.redraw(Month.parse(said["month"]).first, by=job.requested_by, now=now)
        return {"briefing": drawn.public_id if drawn else None}
    briefing = editions.edit(said["briefing"], said["changes"], by=job.requested_by, now=now)
    return {"briefing": briefing.public_id, "sha256": briefing.sha256}


def correct_briefing(job: Job) -> dict[str, Any]:
    """The month as known now, and a draft that corrects its issue."""
    now = timezone.now()
    issue = publication.find(job.payload["briefing"])
    report_progress(job, step="figures")
    snapshot, fresh = snapshots.take(Month.of(issue.month), known_at=now, taken_at=now)
    working.base_case(snapshot, step=lambda _step: report_progress(job, step="joint loss"))
    report_progress(job, step="briefing")
    briefing = editions.correct(
        issue.public_id, snapshot, occasion=job.payload["occasion"], by=job.requested_by, now=now
    )
    return {"briefing": briefing.public_id, "snapshot": snapshot.public_id, "new_snapshot": fresh}


def make_sheet(job: Job) -> dict[str, Any]:
    """Set a one-page sheet from the rows that whoever asked for it may see: {"sha256", "bytes"}."""
    said = job.payload
    subject = sheets.Subject(said["of"], said["key"]).found(scope=scoping.current())
    snapshot = sheets.snapshot_named(said["snapshot"])
    made = sheets.keep(set_sheet(subject, snapshot, language=said["language"]))
    notices.tell(sheets.topic(str(job.pk)))
    return made
