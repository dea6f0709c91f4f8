"""Recoveries 追偿: money got back for a claim, after its cost, flows back to those who bore the loss."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Case, F, Sum, When

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from loans.models import Claim, ClaimShare, Guarantee, GuaranteeEventKind, Recovery, RecoveryShare
from loans.operations import pool_events
from loans.operations.guarantee_events import (
    RecoveryAboveCompensation,
    at,
    enter,
    lock,
    require_day,
    take_back,
)
from loans.operations.reversals import AlreadyReversed, ReversalOfAReversal, require_after
from loans.sharing import split_recovery


class ClaimNeeded(Problem):
    code = "claim-needed"
    status = 422
    title = Text(
        "该担保的代偿与追偿须按笔登记（/claims、/recoveries）",
        "Compensation and recovery of this guarantee are reported as claims and recoveries",
    )


_NOTHING = Decimal("0.00")


def recover(
    *,
    guarantee: str,
    claim: str | None = None,
    amount: Decimal,
    cost: Decimal = _NOTHING,
    effective_date: date,
    by: Person,
    now: datetime,
) -> Recovery:
    """`amount` got back for a claim of the guarantee; after `cost` it flows back as the loss was borne.

    `claim` may be left out where the guarantee has one alone. Raises NotFound, InvalidFields,
    RecoveryAboveCompensation.
    """
    with transaction.atomic():
        held = lock(guarantee)
        require_day(held, effective_date, now=now)
        made = enter_recovery(
            held, _claim(held, claim), amount=amount, cost=cost, day=effective_date, by=by, now=now
        )
        audit.record(
            "guarantee.recover", actor=by, subject=f"guarantee:{guarantee}", at=now, recovery=made.public_id,
            amount=str(amount), cost=str(cost), effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return made


def enter_recovery(
    held: Guarantee, claim: Claim, *, amount: Decimal, cost: Decimal, day: date, by: Person, now: datetime
) -> Recovery:
    """Wants the guarantee locked; the caller writes the audit entry."""
    if cost > amount:
        raise refuse("#/cost", "cost-above-recovery", "追偿费用大于追偿额", "The cost is above the recovery")
    if day < claim.effective_date:
        raise RecoveryAboveCompensation(errors=at(RecoveryAboveCompensation, "#/amount"), left=_NOTHING)
    borne = list(ClaimShare.objects.filter(claim=claim).order_by("position"))
    back = _returned(claim)
    whole = [part.principal + part.interest for part in borne]
    returned = [back.get((part.party, part.name), _NOTHING) for part in borne]
    net, left = amount - cost, sum(whole, _NOTHING) - sum(returned, _NOTHING)
    if net > left:
        raise RecoveryAboveCompensation(errors=at(RecoveryAboveCompensation, "#/amount"), left=left)
    parts = split_recovery(net, borne=whole, returned=returned)
    others = sum((p for part, p in zip(borne, parts, strict=True) if part.party != "bank"), _NOTHING)
    event = enter(held, GuaranteeEventKind.RECOVERY, others, day=day, by=by, now=now) if others else None
    made = Recovery.objects.create(
        public_id=ids.new("gr"), guarantee=held, claim=claim, amount=amount, cost=cost, event=event,
        effective_date=day, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    _enter_parts(made, [(s.party, s.name, part) for s, part in zip(borne, parts, strict=True)])
    to_pool = sum((p for part, p in zip(borne, parts, strict=True) if part.party == "pool"), _NOTHING)
    if to_pool:
        pool_events.give_back(held, made, to_pool, day=day, by=by, now=now)
    return made


def only_claim(held: Guarantee) -> Claim:
    """The one claim in force of the guarantee. Raises ClaimNeeded where there are several."""
    open_ones = list(Claim.objects.filter(guarantee=held, reverses=None, reversed_by=None)[:2])
    if len(open_ones) != 1:
        raise ClaimNeeded(errors=at(ClaimNeeded, "#/kind"))
    return open_ones[0]


def reverse_recovery(
    *, guarantee: str, recovery: str, effective_date: date, by: Person, now: datetime
) -> Recovery:
    """Take back a recovery from a day on, and what the pool got of it.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, PoolTooSmall.
    """
    with transaction.atomic():
        held = lock(guarantee)
        found = Recovery.objects.filter(guarantee=held, public_id=recovery)
        first = found.select_related("claim", "event").first()
        if first is None:
            raise NotFound
        if first.reverses_id is not None:
            raise ReversalOfAReversal
        if Recovery.objects.filter(reverses=first).exists():
            raise AlreadyReversed
        require_after(effective_date, first.effective_date, now=now)
        reversal = Recovery.objects.create(
            public_id=ids.new("gr"), guarantee=held, claim=first.claim, amount=first.amount, cost=first.cost,
            event=take_back(first.event, held=held, day=effective_date, by=by, now=now),
            effective_date=effective_date, recorded_at=max(now, first.recorded_at), recorded_by=by,
            reverses=first,
        )  # fmt: skip
        shares = RecoveryShare.objects.filter(recovery=first).order_by("position")
        _enter_parts(reversal, [(s.party, s.name, s.amount) for s in shares])
        pool_events.take_again(first, reversal, day=effective_date, by=by, now=now)
        audit.record(
            "guarantee.reverse", actor=by, subject=f"guarantee:{guarantee}", at=now, recovery=recovery,
            effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return reversal


def _claim(held: Guarantee, public_id: str | None) -> Claim:
    """The claim in force that is named, or the only one."""
    in_force = Claim.objects.filter(guarantee=held, reverses=None, reversed_by=None)
    found = list((in_force.filter(public_id=public_id) if public_id else in_force)[:2])
    if len(found) != 1:
        raise refuse(
            "#/claim",
            "claim-unknown",
            "须指明该担保的一笔未冲正的代偿",
            "Name one claim of this guarantee that is not reversed",
        )
    return found[0]


def _returned(claim: Claim) -> dict[tuple[str, str], Decimal]:
    """What each party has got back of a claim."""
    signed = Case(When(recovery__reverses=None, then=F("amount")), default=-F("amount"))
    parts = RecoveryShare.objects.filter(recovery__claim=claim).values("party", "name")
    return {(row["party"], row["name"]): row["back"] for row in parts.annotate(back=Sum(signed))}


def _enter_parts(made: Recovery, parts: list[tuple[str, str, Decimal]]) -> None:
    RecoveryShare.objects.bulk_create(
        RecoveryShare(
            guarantee_id=made.guarantee_id, recovery=made, position=position, party=party, name=name,
            amount=amount,
        )
        for position, (party, name, amount) in enumerate(parts)
    )  # fmt: skip
