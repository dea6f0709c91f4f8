"""The ledger of a fund with its investors: commitments, calls, contributions, distributions, costs.

For every investor and every day: contributed <= called <= committed. For every day: cash >= 0.
An entry is refused if it would break this on its own day or on any later day already recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund, FundEvent, FundEventKind, Investor
from funds.models.ledger import OF_INVESTORS
from funds.operations.reversing import ReversalBreaksLaterState, require_reversible
from funds.operations.rules import lock_fund, require_amount, require_day, require_room
from funds.queries import balances


class CallAboveUncalled(Problem):
    code = "call-above-uncalled"
    status = 422
    title = Text("催缴超过未催缴的认缴额", "The call is above the uncalled commitment")
    detail = Text(
        "催缴 {amount} 元，该日起未催缴的认缴额最低为 {room} 元",
        "Called {amount}; from that day on only {room} of the commitment is uncalled at its lowest",
    )


class ContributionAboveCalled(Problem):
    code = "contribution-above-called"
    status = 422
    title = Text("实缴超过已催缴而未缴的金额", "The contribution is above what was called and not yet paid")
    detail = Text(
        "实缴 {amount} 元，该日起已催缴未缴最低为 {room} 元",
        "Contributed {amount}; from that day on only {room} is called and unpaid at its lowest",
    )


class CashShort(Problem):
    code = "cash-short"
    status = 422
    title = Text("超过基金现金", "It is above the fund's cash")
    detail = Text(
        "需要 {amount} 元，该日起基金现金最低为 {room} 元",
        "It takes {amount}; from that day on the fund's cash is {room} at its lowest",
    )


Room = Callable[[Fund, Investor | None, date], Decimal]


def _cash(fund: Fund, _: Investor | None, day: date) -> Decimal:
    return balances.cash(fund, day=day)


def _uncalled(_: Fund, investor: Investor | None, day: date) -> Decimal:
    return balances.uncalled(_named(investor), day=day)


def _unpaid(_: Fund, investor: Investor | None, day: date) -> Decimal:
    return balances.unpaid(_named(investor), day=day)


def _named(investor: Investor | None) -> Investor:
    if investor is None:
        raise TypeError("a capital event names its investor")
    return investor


#: What an entry of a kind draws on. A commitment draws on nothing.
DRAWS: dict[str, tuple[type[Problem], Room]] = {
    FundEventKind.CALL: (CallAboveUncalled, _uncalled),
    FundEventKind.CONTRIBUTION: (ContributionAboveCalled, _unpaid),
    FundEventKind.DISTRIBUTION: (CashShort, _cash),
    FundEventKind.FEE: (CashShort, _cash),
    FundEventKind.EXPENSE: (CashShort, _cash),
}
#: What taking an entry of a kind back draws on. The others only give back.
REVERSAL_DRAWS: dict[str, Room] = {
    FundEventKind.COMMITMENT: _uncalled,
    FundEventKind.CALL: _unpaid,
    FundEventKind.CONTRIBUTION: _cash,
}


def record_event(
    *,
    fund: str,
    kind: str,
    amount: Decimal,
    effective_date: date,
    investor: str | None = None,
    note: str = "",
    by: Person,
    now: datetime,
) -> FundEvent:
    """Enter one event of the fund with code `fund`; `investor` is a name, for capital events only.

    Raises NotFound, InvalidFields, CallAboveUncalled, ContributionAboveCalled, CashShort.
    """
    require_amount(amount)
    with transaction.atomic():
        held = lock_fund(fund)
        require_day(effective_date, now=now, since=held.established_on)
        partner = _investor(held, kind=kind, name=investor)
        if kind in DRAWS:
            problem, room = DRAWS[kind]
            left = room(held, partner, effective_date)
            require_room(problem, amount=amount, room=left, pointer="#/amount")
        event = FundEvent.objects.create(
            public_id=ids.new("fe"), fund=held, investor=partner, kind=kind, amount=amount,
            effective_date=effective_date, recorded_at=now, recorded_by=by, note=note,
        )  # fmt: skip
        audit.record(f"fund.{kind}", actor=by, subject=f"fund:{fund}", at=now, **_facts(event))
    return event


def reverse_event(
    *, fund: str, event: str, effective_date: date, note: str = "", by: Person, now: datetime
) -> FundEvent:
    """Take back the event with public id `event` from a day on, by a row that names it.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, ReversalBreaksLaterState.
    """
    with transaction.atomic():
        held = lock_fund(fund)
        first = FundEvent.objects.select_related("investor").filter(fund=held, public_id=event).first()
        if first is None:
            raise NotFound
        require_reversible(first, on=effective_date, now=now)
        if first.kind in REVERSAL_DRAWS:
            left = REVERSAL_DRAWS[first.kind](held, first.investor, effective_date)
            require_room(ReversalBreaksLaterState, amount=first.amount, room=left, pointer="#/effective_date")
        reversal = FundEvent.objects.create(
            public_id=ids.new("fe"), fund=held, investor=first.investor, kind=first.kind,
            amount=first.amount, effective_date=effective_date, recorded_by=by, note=note,
            recorded_at=max(now, first.recorded_at), reverses=first,
        )  # fmt: skip
        audit.record("fund.reverse", actor=by, subject=f"fund:{fund}", at=now, **_facts(reversal))
    return reversal


def _investor(fund: Fund, *, kind: str, name: str | None) -> Investor | None:
    if kind not in OF_INVESTORS:
        if name is not None:
            raise refuse(
                "#/investor", "investor-not-allowed", "此类事项不涉及出资人", "This kind names no investor"
            )
        return None
    if name is None:
        raise refuse("#/investor", "investor-required", "须指明出资人", "The investor must be named")
    investor = Investor.objects.filter(fund=fund, name=name).first()
    if investor is None:
        raise refuse(
            "#/investor", "investor-unknown", "该基金没有这个出资人", "The fund has no such investor"
        )
    return investor


def _facts(event: FundEvent) -> dict[str, Any]:
    reverses = {"reverses": event.reverses.public_id} if event.reverses else {}
    return {
        "event": event.public_id, "kind": event.kind, "amount": f"{event.amount:.2f}",
        "effective_date": event.effective_date.isoformat(), **reverses,
    }  # fmt: skip
