"""What a manager earns from the firms of its fund, entered and taken back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound
from funds.models import ManagerEarning
from funds.operations.reversing import AlreadyReversed, ReversalOfAReversal, require_not_before
from funds.operations.rules import lock_fund, require_amount, require_day


def record_earning(
    *, fund: str, amount: Decimal, earned_from: str, effective_date: date, by: Person, now: datetime
) -> ManagerEarning:
    """The manager of the fund with code `fund` had `amount` from a firm of it. Raises NotFound, InvalidFields."""
    require_amount(amount)
    with transaction.atomic():
        held = lock_fund(fund)
        require_day(effective_date, now=now, since=held.established_on)
        earning = ManagerEarning.objects.create(
            public_id=ids.new("me"), fund=held, amount=amount, earned_from=earned_from, effective_date=effective_date,
            recorded_at=now, recorded_by=by,
        )  # fmt: skip
        audit.record("fund.manager_earning", actor=by, subject=f"fund:{fund}", at=now, **_facts(earning))
    return earning


def reverse_earning(
    *, fund: str, earning: str, effective_date: date, note: str, by: Person, now: datetime
) -> ManagerEarning:
    """Take it back from a day on; `note` says why. Raises NotFound, InvalidFields, AlreadyReversed,
    ReversalOfAReversal.
    """
    with transaction.atomic():
        held = lock_fund(fund)
        first = ManagerEarning.objects.filter(fund=held, public_id=earning).first()
        if first is None:
            raise NotFound
        if first.reverses_id is not None:
            raise ReversalOfAReversal
        if ManagerEarning.objects.filter(reverses=first).exists():
            raise AlreadyReversed
        require_day(effective_date, now=now)
        require_not_before(effective_date, first.effective_date)
        reversal = ManagerEarning.objects.create(
            public_id=ids.new("me"), fund=held, amount=first.amount, earned_from=note, effective_date=effective_date,
            reverses=first, recorded_at=max(now, first.recorded_at), recorded_by=by,
        )  # fmt: skip
        audit.record(
            "fund.reverse_manager_earning", actor=by, subject=f"fund:{fund}", at=now, reverses=earning,
            **_facts(reversal),
        )  # fmt: skip
    return reversal


def _facts(earning: ManagerEarning) -> dict[str, Any]:
    return {
        "earning": earning.public_id, "amount": f"{earning.amount:.2f}", "earned_from": earning.earned_from,
        "effective_date": earning.effective_date.isoformat(),
    }  # fmt: skip
