"""Money in and out of pools. A pool is the whole city's: what a guarantor's claim draws from it is written
and checked with everybody's rows in sight."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.days import require_day
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import FieldError, NotFound, Problem
from finance_hub.kernel.scoping import within
from finance_hub.kernel.text import Text
from loans.models import Claim, Guarantee, Pool, PoolEvent, PoolEventKind, Recovery
from loans.operations.guarantee_events import EventOfAClaim
from loans.operations.reversals import AlreadyReversed, ReversalOfAReversal, require_after
from loans.queries.pools import spare

#: What people enter; the others follow claims and recoveries.
ENTERED = ("contribution", "withdrawal")


class PoolTooSmall(Problem):
    code = "pool-balance-too-low"
    status = 422
    title = Text("资金池余额不足", "The pool does not hold that much")
    detail = Text("可用余额 {left}", "{left} is there")


def record(
    *, pool: str, kind: str, amount: Decimal, party: str, effective_date: date, by: Person, now: datetime
) -> PoolEvent:
    """A contribution or a withdrawal of `party`. Raises NotFound, InvalidFields, PoolTooSmall."""
    require_day(effective_date, now=now)
    with transaction.atomic():
        held = lock(pool)
        if kind == PoolEventKind.WITHDRAWAL:
            _require_spare(held, amount, day=effective_date)
        event = PoolEvent.objects.create(
            public_id=ids.new("pe"), pool=held, kind=kind, amount=amount, party=party,
            effective_date=effective_date, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        audit.record(
            f"pool.{kind}", actor=by, subject=f"pool:{pool}", at=now, amount=str(amount), party=party,
            effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return event


def reverse(*, pool: str, event: str, effective_date: date, by: Person, now: datetime) -> PoolEvent:
    """Take back a contribution or a withdrawal from a day on.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, EventOfAClaim, PoolTooSmall.
    """
    with transaction.atomic():
        held = lock(pool)
        found = PoolEvent.objects.filter(pool=held, public_id=event)
        first = found.select_related("claim", "recovery").first()
        if first is None:
            raise NotFound
        if first.kind not in ENTERED:
            raise EventOfAClaim(whole=(first.claim or first.recovery).public_id)  # type: ignore[union-attr]
        if first.reverses_id is not None:
            raise ReversalOfAReversal
        if PoolEvent.objects.filter(reverses=first).exists():
            raise AlreadyReversed
        require_after(effective_date, first.effective_date, now=now)
        if first.kind == PoolEventKind.CONTRIBUTION:
            _require_spare(held, first.amount, day=effective_date, pointer="#/effective_date")
        reversal = _take_back(first, day=effective_date, by=by, now=now)
        audit.record(
            "pool.reverse", actor=by, subject=f"pool:{pool}", at=now, event=event,
            effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return reversal


def lock(code: str) -> Pool:
    """Raises NotFound."""
    held = Pool.objects.select_for_update().filter(code=code).first()
    if held is None:
        raise NotFound
    return held


def pay(held: Guarantee, claim: Claim, amount: Decimal, *, day: date, by: Person, now: datetime) -> None:
    """What a claim draws from the pool of the guarantee's terms; wants the pool locked and the amount there."""
    with within(EVERYTHING):
        PoolEvent.objects.create(
            public_id=ids.new("pe"), pool_id=_pool_of(held), kind=PoolEventKind.PAYMENT, amount=amount,
            claim=claim, effective_date=day, recorded_at=now, recorded_by=by,
        )  # fmt: skip


def unpay(claim: Claim, reversal: Claim, *, day: date, by: Person, now: datetime) -> None:
    """The pool gets back what a reversed claim drew, where it did."""
    with within(EVERYTHING):
        drawn = PoolEvent.objects.filter(claim=claim).first()
        if drawn:
            Pool.objects.select_for_update().get(pk=drawn.pool_id)
            _take_back(drawn, day=day, by=by, now=now, claim=reversal)


def give_back(
    held: Guarantee, recovery: Recovery, amount: Decimal, *, day: date, by: Person, now: datetime
) -> None:
    """The pool's part of a recovery."""
    with within(EVERYTHING):
        Pool.objects.select_for_update().get(pk=_pool_of(held))
        PoolEvent.objects.create(
            public_id=ids.new("pe"), pool_id=_pool_of(held), kind=PoolEventKind.RETURN, amount=amount,
            recovery=recovery, effective_date=day, recorded_at=now, recorded_by=by,
        )  # fmt: skip


def take_again(recovery: Recovery, reversal: Recovery, *, day: date, by: Person, now: datetime) -> None:
    """Takes the pool's part of a reversed recovery out again. Raises PoolTooSmall where it is spent."""
    with within(EVERYTHING):
        given = PoolEvent.objects.filter(recovery=recovery).select_related("pool").first()
        if given:
            Pool.objects.select_for_update().get(pk=given.pool_id)
            _require_spare(given.pool, given.amount, day=day, pointer="#/effective_date")
            _take_back(given, day=day, by=by, now=now, recovery=reversal)


def _take_back(
    first: PoolEvent,
    *,
    day: date,
    by: Person,
    now: datetime,
    claim: Claim | None = None,
    recovery: Recovery | None = None,
) -> PoolEvent:
    return PoolEvent.objects.create(
        public_id=ids.new("pe"), pool_id=first.pool_id, kind=first.kind, amount=first.amount, party=first.party,
        claim=claim, recovery=recovery, effective_date=day, recorded_at=max(now, first.recorded_at),
        recorded_by=by, reverses=first,
    )  # fmt: skip


def _pool_of(held: Guarantee) -> int:
    if held.terms is None or held.terms.pool_id is None:
        raise ValueError(f"{held.public_id} is under no pool")
    return held.terms.pool_id


def _require_spare(held: Pool, amount: Decimal, *, day: date, pointer: str = "#/amount") -> None:
    left = spare(held, day=day)
    if amount > left:
        error = FieldError(PoolTooSmall.code, pointer, PoolTooSmall.title)
        raise PoolTooSmall(errors=(error,), left=left)
