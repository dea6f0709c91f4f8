"""A batch from its declaration to its submission, and its end when nobody submits it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from finance_hub.kernel import audit, ids, jobs
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Forbidden, Problem, refuse
from finance_hub.kernel.text import Text
from loans import limits
from loans.intake import states
from loans.models import Acceptance, BatchState, Dataset, LoanReportBatch
from loans.queries import reporting

#: Of each data set: the names of its control totals.
TOTALS = {Dataset.FLOW: ("rows", "disbursed", "repaid"), Dataset.STOCK: ("rows", "balance")}


class PeriodNotOpen(Problem):
    code = "period-not-open"
    status = 422
    title = Text("该报告期不能报送", "The period takes no reports")
    detail = Text(
        "{period} 未开放；已关账的月份只在 12 个月内接受更正",
        "{period} is not open; a closed month takes restatements for 12 months",
    )


class JobFailed(Problem):
    code = "processing-failed"
    status = 500
    title = Text("处理失败，未入账", "Processing failed and nothing was applied")
    detail = Text("已记录；请以新的批次重报", "It has been recorded; report it again in a new batch")


def declare(
    *,
    period: Month,
    dataset: str,
    format: str,
    content_sha256: str,
    control_totals: dict[str, Any] | None,
    acceptance: str | None = None,
    dry_run: bool = False,
    client_reference: str = "",
    idempotency_key: str,
    by: Person,
    now: datetime,
) -> LoanReportBatch:
    """Announce a file: its hash, its number of rows, its control sums (Decimal yuan; rows int).

    Without `acceptance` a snapshot is taken whole or not at all, flows row by row. A dry run may leave
    the totals out (None): then it tells them, and declaring the file for good repeats them.
    Raises PeriodNotOpen, Forbidden, InvalidFields.
    """
    if by.organisation.kind != "bank":
        raise Forbidden
    since = by.organisation.reports_since
    if reporting.accepts(period, since=Month.of(since) if since else None, now=now) == "nothing":
        raise PeriodNotOpen(period=period)
    whole = dataset == Dataset.STOCK
    with transaction.atomic():
        batch = LoanReportBatch.objects.create(
            public_id=ids.new("lb"), bank=by.organisation, period=period.first, dataset=dataset,
            acceptance=acceptance or (Acceptance.ALL_OR_NOTHING if whole else Acceptance.VALID_ROWS),
            dry_run=dry_run, format=format, client_reference=client_reference,
            idempotency_key=idempotency_key, content_sha256=content_sha256,
            declared_totals={} if dry_run and control_totals is None else _totals(dataset, control_totals or {}),
            state=BatchState.UPLOADING, declared_by=by,
            declared_at=now, expires_at=now + limits.BATCH_LIFE,
        )  # fmt: skip
        audit.record(
            "batch.declare", actor=by, subject=f"batch:{batch.public_id}", at=now,
            period=str(period), dataset=dataset, content_sha256=content_sha256, totals=batch.declared_totals,
        )  # fmt: skip
    return batch


def _totals(dataset: str, given: dict[str, Any]) -> dict[str, Any]:
    names = TOTALS[Dataset(dataset)]
    odd = sorted(set(given) ^ set(names))
    if odd:
        code = "required" if odd[0] in names else "unknown-field"
        raise refuse(
            f"#/control_totals/{odd[0]}",
            code,
            "控制合计须为 {names}",
            "The control totals are {names}",
            names=", ".join(names),
        )
    return {name: f"{value:.2f}" if isinstance(value, Decimal) else value for name, value in given.items()}


def require_open(batch: LoanReportBatch, *, now: datetime) -> LoanReportBatch:
    """The batch, if it still takes content. Raises IllegalBatchState, BatchExpired."""
    batch = settle(batch, now=now)
    if batch.state not in states.OPEN:
        raise states.refusal(batch.state)
    return batch


def take_content(batch: LoanReportBatch, *, size: int, now: datetime) -> LoanReportBatch:
    """Note that the file is in its place. Raises IllegalBatchState, BatchExpired."""
    settle(batch, now=now)
    return states.move(batch, to=BatchState.UPLOADED, within=states.OPEN, content_bytes=size)


def submit(batch: LoanReportBatch, *, by: Person, now: datetime) -> LoanReportBatch:
    """Ask for validation: the job is recorded with the change of state. Raises IllegalBatchState, BatchExpired."""
    settle(batch, now=now)
    with transaction.atomic():
        begun = _begin(batch, by=by, now=now)
        job, _ = jobs.enqueue(
            "loan_batch",
            dedupe_key=f"loan_batch:{batch.public_id}",
            payload={"batch": batch.public_id},
            organisation_id=batch.bank_id,
            requested_by=by,
        )
        LoanReportBatch.objects.filter(pk=batch.pk).update(job=job)
        _record_submission(begun, by=by, now=now)
    return LoanReportBatch.objects.select_related("bank", "job").get(pk=batch.pk)


def submit_and_process(batch: LoanReportBatch, *, by: Person, now: datetime) -> dict[str, Any]:
    """Submit and walk the road at once, as of `now`: facts are recorded at that time. Wants the bank's scope.

    For histories that are built in one go; the job does the same work. Returns what the job would.
    """
    from loans.intake import road  # polars comes with it

    with transaction.atomic():
        begun = _begin(batch, by=by, now=now)
        _record_submission(begun, by=by, now=now)
        return road.process(begun, by=by, now=now)


def _begin(batch: LoanReportBatch, *, by: Person, now: datetime) -> LoanReportBatch:
    return states.move(batch, to=BatchState.VALIDATING, within=[BatchState.UPLOADED], submitted_at=now)


def _record_submission(batch: LoanReportBatch, *, by: Person, now: datetime) -> None:
    audit.record("batch.submit", actor=by, subject=f"batch:{batch.public_id}", at=now)


def cancel(batch: LoanReportBatch, *, by: Person, now: datetime) -> LoanReportBatch:
    """Give the batch up before it is applied; a job already at work will find it gone and roll back.

    Raises IllegalBatchState, BatchExpired.
    """
    settle(batch, now=now)
    with transaction.atomic():
        if batch.job:
            jobs.cancel(batch.job)
        cancelled = states.move(
            batch,
            to=BatchState.CANCELLED,
            within=[*states.OPEN, BatchState.VALIDATING],
            finished_at=now,
        )
        audit.record("batch.cancel", actor=by, subject=f"batch:{batch.public_id}", at=now)
    return cancelled


def settle(batch: LoanReportBatch, *, now: datetime) -> LoanReportBatch:
    """The batch as it stands now: expired where its time ran out, rejected where its job gave up."""
    overdue = LoanReportBatch.objects.filter(pk=batch.pk, state__in=states.OPEN, expires_at__lte=now)
    ended = overdue.update(state=BatchState.EXPIRED, version=F("version") + 1, finished_at=now)
    if batch.state == BatchState.VALIDATING and batch.job and batch.job.state == "failed":
        said = JobFailed()
        error = {"code": said.code, "zh": said.said.zh, "en": said.said.en, "errors": []}
        lost = LoanReportBatch.objects.filter(pk=batch.pk, state=BatchState.VALIDATING)
        ended += lost.update(
            state=BatchState.REJECTED, version=F("version") + 1, finished_at=now, error=error
        )
    return LoanReportBatch.objects.select_related("bank", "job").get(pk=batch.pk) if ended else batch


def expire(*, now: datetime) -> int:
    """Expire every batch in scope whose time ran out; how many."""
    overdue = LoanReportBatch.objects.filter(state__in=states.OPEN, expires_at__lte=now)
    return overdue.update(state=BatchState.EXPIRED, version=F("version") + 1, finished_at=now)
