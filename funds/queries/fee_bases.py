"""What the management fee of a fund goes by: its terms by day, and its bases by day, in yuan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum

from funds.models import (
    Fund,
    FundEvent,
    FundEventKind,
    HoldingEvent,
    HoldingEventKind,
    ManagerEarning,
)
from funds.models.terms import Base
from funds.queries.known import GIVEN_AWAY, facts, ledger_yuan, net, net_yuan
from funds.queries.positions import net_assets
from funds.queries.terms import terms

Standing = list[tuple[date, Decimal]]


class FeeTerms(NamedTuple):
    """What is agreed of the fee from a day on."""

    since: date
    base: str | None
    rate_pct: Decimal | None
    offset_pct: Decimal | None
    document: str


def fee_terms(of: Fund, *, as_of: date, known_at: datetime) -> list[FeeTerms]:
    """By day, those before `as_of`; of one day the row recorded last."""
    known = terms(of).filter(valid_from__lt=as_of, recorded_at__lte=known_at)
    last = known.order_by("valid_from", "-recorded_at", "-pk").distinct("valid_from")
    return [
        FeeTerms(row.valid_from, row.fee_base, row.fee_rate_pct, row.fee_offset_pct, row.document)
        for row in last
    ]


def fee_bases(
    of: Fund, bases: Iterable[str], *, quarters: Iterable[date], as_of: date, known_at: datetime
) -> dict[str, Standing]:
    """{base: (day, what it stands at from that day on)} of each base asked for.

    Commitment, paid-in and invested change on the day of an entry. Net assets are those at the beginning of
    each of `quarters`, whatever happens within.
    """
    when = facts(as_of=as_of, known_at=known_at)
    found: dict[str, Standing] = {}
    for base in bases:
        if base == Base.NET_ASSETS:
            found[base] = [(day, net_assets(of, as_of=day, known_at=known_at)) for day in quarters]
        else:
            moves = _moves_of_deals(of, when) if base == Base.INVESTED else _moves(of, base, when)
            found[base] = _running(moves)
    return found


def fees_charged(of: Fund, *, start: date, as_of: date, known_at: datetime) -> Decimal:
    """The fee entries of the ledger dated in `[start, as_of)`, netted."""
    when = facts(as_of=as_of, known_at=known_at) & Q(effective_date__gte=start, kind=FundEventKind.FEE)
    return Decimal(FundEvent.objects.filter(when, fund=of).aggregate(sum=ledger_yuan())["sum"])


def earned_by_manager(of: Fund, *, start: date, as_of: date, known_at: datetime) -> Decimal:
    """What the manager earned from portfolio firms in `[start, as_of)`, netted."""
    when = facts(as_of=as_of, known_at=known_at) & Q(effective_date__gte=start)
    return Decimal(ManagerEarning.objects.filter(when, fund=of).aggregate(sum=net_yuan("amount"))["sum"])


def manager_earnings(of: Fund) -> QuerySet[ManagerEarning]:
    """Every receipt ever recorded, with its author and what it takes back."""
    return ManagerEarning.objects.of(fund=of).select_related("recorded_by", "reverses")


_PLUS = {
    Base.COMMITMENT: ((FundEventKind.COMMITMENT, 1), (FundEventKind.RELEASE, -1)),
    Base.PAID_IN: ((FundEventKind.CONTRIBUTION, 1),),
}


def _moves(of: Fund, base: str, when: Q) -> dict[date, Decimal]:
    moves: dict[date, Decimal] = {}
    for kind, sign in _PLUS[Base(base)]:
        events = FundEvent.objects.filter(when, fund=of, kind=kind).values_list("effective_date")
        for day, change in events.annotate(change=Sum(net("amount", given=GIVEN_AWAY))):
            moves[day] = moves.get(day, Decimal(0)) + sign * change
    return moves


def _moves_of_deals(of: Fund, when: Q) -> dict[date, Decimal]:
    events = HoldingEvent.objects.filter(when, holding__fund=of, kind=HoldingEventKind.INVESTMENT)
    return dict(events.values_list("effective_date").annotate(change=Sum(net("cost"))))


def _running(moves: dict[date, Decimal]) -> Standing:
    days = sorted(moves)
    return list(zip(days, accumulate(moves[day] for day in days), strict=True))


def quarters_of(start: date, end: date) -> list[date]:
    """The first day of the period and of every calendar quarter that begins within it."""
    found, day = [start], start
    while True:
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if day >= end:
            return found
        if day.month % 3 == 1:
            found.append(day)
