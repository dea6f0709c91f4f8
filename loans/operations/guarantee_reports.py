"""What a guarantor reports of a guarantee by kind and amount alone."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import refuse
from loans.models import Guarantee, GuaranteeEvent, GuaranteeEventKind
from loans.operations import claims, recoveries
from loans.operations.guarantee_events import at, enter, lock, require_day, require_room

#: Kinds that are part of a claim wherever an agreement splits the loss.
_CLAIMED = {GuaranteeEventKind.COMPENSATION.value, GuaranteeEventKind.RECOVERY.value}
REPORTED = ("release", "compensation", "recovery", "write_off", "fee")


def record_event(
    *, guarantee: str, kind: str, amount: Decimal, effective_date: date, by: Person, now: datetime
) -> GuaranteeEvent:
    """Release, write-off or fee of the guarantee with the public id `guarantee`; without an agreement also a
    compensation that government and guarantor bear by their shares, and its recovery.

    The amount must fit on its own day and with everything recorded for later days. Raises NotFound,
    InvalidFields, ClaimNeeded, AboveOutstanding, RecoveryAboveCompensation, WriteOffAboveClaim.
    """
    if amount <= 0:
        raise refuse(
            "#/amount", "amount-not-positive", "金额须大于零", "The amount must be greater than zero"
        )
    with transaction.atomic():
        held = lock(guarantee)
        require_day(held, effective_date, now=now)
        if kind in _CLAIMED and held.terms_id:
            raise recoveries.ClaimNeeded(errors=at(recoveries.ClaimNeeded, "#/kind"))
        require_room(held, kind, amount, day=effective_date)
        event = _enter(held, kind, amount, day=effective_date, by=by, now=now)
        audit.record(
            f"guarantee.{kind}", actor=by, subject=f"guarantee:{guarantee}", at=now,
            amount=str(amount), effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return event


def _enter(
    held: Guarantee, kind: str, amount: Decimal, *, day: date, by: Person, now: datetime
) -> GuaranteeEvent:
    entry: GuaranteeEvent | None
    if kind == GuaranteeEventKind.COMPENSATION:
        entry = claims.compensated(held, amount, day=day, by=by, now=now).compensation
    elif kind == GuaranteeEventKind.RECOVERY:
        claim = recoveries.only_claim(held)
        entry = recoveries.enter_recovery(
            held, claim, amount=amount, cost=Decimal("0.00"), day=day, by=by, now=now
        ).event
    else:
        entry = enter(held, kind, amount, day=day, by=by, now=now)
    if entry is None:
        raise recoveries.ClaimNeeded(errors=at(recoveries.ClaimNeeded, "#/kind"))
    return entry
