"""What people record about the plan's targets: reports and their approval, answers, and who a printed unit is."""

from tasks.targets.deciding import ReportAlreadyDecided, approve, reject
from tasks.targets.documents import DocumentHeldAlready, attach, path_of
from tasks.targets.questions import answer, assign_unit, raise_question
from tasks.targets.reporting import (
    CorrectionUnderWay,
    DayReportedAlready,
    ReportNotInForce,
    TargetIsComputed,
    TargetIsGiven,
    report,
)

__all__ = [
    "CorrectionUnderWay", "DayReportedAlready", "DocumentHeldAlready", "ReportAlreadyDecided", "ReportNotInForce",
    "TargetIsComputed", "TargetIsGiven", "answer", "approve", "assign_unit", "attach", "path_of", "raise_question",
    "reject", "report",
]  # fmt: skip
