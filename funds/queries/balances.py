"""What is left to draw on, from a day on: the lowest end-of-day balance of that day and all later ones.

An event that takes no more than this makes no recorded day negative, however late it is entered.
Amounts are yuan. Everything recorded counts; call with the fund's row locked.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.db.models.expressions import Combinable

from funds.models import (
    Fund,
    FundEvent,
    FundEventKind,
    Holding,
    HoldingEvent,
    HoldingEventKind,
    Investor,
    Units,
    UnitsKind,
)
from funds.queries.known import GIVEN_AWAY, YUAN

Moves = list[tuple[date, Decimal]]
_CASH = [
    FundEventKind.CONTRIBUTION, FundEventKind.DISTRIBUTION, FundEventKind.FEE, FundEventKind.EXPENSE,
    FundEventKind.CARRY,
]  # fmt: skip


def least_from(moves: Moves, *, day: date) -> Decimal:
    """The lowest running balance of `moves` (date, change) at the end of `day` or any later day."""
    balance = sum((change for on, change in moves if on <= day), Decimal(0))
    least = balance
    later = sorted(move for move in moves if move[0] > day)
    for index, (on, change) in enumerate(later):
        balance += change
        day_ends = index + 1 == len(later) or later[index + 1][0] != on
        if day_ends:
            least = min(least, balance)
    return least


def cash(fund: Fund, *, day: date) -> Decimal:
    """Contributions + proceeds + income - distributions - carry - fees - expenses - investments."""
    moving = FundEvent.objects.filter(fund=fund, kind__in=_CASH)
    ledger = _daily(moving, _signed(plus=Q(kind=FundEventKind.CONTRIBUTION)), given=GIVEN_AWAY)
    deals = _daily(
        HoldingEvent.objects.filter(holding__fund=fund),
        Case(When(kind=HoldingEventKind.INVESTMENT, then=-F("cash")), default=F("cash")),
    )
    return least_from(ledger + deals, day=day)


def uncalled(investor: Investor, *, day: date) -> Decimal:
    """What may still be called: committed - released - called within the commitment + recallable distributions."""
    kinds = Q(kind__in=[FundEventKind.COMMITMENT, FundEventKind.RELEASE])
    called = Q(kind=FundEventKind.CALL, outside_commitment=False)
    back = Q(kind=FundEventKind.DISTRIBUTION, recallable=True)
    events = FundEvent.objects.filter(kinds | called | back, investor=investor)
    return least_from(
        _daily(events, _signed(plus=Q(kind=FundEventKind.COMMITMENT) | back), given=GIVEN_AWAY), day=day
    )


def unpaid(investor: Investor, *, day: date) -> Decimal:
    """Called and not yet contributed."""
    kinds = [FundEventKind.CALL, FundEventKind.CONTRIBUTION]
    events = FundEvent.objects.filter(investor=investor, kind__in=kinds)
    return least_from(_daily(events, _signed(plus=Q(kind=FundEventKind.CALL)), given=GIVEN_AWAY), day=day)


def cost_held(holding: Holding, *, day: date) -> Decimal:
    """Cost invested and neither released by an exit nor written off."""
    events = HoldingEvent.objects.filter(holding=holding)
    invested = Case(When(kind=HoldingEventKind.INVESTMENT, then=F("cost")), default=-F("cost"))
    return least_from(_daily(events, invested), day=day)


def shares_held(holding: Holding, *, day: date) -> int:
    """Shares that came and did not go again."""
    came = Case(When(kind=UnitsKind.RELEASED, then=-F("shares")), default=F("shares"), output_field=YUAN)
    return int(least_from(_daily(Units.objects.filter(holding=holding), came), day=day))


def written_off(holding: Holding) -> Decimal:
    """Cost written off and not taken back, of all that is recorded."""
    losses = HoldingEvent.objects.filter(holding=holding, kind=HoldingEventKind.WRITE_OFF)
    return sum((moved for _, moved in _daily(losses, F("cost"))), Decimal(0))


def standing(holding: Holding, kind: str, *, day: date) -> bool:
    """Whether an entry of the kind had happened by the end of a day and is not taken back."""
    entries = HoldingEvent.objects.filter(holding=holding, kind=kind, effective_date__lte=day, reverses=None)
    return entries.filter(reversed_by=None).exists()


def _signed(*, plus: Q) -> Combinable:
    """The amount of an event, negative unless it matches `plus`."""
    return Case(When(plus, then=F("amount")), default=-F("amount"))


def _daily(
    events: QuerySet[FundEvent] | QuerySet[HoldingEvent] | QuerySet[Units],
    change: Combinable,
    *,
    given: Q | None = None,
) -> Moves:
    plain = Q(reverses=None) & ~given if given else Q(reverses=None)
    days = events.values_list("effective_date").annotate(
        change=Sum(Case(When(plain, then=change), default=-change, output_field=YUAN))
    )
    return [(on, moved) for on, moved in days.order_by("effective_date")]
