"""What a bank's statement is made of: its own rows and figures, as known when the snapshot was taken."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.money import yuan
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans.models import Finding, LoanReportBatch
from loans.queries.covers import cover_frame
from tasks import queries
from tasks.briefing.content.desk import CHART_MONTHS
from tasks.models import Figure, Snapshot

#: So many others at least: among fewer a place says too much of one of them.
LEAST_OTHERS = 5


class Rank(NamedTuple):
    place: int
    of: int


class Changed(NamedTuple):
    """A month whose balance is another than its first figures said."""

    month: Month
    first: Decimal
    now: Decimal


class Facts(NamedTuple):
    """`guaranteed` and `pooled`: guarantees outstanding on its loans, and those of them under a risk pool, in yuan."""

    batches: list[LoanReportBatch]
    findings: list[Finding]
    ranks: dict[str, Rank]
    changed: list[Changed]
    guaranteed: Decimal
    pooled: Decimal


def facts_of(of: Organisation, snapshot: Snapshot) -> Facts:
    """The bank's own rows, as known when the snapshot was taken."""
    month, known = queries.month_of(snapshot), snapshot.known_at
    batches = LoanReportBatch.objects.filter(
        bank=of, period=month.first, dry_run=False, declared_at__lte=known, first_part=None
    )
    findings = Finding.objects.filter(
        Q(resolved_at=None) | Q(resolved_at__gt=known),
        bank=of,
        period=month.first,
        first_seen_at__lte=known,
    )
    with within(EVERYTHING):
        covers = [row for row in cover_frame(month.end, known) if row.bank_id == of.pk]
    return Facts(
        batches=list(batches.order_by("declared_at", "pk")),
        findings=list(findings.order_by("rule", "pk")),
        ranks=ranks(snapshot, of),
        changed=_changed(of, month, known),
        guaranteed=yuan(sum(row.outstanding for row in covers)),
        pooled=yuan(sum(row.outstanding for row in covers if row.pool_id is not None)),
    )


def _changed(of: Organisation, month: Month, known: datetime) -> list[Changed]:
    """Months of the last year whose balance is not what was first computed for them."""
    with within(EVERYTHING):
        rows = Figure.objects.filter(
            code="loans.balance", scope="bank", key=of.code, value__isnull=False, snapshot__known_at__lte=known,
            snapshot__month__gte=(month - (CHART_MONTHS - 1)).first, snapshot__month__lt=month.first,
        )  # fmt: skip
        values = rows.order_by("snapshot__month", "snapshot__known_at", "snapshot_id")
        told: dict[Month, list[Decimal]] = {}
        for first, value in values.values_list("snapshot__month", "value"):
            if value is not None:
                told.setdefault(Month.of(first), []).append(value)
    return [Changed(past, values[0], values[-1]) for past, values in told.items() if values[0] != values[-1]]


def ranks(snapshot: Snapshot, of: Organisation) -> dict[str, Rank]:
    """The bank's place by balance and by what it disbursed, the largest first; none among fewer than five others."""
    found = {}
    with within(EVERYTHING):
        for code in ("loans.balance", "loans.disbursed"):
            rows = Figure.objects.filter(snapshot=snapshot, code=code, scope="bank", value__isnull=False)
            values = {key: value for key, value in rows.values_list("key", "value") if value is not None}
            own = values.pop(of.code, None)
            if own is not None and len(values) >= LEAST_OTHERS:
                found[code] = Rank(1 + sum(value > own for value in values.values()), len(values) + 1)
    return found
