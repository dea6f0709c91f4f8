"""The road of a draft: one person answers for it, another reviews it, another than the first approves it."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from finance_hub.kernel import audit, jobs
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Problem, SelfApproval, refuse
from finance_hub.kernel.text import Text
from tasks.briefing.refusals import AlreadyCorrected, NotADraft, StaleDraft
from tasks.models import Briefing
from tasks.publication.reading import find, latest, require_reasons, require_settled

LONGEST_REASON = 500


class NobodyAnswers(Problem):
    code = "briefing-not-taken"
    status = 409
    title = Text("草稿尚无责任人", "Nobody answers for the draft yet")
    detail = Text(
        "系统自动生成的草稿须先由经办人认领，再由另一人审核",
        "A draft made by the schedule is first taken by a maker and then reviewed by another person",
    )


class NotReviewed(Problem):
    code = "briefing-not-reviewed"
    status = 409
    title = Text("该简报尚未审核", "The briefing has not been reviewed")
    detail = Text("草稿须先经审核，再予批准", "A draft is reviewed before it is approved")


def take(public_id: str, *, by: Person, now: datetime) -> Briefing:
    """Answer for a draft that nobody answers for, or take it over. Raises NotFound, NotADraft, StaleDraft."""
    with transaction.atomic():
        briefing = _current(public_id)
        if not _draft(briefing).update(drafted_by=by, drafted_at=now):
            raise NotADraft
        audit.record("briefing.take", actor=by, subject=f"briefing:{public_id}", at=now)
    return find(public_id)


def review(public_id: str, *, by: Person, now: datetime) -> Briefing:
    """Say that a draft is in order, by another person than who answers for it. Raises NotFound, NotADraft,
    StaleDraft, NobodyAnswers, SelfApproval, EditUnderWay, ReasonsMissing."""
    with transaction.atomic():
        briefing = _current(public_id)
        if briefing.state != "draft":
            raise NotADraft
        _require_another(briefing, by)
        require_settled(briefing)
        require_reasons(briefing, now=now)
        if not _draft(briefing).exclude(drafted_by=by).update(
            state="reviewed", reviewed_by=by, reviewed_at=now, returned_by=None, returned_at=None, return_reason=""
        ):  # fmt: skip
            raise NotADraft
        audit.record("briefing.review", actor=by, subject=f"briefing:{public_id}", at=now)
    return find(public_id)


def send_back(public_id: str, *, reason: str, by: Person, now: datetime) -> Briefing:
    """A draft or a reviewed edition to its maker, with the reason. Raises NotFound, InvalidFields, NotADraft,
    StaleDraft, SelfApproval."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise refuse(
            "#/reason", "return-reason", "退回须写明理由，最多{most}字", "Say why it is sent back, in at most {most} letters",
            most=str(LONGEST_REASON),
        )  # fmt: skip
    with transaction.atomic():
        briefing = _current(public_id)
        if briefing.state not in ("draft", "reviewed"):
            raise NotADraft
        if briefing.state == "draft" and briefing.drafted_by_id == by.pk:
            raise SelfApproval
        if not Briefing.objects.filter(pk=briefing.pk, state=briefing.state).update(
            state="draft", reviewed_by=None, reviewed_at=None, returned_by=by, returned_at=now, return_reason=reason.strip()
        ):  # fmt: skip
            raise NotADraft
        audit.record(
            "briefing.send_back", actor=by, subject=f"briefing:{public_id}", at=now, reason=reason.strip()
        )
    return find(public_id)


def approve(public_id: str, *, by: Person, now: datetime) -> Briefing:
    """Approve a reviewed draft under the next numbers, a correction under those of its issue, and have it published.

    Raises NotFound, NotADraft, StaleDraft, NobodyAnswers, SelfApproval, NotReviewed, ReasonsMissing, AlreadyCorrected.
    """
    with transaction.atomic():
        briefing = _current(public_id)
        if briefing.state not in ("draft", "reviewed"):
            raise NotADraft
        _require_another(briefing, by)
        if briefing.state == "draft":
            raise NotReviewed
        require_reasons(briefing, now=now)
        issue_no, total_no = _numbers(briefing)
        mine = Briefing.objects.filter(pk=briefing.pk, state="reviewed").exclude(drafted_by=by)
        if not mine.update(
            state="approved", approved_by=by, approved_at=now, issue_no=issue_no, total_no=total_no
        ):
            raise NotADraft
        jobs.enqueue(
            "publish",
            dedupe_key=f"publish:{public_id}",
            payload={"month": str(Month.of(briefing.month)), "briefing": public_id},
            requested_by=by,
        )
        audit.record(
            "briefing.approve", actor=by, subject=f"briefing:{public_id}", at=now, issue_no=issue_no,
            correction=briefing.correction, reasons=briefing.reasons,
        )  # fmt: skip
    return find(public_id)


def _current(public_id: str) -> Briefing:
    """The edition, unless another has taken its place. Raises NotFound, StaleDraft."""
    briefing = find(public_id)
    if briefing.state == "superseded" and latest(briefing).pk != briefing.pk:
        raise StaleDraft.since(briefing)
    return briefing


def _draft(briefing: Briefing) -> QuerySet[Briefing]:
    return Briefing.objects.filter(pk=briefing.pk, state="draft")


def _require_another(briefing: Briefing, by: Person) -> None:
    if briefing.drafted_by_id is None:
        raise NobodyAnswers
    if briefing.drafted_by_id == by.pk:
        raise SelfApproval


def _numbers(briefing: Briefing) -> tuple[int, int]:
    """期号 of the year and 总期号; a lock held to the commit keeps both without gaps. Raises AlreadyCorrected."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('briefing numbers'))")
    if briefing.corrects:
        later = Briefing.objects.filter(month=briefing.month, state__in=["approved", "published"])
        if later.filter(correction__gte=briefing.correction).exists():
            raise AlreadyCorrected
        return briefing.corrects.issue_no or 0, briefing.corrects.total_no or 0
    of_year = Briefing.objects.filter(year=briefing.year).aggregate(last=Max("issue_no"))["last"] or 0
    of_all = Briefing.objects.aggregate(last=Max("total_no"))["last"] or 0
    return of_year + 1, of_all + 1
