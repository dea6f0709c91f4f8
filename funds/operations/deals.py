"""What a fund buys, sells and gives up: investments, exits, write-offs and their reversals.

No day may end with negative cash, nor with less cost held than was released. Every entry is
checked against its own day and all later days already recorded.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.money import CENT
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.kernel.text import Text
from funds.models import Fund, Holding, HoldingEvent, HoldingEventKind
from funds.operations.caps import require_under_caps
from funds.operations.investees import open_holding
from funds.operations.ledger import CashShort
from funds.operations.reversing import ReversalBreaksLaterState, require_reversible
from funds.operations.rules import lock_fund, require_amount, require_day, require_room
from funds.queries import balances


class NothingWrittenOff(Problem):
    code = "nothing-written-off"
    status = 422
    title = Text("该日之前没有核销，无可收回", "Nothing was written off by that day, so nothing is recovered")


class NothingHeldYet(Problem):
    code = "nothing-held-yet"
    status = 422
    title = Text("该日之前没有投资", "Nothing was invested by that day")


class CostAboveHeld(Problem):
    code = "cost-above-held"
    status = 422
    title = Text("超过持有成本", "It is above the cost held")
    detail = Text(
        "结转成本 {amount} 元，该日起持有成本最低为 {room} 元",
        "It releases {amount}; from that day on the cost held is {room} at its lowest",
    )


def record_investment(
    *,
    fund: str,
    amount: Decimal,
    effective_date: date,
    uscc: str | None = None,
    firm_name: str | None = None,
    sub_fund: str | None = None,
    note: str = "",
    by: Person,
    now: datetime,
) -> HoldingEvent:
    """The fund pays `amount` for a stake in a firm (`uscc`) or a sub-fund (its code): one of the two.

    A firm the registry does not know is registered, unverified, when `firm_name` is given.
    Raises NotFound, InvalidFields, CashShort, HoldingWouldCloseACircle, FirmCapBroken, SubFundShareAboveCap.
    """
    require_amount(amount)
    with transaction.atomic():
        held = lock_fund(fund)
        require_day(effective_date, now=now, since=held.established_on)
        left = balances.cash(held, day=effective_date)
        require_room(CashShort, amount=amount, room=left, pointer="#/amount")
        holding = open_holding(
            held, uscc=uscc, firm_name=firm_name, sub_fund=sub_fund, known_from=effective_date, by=by, now=now
        )
        require_under_caps(holding, amount=amount, day=effective_date, now=now)
        return _enter(
            holding, HoldingEventKind.INVESTMENT, cash=amount, cost=amount,
            effective_date=effective_date, note=note, by=by, now=now,
        )  # fmt: skip


def record_exit(
    *, holding: str, cash: Decimal, cost: Decimal, effective_date: date, note: str = "", by: Person,
    now: datetime,
) -> HoldingEvent:  # fmt: skip
    """The holding with public id `holding` brings `cash` and releases `cost` of what was invested.

    Raises NotFound, InvalidFields, CostAboveHeld.
    """
    require_amount(cash, pointer="#/cash", may_be_zero=True)
    require_amount(cost, pointer="#/cost")
    with transaction.atomic():
        held = _held(holding, day=effective_date, releasing=cost, now=now)
        return _enter(
            held, HoldingEventKind.EXIT, cash=cash, cost=cost, effective_date=effective_date,
            note=note, by=by, now=now,
        )  # fmt: skip


def record_write_off(
    *, holding: str, cost: Decimal, effective_date: date, note: str = "", by: Person, now: datetime
) -> HoldingEvent:
    """`cost` of the holding is given up as lost. Raises NotFound, InvalidFields, CostAboveHeld."""
    require_amount(cost, pointer="#/cost")
    with transaction.atomic():
        held = _held(holding, day=effective_date, releasing=cost, now=now)
        return _enter(
            held, HoldingEventKind.WRITE_OFF, cash=Decimal(0), cost=cost, effective_date=effective_date,
            note=note, by=by, now=now,
        )  # fmt: skip


def record_receipt(
    *,
    holding: str,
    kind: str,
    cash: Decimal,
    effective_date: date,
    note: str = "",
    by: Person,
    now: datetime,
) -> HoldingEvent:
    """Cash that the holding brings without releasing cost: `income`, or a `recovery` of what was written off.

    Raises NotFound, InvalidFields, NothingWrittenOff, NothingHeldYet.
    """
    require_amount(cash, pointer="#/cash")
    with transaction.atomic():
        held = lock_holding(holding)
        require_day(effective_date, now=now, since=held.fund.established_on)
        first = (
            HoldingEventKind.WRITE_OFF if kind == HoldingEventKind.RECOVERY else HoldingEventKind.INVESTMENT
        )
        if not balances.standing(held, first, day=effective_date):
            raise NothingWrittenOff if kind == HoldingEventKind.RECOVERY else NothingHeldYet
        return _enter(
            held, kind, cash=cash, cost=Decimal(0), effective_date=effective_date, note=note, by=by, now=now
        )


def reverse_holding_event(
    *, event: str, effective_date: date, note: str = "", by: Person, now: datetime
) -> HoldingEvent:
    """Take back the investment, exit or write-off with public id `event` from a day on.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, ReversalBreaksLaterState.
    """
    with transaction.atomic():
        first = HoldingEvent.objects.select_related("holding").filter(public_id=event).first()
        if first is None:
            raise NotFound
        holding = lock_holding(first.holding.public_id)
        require_reversible(first, on=effective_date, now=now)
        _require_spare(first, holding, day=effective_date)
        return _enter(
            holding, first.kind, cash=first.cash, cost=first.cost, effective_date=effective_date,
            note=note, by=by, now=max(now, first.recorded_at), reverses=first,
        )  # fmt: skip


def lock_holding(public_id: str) -> Holding:
    """The holding in scope with its fund, the fund's row locked. Raises NotFound."""
    holding = Holding.objects.select_related("fund").filter(public_id=public_id).first()
    if holding is None:
        raise NotFound
    lock_fund(holding.fund.code)
    return holding


def _held(holding: str, *, day: date, releasing: Decimal, now: datetime) -> Holding:
    held = lock_holding(holding)
    require_day(day, now=now, since=held.fund.established_on)
    left = balances.cost_held(held, day=day)
    require_room(CostAboveHeld, amount=releasing, room=left, pointer="#/cost")
    return held


def _require_spare(first: HoldingEvent, holding: Holding, *, day: date) -> None:
    if first.kind == HoldingEventKind.INVESTMENT:
        amount, room = first.cost, balances.cost_held(holding, day=day)
    elif first.cash:
        amount, room = first.cash, balances.cash(holding.fund, day=day)
    elif balances.standing(holding, HoldingEventKind.RECOVERY, day=date.max):
        # What was recovered rests on what is still written off.
        amount, room = first.cost, balances.written_off(holding) - CENT
    else:
        return
    require_room(ReversalBreaksLaterState, amount=amount, room=room, pointer="#/effective_date")


def _enter(
    holding: Holding, kind: str, *, cash: Decimal, cost: Decimal, effective_date: date, note: str,
    by: Person, now: datetime, reverses: HoldingEvent | None = None,
) -> HoldingEvent:  # fmt: skip
    event = HoldingEvent.objects.create(
        public_id=ids.new("he"), holding=holding, kind=kind, cash=cash, cost=cost,
        effective_date=effective_date, recorded_at=now, recorded_by=by, reverses=reverses, note=note,
    )  # fmt: skip
    detail: dict[str, Any] = {"reverses": reverses.public_id} if reverses else {}
    fund: Fund = holding.fund
    audit.record(
        "holding.reverse" if reverses else f"holding.{kind}",
        actor=by, subject=f"fund:{fund.code}", at=now, event=event.public_id, holding=holding.public_id,
        cash=f"{cash:.2f}", cost=f"{cost:.2f}", effective_date=effective_date.isoformat(), **detail,
    )  # fmt: skip
    return event
