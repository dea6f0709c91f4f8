"""Look at a month with every rule: what is found is kept or kept on, what is gone is resolved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from finance_hub.kernel import jobs, scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.periods import Month
from loans import quality
from loans.quality import due
from loans.quality import month as looked_at

#: Two looks at once would resolve each other's findings.
LOCK = 0x7175616C

_KEEP = """
INSERT INTO loans_finding (
  bank_id, period, rule, subject_kind, contract_no, drawdown_no, subject, batch, row_number, context,
  first_seen_at, last_seen_at)
SELECT DISTINCT ON (x.bank_id, x.contract_no, x.drawdown_no, x.subject)
       x.bank_id, %(month)s, %(rule)s, %(kind)s, x.contract_no, x.drawdown_no, x.subject,
       coalesce(b.public_id, ''), x.row_number, x.context, %(now)s, %(now)s
  FROM ({found}) x (bank_id, contract_no, drawdown_no, subject, batch_id, row_number, context)
  LEFT JOIN loans_loanreportbatch b ON b.id = x.batch_id
 ORDER BY x.bank_id, x.contract_no, x.drawdown_no, x.subject, x.batch_id, x.row_number
ON CONFLICT (bank_id, period, rule, contract_no, drawdown_no, subject) WHERE resolved_at IS NULL
DO UPDATE SET last_seen_at = greatest(loans_finding.last_seen_at, excluded.last_seen_at),
              batch = excluded.batch, row_number = excluded.row_number, context = excluded.context
"""
_RESOLVE = """
UPDATE loans_finding SET resolved_at = %(now)s
 WHERE period = %(month)s AND resolved_at IS NULL AND last_seen_at < %(now)s
"""


def run(job: Job) -> dict[str, Any]:
    """The handler of `quality` jobs: {"found": {rule: n}, "resolved": n}."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    # Read after the lock: whoever comes second sees at least what the first one saw.
    return refresh(Month.parse(job.payload["month"]), now=timezone.now())


def refresh(month: Month, *, now: datetime) -> dict[str, Any]:
    """Look at a month of all banks in scope as known at `now`; one transaction."""
    facts = looked_at.facts(month, known_at=now)
    found = {}
    with transaction.atomic():
        looked_at.read(facts)
        with connection.cursor() as cursor:
            for rule in quality.RULES:
                told = {**facts, "rule": rule.code, "kind": rule.kind.value, "now": now}
                cursor.execute(_KEEP.replace("{found}", rule.sql), told)
                found[rule.code] = cursor.rowcount
            cursor.execute(_RESOLVE, facts | {"now": now})
            return {"found": found, "resolved": cursor.rowcount}


def enqueue_due(*, now: datetime) -> int:
    """Record a job for the newest month whose data are newer than its last look; how many are new.

    One at a time: the months' figures matter more to the workers. Harmless to run twice, late, or on
    two machines: the job's dedupe key decides.
    """
    with scoping.within(EVERYTHING):
        for month, version in due.versions(now=now):
            job, fresh = jobs.enqueue(
                "quality", dedupe_key=f"quality:{month}:{version}", payload={"month": str(month)}
            )
            if fresh or job.state in {"queued", "running"}:
                return int(fresh)
    return 0
