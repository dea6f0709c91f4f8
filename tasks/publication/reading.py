"""A briefing as people look for it: by its id, the newest edition of the same issue, its key points, what it lacks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from finance_hub.kernel.models import Job
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import FieldError, NotFound, Problem
from finance_hub.kernel.text import Text
from tasks import obstacles, queries
from tasks.briefing import tree
from tasks.briefing.layout import Issue, Language
from tasks.models import Briefing, BriefingContent
from tasks.obstacles import Obstacle

UNFINISHED = ("queued", "running")


class EditUnderWay(Problem):
    code = "briefing-being-edited"
    status = 409
    title = Text("对本稿的修改正在排版", "An edit of this draft is being set")
    detail = Text("请待其完成后打开最新一稿", "Wait until it is done, and open the newest draft")


class ReasonsMissing(Problem):
    code = "reasons-missing"
    status = 409
    title = Text("存在须书面说明理由的情形", "A written reason is missing")
    detail = Text(
        "以下情形须先在草稿中写明理由：{what}",
        "The draft must first give a written reason for each of: {what}",
    )

    @classmethod
    def naming(cls, found: list[Obstacle]) -> ReasonsMissing:
        what = Text("；".join(one.text.zh for one in found), "; ".join(one.text.en for one in found))
        errors = tuple(FieldError("reason-missing", f"#/reasons/{one.name}", one.text) for one in found)
        return cls(what=what, errors=errors)


def find(public_id: str) -> Briefing:
    """Raises NotFound."""
    briefing = queries.briefings().filter(public_id=public_id).first()
    if briefing is None:
        raise NotFound
    return briefing


def latest(briefing: Briefing) -> Briefing:
    """The newest edition of the same issue or correction."""
    same = Briefing.objects.filter(month=briefing.month, correction=briefing.correction)
    return same.order_by("-pk").first() or briefing


def tree_of(briefing: Briefing, language: Language) -> Issue | None:
    """The content tree as it was kept; None for editions from before contents were."""
    content = BriefingContent.objects.filter(briefing=briefing, language=language).first()
    found: Issue | None = tree.revived(content.tree) if content else None
    return found


def points_of(briefing: Briefing, language: Language) -> tuple[Any, ...]:
    """The key points as they stand in the edition, in parts."""
    issue = tree_of(briefing, language)
    return issue.key_points if issue else ()


def unanswered(briefing: Briefing, *, now: datetime) -> list[Obstacle]:
    """What stands against publishing and has no written reason."""
    return obstacles.unanswered(briefing, now=now)


def require_reasons(briefing: Briefing, *, now: datetime) -> None:
    """Raises ReasonsMissing, which names each."""
    found = unanswered(briefing, now=now)
    if found:
        raise ReasonsMissing.naming(found)


def require_settled(briefing: Briefing) -> None:
    """Nobody says of a draft that it is in order while a job is changing it. Raises EditUnderWay."""
    about = Q(payload__briefing=briefing.public_id) | Q(payload__month=str(Month.of(briefing.month)))
    if Job.objects.filter(about, kind="edition", state__in=UNFINISHED).exists():
        raise EditUnderWay


def file_name(briefing: Briefing) -> str:
    """科创金融工作简报_2026年第10期_20261108.pdf, …_2026年第10期（更正版）_….pdf, or …_2026年10月_草稿.pdf."""
    corrected = "（更正版）" if briefing.correction else ""
    if briefing.correction > 1:
        corrected = f"（第{briefing.correction}次更正版）"
    if briefing.issue_no and briefing.approved_at:
        day = timezone.localtime(briefing.approved_at).strftime("%Y%m%d")
        return f"科创金融工作简报_{briefing.year}年第{briefing.issue_no}期{corrected}_{day}.pdf"
    return f"科创金融工作简报_{briefing.month.year}年{briefing.month.month}月{corrected}_草稿.pdf"
