"""Values reported by the units that answer for a target, or by the centre in their place."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q

from finance_hub.kernel import audit, ids
from finance_hub.kernel.days import require_day
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import FieldError, NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from tasks import standing
from tasks.models import Target, TargetReport
from tasks.models.targets import MEASURED, Kind


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


class DayReportedAlready(Problem):
    code = "day-reported-already"
    status = 409
    title = Text("该日已有填报", "This day is reported already")


_IN_FORCE = Text(
    "该日已有有效填报 {report}；如有变动，请更正该份填报（corrects 填其编号）",
    "Report {report} of this day is in force: where it is wrong, correct that one (`corrects` names it)",
)
_WAITS = Text(
    "该日已有填报 {report} 待批准；批准后方可更正，退回后方可另行填报",
    "Report {report} of this day waits for approval: once approved it can be corrected, once sent back another"
    " may be reported",
)
#: The rule of the database under which one report of a day stands.
ONE_OF_A_DAY = "one_report_of_a_day"
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
    CorrectionUnderWay, DayReportedAlready.
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
            if ONE_OF_A_DAY in str(refused):
                raise day_is_reported(made) from refused
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
    if target.unit not in MEASURED and value != value.to_integral_value():
        raise refuse("#/value", "not-whole", "按个数计的目标须填整数", "what is counted is a whole number")


def day_is_reported(report: TargetReport) -> DayReportedAlready:
    """What to say of a report whose day another one holds, in force or waiting."""
    corrected = TargetReport.objects.filter(corrects=OuterRef("pk"), decision__approved=True)
    same = Q(target=report.target) | Q(target__duplicate_of=report.target)
    others = TargetReport.objects.filter(same, as_of=report.as_of).exclude(
        pk__in=[report.pk, report.corrects_id]
    )
    standing = others.exclude(decision__approved=False).exclude(Exists(corrected)).select_related("decision")
    held = standing.order_by(F("decision__approved").desc(nulls_last=True), "pk")[0]
    said = {"report": held.public_id}
    words = (_IN_FORCE if getattr(held, "decision", None) else _WAITS).fill(**said)
    return DayReportedAlready(errors=(FieldError(DayReportedAlready.code, "#/as_of", words, said),))
