"""What people do with a briefing: ask for a draft, answer for it, approve it. Light: no typesetting."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from finance_hub.kernel import audit, jobs
from finance_hub.kernel.models import Job, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound, Problem, SelfApproval
from finance_hub.kernel.text import Text
from tasks.inputs import inputs_version
from tasks.models import Briefing
from tasks.schedule import enqueue_month


class MonthStillRuns(Problem):
    code = "month-still-runs"
    status = 409
    title = Text("该月份尚未结束，不能编制简报", "The month is not over: it has no briefing yet")


class NotADraft(Problem):
    code = "briefing-not-a-draft"
    status = 409
    title = Text("该简报不是待批草稿", "The briefing is not a draft that waits for approval")


class NobodyAnswers(Problem):
    code = "briefing-not-taken"
    status = 409
    title = Text("草稿尚无责任人", "Nobody answers for the draft yet")
    detail = Text(
        "系统自动生成的草稿须先由经办人认领，再由另一人批准",
        "A draft made by the schedule is first taken by a maker and then approved by another person",
    )


def request_draft(month: Month, *, by: Person, now: datetime) -> Job:
    """A job that computes the month and drafts its briefing, for which `by` answers. Raises MonthStillRuns."""
    if Month.of(now) <= month:
        raise MonthStillRuns
    with transaction.atomic():
        job, fresh = enqueue_month(month, version=inputs_version(), requested_by=by)
        if fresh:
            audit.record("briefing.request", actor=by, subject=f"month:{month}", at=now)
    return job


def take(public_id: str, *, by: Person, now: datetime) -> Briefing:
    """Answer for a draft that nobody answers for, or take it over. Raises NotFound, NotADraft."""
    briefing = find(public_id)
    with transaction.atomic():
        if not Briefing.objects.filter(pk=briefing.pk, state="draft").update(drafted_by=by, drafted_at=now):
            raise NotADraft
        audit.record("briefing.take", actor=by, subject=f"briefing:{public_id}", at=now)
    return find(public_id)


def approve(public_id: str, *, by: Person, now: datetime) -> Briefing:
    """Approve a draft under the next numbers and have it published. Raises NotFound, NobodyAnswers,
    SelfApproval, NotADraft."""
    with transaction.atomic():
        briefing = find(public_id)
        if briefing.state != "draft":
            raise NotADraft
        if briefing.drafted_by_id is None:
            raise NobodyAnswers
        if briefing.drafted_by_id == by.pk:
            raise SelfApproval
        issue_no, total_no = _next_numbers(briefing.year)
        mine = Briefing.objects.filter(pk=briefing.pk, state="draft").exclude(drafted_by=by)
        if not mine.update(
            state="approved", approved_by=by, approved_at=now, issue_no=issue_no, total_no=total_no,
            reviewed_by=by, reviewed_at=now,
        ):  # fmt: skip
            raise NotADraft
        jobs.enqueue(
            "publish", dedupe_key=f"publish:{public_id}", payload={"briefing": public_id}, requested_by=by
        )
        audit.record("briefing.approve", actor=by, subject=f"briefing:{public_id}", at=now, issue_no=issue_no)
    return find(public_id)


def find(public_id: str) -> Briefing:
    """Raises NotFound."""
    rows = Briefing.objects.select_related("snapshot", "drafted_by", "approved_by")
    briefing = rows.filter(public_id=public_id).first()
    if briefing is None:
        raise NotFound
    return briefing


def file_name(briefing: Briefing) -> str:
    """科创金融工作简报_2026年第10期_20261108.pdf, or …_2026年10月_草稿.pdf."""
    if briefing.issue_no and briefing.approved_at:
        day = timezone.localtime(briefing.approved_at).strftime("%Y%m%d")
        return f"科创金融工作简报_{briefing.year}年第{briefing.issue_no}期_{day}.pdf"
    return f"科创金融工作简报_{briefing.month.year}年{briefing.month.month}月_草稿.pdf"


def _next_numbers(year: int) -> tuple[int, int]:
    """期号 of the year and 总期号; a lock held to the commit keeps both without gaps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('briefing numbers'))")
    of_year = Briefing.objects.filter(year=year).aggregate(last=Max("issue_no"))["last"] or 0
    of_all = Briefing.objects.aggregate(last=Max("total_no"))["last"] or 0
    return of_year + 1, of_all + 1
