"""Who has reported what of a month, and how late. Not reported is a state, never a zero."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from finance_hub.kernel import scoping
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from loans.models import BatchState, Dataset, LoanReportBatch
from loans.queries.in_force import rows
from loans.queries.reporting import due_at

#: What guarantors and insurers report: no files, but guarantees and what happened to them.
GUARANTEES = "guarantees"
STATES = ("not_started", "declared", "submitted", "rejected", "overdue", "applied", "confirmed")
_OTHERS = ("guarantor", "insurer")
_DAY = timedelta(days=1)


class Status(NamedTuple):
    """`days_late`: begun days from the due moment to the first applied report, or to now where there is
    none. `batches` and `accepted` count what was applied; `last_batch` is the newest of any outcome."""

    reporter: Organisation
    dataset: str
    state: str
    due_at: datetime
    days_late: int
    first_reported_at: datetime | None
    last_reported_at: datetime | None
    batches: int | None
    accepted: int
    last_batch: LoanReportBatch | None


class _Applied(NamedTuple):
    batches: int | None = None
    accepted: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None


_BATCHES = """
SELECT bank_id, dataset, count(*), coalesce(sum((result ->> 'accepted')::bigint), 0)::bigint,
       min(finished_at), max(finished_at)
  FROM loans_loanreportbatch
 WHERE period = %(month)s AND state = 'applied' AND finished_at <= %(now)s GROUP BY 1, 2
"""

_GUARANTEES = """
SELECT guarantor_id, count(*), min(recorded_at), max(recorded_at) FROM (
  SELECT guarantor_id, recorded_at FROM loans_guarantee
   WHERE start_date >= %(month)s AND start_date < %(end)s
  UNION ALL
  SELECT g.guarantor_id, e.recorded_at FROM loans_guaranteeevent e JOIN loans_guarantee g ON g.id = e.guarantee_id
   WHERE e.effective_date >= %(month)s AND e.effective_date < %(end)s) recorded
 WHERE recorded_at <= %(now)s GROUP BY 1
"""

#: Banks whose last word on the month was that it matches, and to whom nothing was applied since.
_CONFIRMED = """
SELECT c.bank_id FROM loans_confirmation c
 WHERE c.period = %(month)s AND c.matched AND c.recorded_at <= %(now)s
   AND NOT EXISTS (SELECT FROM loans_confirmation later
                    WHERE later.bank_id = c.bank_id AND later.period = c.period AND later.number > c.number)
   AND NOT EXISTS (SELECT FROM loans_loanreportbatch b
                    WHERE b.bank_id = c.bank_id AND b.period <= c.period AND b.state = 'applied'
                      AND b.finished_at > c.recorded_at AND (b.result ->> 'accepted')::bigint > 0)
"""


def status(month: Month, *, now: datetime) -> list[Status]:
    """Every reporter in scope that owes the month, by kind, code and data set."""
    facts: dict[str, Any] = {"month": month.first, "end": month.end, "now": now}
    applied = {(bank, dataset): _Applied(*told) for bank, dataset, *told in rows(_BATCHES, **facts)}
    recorded = {who: _Applied(None, *told) for who, *told in rows(_GUARANTEES, **facts)}
    confirmed = {bank for (bank,) in rows(_CONFIRMED, **facts)}
    last = {(batch.bank_id, batch.dataset): batch for batch in _last_batches(month)}
    found = []
    for reporter in _owing(month):
        for dataset in sorted(Dataset.values) if reporter.kind == "bank" else [GUARANTEES]:
            key = (reporter.pk, dataset)
            done = applied.get(key) if reporter.kind == "bank" else recorded.get(reporter.pk)
            found.append(
                _status(
                    reporter, dataset, done or _Applied(0 if reporter.kind == "bank" else None), last.get(key),
                    due=due_at(month), confirmed=reporter.pk in confirmed, now=now,
                )
            )  # fmt: skip
    return found


def _status(
    reporter: Organisation, dataset: str, done: _Applied, last: LoanReportBatch | None, *, due: datetime,
    confirmed: bool, now: datetime,
) -> Status:  # fmt: skip
    late = (done.first_at or now) - due
    return Status(
        reporter,
        dataset,
        _state(done, last, overdue=now > due, confirmed=confirmed),
        due,
        max(0, -(-late // _DAY)),
        done.first_at,
        done.last_at,
        done.batches,
        done.accepted,
        last,
    )


def _state(done: _Applied, last: LoanReportBatch | None, *, overdue: bool, confirmed: bool) -> str:
    if done.first_at:
        return "confirmed" if confirmed else "applied"
    waiting = {
        BatchState.UPLOADING: "declared",
        BatchState.UPLOADED: "declared",
        BatchState.REJECTED: "rejected",
    }
    state = waiting.get(BatchState(last.state), "submitted") if last else "not_started"
    # What is being worked on is in our hands, not late in the bank's.
    return "overdue" if overdue and state != "submitted" else state


def _last_batches(month: Month) -> QuerySet[LoanReportBatch]:
    given_up = [BatchState.CANCELLED, BatchState.EXPIRED]
    real = LoanReportBatch.objects.filter(period=month.first, dry_run=False).exclude(state__in=given_up)
    newest = real.order_by("bank_id", "dataset", "-declared_at", "-pk")
    return newest.distinct("bank_id", "dataset")


def _owing(month: Month) -> QuerySet[Organisation]:
    """Banks since the month they report from, or always; others only since a month that is set."""
    since = Q(reports_since__lte=month.first)
    owing = Organisation.objects.filter(
        Q(kind="bank") & (since | Q(reports_since=None)) | Q(kind__in=_OTHERS) & since
    )
    scope = scoping.current()
    if not scope.everything:
        owing = owing.filter(pk__in=[scope.organisation_id or 0])
    return owing.order_by("kind", "code")
