"""What is due: the base case of every month of the last year whose figures are newer than its joint loss."""

from __future__ import annotations

from datetime import datetime

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks.exposure.assumed import assumed
from tasks.models import LossResult
from tasks.risk import VERSION, entered, runs

#: As long as the history that pages show.
MONTHS = 13


def is_awaited(month: Month) -> bool:
    """Whether the base case of a month is computed by itself."""
    return month in {Month.of(snapshot.month) for snapshot in entered.newest_snapshots(MONTHS)}


def enqueue_due(*, now: datetime) -> int:
    """Record one job, for the newest month that lacks its base case; returns how many are new.

    Harmless to run twice, late, or on two machines. Nothing is due before a reporter owes its reports, nor without
    assumptions in force. A month that has nothing to lose is asked once.
    """
    if not Organisation.objects.filter(reports_since__lte=now.date()).exists():
        return 0
    with within(EVERYTHING):
        for snapshot in entered.newest_snapshots(MONTHS):
            assumptions = assumed(as_of=Month.of(snapshot.month).end)
            if assumptions is None:
                continue
            base = LossResult.objects.filter(snapshot=snapshot, assumptions=assumptions, scenario=None)
            if base.filter(version=VERSION).exists():
                continue
            job, is_new = jobs.enqueue(
                "loss",
                dedupe_key=f"loss:{snapshot.public_id}:{assumptions.public_id}:{runs.BASE}:{VERSION}",
                payload=runs.payload(snapshot, assumptions),
            )
            if is_new or job.state in {"queued", "running"}:
                return int(is_new)
    return 0
