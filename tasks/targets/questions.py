"""What the plan leaves open: asked in both languages, answered with a document, never decided in silence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, days, ids
from finance_hub.kernel.days import require_day
from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.organisations import established
from finance_hub.kernel.problems import NotFound, refuse
from tasks.models import About, OpenQuestion, QuestionAnswer, ResponsibleUnit, Target, UnitAssignment

#: What an answer decides, by what was asked.
DECIDES = {
    About.LEAD_UNIT: "lead_unit", About.DEADLINE: "deadline", About.PERIOD: "yearly", About.COMPLETENESS: "complete",
}  # fmt: skip


def raise_question(
    *, targets: Iterable[str], about: str, text: str, text_en: str, by: Person, now: datetime
) -> OpenQuestion:
    """A question about one or more targets. Raises InvalidFields (`targets`)."""
    codes = sorted(set(targets))
    found = list(Target.objects.filter(pk__in=codes))
    if not codes or len(found) != len(codes):
        raise refuse("#/targets", "target-unknown", "没有这项目标", "There is no such target")
    made = OpenQuestion(
        code=ids.new("oq").replace("_", "-"), about=about, text=text, text_en=text_en,
        raised_on=days.today(now), recorded_at=now,
    )  # fmt: skip
    with transaction.atomic():
        made.save(force_insert=True)
        made.targets.set(found)
        audit.record(
            "target.ask", actor=by, subject=f"question:{made.code}", at=now, targets=codes, about=about
        )
    return made


def answer(
    code: str,
    *,
    words: str,
    document: str,
    effective_date: date,
    lead_unit: str | None = None,
    deadline: date | None = None,
    yearly: bool | None = None,
    complete: bool | None = None,
    by: Person,
    now: datetime,
) -> QuestionAnswer:
    """An answer in words with its document; it takes the place of one before. What was asked is decided by the
    one of the last four that fits it, none of them for a question about the meaning.

    Raises NotFound, InvalidFields (`effective_date`, `lead_unit`, `deadline`, `yearly`, `complete`).
    """
    question = OpenQuestion.objects.filter(code=code).first()
    if question is None:
        raise NotFound
    require_day(effective_date, now=now)
    decided = {"lead_unit": lead_unit, "deadline": deadline, "yearly": yearly, "complete": complete}
    _require_decision(question, decided)
    unit = _unit(lead_unit) if lead_unit else None
    with transaction.atomic():
        made = QuestionAnswer.objects.create(
            question=question, words=words, document=document, effective_date=effective_date, lead_unit=unit,
            deadline=deadline, yearly=yearly, complete=complete, recorded_by=by, recorded_at=now,
        )  # fmt: skip
        said = {name: str(value) for name, value in decided.items() if value is not None}
        audit.record(
            "target.answer", actor=by, subject=f"question:{code}", at=now, document=document, decided=said
        )
    return made


def assign_unit(name: str, *, organisation: str, by: Person, now: datetime) -> UnitAssignment:
    """Say which organisation, by its code, a printed unit is. Raises NotFound (unit), InvalidFields."""
    unit = ResponsibleUnit.objects.filter(name=name).first()
    if unit is None:
        raise NotFound
    found: Organisation | None = established().filter(code=organisation, kind="department").first()
    if found is None:
        raise refuse("#/organisation", "department-unknown", "没有这个部门", "There is no such department")
    with transaction.atomic():
        made = UnitAssignment.objects.create(unit=unit, organisation=found, recorded_by=by, recorded_at=now)
        audit.record(
            "target.assign_unit", actor=by, subject=f"unit:{name}", at=now, organisation=organisation
        )
    return made


def _require_decision(question: OpenQuestion, decided: dict[str, Any]) -> None:
    """Raises InvalidFields: what was asked is decided, and nothing else."""
    wanted = DECIDES.get(About(question.about))
    for name, value in decided.items():
        if name == wanted and value is None:
            raise refuse(f"#/{name}", "required", "请填写答复的结论", "Say what is decided")
        if name != wanted and value is not None:
            raise refuse(f"#/{name}", "not-asked", "问题没有问这一项", "The question does not ask this")
    deadline = decided["deadline"]
    if deadline is not None and question.targets.filter(baseline_date__gt=deadline).exists():
        raise refuse(
            "#/deadline", "before-the-baseline", "早于方案基准日", "It is before the plan's baseline"
        )


def _unit(name: str) -> ResponsibleUnit:
    try:
        return ResponsibleUnit.objects.get(name=name)
    except ResponsibleUnit.DoesNotExist as unknown:
        raise refuse(
            "#/lead_unit", "unit-unknown", "方案中没有这个单位", "The plan names no such unit"
        ) from unknown
