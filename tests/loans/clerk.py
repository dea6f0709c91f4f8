"""A clerk at work: tries a file out, confirms it, and reads what became of it."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.scoping import within
from loans import operations, queries
from loans.models import LoanEvent, LoanReportBatch
from tests.cast import Cast
from tests.loans import bank

OCTOBER = Month(2026, 10)


def table(*rows: bank.Row, dataset: str = "flow") -> bytes:
    return bank.csv_text(rows, dataset=dataset).encode()


def tried(cast: Cast, content: bytes, *, dataset: str = "flow", **changes: Any) -> LoanReportBatch:
    """A file as the page sends it, with the worker's job done."""
    facts: dict[str, Any] = {
        "name": "十月发生额.csv", "period": OCTOBER, "dataset": dataset, "by": cast["bank_a"],
        "now": timezone.now(),
    } | changes  # fmt: skip
    return done(operations.try_out(io.BytesIO(content), **facts))


def done(batch: LoanReportBatch) -> LoanReportBatch:
    assert batch.job
    assert jobs.run(str(batch.job.pk)) == "succeeded"
    return found(batch.public_id)


def found(public_id: str) -> LoanReportBatch:
    with within(EVERYTHING):
        return queries.batch(public_id)


def confirmed(cast: Cast, trial: LoanReportBatch, **changes: Any) -> LoanReportBatch:
    facts: dict[str, Any] = {
        "acceptance": "valid_rows",
        "by": cast["bank_a"],
        "now": timezone.now(),
    } | changes
    return operations.confirm(trial.public_id, **facts)


def events() -> list[tuple[str, int, Decimal]]:
    with within(EVERYTHING):
        facts = LoanEvent.objects.order_by("external_event_id", "revision")
        return list(facts.values_list("external_event_id", "revision", "amount"))


def pointers(refused: pytest.ExceptionInfo[InvalidFields]) -> list[tuple[str, str]]:
    return [(error.pointer, error.code) for error in refused.value.errors]
