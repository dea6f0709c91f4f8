"""Whoever writes to a deal waits for its row."""

from __future__ import annotations

from finance_hub.kernel.problems import NotFound
from funds.models import Deal
from funds.operations.rules import lock_fund


def lock_deal(public_id: str) -> Deal:
    """The deal in scope with fund and firm, its row locked until commit. Raises NotFound."""
    rows = Deal.objects.select_related("fund", "firm").select_for_update(no_key=True, of=("self",))
    deal = rows.filter(public_id=public_id).first()
    if deal is None:
        raise NotFound
    return deal


def lock_deal_and_fund(public_id: str) -> Deal:
    """As `lock_deal`, with the row of its fund locked before it, as entries of the holdings do. Raises NotFound."""
    fund = Deal.objects.filter(public_id=public_id).values_list("fund__code", flat=True).first()
    if fund is None:
        raise NotFound
    lock_fund(fund)
    return lock_deal(public_id)
