"""What time brings about: batches expire, lost jobs end their batches, content nobody waits for goes.

The content of every batch that was read stays: it is the evidence behind the facts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from loans.intake.receive import folder
from loans.models import BatchState, LoanReportBatch
from loans.operations import batches, sandbox

#: A file on its way, or one without a batch, is left alone so long.
GRACE = timedelta(days=1)
_LOOKED_UP = 500
log = logging.getLogger(__name__)


def sweep(*, now: datetime) -> dict[str, int]:
    """Do it once, over all banks: {"expired", "given_up", "files"}. Harmless at any time, by two at once too."""
    with within(EVERYTHING):
        expired = batches.expire(now=now)
        given_up = _give_up(now=now)
    files = sum(_remove(path) for path in _needless(now=now))
    return {"expired": expired, "given_up": given_up, "files": files}


def _give_up(*, now: datetime) -> int:
    lost = LoanReportBatch.objects.filter(state=BatchState.VALIDATING, job__state="failed")
    return sum(
        batches.settle(batch, now=now).state == BatchState.REJECTED
        for batch in lost.select_related("bank", "job")
    )


def _needless(*, now: datetime) -> Iterator[Path]:
    """Files that nothing will read: of cancelled and expired batches, half-written, without a batch."""
    place, old = folder(), (now - GRACE).timestamp()
    found = place.iterdir() if place.is_dir() else iter(())
    while some := list(islice(found, _LOOKED_UP)):
        names = [path.name for path in some if not path.name.endswith((".part", sandbox.MARK))]
        with within(EVERYTHING):
            states = dict(
                LoanReportBatch.objects.filter(public_id__in=names).values_list("public_id", "state")
            )
        for path in some:
            if states.get(path.name) in (BatchState.CANCELLED, BatchState.EXPIRED) or (
                path.name not in states and _last_written(path) < old
            ):
                yield path


def _last_written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # it took its final name meanwhile
        return float("inf")


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    log.info("removed %s", path.name)
    return True
