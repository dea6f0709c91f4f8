"""Invariants: plain SQL over the facts, independent of the code that wrote them.

Each query finds offending rows; none found means that the invariant holds. The stored figures of the newest snapshots
are computed a second time (`figures`). Run nightly, after every fault, and after a restore.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection

from finance_hub.kernel import audit
from finance_hub.kernel.periods import Month
from tasks.invariants import figures, funds, ground, guarantees, loans
from tasks.models import Snapshot
from tasks.queries import months_with_figures

QUERIES: dict[str, str] = {**loans.QUERIES, **funds.QUERIES, **guarantees.QUERIES, **ground.QUERIES}
#: How many months are computed again where none is named: the newest that have figures.
MONTHS = 2
_NAMED = 5


@dataclass(frozen=True)
class Finding:
    """One invariant: `offenders` names up to five rows that break it."""

    name: str
    offenders: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.offenders


def check(*, months: Sequence[Month] | None = None) -> list[Finding]:
    """Every invariant with its offenders, the figures of some months (or the newest) among them; wants full scope."""
    findings = [Finding(name, _offenders(query)) for name, query in QUERIES.items()]
    findings.append(Finding("every published file hashes to its record", _changed_files()))
    broken = audit.verify()
    findings.append(
        Finding("the audit chain holds", (f"seq {broken.seq}: {broken.reason}",) if broken else ())
    )
    return findings + recomputed(months_with_figures()[:MONTHS] if months is None else months)


def recomputed(months: Sequence[Month]) -> list[Finding]:
    """The newest snapshot of each month, computed a second time from the facts as known then."""
    firsts = [month.first for month in months]
    newest = (
        Snapshot.objects.filter(month__in=firsts).order_by("-month", "-known_at", "-pk").distinct("month")
    )
    return [
        Finding(
            f"the figures of {Month.of(snapshot.month)} are what the facts give",
            tuple(str(one) for one in islice(figures.differences(snapshot), _NAMED)),
        )
        for snapshot in newest
    ]


def _offenders(query: str) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) offenders LIMIT {_NAMED}")
        return tuple(str(row[0]) for row in cursor.fetchall())


def _changed_files() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT public_id, file, sha256 FROM tasks_briefing WHERE state <> 'superseded'")
        kept = cursor.fetchall()
    return tuple(name for name, file, sha256 in kept if _digest(settings.FILES_DIR / file) != sha256)[:_NAMED]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
