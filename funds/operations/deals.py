"""What a fund buys, sells and gives up: investments, exits, write-offs and their reversals.

No day may end with negative cash, nor with less cost held than was released. Every entry is
checked against its own day and all later days already recorded.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.money import CENT
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund, Holding, HoldingEvent, HoldingEventKind, UnitsKind
from funds.operations import units
from funds.operations.caps import require_under_caps
from funds.operations.investees import open_holding
from funds.operations.ledger import CashShort
from funds.operations.reversing import ReversalBreaksLaterState, require_reversible
from funds.operations.rules import lock_fund, require_amount, require_day, require_room
from funds.queries import balances
from funds.queries.rounds import to_fen
from funds.queries.securities import open_convertibles


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
    title = Text("超过剩余成本", "It is above the cost held")
    detail = Text(
        "本次减少成本 {amount} 元，该日起剩余成本最低为 {room} 元",
        "It takes {amount} off the cost held, which from that day on is {room} at its lowest",
    )


def record_investment(
    *,
    fund: str,
    amount: Decimal,
    effective_date: date,
    uscc: str | None = None,
    firm_name: str | None = None,
    sub_fund: str | None = None,
    shares: int | None = None,
    round: str | None = None,
    note: str = "",
    by: Person,
    now: datetime,
) -> HoldingEvent:
    """The fund pays `amount` for a stake in a firm (`uscc`) or a sub-fund (its code): one of the two.

    A firm the registry does not know is registered, unverified, when `firm_name` is given. `shares` says how many
    were bought, `round` in which round of the firm (its public id).
    Raises NotFound, InvalidFields, CashShort, HoldingWouldCloseACircle, MoreThanTheRound, StakeAboveWhole,
    FirmCapBroken, SubFundShareAboveCap.
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
        event = enter(
            holding, HoldingEventKind.INVESTMENT, cash=amount, cost=amount,
            effective_date=effective_date, note=note, by=by, now=now,
        )  # fmt: skip
        if round is not None and shares is None:
            raise refuse("#/shares", "required", "须填写股数", "The number of shares is required")
        if shares is not None:
            units.enter_of(event, shares=shares, round=round, by=by, now=now)
        return said(event, by=by, now=now, shares=shares, round=round)


def record_exit(
    *,
    holding: str,
    cash: Decimal,
    cost: Decimal | None = None,
    effective_date: date,
    shares: int | None = None,
    convertible: str | None = None,
    route: str = "",
    note: str = "",
    by: Person,
    now: datetime,
) -> HoldingEvent:
    """The holding with public id `holding` brings `cash` and releases `cost` of what was invested.

    `shares` says how many were sold, `convertible` (its public id) which one was paid back: one of the two at most.
    Where the cost is left out it follows from them: of shares their part of the cost that no convertible stands
    for, to the fen; of a convertible its principal. `route` is how it was parted with, such as a buy-back 回购.
    Raises NotFound, InvalidFields, CostAboveHeld, SharesAboveHeld.
    """
    require_amount(cash, pointer="#/cash", may_be_zero=True)
    if shares is not None and convertible is not None:
        raise refuse(
            "#/convertible", "shares-or-convertible", "股数与可转债只能填一项", "Name shares or a convertible"
        )
    with transaction.atomic():
        held = lock_holding(holding)
        redeemed = convertible and units.convertible_of(held, convertible, day=effective_date)
        if cost is None:
            cost = (
                redeemed.event.cost
                if redeemed and redeemed.event
                else _cost_of(held, shares, day=effective_date)
            )
        require_amount(cost, pointer="#/cost")
        _require_cost(held, day=effective_date, releasing=cost, now=now)
        event = enter(
            held, HoldingEventKind.EXIT, cash=cash, cost=cost, effective_date=effective_date, route=route,
            note=note, by=by, now=now,
        )  # fmt: skip
        if shares is not None:
            units.enter_of(event, shares=shares, by=by, now=now)
        if redeemed:
            units.enter(
                held, kind=UnitsKind.REDEEMED, shares=0, day=effective_date, event=event, security=redeemed,
                by=by, now=now,
            )  # fmt: skip
        return said(event, by=by, now=now, shares=shares, convertible=convertible, route=route or None)


def record_write_off(
    *, holding: str, cost: Decimal, effective_date: date, note: str = "", by: Person, now: datetime
) -> HoldingEvent:
    """`cost` of the holding is given up as lost. Raises NotFound, InvalidFields, CostAboveHeld."""
    require_amount(cost, pointer="#/cost")
    with transaction.atomic():
        held = lock_holding(holding)
        _require_cost(held, day=effective_date, releasing=cost, now=now)
        return _entered(
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
        return _entered(
            held, kind, cash=cash, cost=Decimal(0), effective_date=effective_date, note=note, by=by, now=now
        )


def reverse_holding_event(
    *, event: str, effective_date: date, note: str = "", by: Person, now: datetime
) -> HoldingEvent:
    """Take back the investment, exit or write-off with public id `event` from a day on, and what it did to shares.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, ReversalBreaksLaterState, SecurityInUse,
    SharesAboveHeld, StakeAboveWhole.
    """
    with transaction.atomic():
        first = HoldingEvent.objects.select_related("holding").filter(public_id=event).first()
        if first is None:
            raise NotFound
        holding = lock_holding(first.holding.public_id)
        require_reversible(first, on=effective_date, now=now)
        _require_spare(first, holding, day=effective_date)
        units.take_back_of(first, on=effective_date, by=by, now=now)
        return _entered(
            holding, first.kind, cash=first.cash, cost=first.cost, effective_date=effective_date,
            route=first.route, note=note, by=by, now=max(now, first.recorded_at), reverses=first,
        )  # fmt: skip


def lock_holding(public_id: str) -> Holding:
    """The holding in scope with its fund, the fund's row locked. Raises NotFound."""
    holding = Holding.objects.select_related("fund").filter(public_id=public_id).first()
    if holding is None:
        raise NotFound
    lock_fund(holding.fund.code)
    return holding


def _require_cost(held: Holding, *, day: date, releasing: Decimal, now: datetime) -> None:
    require_day(day, now=now, since=held.fund.established_on)
    left = balances.cost_held(held, day=day)
    require_room(CostAboveHeld, amount=releasing, room=left, pointer="#/cost")


def _cost_of(held: Holding, shares: int | None, *, day: date) -> Decimal:
    """The part of the cost that goes with so many of the shares held."""
    if shares is None:
        raise refuse("#/cost", "required", "须填写结转成本", "The cost released is required")
    all_shares = balances.shares_held(held, day=day)
    units.require_held(held, shares, day=day)
    cost = balances.cost_held(held, day=day) - open_convertibles(held.pk)
    return to_fen(Fraction(max(cost, Decimal(0))) * shares / max(all_shares, 1))


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


def enter(
    holding: Holding, kind: str, *, cash: Decimal, cost: Decimal, effective_date: date, note: str = "",
    route: str = "", by: Person, now: datetime, reverses: HoldingEvent | None = None,
) -> HoldingEvent:  # fmt: skip
    """The row alone. Call with the fund's row locked, and `said` when all that belongs to it is written."""
    return HoldingEvent.objects.create(
        public_id=ids.new("he"), holding=holding, kind=kind, cash=cash, cost=cost, route=route,
        effective_date=effective_date, recorded_at=now, recorded_by=by, reverses=reverses, note=note,
    )  # fmt: skip


def said(event: HoldingEvent, *, by: Person, now: datetime, **more: Any) -> HoldingEvent:
    """The event itself, told to the audit trail with whatever `more` is not None."""
    fund: Fund = event.holding.fund
    detail = {name: value for name, value in more.items() if value is not None}
    audit.record(
        "holding.reverse" if event.reverses else f"holding.{event.kind}",
        actor=by, subject=f"fund:{fund.code}", at=now, event=event.public_id, holding=event.holding.public_id,
        cash=f"{event.cash:.2f}", cost=f"{event.cost:.2f}", effective_date=event.effective_date.isoformat(), **detail,
    )  # fmt: skip
    return event


def _entered(holding: Holding, kind: str, **facts: Any) -> HoldingEvent:
    event = enter(holding, kind, **facts)
    return said(
        event, by=facts["by"], now=facts["now"], reverses=event.reverses.public_id if event.reverses else None
    )
