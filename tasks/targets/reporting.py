"""Values reported by the units that answer for a target, or by the centre in their place."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.days import require_day
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from tasks import standing
from tasks.models import Target, TargetReport
from tasks.models.targets import Kind


class TargetIsComputed(Problem):
    code = "target-is-computed"
    status = 409
    title = Text("该目标由系统计算，不接受填报", "This target is computed here and takes no reports")


class TargetIsGiven(Problem):
    code = "target-is-given"
    status = 409
    title = Text("该项是方案的既有条件，不设填报", "This is a given of the plan and takes no reports")


class ReportNotInForce(Problem):
    code = "report-not-in-force"
    status = 409
    title = Text("只能更正已批准且有效的填报", "Only a report that is approved and in force is corrected")


class CorrectionUnderWay(Problem):
    code = "correction-under-way"
    status = 409
    title = Text("该填报已有更正", "The report has a correction already")


#: What the database says of a correction, and what it is to whoever sent it.
_REFUSED: dict[str, type[Problem]] = {
    "correction_is_of_the_same_target": NotFound,
    "only_an_approved_report_is_corrected": ReportNotInForce,
    "one_correction_of_a_report_at_a_time": CorrectionUnderWay,
}


def report(
    code: str, *, as_of: date, value: Decimal, evidence: str, corrects: str | None = None, by: Person, now: datetime
) -> TargetReport:  # fmt: skip
    """A value with its evidence, in force once another person has approved it; then it takes the place of the report
    with public id `corrects`. One of a duplicate is of the target that counts; a department reports its own alone.

    Raises NotFound, TargetIsComputed, TargetIsGiven, InvalidFields (`as_of`, `value`), ReportNotInForce,
    CorrectionUnderWay.
    """
    target = standing.reportable(code, by=by, known_at=now)
    if target.kind == Kind.CONTEXT:
        raise TargetIsGiven
    if standing.is_computed(target, known_at=now):
        raise TargetIsComputed
    _require_sound(as_of, value, target, now=now)
    replaced = None
    if corrects is not None:
        replaced = TargetReport.objects.filter(public_id=corrects).first()
        if replaced is None:
            raise NotFound
    made = TargetReport(
        public_id=ids.new("tp"), target=target, as_of=as_of, value=value, evidence=evidence, corrects=replaced,
        reported_by=by, recorded_at=now,
    )  # fmt: skip
    with transaction.atomic():
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as refused:
            for rule, problem in _REFUSED.items():
                if rule in str(refused):
                    raise problem from refused
            raise
        audit.record(
            "target.report", actor=by, subject=f"target:{target.pk}", at=now, report=made.public_id,
            as_of=as_of.isoformat(), value=str(value), corrects=corrects or "",
        )  # fmt: skip
    return made


def _require_sound(as_of: date, value: Decimal, target: Target, *, now: datetime) -> None:
    """Raises InvalidFields."""
    require_day(as_of, now=now, pointer="#/as_of")
    if value < 0 and target.kind != Kind.GROWTH:
        raise refuse("#/value", "negative", "不能为负数", "must not be below zero")
    if target.kind == Kind.RANK and (value < 1 or value != value.to_integral_value()):
        raise refuse("#/value", "not-a-rank", "名次须为正整数", "a rank is a whole number from 1 on")
