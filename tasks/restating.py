"""A closed month as known now: asked for by a person, computed by a job, kept beside the snapshot of its close."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from finance_hub.kernel import audit, jobs, months
from finance_hub.kernel.models import Job, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from tasks import queries
from tasks.inputs import inputs_version


class MonthIsOpen(Problem):
    code = "month-is-open"
    status = 409
    title = Text("该月份尚未关账", "The month is not closed")
    detail = Text(
        "未关账的月份在数据更新后自动重算，无须重述",
        "An open month is computed again by itself whenever its data change",
    )


def request(month: Month, *, by: Person, now: datetime) -> Job:
    """The job that takes a closed month's snapshot as known now; the same one while nothing new is recorded.

    Raises MonthIsOpen, NoFigures for a month that is neither closed nor computed.
    """
    if not months.is_closed(month):
        queries.snapshot_of(month)
        raise MonthIsOpen
    with transaction.atomic():
        job, fresh = jobs.enqueue(
            "restatement",
            dedupe_key=f"restatement:{month}:{inputs_version()}",
            payload={"month": str(month)},
            requested_by=by,
        )
        if fresh:
            audit.record("month.restate", actor=by, subject=f"month:{month}", at=now)
    return job
