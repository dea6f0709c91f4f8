"""The second person: a report is approved or sent back with the reason, once, by somebody else."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from finance_hub.kernel import audit
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, SelfApproval, refuse
from finance_hub.kernel.text import Text
from tasks.models import TargetDecision, TargetReport
from tasks.targets.reporting import ONE_OF_A_DAY, day_is_reported


class ReportAlreadyDecided(Problem):
    code = "report-already-decided"
    status = 409
    title = Text("该填报已批准或已退回", "The report has been approved or sent back already")


def approve(public_id: str, *, by: Person, now: datetime) -> TargetReport:
    """The report is in force from now on. Raises NotFound, SelfApproval, ReportAlreadyDecided, DayReportedAlready."""
    return _decide(public_id, approved=True, reason="", by=by, now=now)


def reject(public_id: str, *, reason: str, by: Person, now: datetime) -> TargetReport:
    """The report stays to be read and is never in force. Raises InvalidFields (`reason`), NotFound, SelfApproval,
    ReportAlreadyDecided."""
    if not reason.strip():
        raise refuse("#/reason", "required", "退回须说明理由", "Sending it back needs a reason")
    return _decide(public_id, approved=False, reason=reason, by=by, now=now)


def _decide(public_id: str, *, approved: bool, reason: str, by: Person, now: datetime) -> TargetReport:
    report = TargetReport.objects.filter(public_id=public_id).select_related("target", "reported_by").first()
    if report is None:
        raise NotFound
    if report.reported_by_id == by.pk:
        raise SelfApproval
    try:
        with transaction.atomic():
            TargetDecision.objects.create(
                report=report, approved=approved, reason=reason, decided_by=by, decided_at=now
            )
            audit.record(
                "target.approve" if approved else "target.reject", actor=by, subject=f"target:{report.target_id}",
                at=now, report=public_id, reason=reason,
            )  # fmt: skip
    except IntegrityError as refused:
        if ONE_OF_A_DAY in str(refused):
            raise day_is_reported(report) from refused
        raise ReportAlreadyDecided from refused
    return report
