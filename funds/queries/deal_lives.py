"""What a deal's own page tells beside where it stands: what may be tied to it, and all that was changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from funds.models import Deal, DealChange, DealStep, HoldingEvent, HoldingEventKind
from funds.models.deals import ROAD


def untied(of: Deal, *, not_before: date, or_tied: bool = False) -> QuerySet[HoldingEvent, Any]:
    """Investments of the deal's fund in its firm that stand, were made on that day or later and belong to no
    deal, or with `or_tied` to this one; the oldest first."""
    free = Q(pays=None) | Q(pays__deal=of) if or_tied else Q(pays=None)
    return HoldingEvent.objects.filter(
        free,
        holding__fund=of.fund_id,
        holding__firm__isnull=False,
        holding__firm=of.firm_id,
        kind=HoldingEventKind.INVESTMENT,
        reverses=None,
        reversed_by=None,
        effective_date__gte=not_before,
    ).order_by("effective_date", "pk")


def changes(of: Deal) -> QuerySet[DealChange]:
    """Every edit of the header with its author, the newest first."""
    return DealChange.objects.filter(deal=of).select_related("recorded_by").order_by("-version")


def header_as_of(of: Deal, *, version: int) -> dict[str, str | None]:
    """What the fields that were changed after a version held in it, by their names in the API."""
    held: dict[str, str | None] = {}
    for change in DealChange.objects.filter(deal=of, version__gt=version).order_by("version"):
        for field, said in change.changes.items():
            held.setdefault(field, said["old"])
    return held


def is_screened(of: Deal) -> bool:
    """Whether its firm is settled."""
    return DealStep.objects.filter(deal=of).exclude(at=ROAD[0]).exists()
