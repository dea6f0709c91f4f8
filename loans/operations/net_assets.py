"""Net assets, as guarantors and insurers report them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.days import require_day
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import refuse
from loans.models import NetAssets


def report(
    *, effective_date: date, amount: Decimal, deductions: Decimal, by: Person, now: datetime
) -> NetAssets:
    """Net assets of the caller's organisation at the end of a day; what is reported later for the same day
    is in force. Raises InvalidFields."""
    require_day(effective_date, now=now)
    if deductions >= amount:
        raise refuse(
            "#/deductions",
            "deductions-above-net-assets",
            "扣减额须小于净资产",
            "The deductions are below the net assets",
        )
    with transaction.atomic():
        made = NetAssets.objects.create(
            public_id=ids.new("na"), guarantor=by.organisation, effective_date=effective_date, amount=amount,
            deductions=deductions, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        audit.record(
            "guarantee.net_assets", actor=by, subject=f"organisation:{by.organisation.code}", at=now,
            amount=str(amount), deductions=str(deductions), effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return made
