"""The states of a batch: moved by compare-and-set, so that of two who move it one is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from finance_hub.kernel import notices
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from loans import feed
from loans.models import BatchState, LoanReportBatch

#: Nothing changes any more.
FINAL = frozenset(
    {
        BatchState.VALIDATED,
        BatchState.APPLIED,
        BatchState.REJECTED,
        BatchState.CANCELLED,
        BatchState.EXPIRED,
    }
)
#: Waiting for the bank's content or its submission.
OPEN = frozenset({BatchState.UPLOADING, BatchState.UPLOADED})
#: Waiting for the bank: it expires when nothing comes.
WAITING = OPEN | {BatchState.SUBMITTED}
#: What a bank may still take back.
CANCELLABLE = WAITING | {BatchState.AWAITING_APPROVAL, BatchState.VALIDATING}


class IllegalBatchState(Problem):
    code = "illegal-batch-state"
    status = 409
    title = Text("批次当前状态不允许此操作", "The batch is in a state that does not allow this")
    detail = Text("批次状态为 {state}", "The state of the batch is {state}")


class BatchExpired(Problem):
    code = "batch-expired"
    status = 410
    title = Text("批次已过期", "The batch has expired")
    detail = Text("请以新的幂等键重新申报", "Declare it again with a new idempotency key")


def move(
    batch: LoanReportBatch, *, to: BatchState, within: Collection[BatchState], **facts: Any
) -> LoanReportBatch:
    """The batch in its new state with `facts` set and its version raised; its end wakes who waits for it.

    Raises IllegalBatchState, or BatchExpired, where its state is not one of `within` any more.
    """
    rows = LoanReportBatch.objects.filter(pk=batch.pk, state__in=within)
    if not rows.update(state=to, version=F("version") + 1, **facts):
        raise refusal(LoanReportBatch.objects.get(pk=batch.pk).state)
    if to in FINAL:
        notices.tell(batch.public_id)
    return LoanReportBatch.objects.select_related("bank", "job").get(pk=batch.pk)


def end(batch: LoanReportBatch, *, to: BatchState, **facts: Any) -> list[LoanReportBatch]:
    """Move a batch that was worked on to its end, and with the first part of a report all others; all moved.

    The outcome stands with the first part; the others share its state, its time and what stopped it.
    Raises IllegalBatchState where one of them was cancelled meanwhile.
    """
    ended = [move(batch, to=to, within=[BatchState.VALIDATING], **facts)]
    shared = {name: facts[name] for name in ("finished_at", "error") if name in facts}
    if batch.first_part_id:
        others = LoanReportBatch.objects.filter(first_part=batch).exclude(pk=batch.pk).order_by("part_no")
        ended += [move(part, to=to, within=[BatchState.VALIDATING], **shared) for part in others]
    return ended


def announce(batches: Iterable[LoanReportBatch], *, state: BatchState, now: datetime) -> None:
    """Tell their banks through the feed that batches are in a state they wait for."""
    for batch in batches:
        feed.record(
            f"loan_report_batch.{state}", organisation_id=batch.bank_id, subject=batch.public_id, now=now
        )


def refusal(state: str) -> Problem:
    """Why a batch in `state` does not take what was asked."""
    return BatchExpired() if state == BatchState.EXPIRED else IllegalBatchState(state=state)
