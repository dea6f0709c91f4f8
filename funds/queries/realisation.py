"""What a fund has paid and got for each thing that it holds, day by day, and what all of it cost and is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from finance_hub.kernel.money import yuan
from funds.models import Fund, FundEvent, FundEventKind, HoldingEvent, HoldingEventKind, Moved
from funds.models.funds import Capital
from funds.queries.deal_frames import holdings_frame
from funds.queries.known import facts

Flows = list[tuple[date, Decimal]]


@dataclass
class DealFlows:
    """One holding, yuan. `written_off` is the day of the first write-off that stands; `worth` is as in the NAV."""

    worth: Decimal
    invested: Flows = field(default_factory=list)
    got: Flows = field(default_factory=list)
    written_off: date | None = None

    @property
    def cost(self) -> Decimal:
        return sum((amount for _, amount in self.invested), Decimal(0))


class PartnerFlow(NamedTuple):
    """What investors paid (or, negative, had back) on a day, yuan."""

    on: date
    paid: Decimal


def deal_flows(of: Fund, *, as_of: date, known_at: datetime) -> list[DealFlows]:
    """Every holding by id, its entries by day, without those that were taken back."""
    held = {
        row.holding_id: DealFlows(yuan(row.worth_fen))
        for row in holdings_frame(as_of=as_of, known_at=known_at, of=of)
    }
    when = facts(as_of=as_of, known_at=known_at)
    taken_back = HoldingEvent.objects.filter(when, reverses__isnull=False).values("reverses")
    standing = HoldingEvent.objects.filter(when, holding__in=held, reverses=None).exclude(pk__in=taken_back)
    for event in standing.order_by("effective_date", "pk"):
        deal = held[event.holding_id]
        if event.kind == HoldingEventKind.INVESTMENT:
            deal.invested.append((event.effective_date, event.cash))
        elif event.kind == HoldingEventKind.WRITE_OFF:
            deal.written_off = deal.written_off or event.effective_date
        elif event.cash:
            deal.got.append((event.effective_date, event.cash))
    return list(held.values())


def cost_flows(of: Fund, *, as_of: date, known_at: datetime) -> Flows:
    """Fees and expenses by day, without those that were taken back."""
    costs = _standing(of, (FundEventKind.FEE, FundEventKind.EXPENSE), as_of=as_of, known_at=known_at)
    return [(event.effective_date, event.amount) for event in costs]


def fiscal_flows(of: Fund, *, as_of: date, known_at: datetime) -> list[PartnerFlow]:
    """What fiscal capital contributed and, negative, was paid, by day.

    A share that it takes over counts as paid for on that day at what stands to its account; one that it gives
    away counts as had back.
    """
    kinds = (FundEventKind.CONTRIBUTION, FundEventKind.DISTRIBUTION)
    events = _standing(of, kinds, as_of=as_of, known_at=known_at)
    return list(_partner_flows(event for event in events if event.investor_id and _is_fiscal(event)))


def _partner_flows(events: Iterable[FundEvent]) -> Iterable[PartnerFlow]:
    for event in events:
        sign = 1 if event.kind == FundEventKind.CONTRIBUTION else -1
        yield PartnerFlow(event.effective_date, event.amount * (-sign if event.moved == Moved.OUT else sign))


def _is_fiscal(event: FundEvent) -> bool:
    return event.investor is not None and event.investor.capital == Capital.FISCAL


def _standing(of: Fund, kinds: Iterable[str], *, as_of: date, known_at: datetime) -> Iterable[FundEvent]:
    when = facts(as_of=as_of, known_at=known_at)
    taken_back = FundEvent.objects.filter(when, reverses__isnull=False).values("reverses")
    found = FundEvent.objects.filter(when, fund=of, kind__in=list(kinds), reverses=None)
    return found.exclude(pk__in=taken_back).select_related("investor").order_by("effective_date", "pk")
