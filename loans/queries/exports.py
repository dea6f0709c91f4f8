"""Exports in scope."""

from __future__ import annotations

from django.db.models import QuerySet

from finance_hub.kernel.problems import NotFound
from loans.models import HoldingsExport


def exports() -> QuerySet[HoldingsExport]:
    """With bank, job, and who asked."""
    return HoldingsExport.objects.select_related("bank", "job", "requested_by")


def export(public_id: str) -> HoldingsExport:
    """Raises NotFound, for a foreign one as for one that does not exist."""
    found = exports().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
