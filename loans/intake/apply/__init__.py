"""Apply: what is staged is checked against what is held, then written in one go, or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from finance_hub.kernel.periods import Month
from loans.intake.apply import balances, flow_checks, flow_facts, outcomes, reversals, stock
from loans.intake.refusals import RowsRejected
from loans.models import Acceptance, BatchState, Dataset, LoanReportBatch

#: With the bank's id, the key of its lock: one batch of a bank is applied at a time.
LOCK = 0x6C6F616E


def check(batch: LoanReportBatch) -> dict[str, int]:
    """Sort the staged rows into pending, unchanged and rejected; the counts. Holds the bank's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, batch.bank_id])
    if batch.dataset == Dataset.FLOW:
        # Of a file that was sent before, nothing is left to compare.
        if flow_checks.find_unchanged(bank=batch.bank_id):
            flow_checks.check(bank=batch.bank_id)
            reversals.check(bank=batch.bank_id)
            balances.check()
            flow_checks.warn()
    else:
        stock.check(bank=batch.bank_id, period=Month.of(batch.period))
    return outcomes.count(batch.dataset)


def settle(
    batch: LoanReportBatch, *, result: dict[str, int], now: datetime
) -> tuple[BatchState, dict[str, Any]]:
    """Write the pending rows where the batch wants it: (its new state, its applied totals).

    Raises RowsRejected for an all-or-nothing batch with a rejected row; nothing is written then.
    """
    if batch.acceptance == Acceptance.ALL_OR_NOTHING and result["rejected"]:
        raise RowsRejected(rejected=result["rejected"])
    applied = outcomes.sums(batch.dataset)
    outcomes.keep(batch, accepted=batch.dry_run)
    if batch.dry_run:
        return BatchState.VALIDATED, {name: 0 if name == "rows" else "0.00" for name in applied}
    if result["accepted"]:
        (flow_facts if batch.dataset == Dataset.FLOW else stock).write(batch, now=now)
    return BatchState.APPLIED, applied
