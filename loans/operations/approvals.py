"""The centre's word on restatements of months that are closed for long."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from loans.intake import states
from loans.models import BatchState, Decision, LoanReportBatch
from loans.operations import batches, reports


class ApprovalRefused(Problem):
    """What the error of a batch says, that the centre would not let in."""

    code = "approval-refused"
    status = 422
    title = Text(
        "中心未批准对已关账月份的更正", "The centre has not approved the restatement of a closed month"
    )
    detail = Text("理由：{reason}", "The reason: {reason}")


def approve(batch: LoanReportBatch, *, reason: str, by: Person, now: datetime) -> LoanReportBatch:
    """Let a batch that awaits approval, with all parts of its report, go on to the workers.

    Raises IllegalBatchState.
    """
    with transaction.atomic():
        report = reports.held(batch)
        _decide(report, Decision.APPROVED, to=BatchState.VALIDATING, reason=reason, by=by, now=now)
        batches.set_to_work(report[0], by=report[0].declared_by)
        audit.record(
            "batch.approve", actor=by, subject=f"batch:{batch.public_id}", at=now, reason=reason,
            period=str(batch.period)[:7],
        )  # fmt: skip
    return batches.fresh(batch)


def refuse(batch: LoanReportBatch, *, reason: str, by: Person, now: datetime) -> LoanReportBatch:
    """End a batch that awaits approval, with all parts of its report; nothing was read. Raises IllegalBatchState."""
    said = ApprovalRefused(reason=reason)
    error = {"code": said.code, "zh": said.said.zh, "en": said.said.en, "errors": []}
    with transaction.atomic():
        report = reports.held(batch)
        _decide(
            report, Decision.REFUSED, to=BatchState.REJECTED, reason=reason, by=by, now=now,
            error=error, finished_at=now,
        )  # fmt: skip
        states.announce(report, state=BatchState.REJECTED, now=now)
        audit.record(
            "batch.refuse", actor=by, subject=f"batch:{batch.public_id}", at=now, reason=reason,
            period=str(batch.period)[:7],
        )  # fmt: skip
    return batches.fresh(batch)


def _decide(
    report: list[LoanReportBatch],
    decision: Decision,
    *,
    to: BatchState,
    reason: str,
    by: Person,
    now: datetime,
    **facts: Any,
) -> None:
    for part in report:
        states.move(
            part, to=to, within=[BatchState.AWAITING_APPROVAL], decision=decision, decision_reason=reason,
            decided_by=by, decided_at=now, **facts,
        )  # fmt: skip
