"""What was reported of a target, by whom, and what came of it; and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound
from tasks.models import OpenQuestion, QuestionAnswer, Target, TargetReport
from tasks.standing import rights


def reports_of(target: Target) -> QuerySet[TargetReport]:
    """Every report of the target's metric with its decision, people, documents and what it corrects, newest first."""
    metric = target.duplicate_of_id or target.pk
    same = [metric, *Target.objects.filter(duplicate_of=metric).values_list("pk", flat=True)]
    return _whole(TargetReport.objects.filter(target__in=same)).order_by("-recorded_at", "-pk")


def waiting(codes: Iterable[str]) -> QuerySet[TargetReport]:
    """Reports of these targets that nobody has decided about, the oldest first."""
    found = TargetReport.objects.filter(decision=None, target__in=list(codes))
    return _whole(found).order_by("recorded_at", "pk")


def report(code: str, public_id: str, *, reader: Person, known_at: datetime) -> TargetReport:
    """One report of a target that the reader reads. Raises NotFound."""
    target = rights.require_theirs(code, reader, known_at=known_at)
    found = reports_of(target).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def questions_of(codes: Iterable[str]) -> list[OpenQuestion]:
    """The questions about any of these targets with their answers, the last one first, and all their targets."""
    answers = QuestionAnswer.objects.select_related("recorded_by", "lead_unit").order_by(
        "-recorded_at", "-pk"
    )
    asked = OpenQuestion.objects.filter(targets__in=list(codes)).distinct().order_by("about", "code")
    listed = Prefetch("targets", Target.objects.order_by("position"))
    return list(asked.prefetch_related(Prefetch("answers", answers), listed))


def question(code: str) -> OpenQuestion:
    """Raises NotFound."""
    found = OpenQuestion.objects.filter(code=code).prefetch_related("targets").first()
    if found is None:
        raise NotFound
    return found


def _whole(reports: QuerySet[TargetReport]) -> QuerySet[TargetReport]:
    people = ("reported_by__organisation", "decision__decided_by", "corrects", "target")
    replaced = TargetReport.objects.filter(corrects=OuterRef("pk"), decision__approved=True)
    whole: QuerySet[TargetReport] = reports.annotate(is_corrected=Exists(replaced))
    return whole.select_related(*people).prefetch_related("documents")


def state(report: TargetReport) -> str:
    """`waiting`, `rejected`, `corrected`, or `approved`: in force. Of a report read by this module."""
    decision = getattr(report, "decision", None)
    if decision is None:
        return "waiting"
    if not decision.approved:
        return "rejected"
    return "corrected" if getattr(report, "is_corrected", False) else "approved"
