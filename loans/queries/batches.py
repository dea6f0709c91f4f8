"""Batches and their rows, and who has not reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from loans.models import (
    BatchState,
    Dataset,
    Guarantee,
    GuaranteeEvent,
    LoanEvent,
    LoanPosition,
    LoanReportBatch,
    RowOutcome,
)

_CHUNK = 2_000
_CAME_TO_NOTHING = (BatchState.CANCELLED, BatchState.EXPIRED, BatchState.REJECTED)


def batches(*also: str) -> QuerySet[LoanReportBatch]:
    """Those in scope, with bank, job, first part and what `also` names."""
    return LoanReportBatch.objects.select_related("bank", "job", "first_part", *also)


def batch(public_id: str, *also: str) -> LoanReportBatch:
    """One of `batches(*also)`. Raises NotFound, for a foreign batch as for one that does not exist."""
    try:
        return batches(*also).get(public_id=public_id)
    except LoanReportBatch.DoesNotExist:
        raise NotFound from None


def accepted_whole(batch: LoanReportBatch) -> LoanReportBatch | None:
    """An applied batch of the same bank, month, data set and content whose rows were all accepted.

    Facts are never taken away: each of its rows is held for good, and sent again it is unchanged.
    """
    same = LoanReportBatch.objects.filter(
        bank=batch.bank_id, period=batch.period, dataset=batch.dataset, format=batch.format,
        content_sha256=batch.content_sha256, state=BatchState.APPLIED, report_id="",
        result__accepted=F("computed_totals__rows"),
    )  # fmt: skip
    return same.order_by("pk").first()


def parts_of(batch: LoanReportBatch) -> QuerySet[LoanReportBatch]:
    """The parts of its report in their order: those it was set off with, before that those that count."""
    if batch.first_part_id:
        return batches().filter(first_part=batch.first_part_id).order_by("part_no")
    parts = batches().filter(bank=batch.bank_id, report_id=batch.report_id)
    return parts.exclude(state__in=_CAME_TO_NOTHING).order_by("part_no")


def unfinished_reports(page: Sequence[LoanReportBatch]) -> dict[tuple[int, str], list[LoanReportBatch]]:
    """{(bank id, report id): parts that count} of the parts among some batches that wait for others.

    One query at most.
    """
    waiting = [batch for batch in page if batch.report_id and batch.first_part_id is None]
    if not waiting:
        return {}
    found: dict[tuple[int, str], list[LoanReportBatch]] = {}
    named = batches().filter(report_id__in={batch.report_id for batch in waiting})
    for part in named.exclude(state__in=_CAME_TO_NOTHING):
        found.setdefault((part.bank_id, part.report_id), []).append(part)
    return found


def outcomes_after(
    batch: LoanReportBatch, *, outcome: str, after: int, most: int = _CHUNK
) -> list[RowOutcome]:
    """A chunk of outcomes of one kind in file order, with primary keys above `after`."""
    rows = RowOutcome.objects.filter(batch=batch, outcome=outcome, pk__gt=after)
    return list(rows.order_by("pk")[:most])


def facts_of(batch: LoanReportBatch) -> QuerySet[Any]:
    """The facts that a batch brought; their row numbers are the batch's own."""
    facts: QuerySet[Any] = (LoanEvent if batch.dataset == Dataset.FLOW else LoanPosition).objects.filter(
        batch=batch, bank=batch.bank_id
    )
    return facts if batch.dataset == Dataset.FLOW else facts.filter(month=batch.period)


def accepted_after(batch: LoanReportBatch, *, after: int) -> list[dict[str, Any]]:
    """A chunk of the facts that a batch brought, in file order, with row numbers above `after`."""
    facts = facts_of(batch).filter(row_number__gt=after).order_by("row_number")
    names = ["row_number", "client_row_id", "revision"]
    if batch.dataset == Dataset.FLOW:
        names.append("external_event_id")
    named = facts.values(
        *names,
        drawdown_no=F("drawdown__drawdown_no"),
        contract_no=F("drawdown__contract__contract_no"),
    )
    return list(named[:_CHUNK])


def chunks(read: Callable[[int], list[Any]], *, key: Callable[[Any], int]) -> Iterator[list[Any]]:
    """Chunk after chunk of a keyset read, each read on its own; nothing is held open between them."""
    after = 0
    while chunk := read(after):
        yield chunk
        after = key(chunk[-1])


def reported(month: Month, *, known_at: datetime) -> set[tuple[int, str]]:
    """(bank id, data set) of everything that was applied for the month by `known_at`."""
    applied = LoanReportBatch.objects.filter(
        period=month.first, state=BatchState.APPLIED, finished_at__lte=known_at
    )
    return set(applied.values_list("bank_id", "dataset").distinct())


def not_reported(month: Month, known_at: datetime) -> list[tuple[str, str]]:
    """(bank code, data set) that a bank owes for the month and has not had applied, in that order.

    An applied file without rows is a report: nothing happened. Wants a scope that sees the banks.
    """
    owing = Organisation.objects.filter(kind="bank").filter(
        Q(reports_since__lte=month.first) | Q(reports_since=None)
    )
    done = reported(month, known_at=known_at)
    return [
        (bank.code, dataset)
        for bank in owing.order_by("code")
        for dataset in sorted(Dataset.values)
        if (bank.pk, dataset) not in done
    ]


def silent_guarantors(month: Month, *, known_at: datetime) -> list[Organisation]:
    """Guarantors and insurers that owe the month and of whom nothing with a date of it was recorded by then.

    Wants a scope that sees them.
    """
    begun = Guarantee.objects.filter(
        guarantor=OuterRef("pk"),
        start_date__gte=month.first,
        start_date__lt=month.end,
        recorded_at__lte=known_at,
    )
    happened = GuaranteeEvent.objects.filter(
        guarantee__guarantor=OuterRef("pk"),
        effective_date__gte=month.first,
        effective_date__lt=month.end,
        recorded_at__lte=known_at,
    )
    owing = Organisation.objects.filter(
        ~Exists(begun), ~Exists(happened), kind__in=["guarantor", "insurer"], reports_since__lte=month.first
    )
    return list(owing.order_by("code"))


def missing_datasets(
    organisation: Organisation, months: Sequence[Month], *, known_at: datetime
) -> dict[Month, list[str]]:
    """{month: data sets that a bank has not had applied}; empty for an organisation that is no bank."""
    if organisation.kind != "bank":
        return {}
    applied = LoanReportBatch.objects.filter(
        bank=organisation,
        period__in=[month.first for month in months],
        state=BatchState.APPLIED,
        finished_at__lte=known_at,
    )
    done = set(applied.values_list("period", "dataset").distinct())
    return {
        month: [dataset for dataset in sorted(Dataset.values) if (month.first, dataset) not in done]
        for month in months
    }
