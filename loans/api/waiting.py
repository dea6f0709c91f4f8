"""Waiting for the end of a batch."""

from __future__ import annotations

from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.access import Scope
from finance_hub.rest import waiting
from loans import operations, queries
from loans.models import BatchState, LoanReportBatch


def settled(public_id: str, *, scope: Scope, seconds: float) -> LoanReportBatch:
    """The batch, once nobody works on it or the time is up. Raises NotFound."""

    def look() -> LoanReportBatch:
        with scoping.within(scope):
            return operations.settle(queries.batch(public_id), now=timezone.now())

    return waiting.settled(
        look,
        is_over=lambda batch: batch.state != BatchState.VALIDATING,
        topic=public_id,
        seconds=seconds,
    )
