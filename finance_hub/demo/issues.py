"""The published issues of the past, and the draft of the month that is still open.

Month by month: figures as known at the close, a draft for which the maker answers, review and approval
by the approver, and the next month. The workers do the jobs (or this process does, `inline`). Only the
times of approval are those of the city: the publishing job reads the real clock, so that
`published_at` of all issues is the day of the loading.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

from finance_hub.demo import calendar
from finance_hub.demo.people import BANKS, GUARANTORS, INSURERS, People
from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks import matters, publication
from tasks.inputs import inputs_version
from tasks.models import Briefing
from tasks.risk import runs
from tasks.schedule import enqueue_month

UNFINISHED = ("queued", "running")
PAUSE_SECONDS = 0.2
REPORTERS = [house.code for house in (*BANKS, *GUARANTORS, *INSURERS)]

#: Raised for the issue of the last month: in Chinese, in English, until when.
MATTERS = (
    (
        "会同未报送银行核实10月末存量，补报后重算当月数据",
        "Settle the positions of October with the bank that has not reported, and compute the month again",
        date(2026, 11, 20),
    ),
    (
        "组织拟上市企业与保荐机构对接，梳理辅导进度",
        "Bring the firms on their way to a listing together with their sponsors, and review their tutoring",
        date(2026, 12, 15),
    ),
)

Say = Callable[[str], object]


class UnableToFinish(RuntimeError):
    """A job of the city failed, or took too long."""


def publish_past(people: People, *, inline: bool, seconds: float, say: Say) -> None:
    """Publish every closed month in order. Safe to repeat: what is approved stays.

    Raises UnableToFinish when a job fails or all together take longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    for month in calendar.closed():
        if _approved(month):
            continue
        _finish(_draft(month, people, known_at=calendar.closed_at(month)), inline=inline, deadline=deadline)
        with within(EVERYTHING):
            draft = Briefing.objects.get(month=month.first, state="draft")
            approved_at = calendar.approved_at(month)
            publication.review(draft.public_id, by=people["approver"], now=approved_at - timedelta(hours=1))
            publication.approve(draft.public_id, by=people["approver"], now=approved_at)
        say(f"published {month}")
        if inline:
            finish_jobs(inline=True, seconds=deadline - time.monotonic())


def open_last(people: People, *, inline: bool, seconds: float) -> None:
    """Reporters owe their reports from now on, the open month gets its draft, and its figures are put to the scenarios.

    Until here the schedule finds no month due: it would draft months before the ones they are
    compared with. Safe to repeat.
    """
    waiting = Organisation.objects.filter(code__in=REPORTERS, reports_since=None)
    waiting.update(reports_since=calendar.FIRST.first)
    _raise_matters(people)
    job = _draft(calendar.LAST, people, known_at=calendar.TODAY)
    deadline = time.monotonic() + seconds
    _finish(job, inline=inline, deadline=deadline)
    with within(EVERYTHING):
        runs.start(calendar.LAST, by=people["maker"], now=calendar.TODAY)
    finish_jobs(inline=inline, seconds=deadline - time.monotonic())


def _raise_matters(people: People) -> None:
    """What the maker wants seen to after the last month, once."""
    with within(EVERYTHING):
        if matters.matters(month=calendar.LAST).exists():
            return
        for zh, en, due in MATTERS:
            matters.raise_matter(
                calendar.LAST, text=zh, text_en=en, owner="市金融发展服务中心", owner_en="Finance centre", due=due,
                by=people["maker"], now=calendar.proposed_at(calendar.LAST),
            )  # fmt: skip


def is_finished() -> bool:
    """Whether the last step of a loading has been taken."""
    owing = Organisation.objects.filter(code__in=REPORTERS, reports_since__isnull=False)
    return owing.count() == len(REPORTERS)


def finish_jobs(*, inline: bool, seconds: float) -> None:
    """Wait until no job is unfinished, those that others leave behind included. Raises UnableToFinish."""
    deadline = time.monotonic() + seconds
    while job := Job.objects.filter(state__in=UNFINISHED).order_by("created_at", "pk").first():
        _finish(job, inline=inline, deadline=deadline)


def _approved(month: Month) -> bool:
    with within(EVERYTHING):
        return Briefing.objects.filter(month=month.first, state__in=["approved", "published"]).exists()


def _draft(month: Month, people: People, *, known_at: datetime) -> Job:
    with within(EVERYTHING):
        return enqueue_month(
            month, version=inputs_version(), requested_by=people["maker"], known_at=known_at
        )[0]


def _finish(job: Job, *, inline: bool, deadline: float) -> None:
    """Do the job here, or wait for the worker that does it."""
    while True:
        if inline:
            jobs.run(str(job.pk))
        job.refresh_from_db()
        if job.state == "succeeded":
            return
        if job.state not in UNFINISHED:
            raise UnableToFinish(f"job {job.kind} {job.payload} {job.state}: {job.error}")
        if time.monotonic() > deadline:
            raise UnableToFinish(f"job {job.kind} {job.payload} is still {job.state}; do workers run?")
        time.sleep(PAUSE_SECONDS)
