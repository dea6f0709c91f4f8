"""Findings in scope: open ones, resolved ones, or both."""

from __future__ import annotations

from django.db.models import QuerySet

from loans.models import Finding

STATES = ("open", "resolved", "all")


def findings(*, state: str = "open", **wanted: object) -> QuerySet[Finding]:
    """With their bank, of one `state`; `wanted` are further lookups."""
    rows = Finding.objects.select_related("bank").filter(**wanted)
    return rows if state == "all" else rows.filter(resolved_at__isnull=state == "open")
