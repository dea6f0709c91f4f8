"""Waiting for the end of a batch: woken by its notice, with nothing open in between."""

from __future__ import annotations

import threading
import time

from django.utils import timezone

from finance_hub.kernel import notices, scoping
from finance_hub.kernel.access import Scope
from loans import operations, queries
from loans.models import BatchState, LoanReportBatch

#: A job that is given up says nothing: whoever waits looks again so often.
_LOOK_AGAIN_SECONDS = 2.0
#: So many threads of this process may wait at once; more callers are answered with what is known now, so that
#: those who wait never leave nobody to answer.
_MOST_WAITING = 6
_seats = threading.BoundedSemaphore(_MOST_WAITING)


def settled(public_id: str, *, scope: Scope, seconds: float) -> LoanReportBatch:
    """The batch, once nobody works on it or the time is up. Raises NotFound."""
    batch = _look(public_id, scope=scope)
    if batch.state != BatchState.VALIDATING or seconds <= 0:
        return batch
    if not _seats.acquire(blocking=False):
        return batch
    try:
        return _wait(public_id, scope=scope, until=time.monotonic() + seconds)
    finally:
        _seats.release()


def _wait(public_id: str, *, scope: Scope, until: float) -> LoanReportBatch:
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
