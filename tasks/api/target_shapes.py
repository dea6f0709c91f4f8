"""Targets, reports, questions and units as they are sent and answered."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from finance_hub.kernel.text import Text
from finance_hub.rest.errors import language_of
from finance_hub.rest.fields import Choice, Day, Instant, Record, Whole, Words, YesNo
from tasks import standing
from tasks.api.shapes import Number, stamp
from tasks.engine.progress import STATUSES
from tasks.models import About, OpenQuestion, TargetReport
from tasks.models.targets import Kind, Tracking
from tasks.standing import Standing

STATES = ("waiting", "approved", "rejected", "corrected")
_UNIT = 60


class NewerReportShape(Record):
    as_of = Day()
    value = Number()


class TargetShape(Record):
    """`deadline` and `lead_unit` are those decided, else the plan's. The status and the values are the stored figures
    of the newest month, as known at `figures_known_at`, null where there is none; `newer_report` is what is in force
    today where they do not hold it: they follow with the next computation. `ahead` is below 0 where the target is
    behind its line. `report_due` is the day on which the oldest missing report was due. `duplicate_of` is the target
    of the same metric that counts."""

    code = Words(max_length=12)
    section = Words(max_length=20)
    metric = Words(max_length=80)
    text = Words(max_length=2000)
    quote = Words(max_length=2000)
    value = Number()
    unit = Words(max_length=30)
    comparison = Choice([">=", "<=", "=", ">"])
    kind = Choice(Kind.values)
    strength = Words(max_length=12)
    baseline_date = Day()
    deadline = Day(allow_null=True)
    deadline_basis = Words(max_length=120)
    lead_unit = Words(max_length=_UNIT, allow_null=True)
    co_responsible_units = serializers.ListField(child=Words(max_length=_UNIT))
    tracking = Choice(Tracking.values)
    duplicate_of = Words(max_length=12, allow_null=True)
    note = Words(max_length=4000, min_length=0)
    open_questions = serializers.ListField(child=Words(max_length=60))
    status = Choice(STATUSES, allow_null=True)
    present = Number(allow_null=True)
    expected = Number(allow_null=True)
    ahead = Number(allow_null=True)
    progress = Number(allow_null=True, places=8)
    counted = Number(allow_null=True)
    figures_known_at = Instant(allow_null=True)
    newer_report = NewerReportShape(allow_null=True)
    cadence = Words(max_length=10, allow_null=True)
    report_due = Day(allow_null=True)
    report_days_overdue = Whole()
    reports_waiting = Whole()

    def to_representation(self, instance: Standing) -> dict[str, Any]:
        target, fact, newer = instance.target, instance.fact, instance.newer
        say = Text(target.text, target.text_en).say
        language = language_of(self.context["request"])
        return {
            "code": target.pk,
            "section": target.section,
            "metric": target.metric,
            "text": say(language),
            "quote": target.quote,
            "value": plain(target.value),
            "unit": target.unit,
            "comparison": target.comparison,
            "kind": target.kind,
            "strength": target.strength,
            "baseline_date": target.baseline_date.isoformat(),
            "deadline": fact.deadline.isoformat() if fact.deadline else None,
            "deadline_basis": target.deadline_basis,
            "lead_unit": fact.lead_unit or None,
            "co_responsible_units": target.co_responsible_units,
            "tracking": target.tracking,
            "duplicate_of": target.duplicate_of_id,
            "note": Text(target.note, target.note_en).say(language),
            "open_questions": [code for code, _about in fact.open_questions],
            "status": instance.status,
            "present": plain(instance.value("target.value")),
            "expected": plain(instance.value("target.expected")),
            "ahead": plain(instance.value("target.ahead")),
            "progress": plain(instance.value("target.progress")),
            "counted": plain(instance.value("target.counted")),
            "figures_known_at": stamp(instance.known_at) if instance.known_at else None,
            "newer_report": {"as_of": newer[1].isoformat(), "value": plain(newer[0])} if newer else None,
            "cadence": fact.cadence or None,
            "report_due": instance.due.isoformat() if instance.due else None,
            "report_days_overdue": instance.days_overdue,
            "reports_waiting": instance.waiting,
        }


def plain(value: Any) -> str | None:
    return None if value is None else f"{value.normalize():f}"


class ReportRequest(Record):
    """`corrects` is the id of a report in force whose place this one takes once it is approved."""

    as_of = Day()
    value = Number()
    evidence = Words(max_length=300)
    corrects = Words(max_length=40, allow_null=True, required=False, default=None)


class RejectionRequest(Record):
    reason = Words(max_length=500)


class DocumentShape(Record):
    id = Words(max_length=40, source="public_id")
    name = Words(max_length=200)
    size = Whole()
    media_type = Words(max_length=100)
    sha256 = Words(max_length=64)


class ReportShape(Record):
    """`state` is `approved` while the report is in force and `corrected` once another took its place. What was in
    force before a second person was asked is approved by nobody."""

    id = Words(max_length=40)
    target = Words(max_length=12)
    as_of = Day()
    value = Number()
    evidence = Words(max_length=300)
    corrects = Words(max_length=40, allow_null=True)
    state = Choice(STATES)
    reported_by = Words(max_length=64)
    recorded_at = Instant()
    decided_by = Words(max_length=64, allow_null=True)
    decided_at = Instant(allow_null=True)
    reason = Words(max_length=500, allow_null=True)
    documents = DocumentShape(many=True)

    def to_representation(self, instance: TargetReport) -> dict[str, Any]:
        decision = getattr(instance, "decision", None)
        decided_by = decision.decided_by if decision else None
        documents = sorted(instance.documents.all(), key=lambda one: one.pk)
        return {
            "id": instance.public_id,
            "target": instance.target_id,
            "as_of": instance.as_of.isoformat(),
            "value": plain(instance.value),
            "evidence": instance.evidence,
            "corrects": instance.corrects.public_id if instance.corrects else None,
            "state": standing.state(instance),
            "reported_by": instance.reported_by.username,
            "recorded_at": stamp(instance.recorded_at),
            "decided_by": decided_by.username if decided_by else None,
            "decided_at": stamp(decision.decided_at) if decision else None,
            "reason": (decision.reason or None) if decision else None,
            "documents": DocumentShape(documents, many=True, context=self.context).data,
        }


class AnswerRequest(Record):
    """Beside the words one of the last four, as the question asks: `lead_unit`, `deadline`, `yearly` (period) or
    `complete` (completeness); none for a question about the meaning."""

    words = Words(max_length=500)
    document = Words(max_length=200)
    effective_date = Day()
    lead_unit = Words(max_length=_UNIT, allow_null=True, required=False, default=None)
    deadline = Day(allow_null=True, required=False, default=None)
    yearly = YesNo(allow_null=True, required=False, default=None)
    complete = YesNo(allow_null=True, required=False, default=None)


class AnswerShape(Record):
    words = Words(max_length=500)
    document = Words(max_length=200)
    effective_date = Day()
    lead_unit = Words(max_length=_UNIT, allow_null=True, source="lead_unit.name", default=None)
    deadline = Day(allow_null=True)
    yearly = YesNo(allow_null=True)
    complete = YesNo(allow_null=True)
    answered_by = Words(max_length=64, source="recorded_by.username")
    recorded_at = Instant()


class QuestionRequest(Record):
    targets = serializers.ListField(child=Words(max_length=12), min_length=1, max_length=60)
    about = Choice(About.values)
    text = Words(max_length=500)
    text_en = Words(max_length=500)


class QuestionShape(Record):
    """The last answer first; without one the question is open."""

    code = Words(max_length=60)
    about = Choice(About.values)
    text = Words(max_length=2000)
    raised_on = Day()
    targets = serializers.ListField(child=Words(max_length=12))
    answers = AnswerShape(many=True)

    def to_representation(self, instance: OpenQuestion) -> dict[str, Any]:
        language = language_of(self.context["request"])
        return {
            "code": instance.code,
            "about": instance.about,
            "text": Text(instance.text, instance.text_en).say(language),
            "raised_on": instance.raised_on.isoformat(),
            "targets": [target.pk for target in instance.targets.all()],
            "answers": AnswerShape(instance.answers.all(), many=True, context=self.context).data,
        }


class AssignmentRequest(Record):
    unit = Words(max_length=_UNIT)
    organisation = Words(max_length=40)


class UnitShape(Record):
    """A unit as the plan prints it; `organisation` is null until the centre has said which one it is."""

    unit = Words(max_length=_UNIT)
    name_en = Words(max_length=120)
    organisation = Words(max_length=40, allow_null=True)
