"""What is due: open months that are over and whose inputs are newer than their last figures."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min
from django.utils import timezone

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job, MonthState, Organisation, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks.inputs import inputs_version


def due(*, now: datetime) -> list[Month]:
    """The ended, open months from the first that a reporter owes, oldest first."""
    first = Organisation.objects.aggregate(first=Min("reports_since"))["first"]
    if first is None:
        return []
    closed = set(MonthState.objects.filter(closed_at__isnull=False).values_list("month", flat=True))
    return [month for month in Month.of(first).until(Month.of(now)) if month.first not in closed]


def enqueue_due(*, now: datetime) -> int:
    """Record a job for each due month once per version of the inputs, and once a day; returns how many are new.

    Harmless to run twice, late, or on two machines: the job's dedupe key decides. A month waits for
    the one before it, because its briefing compares with that month's figures.
    """
    fresh = 0
    with within(EVERYTHING):
        # Once a day whatever is recorded: registers that frames read beside the facts have no version of their own.
        # With unchanged inputs the snapshot is there already.
        version = f"{inputs_version()}:{timezone.localtime(now):%Y%m%d}"
        for month in due(now=now):
            job, is_new = enqueue_month(month, version=version)
            fresh += is_new
            if job.state in {"queued", "running"}:
                break
    return fresh


def enqueue_month(
    month: Month,
    *,
    version: str,
    requested_by: Person | None = None,
    known_at: datetime | None = None,
) -> tuple[Job, bool]:
    """The job that computes a month and drafts its briefing; `requested_by` answers for the draft."""
    asker = f":{requested_by.pk}" if requested_by else ""
    return jobs.enqueue(
        "month",
        dedupe_key=f"month:{month}:{version}{asker}",
        payload={"month": str(month), "known_at": known_at.isoformat() if known_at else None},
        requested_by=requested_by,
    )
