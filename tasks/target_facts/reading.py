"""What is known of the targets: reports in force, and what answers have decided.

`as_of` is exclusive, `known_at` inclusive. A report is in force from the moment of its approval until the
approval of its correction; a duplicate shares the reports of the target that counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from tasks.models import About, OpenQuestion, QuestionAnswer, ResponsibleUnit, Target, TargetReport


class TargetFact(NamedTuple):
    """A target with the latest value in force, None where there is none.

    `deadline` and `lead_unit` are those decided, else those of the plan; of a target whose plan names no unit the
    one that its duplicate names. `start` is the value in force at the baseline, `delivered` the last day that a
    report in force or waiting is of. `open_questions` are (code, about).
    """

    code: str
    metric: str
    value: str
    unit: str
    comparison: str
    baseline_date: date
    deadline: date | None
    tracking: str
    reported: str | None
    reported_as_of: date | None
    kind: str = "increment"
    duplicate_of: str = ""
    lead_unit: str = ""
    lead_unit_en: str = ""
    cadence: str = ""
    yearly: bool = False
    complete: bool = False
    start: str | None = None
    delivered: date | None = None
    open_questions: tuple[tuple[str, str], ...] = ()
    text: str = ""
    text_en: str = ""


@dataclass(frozen=True)
class Terms:
    """What is decided of a target by a moment, over what the plan says."""

    lead_unit: str
    deadline: date | None
    yearly: bool
    complete: bool
    is_lead_decided: bool
    is_deadline_decided: bool


def read(as_of: date, known_at: datetime) -> list[TargetFact]:
    """Every target in the plan's order; a handful of statements."""
    targets = list(Target.objects.order_by("position"))
    reports = _by_metric(in_force(as_of=as_of, known_at=known_at))
    delivered = _delivered(as_of, known_at)
    decided = terms(targets, known_at=known_at)
    asked = open_questions(known_at=known_at)
    english = dict(ResponsibleUnit.objects.values_list("name", "name_en"))
    facts = []
    for target in targets:
        metric, of = target.duplicate_of_id or target.pk, decided[target.pk]
        latest = reports[metric][-1] if reports[metric] else None
        before = [one for one in reports[metric] if one.as_of <= target.baseline_date]
        facts.append(
            TargetFact(
                target.pk, target.metric, str(target.value), target.unit, target.comparison,
                target.baseline_date, of.deadline, target.tracking,
                str(latest.value) if latest else None,
                latest.as_of if latest else None,
                kind=target.kind,
                duplicate_of=target.duplicate_of_id or "",
                lead_unit=of.lead_unit,
                lead_unit_en=english.get(of.lead_unit, of.lead_unit),
                cadence=target.cadence,
                yearly=of.yearly,
                complete=of.complete,
                start=str(before[-1].value) if before else None,
                delivered=delivered.get(metric),
                open_questions=tuple(asked.get(target.pk, ())),
                text=target.text,
                text_en=target.text_en,
            )
        )  # fmt: skip
    return facts


def in_force(*, as_of: date, known_at: datetime) -> QuerySet[TargetReport]:
    """Reports in force, oldest first, each with the code of its `metric`'s target."""
    approved = Q(decision__approved=True, decision__decided_at__lte=known_at)
    replaced = TargetReport.objects.filter(approved, corrects=OuterRef("pk"))
    found = TargetReport.objects.filter(approved, as_of__lt=as_of).exclude(Exists(replaced))
    reports: QuerySet[TargetReport] = _named(found).order_by("as_of", "recorded_at", "pk")
    return reports


def _named(reports: QuerySet[TargetReport]) -> Any:
    return reports.annotate(metric=Coalesce("target__duplicate_of_id", "target_id"))


def _by_metric(reports: Iterable[Any]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for report in reports:
        found[report.metric].append(report)
    return found


def _delivered(as_of: date, known_at: datetime) -> dict[str, date]:
    """{target: the last day that something is reported for which nobody has rejected by then}."""
    rejected = Q(decision__approved=False, decision__decided_at__lte=known_at)
    kept = TargetReport.objects.filter(as_of__lt=as_of, recorded_at__lte=known_at).exclude(rejected)
    return dict(_named(kept).order_by("as_of").values_list("metric", "as_of"))


def terms(targets: Iterable[Target], *, known_at: datetime) -> dict[str, Terms]:
    """{code: what is decided of it}; of several answers the last recorded."""
    answers: dict[tuple[str, str], QuestionAnswer] = {}
    rows = QuestionAnswer.objects.filter(recorded_at__lte=known_at).select_related("lead_unit")
    for answer in rows.order_by("recorded_at", "pk").annotate(
        target=F("question__targets"), about=F("question__about")
    ):
        answers[answer.target, answer.about] = answer
    every = list(targets)
    carried = {t.duplicate_of_id: t.lead_unit for t in every if t.duplicate_of_id and t.lead_unit}
    found = {}
    for target in every:
        lead, deadline, period, complete = (
            answers.get((target.pk, about))
            for about in (About.LEAD_UNIT, About.DEADLINE, About.PERIOD, About.COMPLETENESS)
        )
        found[target.pk] = Terms(
            lead.lead_unit.name
            if lead and lead.lead_unit
            else target.lead_unit or carried.get(target.pk, ""),
            deadline.deadline if deadline else target.deadline,
            bool(period.yearly) if period else target.deadline is None,
            bool(complete and complete.complete),
            is_lead_decided=lead is not None,
            is_deadline_decided=deadline is not None,
        )
    for target in every:
        # One metric, one completeness: the duplicate is counted where its original is.
        if target.duplicate_of_id in found and found[target.duplicate_of_id].complete:
            found[target.pk] = Terms(**{**vars(found[target.pk]), "complete": True})
    return found


def open_questions(*, known_at: datetime) -> dict[str, list[tuple[str, str]]]:
    """{target: (code, about) of its questions that nobody had answered, in the order of their codes}."""
    answered = QuestionAnswer.objects.filter(question=OuterRef("pk"), recorded_at__lte=known_at)
    asked = OpenQuestion.objects.filter(recorded_at__lte=known_at).exclude(Exists(answered))
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, about, target in asked.order_by("code", "targets").values_list("code", "about", "targets"):
        found[target].append((code, about))
    return dict(found)
