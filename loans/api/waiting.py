"""Waiting for the end of a batch: woken by its notice, with nothing open in between."""

from __future__ import annotations

import time

from django.utils import timezone

from finance_hub.kernel import notices, scoping
from finance_hub.kernel.access import Scope
from loans import operations, queries
from loans.models import BatchState, LoanReportBatch

#: A job that is given up says nothing: whoever waits looks again so often.
_LOOK_AGAIN_SECONDS = 2.0


def settled(public_id: str, *, scope: Scope, seconds: float) -> LoanReportBatch:
    """The batch, once nobody works on it or the time is up. Raises NotFound."""
    batch = _look(public_id, scope=scope)
    if batch.state != BatchState.VALIDATING or seconds <= 0:
        return batch
    until = time.monotonic() + seconds
    with notices.listening(public_id) as wait:
        while True:
            batch = _look(public_id, scope=scope)
            left = until - time.monotonic()
            if batch.state != BatchState.VALIDATING or left <= 0:
                return batch
            wait(min(left, _LOOK_AGAIN_SECONDS))


def _look(public_id: str, *, scope: Scope) -> LoanReportBatch:
    with scoping.within(scope):
        return operations.settle(queries.batch(public_id), now=timezone.now())
