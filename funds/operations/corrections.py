"""Taking an event of the ledger back, or putting another in its place: by rows that name it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound
from funds.models import Fund, FundEvent, FundEventKind
from funds.operations.ledger import (
    Marks,
    Room,
    enter,
    facts_of,
    of_cash,
    of_uncalled,
    of_unpaid,
    require_fitting,
    require_standing,
)
from funds.operations.reversing import ReversalBreaksLaterState, require_reversible
from funds.operations.rules import lock_fund, require_amount, require_day, require_room


def reverse_event(
    *, fund: str, event: str, effective_date: date, note: str = "", by: Person, now: datetime
) -> FundEvent:
    """Take back the event with public id `event` from a day on, by a row that names it.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, TransferStands, ReversalBreaksLaterState.
    """
    with transaction.atomic():
        held = lock_fund(fund)
        first = _first(held, event)
        require_reversible(first, on=effective_date, now=now)
        if room := _missed(first):
            left = room(held, first.investor, effective_date)
            require_room(ReversalBreaksLaterState, amount=first.amount, room=left, pointer="#/effective_date")
        reversal = _take_back(first, on=effective_date, note=note, by=by, now=now)
        audit.record("fund.reverse", actor=by, subject=f"fund:{fund}", at=now, **facts_of(reversal))
    return reversal


def correct_event(
    *,
    fund: str,
    event: str,
    amount: Decimal,
    effective_date: date,
    given: Mapping[str, Any] | None = None,
    note: str,
    by: Person,
    now: datetime,
) -> FundEvent:
    """Put another event in the place of the one with public id `event`: taken back on its own day, and entered
    anew as it should have been, of the same kind and investor; `note` says why. Marks that are not `given`
    stay as they were.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, TransferStands, LedgerWouldBreak.
    """
    require_amount(amount)
    with transaction.atomic():
        held = lock_fund(fund)
        require_day(effective_date, now=now, since=held.established_on)
        first = _first(held, event)
        marks = Marks.of(first)._replace(**(given or {}))
        require_fitting(first.kind, marks)
        require_reversible(first, on=first.effective_date, now=now)
        _take_back(first, on=first.effective_date, note=note, by=by, now=now)
        corrected = enter(
            held, first.investor, kind=first.kind, amount=amount, effective_date=effective_date,
            corrects=first, notice=first.notice, note=note, by=by, now=max(now, first.recorded_at),
            **marks._asdict(),
        )  # fmt: skip
        require_standing(held, first.investor, since=min(effective_date, first.effective_date))
        audit.record(
            "fund.correct", actor=by, subject=f"fund:{fund}", at=now, corrects=event, **facts_of(corrected)
        )
    return corrected


def _first(fund: Fund, event: str) -> FundEvent:
    first = FundEvent.objects.select_related("investor").filter(fund=fund, public_id=event).first()
    if first is None:
        raise NotFound
    return first


_DRAWS: dict[str, Room] = {
    FundEventKind.COMMITMENT: of_uncalled,
    FundEventKind.CALL: of_unpaid,
    FundEventKind.CONTRIBUTION: of_cash,
}


def _missed(first: FundEvent) -> Room | None:
    """What taking an event back draws on; None where it only gives back."""
    if first.kind == FundEventKind.DISTRIBUTION:
        return of_uncalled if first.recallable else None
    return _DRAWS.get(first.kind)


def _take_back(first: FundEvent, *, on: date, note: str, by: Person, now: datetime) -> FundEvent:
    return enter(
        first.fund, first.investor, kind=first.kind, amount=first.amount, effective_date=on, reverses=first,
        notice=first.notice, note=note, by=by, now=max(now, first.recorded_at), **Marks.of(first)._asdict(),
    )  # fmt: skip
