"""A batch from its declaration to its submission, and its end when nobody submits it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
from loans import limits, queries
from loans.intake import states
from loans.models import Acceptance, BatchState, Dataset, LoanReportBatch
from loans.operations import reports, sandbox
from loans.queries import reporting

#: Of each data set: the names of its control totals.
TOTALS = {Dataset.FLOW: ("rows", "disbursed", "repaid"), Dataset.STOCK: ("rows", "balance")}


class PeriodNotOpen(Problem):
    code = "period-not-open"
    status = 422
    title = Text("该报告期不能报送", "The period takes no reports")
    detail = Text(
        "{period} 未开始，或早于贵行开始报送的月份",
        "{period} has not begun, or is before the month since which you report",
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
    report_id: str = "",
    part_no: int | None = None,
    parts: int | None = None,
    idempotency_key: str,
    by: Person,
    now: datetime,
) -> LoanReportBatch:
    """Announce a file: its hash, its number of rows, its control sums (Decimal yuan; rows int).

    Without `acceptance` a snapshot is taken whole or not at all, flows row by row. A dry run may leave
    the totals out (None): then it tells them, and declaring the file for good repeats them. `report_id`,
    `part_no` and `parts` come together: the file is one of several that are applied together.
    Raises PeriodNotOpen, Forbidden, InvalidFields, PartTaken, PartsDiffer.
    """
    batch = prepare(
        period=period, dataset=dataset, format=format, content_sha256=content_sha256,
        control_totals=control_totals, acceptance=acceptance, dry_run=dry_run,
        client_reference=client_reference, idempotency_key=idempotency_key, by=by, now=now,
    )  # fmt: skip
    with transaction.atomic():
        reports.admit(batch, report_id=report_id, part_no=part_no, parts=parts)
        batch.save(force_insert=True)
        audit.record(
            "batch.declare", actor=by, subject=f"batch:{batch.public_id}", at=now,
            period=str(period), dataset=dataset, content_sha256=content_sha256, totals=batch.declared_totals,
        )  # fmt: skip
    return batch


def prepare(
    *,
    period: Month,
    dataset: str,
    format: str,
    content_sha256: str,
    control_totals: dict[str, Any] | None,
    acceptance: str | None,
    dry_run: bool,
    client_reference: str,
    idempotency_key: str,
    by: Person,
    now: datetime,
) -> LoanReportBatch:
    """A batch in state `uploading` that is not stored yet. Raises PeriodNotOpen, Forbidden, InvalidFields."""
    if by.organisation.kind != "bank":
        raise Forbidden
    since = by.organisation.reports_since
    if reporting.accepts(period, since=Month.of(since) if since else None, now=now) == "nothing":
        raise PeriodNotOpen(period=period)
    whole = dataset == Dataset.STOCK
    nothing_declared = dry_run and control_totals is None
    totals = {} if nothing_declared else _totals(dataset, control_totals or {})
    return LoanReportBatch(
        public_id=ids.new("lb"), bank=by.organisation, period=period.first, dataset=dataset,
        acceptance=acceptance or (Acceptance.ALL_OR_NOTHING if whole else Acceptance.VALID_ROWS),
        dry_run=dry_run, format=format, client_reference=client_reference,
        idempotency_key=idempotency_key, content_sha256=content_sha256,
        declared_totals=totals, state=BatchState.UPLOADING, declared_by=by,
        declared_at=now, expires_at=now + limits.BATCH_LIFE,
    )  # fmt: skip


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
    """Ask for validation: the job is recorded with the change of state.

    A part waits in `submitted` for the other parts of its report; the last one takes all of them
    along. What restates a month that is closed for long awaits the centre's word. Raises
    IllegalBatchState, BatchExpired; SandboxFailure where the content of a test asks for it.
    """
    settle(batch, now=now)
    sandbox.fail_once(batch)
    with transaction.atomic():
        begun = begin(batch, by=by, now=now)
        audit.record("batch.submit", actor=by, subject=f"batch:{batch.public_id}", at=now)
    return begun


def begin(batch: LoanReportBatch, *, by: Person, now: datetime) -> LoanReportBatch:
    """Send an uploaded batch on its way, in the caller's transaction. Raises IllegalBatchState, BatchExpired."""
    report = reports.held(batch)
    others = [part for part in report if part.pk != batch.pk]
    if reports.waiting_for(batch, report):
        return states.move(batch, to=BatchState.SUBMITTED, within=[BatchState.UPLOADED], submitted_at=now)
    to = BatchState.AWAITING_APPROVAL if needs_approval(batch, now=now) else BatchState.VALIDATING
    together = {"first_part": report[0]} if batch.report_id else {}
    begun = states.move(batch, to=to, within=[BatchState.UPLOADED], submitted_at=now, **together)
    for part in others:
        states.move(part, to=to, within=[BatchState.SUBMITTED], **together)
    if to == BatchState.VALIDATING:
        set_to_work(report[0], by=by)
    else:
        states.announce([begun, *others], state=to, now=now)
    return fresh(begun)


def needs_approval(batch: LoanReportBatch, *, now: datetime) -> bool:
    """Whether it would change a month that is closed for longer than a bank may restate on its own."""
    accepted = reporting.accepts(Month.of(batch.period), since=None, now=now)
    return accepted == "approved_restatement" and not batch.dry_run


def set_to_work(first: LoanReportBatch, *, by: Person | None) -> None:
    """Record the job that walks a batch, or a report of which it is the first part."""
    job, _ = jobs.enqueue(
        "loan_batch",
        dedupe_key=f"loan_batch:{first.public_id}",
        payload={"batch": first.public_id},
        organisation_id=first.bank_id,
        requested_by=by,
    )
    sandbox.slow_down(first, job)
    LoanReportBatch.objects.filter(pk=first.pk).update(job=job)


def submit_and_process(batch: LoanReportBatch, *, by: Person, now: datetime) -> dict[str, Any]:
    """Submit and walk the road at once, as of `now`: facts are recorded at that time. Wants the bank's scope.

    For histories that are built in one go; the job does the same work. Returns what the job would.
    """
    from loans.intake import road  # polars comes with it

    with transaction.atomic():
        begun = states.move(batch, to=BatchState.VALIDATING, within=[BatchState.UPLOADED], submitted_at=now)
        audit.record("batch.submit", actor=by, subject=f"batch:{batch.public_id}", at=now)
        return road.process(begun, by=by, now=now)


def cancel(batch: LoanReportBatch, *, by: Person, now: datetime) -> LoanReportBatch:
    """Give the batch up before it is applied; a job already at work will find it gone and roll back.

    A report in parts that is already on its way is given up whole. Raises IllegalBatchState, BatchExpired.
    """
    settle(batch, now=now)
    with transaction.atomic():
        report = reports.held(batch)
        on_its_way = fresh(batch).state in (BatchState.AWAITING_APPROVAL, BatchState.VALIDATING)
        for part in report if on_its_way else [batch]:
            if part.job:
                jobs.cancel(part.job)
            states.move(part, to=BatchState.CANCELLED, within=states.CANCELLABLE, finished_at=now)
        audit.record("batch.cancel", actor=by, subject=f"batch:{batch.public_id}", at=now)
    return fresh(batch)


def settle(batch: LoanReportBatch, *, now: datetime) -> LoanReportBatch:
    """The batch as it stands now: expired where its time ran out, rejected where its job gave up."""
    ended = 0
    if batch.state in states.WAITING and batch.expires_at <= now:
        ended = _end([batch], within=states.WAITING, state=BatchState.EXPIRED, now=now)
    if batch.state == BatchState.VALIDATING:
        ended += _give_up(batch, now=now)
    return fresh(batch) if ended else batch


def _give_up(batch: LoanReportBatch, *, now: datetime) -> int:
    """Reject a batch, or all parts of a report, whose job failed for good; how many."""
    report = reports.of(batch)
    job = report[0].job
    if job is None or job.state != "failed":
        return 0
    said = JobFailed()
    error = {"code": said.code, "zh": said.said.zh, "en": said.said.en, "errors": []}
    return _end(report, within=[BatchState.VALIDATING], state=BatchState.REJECTED, now=now, error=error)


def fresh(batch: LoanReportBatch) -> LoanReportBatch:
    """The batch as it is stored now."""
    return queries.batches().get(pk=batch.pk)


def expire(*, now: datetime) -> int:
    """Expire every batch in scope whose time ran out; how many."""
    overdue = LoanReportBatch.objects.filter(state__in=states.WAITING, expires_at__lte=now)
    found = list(overdue.order_by("bank_id", "pk"))
    return _end(found, within=states.WAITING, state=BatchState.EXPIRED, now=now)


def _end(
    batches: Iterable[LoanReportBatch],
    *,
    within: Collection[BatchState],
    state: BatchState,
    now: datetime,
    **facts: Any,
) -> int:
    """Move those that still are `within` to a last state and say so in the feed; how many."""
    with transaction.atomic():
        ended = [
            batch
            for batch in batches
            if LoanReportBatch.objects.filter(pk=batch.pk, state__in=within).update(
                state=state, version=F("version") + 1, finished_at=now, **facts
            )
        ]
        states.announce(ended, state=state, now=now)
    return len(ended)
