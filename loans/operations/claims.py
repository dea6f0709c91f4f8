"""Claims 代偿: a loss of guaranteed principal, split by the agreement to the cent, paid, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.scoping import within
from finance_hub.kernel.text import Text
from loans.models import (
    AgreementTerms,
    Claim,
    ClaimShare,
    Guarantee,
    GuaranteeEvent,
    GuaranteeEventKind,
    Instrument,
    Pool,
    Recovery,
)  # fmt: skip
from loans.operations import pool_events
from loans.operations.guarantee_events import (
    RecoveryAboveCompensation,
    enter,
    lock,
    require_day,
    require_room,
    take_back,
)
from loans.operations.reversals import AlreadyReversed, ReversalOfAReversal, require_after
from loans.queries import agreements, pools
from loans.queries.guarantees import standing
from loans.sharing import split_loss, split_room


class ClaimTooEarly(Problem):
    code = "claim-before-waiting-period"
    status = 422
    title = Text("代偿期限未届满", "The waiting period after the default has not passed")
    detail = Text("最早可于 {earliest} 代偿", "The earliest day is {earliest}")


class InterestNotCovered(Problem):
    code = "interest-not-covered"
    status = 422
    title = Text("协议仅代偿本金", "The agreement covers principal only")


class ClaimHasRecoveries(Problem):
    code = "claim-has-recoveries"
    status = 409
    title = Text("该代偿已有追偿，须先冲正追偿", "Something was recovered of this claim: reverse that first")


class Side(NamedTuple):
    """A party of a loss; of one kind there may be several, told apart by name."""

    party: str
    name: str


class Part(NamedTuple):
    principal: Decimal
    interest: Decimal


Parts = dict[Side, Part]
_NOTHING = Decimal("0.00")


def claim(
    *,
    guarantee: str,
    default_date: date,
    principal: Decimal,
    interest: Decimal = _NOTHING,
    effective_date: date,
    by: Person,
    now: datetime,
) -> Claim:
    """The loss of `principal` (and `interest`) on the guarantee with the public id `guarantee`, paid that day.

    The caller waits for the agreement, the guarantee and the pool in this order, so that two claims at
    once find what the other has left. Raises NotFound, InvalidFields, ClaimTooEarly, InterestNotCovered,
    AboveOutstanding.
    """
    with transaction.atomic():
        held = lock(guarantee)
        require_day(held, effective_date, now=now)
        _require_default(held, default_date, paid_on=effective_date)
        if interest and not (held.terms and held.terms.covers_interest):
            raise InterestNotCovered
        require_room(
            held, GuaranteeEventKind.COMPENSATION, principal, day=effective_date, pointer="#/principal"
        )
        parts = _split(held, principal, interest, day=effective_date)
        made = _enter(held, parts, default_date=default_date, day=effective_date, by=by, now=now)
        audit.record(
            "guarantee.claim", actor=by, subject=f"guarantee:{guarantee}", at=now, claim=made.public_id,
            principal=str(principal), interest=str(interest), effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return made


def compensated(held: Guarantee, amount: Decimal, *, day: date, by: Person, now: datetime) -> Claim:
    """A compensation told by its amount alone, on a guarantee with shares of its own: what government and
    guarantor paid, in the proportion of their shares; what the bank bears is not said.

    Wants the guarantee locked and room looked for; the caller writes the audit entry.
    """
    sides = {side: share for side, share in _own_shares(held).items() if side.party != "bank"}
    if not sides:
        raise refuse(
            "#/amount",
            "nobody-compensates",
            "全部损失由银行承担",
            "The bank bears the whole loss: nobody pays",
        )
    borne = split_loss(amount, shares=sides, caps={}, keeper=next(iter(sides)))
    parts = {side: Part(part, _NOTHING) for side, part in borne.items()}
    return _enter(held, parts, default_date=None, day=day, by=by, now=now)


def reverse_claim(*, guarantee: str, claim: str, effective_date: date, by: Person, now: datetime) -> Claim:
    """Take back a claim from a day on, with what the pool paid; other claims keep what they got.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, ClaimHasRecoveries,
    RecoveryAboveCompensation (something of it is written off).
    """
    with transaction.atomic():
        held = lock(guarantee)
        first = _claim(held, claim)
        if first.reverses_id is not None:
            raise ReversalOfAReversal
        if Claim.objects.filter(reverses=first).exists():
            raise AlreadyReversed
        require_after(effective_date, first.effective_date, now=now)
        if Recovery.objects.filter(claim=first, reverses=None, reversed_by=None).exists():
            raise ClaimHasRecoveries
        _require_not_written_off(held, first)
        reversal = _repeat(held, first, day=effective_date, by=by, now=now)
        audit.record(
            "guarantee.reverse", actor=by, subject=f"guarantee:{guarantee}", at=now, claim=claim,
            effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return reversal


def _require_default(held: Guarantee, default_date: date, *, paid_on: date) -> None:
    if not held.start_date <= default_date <= paid_on:
        raise refuse(
            "#/default_date",
            "default-outside-guarantee",
            "违约日须在担保起始日与代偿日之间",
            "The default lies between the start of the guarantee and the day of the claim",
        )
    earliest = default_date + timedelta(days=held.terms.waiting_days if held.terms else 0)
    if paid_on < earliest:
        raise ClaimTooEarly(earliest=earliest.isoformat())


def _own_shares(held: Guarantee) -> dict[Side, Decimal]:
    """Those of a guarantee without an agreement."""
    writer = "insurer" if held.instrument == Instrument.CREDIT_INSURANCE else "guarantor"
    found = {
        Side("bank", ""): held.bank_share_pct, Side("government", ""): held.government_share_pct,
        Side(writer, ""): held.guarantor_share_pct,
    }  # fmt: skip
    return {side: share for side, share in found.items() if share}


def _split(held: Guarantee, principal: Decimal, interest: Decimal, *, day: date) -> Parts:
    """By shares; public parties together at most the room under the compensation cap, the pool at most what
    it holds; the keeper takes the rest. Principal uses up the caps before interest does."""
    if held.terms is None:
        own = _own_shares(held)
        keeper = next(iter(own))
        caps: dict[Side, Decimal] = {}
    else:
        own = {Side(s.party, s.name): s.share_pct for s in agreements.shares(held.terms)}
        keeper = next(side for side in own if side.party == held.terms.keeper)
        caps = _caps(held.terms, own, principal, interest, keeper=keeper, day=day)
    lost = split_loss(principal, shares=own, caps=caps, keeper=keeper)
    left = {side: cap - lost[side] for side, cap in caps.items()}
    unpaid = split_loss(interest, shares=own, caps=left, keeper=keeper)
    return {side: Part(lost[side], unpaid[side]) for side in own}


def _caps(
    terms: AgreementTerms,
    own: Mapping[Side, Decimal],
    principal: Decimal,
    interest: Decimal,
    *,
    keeper: Side,
    day: date,
) -> dict[Side, Decimal]:
    caps: dict[Side, Decimal] = {}
    room = agreements.room_under_cap(terms, day=day)
    if room is not None:
        lost = split_loss(principal, shares=own, caps={}, keeper=keeper)
        unpaid = split_loss(interest, shares=own, caps={}, keeper=keeper)
        public = {side: lost[side] + unpaid[side] for side in own if side.party in agreements.PUBLIC}
        caps = split_room(room, parts=public) if public else {}
    if terms.pool_id:
        with within(EVERYTHING):
            pool = Pool.objects.select_for_update().get(pk=terms.pool_id)
            spare = pools.spare(pool, day=day)
        [side] = [side for side in own if side.party == "pool"]
        caps[side] = min(caps.get(side, spare), spare)
    return caps


def _enter(
    held: Guarantee, parts: Parts, *, default_date: date | None, day: date, by: Person, now: datetime
) -> Claim:
    """The claim, its parts, and what it does to the guarantee and to the pool."""
    paid = sum((p.principal for side, p in parts.items() if side.party != "bank"), _NOTHING)
    interest = sum((p.interest for side, p in parts.items() if side.party != "bank"), _NOTHING)
    kept = sum((p.principal for side, p in parts.items() if side.party == "bank"), _NOTHING)

    def entry(kind: str, amount: Decimal) -> GuaranteeEvent | None:
        return enter(held, kind, amount, day=day, by=by, now=now) if amount else None

    made = Claim.objects.create(
        public_id=ids.new("gc"), guarantee=held, default_date=default_date,
        principal=sum((p.principal for p in parts.values()), _NOTHING),
        interest=sum((p.interest for p in parts.values()), _NOTHING),
        compensation=entry(GuaranteeEventKind.COMPENSATION, paid),
        interest_paid=entry(GuaranteeEventKind.INTEREST, interest),
        kept=entry(GuaranteeEventKind.RELEASE, kept), effective_date=day, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    _enter_parts(made, parts)
    drawn = sum((p.principal + p.interest for side, p in parts.items() if side.party == "pool"), _NOTHING)
    if drawn:
        pool_events.pay(held, made, drawn, day=day, by=by, now=now)
    return made


def _enter_parts(made: Claim, parts: Parts) -> None:
    ClaimShare.objects.bulk_create(
        ClaimShare(
            guarantee_id=made.guarantee_id, claim=made, position=position, party=side.party, name=side.name,
            principal=part.principal, interest=part.interest,
        )
        for position, (side, part) in enumerate(parts.items())
    )  # fmt: skip


def _repeat(held: Guarantee, first: Claim, *, day: date, by: Person, now: datetime) -> Claim:
    reversal = Claim.objects.create(
        public_id=ids.new("gc"), guarantee=held, default_date=first.default_date, principal=first.principal,
        interest=first.interest, effective_date=day, recorded_at=max(now, first.recorded_at), recorded_by=by,
        compensation=take_back(first.compensation, held=held, day=day, by=by, now=now),
        interest_paid=take_back(first.interest_paid, held=held, day=day, by=by, now=now),
        kept=take_back(first.kept, held=held, day=day, by=by, now=now), reverses=first,
    )  # fmt: skip
    shares = ClaimShare.objects.filter(claim=first).order_by("position")
    _enter_parts(reversal, {Side(s.party, s.name): Part(s.principal, s.interest) for s in shares})
    pool_events.unpay(first, reversal, day=day, by=by, now=now)
    return reversal


def _claim(held: Guarantee, public_id: str) -> Claim:
    found = Claim.objects.filter(guarantee=held, public_id=public_id)
    first = found.select_related("compensation", "interest_paid", "kept").first()
    if first is None:
        raise NotFound
    return first


def _require_not_written_off(held: Guarantee, first: Claim) -> None:
    """The other claims carry what was recovered and written off."""
    after = standing([held.pk])[held.pk]
    paid = sum((event.amount for event in (first.compensation, first.interest_paid) if event), _NOTHING)
    left = after.not_recovered - after.written_off
    if after.written_off and paid > left:
        raise RecoveryAboveCompensation(left=max(_NOTHING, left))
