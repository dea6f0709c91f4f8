"""Holdings with what was paid and got for them and what they are worth, in yuan."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import F, FilteredRelation, Max, OuterRef, Q, QuerySet, Subquery

from funds.models import Holding, HoldingEventKind, Valuation
from funds.models.holdings import DEALS
from funds.queries.known import facts, net_yuan

#: What cost turns into.
REALISED = [HoldingEventKind.EXIT, HoldingEventKind.RECOVERY]
Amount = TypeVar("Amount", int, Decimal)


def worth(
    remaining_cost: Amount, fair_value: Amount | None, *, valued_on: date | None, last_deal_on: date
) -> Amount:
    """Fair value, or remaining cost where there is none or where a deal came after it."""
    if fair_value is None or valued_on is None or valued_on < last_deal_on:
        return remaining_cost
    return fair_value if remaining_cost else remaining_cost


def measured(*, as_of: date, known_at: datetime) -> QuerySet[Holding, Any]:
    """Holdings with a deal before `as_of`, as known at `known_at`, each with, in yuan:

    `invested`, `cost_exited`, `cost_written_off`, `proceeds` (of exits, and recovered after a write-off),
    `income` (dividends and interest), `remaining_cost` (invested less what was exited and written off),
    `fair_value`, `method` and `valued_on` (None until a value is reported; of one day the latest recorded),
    and `last_deal_on`: a value of an earlier day does not know of that deal.
    """
    deals = facts(as_of=as_of, known_at=known_at, at="events__")
    values = Valuation.objects.filter(facts(as_of=as_of, known_at=known_at), holding=OuterRef("pk"))
    latest = values.order_by("-effective_date", "-recorded_at", "-pk")
    return (
        Holding.objects.annotate(
            deal=FilteredRelation("events", condition=deals),
            invested=net_yuan("cost", at="deal__", kind=HoldingEventKind.INVESTMENT),
            cost_exited=net_yuan("cost", at="deal__", kind=HoldingEventKind.EXIT),
            cost_written_off=net_yuan("cost", at="deal__", kind=HoldingEventKind.WRITE_OFF),
            proceeds=net_yuan("cash", at="deal__", kind__in=REALISED),
            income=net_yuan("cash", at="deal__", kind=HoldingEventKind.INCOME),
            last_deal_on=Max("deal__effective_date", filter=Q(deal__kind__in=DEALS)),
        )
        .annotate(
            remaining_cost=F("invested") - F("cost_exited") - F("cost_written_off"),
            fair_value=Subquery(latest.values("fair_value")[:1]),
            method=Subquery(latest.values("method")[:1]),
            valued_on=Subquery(latest.values("effective_date")[:1]),
        )
        .filter(last_deal_on__isnull=False)
    )
