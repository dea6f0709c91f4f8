"""What happens to a guarantee: releases, write-offs, fees; and the entries that claims and recoveries make."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit, days, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import FieldError, NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from loans.models import Agreement, Claim, Guarantee, GuaranteeEvent, GuaranteeEventKind, Recovery
from loans.operations.reversals import AlreadyReversed, ReversalOfAReversal, require_after
from loans.queries.guarantees import standing


class AboveOutstanding(Problem):
    code = "guarantee-amount-exceeds-outstanding"
    status = 422
    title = Text("金额大于在保余额", "The amount is above what is outstanding")
    detail = Text("在保余额为 {outstanding}", "{outstanding} is outstanding")


class RecoveryAboveCompensation(Problem):
    code = "recovery-exceeds-compensation"
    status = 422
    title = Text("追偿金额大于未追回的代偿", "It recovers more than was compensated")
    detail = Text("尚未追回 {left}", "{left} is not recovered yet")


class WriteOffAboveClaim(Problem):
    code = "write-off-exceeds-claim"
    status = 422
    title = Text("核销金额大于未追回的代偿", "It writes off more than the firm still owes")
    detail = Text("企业尚欠 {left}", "The firm still owes {left}")


class EventOfAClaim(Problem):
    code = "event-of-a-claim"
    status = 409
    title = Text(
        "该事项属于一笔代偿或追偿，须整笔冲正", "The entry is part of a claim or a recovery: reverse that"
    )
    detail = Text("属于 {whole}", "It is part of {whole}")


def lock(public_id: str) -> Guarantee:
    """The guarantee, its row locked, and its agreement's before. Raises NotFound."""
    found = Guarantee.objects.filter(public_id=public_id).select_related("terms").first()
    if found is None:
        raise NotFound
    if found.terms:
        Agreement.objects.select_for_update().get(pk=found.terms.agreement_id)
    Guarantee.objects.select_for_update().get(pk=found.pk)
    return found


def require_day(held: Guarantee, day: date, *, now: datetime) -> None:
    """Raises InvalidFields (`effective_date`)."""
    if day < held.start_date:
        raise refuse(
            "#/effective_date", "date-before-start", "日期早于担保起始日", "It is before the guarantee starts"
        )
    days.require_day(day, now=now)


def require_room(
    held: Guarantee, kind: str, amount: Decimal, *, day: date, pointer: str = "#/amount"
) -> None:
    """What is recorded for later days counts too: no later recovery may lose its compensation.

    Raises AboveOutstanding, RecoveryAboveCompensation, WriteOffAboveClaim.
    """
    then, after = standing([held.pk], day=day)[held.pk], standing([held.pk])[held.pk]
    if kind == GuaranteeEventKind.FEE:
        return
    if kind == GuaranteeEventKind.RECOVERY:
        left = min(then.not_recovered, after.not_recovered)
        if amount > left:
            raise RecoveryAboveCompensation(errors=at(RecoveryAboveCompensation, pointer), left=left)
    elif kind == GuaranteeEventKind.WRITE_OFF:
        left = min(then.claim, after.claim)
        if amount > left:
            raise WriteOffAboveClaim(errors=at(WriteOffAboveClaim, pointer), left=left)
    else:
        outstanding = held.principal - after.released - after.compensated
        if amount > outstanding:
            raise AboveOutstanding(errors=at(AboveOutstanding, pointer), outstanding=outstanding)


def enter(
    held: Guarantee,
    kind: str,
    amount: Decimal,
    *,
    day: date,
    by: Person,
    now: datetime,
    reverses: GuaranteeEvent | None = None,
) -> GuaranteeEvent:
    """One row; whoever calls has locked the guarantee, looked for room, and writes the audit entry."""
    return GuaranteeEvent.objects.create(
        public_id=ids.new("ge"), guarantee=held, kind=kind, amount=amount, effective_date=day,
        recorded_at=now if reverses is None else max(now, reverses.recorded_at), recorded_by=by, reverses=reverses,
    )  # fmt: skip


def take_back(
    event: GuaranteeEvent | None, *, held: Guarantee, day: date, by: Person, now: datetime
) -> GuaranteeEvent | None:
    """The entry that reverses an entry of a claim or a recovery, where there is one."""
    return event and enter(held, event.kind, event.amount, day=day, by=by, now=now, reverses=event)


def reverse_event(
    *, guarantee: str, event: str, effective_date: date, by: Person, now: datetime
) -> GuaranteeEvent:
    """Take back a release, a write-off or a fee from a day on, by a row that names it.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, EventOfAClaim.
    """
    with transaction.atomic():
        held = lock(guarantee)
        first = GuaranteeEvent.objects.filter(guarantee=held, public_id=event).first()
        if first is None:
            raise NotFound
        _require_reversible(first)
        require_after(effective_date, first.effective_date, now=now)
        reversal = enter(held, first.kind, first.amount, day=effective_date, by=by, now=now, reverses=first)
        audit.record(
            "guarantee.reverse", actor=by, subject=f"guarantee:{guarantee}", at=now, event=event,
            kind=first.kind, amount=str(first.amount), effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return reversal


def _require_reversible(first: GuaranteeEvent) -> None:
    if first.reverses_id is not None:
        raise ReversalOfAReversal
    if GuaranteeEvent.objects.filter(reverses=first).exists():
        raise AlreadyReversed
    for whole in (
        Claim.objects.filter(compensation=first), Claim.objects.filter(interest_paid=first),
        Claim.objects.filter(kept=first), Recovery.objects.filter(event=first),
    ):  # fmt: skip
        found = whole.first()
        if found:
            raise EventOfAClaim(whole=found.public_id)


def at(problem: type[Problem], pointer: str) -> tuple[FieldError, ...]:
    return (FieldError(problem.code, pointer, problem.title),)
