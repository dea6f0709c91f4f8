"""What the API of batches takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from finance_hub.kernel.periods import Month
from finance_hub.rest.fields import (
    Choice,
    Moment,
    Money,
    MonthText,
    Record,
    Sha256,
    Whole,
    Words,
    YesNo,
)
from loans import formats, limits
from loans.intake import states
from loans.models import MOST_PARTS, Acceptance, BatchState, Dataset, Decision, LoanReportBatch
from loans.operations.reports import waiting_for


class Totals(Record):
    """`rows`, `disbursed`, `repaid` for flow; `rows`, `balance` for stock."""

    rows = Whole(most=limits.MOST_ROWS)
    disbursed = Money(required=False, signed=True)
    repaid = Money(required=False, signed=True)
    balance = Money(required=False, signed=True)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        """Totals are kept as they are shown; those of the other data set are left out."""
        return {name: value for name, value in instance.items() if name in self.fields}


class NewBatch(Record):
    period = MonthText()
    dataset = Choice(Dataset.values)
    acceptance = Choice(Acceptance.values, required=False)
    dry_run = YesNo(default=False)
    client_reference = Words(max_length=64, min_length=0, default="")
    format = Choice(formats.FORMATS)
    content_sha256 = Sha256()
    control_totals = Totals()
    report_id = Words(max_length=64, required=False)
    part_no = Whole(least=1, most=MOST_PARTS, required=False)
    parts = Whole(least=1, most=MOST_PARTS, required=False)


class DeclaredBatch(Record):
    id = Words(max_length=40)
    state = Choice(BatchState.values)
    upload_url = Words(max_length=200)
    expires_at = Moment()


class Progress(Record):
    rows_read = Whole()
    rows_total = Whole()


class Result(Record):
    accepted = Whole()
    unchanged = Whole()
    rejected = Whole()
    warnings = Whole()


class ControlTotals(Record):
    declared = Totals()
    computed = Totals(allow_null=True)
    applied = Totals(allow_null=True)


class BatchError(Record):
    """What stopped the whole batch; `code` is that of `/problems/{code}`."""

    code = Words(max_length=60)
    message = Words(max_length=300)
    message_en = Words(max_length=300)
    errors = serializers.ListField(child=serializers.DictField())  # type: ignore[assignment]


class Part(Record):
    """Which part of a report in parts; `waiting_for_parts` are those that are still to be submitted.

    Rows are numbered through the parts in their order; what became of them is told by the batch of
    the first part, `outcome`.
    """

    report_id = Words(max_length=64)
    part_no = Whole()
    parts = Whole()
    waiting_for_parts = serializers.ListField(child=Whole())
    outcome = Words(max_length=200, allow_null=True)


class Approval(Record):
    """The centre's word on a restatement of a month that is closed for long."""

    state = Choice(("awaited", *Decision.values))
    reason = Words(max_length=500, allow_null=True)
    decided_at = Moment(allow_null=True)


class BatchLinks(Record):
    content = Words(max_length=200)
    accepted = Words(max_length=200)
    rejected = Words(max_length=200)
    unchanged = Words(max_length=200)
    warning = Words(max_length=200)
    reconciliation = Words(max_length=200)


class BatchShown(Record):
    id = Words(max_length=40)
    state = Choice(BatchState.values)
    bank = Words(max_length=40)
    period = MonthText()
    dataset = Choice(Dataset.values)
    acceptance = Choice(Acceptance.values)
    dry_run = YesNo()
    format = Choice(formats.FORMATS)
    client_reference = Words(max_length=64)
    content_sha256 = Sha256()
    progress = Progress()
    result = Result(allow_null=True)
    control_totals = ControlTotals()
    error = BatchError(allow_null=True)
    part = Part(allow_null=True)
    approval = Approval(allow_null=True)
    attempt = Whole()
    declared_at = Moment()
    expires_at = Moment()
    submitted_at = Moment(allow_null=True)
    applied_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
    links = BatchLinks()


class BatchPage(Record):
    data = BatchShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


def url(batch: LoanReportBatch) -> str:
    return f"/api/v1/loan-report-batches/{batch.public_id}"


def declared(batch: LoanReportBatch) -> dict[str, Any]:
    return {
        "id": batch.public_id,
        "state": batch.state,
        "upload_url": f"{url(batch)}/content",
        "expires_at": batch.expires_at,
    }


def present(batch: LoanReportBatch, *, report: Sequence[LoanReportBatch] = ()) -> dict[str, Any]:
    """A batch as `BatchShown` takes it; wants bank and job at hand, and of a part that waits the others of its report."""
    total = batch.declared_totals.get("rows", 0)
    read = batch.job.progress.get("rows_read", 0) if batch.job else 0
    if batch.computed_totals:
        read = batch.computed_totals["rows"]
    same = {
        name: getattr(batch, name)
        for name in (
            "state", "dataset", "acceptance", "dry_run", "format", "client_reference", "content_sha256",
            "result", "declared_at", "expires_at", "submitted_at", "finished_at",
        )
    }  # fmt: skip
    return {
        **same,
        "id": batch.public_id,
        "bank": batch.bank.code,
        "period": Month.of(batch.period),
        "progress": {"rows_read": min(read, total), "rows_total": total},
        "control_totals": {
            "declared": batch.declared_totals,
            "computed": batch.computed_totals,
            "applied": batch.applied_totals,
        },
        "error": _error(batch.error),
        "part": _part(batch, report) if batch.report_id else None,
        "approval": _approval(batch),
        "attempt": batch.job.attempt if batch.job else 0,
        "applied_at": batch.finished_at if batch.state == BatchState.APPLIED else None,
        "links": _links(batch),
    }


def _error(error: dict[str, Any] | None) -> dict[str, Any] | None:
    if error is None:
        return None
    errors = [{name: str(value) for name, value in one.items()} for one in error.get("errors", [])]
    return {"code": error["code"], "message": error["zh"], "message_en": error["en"], "errors": errors}


def _part(batch: LoanReportBatch, report: Sequence[LoanReportBatch]) -> dict[str, Any]:
    first = url(batch.first_part) if batch.first_part else None
    waiting = waiting_for(batch, report) if batch.state in states.WAITING else []
    if batch.state in states.OPEN and batch.part_no:
        waiting = sorted({*waiting, batch.part_no})
    same = {name: getattr(batch, name) for name in ("report_id", "part_no", "parts")}
    return {**same, "waiting_for_parts": waiting, "outcome": first}


def _approval(batch: LoanReportBatch) -> dict[str, Any] | None:
    if batch.decision:
        facts = {"reason": batch.decision_reason, "decided_at": batch.decided_at}
        return {"state": batch.decision, **facts}
    if batch.state == BatchState.AWAITING_APPROVAL:
        return {"state": "awaited", "reason": None, "decided_at": None}
    return None


def _links(batch: LoanReportBatch) -> dict[str, str]:
    results = {
        outcome: f"{url(batch)}/results?outcome={outcome}"
        for outcome in ("accepted", "rejected", "unchanged", "warning")
    }
    return {
        "content": f"{url(batch)}/content",
        **results,
        "reconciliation": f"/api/v1/reconciliations/{Month.of(batch.period)}",
    }


def plain(totals: dict[str, Any]) -> dict[str, Any]:
    """Validated totals without the names that were not sent."""
    return {name: value for name, value in totals.items() if isinstance(value, (int, Decimal))}
