"""需关注事项 as people record them: raised for the issue of a month, and what came of them; the month's draft is set again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from finance_hub.kernel import audit, ids, jobs
from finance_hub.kernel.models import Job, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from tasks.models import Briefing, Matter, MatterOutcome, MatterStanding


class IssueIsApproved(Problem):
    code = "issue-is-approved"
    status = 409
    title = Text(
        "该月简报已批准或已审核，事项不再变动",
        "The issue of the month is reviewed or approved: its matters stand",
    )
    detail = Text(
        "已审核的须先退回；已批准的请登记在下一期",
        "Send a reviewed one back first; after approval, record it for the next issue",
    )


class MatterIsSettled(Problem):
    code = "matter-is-settled"
    status = 409
    title = Text("该事项已办结", "The matter is settled")


def matters(*, month: Month | None = None) -> QuerySet[Matter]:
    """With their outcomes and who recorded them, those of a month where given."""
    rows = Matter.objects.select_related("recorded_by").prefetch_related("outcomes__recorded_by")
    return rows.filter(month=month.first) if month else rows


def find(public_id: str) -> Matter:
    """Raises NotFound."""
    found = matters().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def raise_matter(
    month: Month, *, text: str, text_en: str, owner: str, owner_en: str, due: date, by: Person, now: datetime
) -> Matter:
    """Something to be seen to, in the issue of the month. Raises InvalidFields, IssueIsApproved."""
    if due <= month.last:
        raise refuse(
            "#/due",
            "due-in-the-month",
            "办理时限须在当月之后",
            "It is due after the month that it is raised in",
        )
    if Month.of(now) < month:
        raise refuse("#/month", "month-ahead", "该月份尚未开始", "The month has not begun yet")
    with transaction.atomic():
        _require_open(month)
        matter = Matter.objects.create(
            public_id=ids.new("ma"), month=month.first, text=text, text_en=text_en, owner=owner, owner_en=owner_en,
            due=due, recorded_by=by, recorded_at=now,
        )  # fmt: skip
        _redraw(month, f"raised:{matter.public_id}", by=by)
        audit.record("matter.raise", actor=by, subject=f"matter:{matter.public_id}", at=now, month=str(month))
    return matter


def record_outcome(
    public_id: str, month: Month, *, standing: str, text: str, text_en: str, by: Person, now: datetime
) -> MatterOutcome:
    """What the issue of the month says came of the matter. Raises NotFound, InvalidFields, MatterIsSettled,
    IssueIsApproved."""
    with transaction.atomic():
        matter = find(public_id)
        # Nobody may lock a row that nobody may change.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"matter {public_id}"])
        if month.first < matter.month:
            raise refuse(
                "#/month",
                "before-it-was-raised",
                "早于提出的月份",
                "Before the month that the matter was raised in",
            )
        last = MatterOutcome.objects.filter(matter=matter).order_by("-pk").first()
        if last and last.standing != MatterStanding.OPEN and last.month < month.first:
            raise MatterIsSettled
        _require_open(month)
        outcome = MatterOutcome.objects.create(
            matter=matter, month=month.first, standing=standing, text=text, text_en=text_en, recorded_by=by,
            recorded_at=now,
        )  # fmt: skip
        _redraw(month, f"outcome:{outcome.pk}", by=by)
        audit.record(
            "matter.outcome",
            actor=by,
            subject=f"matter:{public_id}",
            at=now,
            month=str(month),
            standing=standing,
        )
    return outcome


def _require_open(month: Month) -> None:
    """Once somebody has said that the paper is in order it says what he has read."""
    said = Briefing.objects.filter(month=month.first, state__in=["reviewed", "approved", "published"])
    if said.exists() and not Briefing.objects.filter(month=month.first, state="draft").exists():
        raise IssueIsApproved


def _redraw(month: Month, what: str, *, by: Person) -> Job | None:
    """A job that sets the month's draft again; None where there is no draft."""
    if not Briefing.objects.filter(month=month.first, state="draft").exists():
        return None
    return jobs.enqueue(
        "edition", dedupe_key=f"matters:{what}", payload={"month": str(month)}, requested_by=by
    )[0]
