"""Which months have newer data than their last look: a word per month that changes with its inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from finance_hub.kernel.periods import Month
from loans import quality
from loans.queries.in_force import rows

#: A later month's rules read what earlier months reported.
_APPLIED = """
SELECT period, count(*), max(finished_at) FROM loans_loanreportbatch WHERE state = 'applied' GROUP BY 1 ORDER BY 1
"""
_CONFIRMED = "SELECT period, max(id) FROM loans_confirmation GROUP BY 1"
#: Firms that open findings are about and that the registry has changed since.
_CHANGED_FIRMS = """
SELECT f.period, max(v.id) FROM loans_finding f
  JOIN kernel_firm k ON k.uscc = f.subject
  JOIN kernel_firmversion v ON v.firm_id = k.id AND v.recorded_at > f.last_seen_at
 WHERE f.subject_kind = 'firm' AND f.resolved_at IS NULL GROUP BY 1
"""


def versions(*, now: datetime) -> Iterator[tuple[Month, str]]:
    """(month, word) of every ended month since the first that was reported, newest first."""
    applied = {period: tuple(told) for period, *told in rows(_APPLIED)}
    if not applied:
        return
    confirmed, changed = dict(rows(_CONFIRMED)), dict(rows(_CHANGED_FIRMS))
    known: list[object] = [quality.VERSION]
    found = []
    for month in Month.of(min(applied)).until(Month.of(now)):
        known.append(applied.get(month.first))
        found.append((month, _word(known, confirmed.get(month.first), changed.get(month.first))))
    yield from reversed(found)


def _word(*inputs: object) -> str:
    return hashlib.sha256(repr(inputs).encode()).hexdigest()[:16]
