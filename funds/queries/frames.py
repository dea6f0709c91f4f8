"""What the figures read: rows in a fixed order, amounts in int fen, aggregated by PostgreSQL.

`as_of` is exclusive (the first day not counted), `known_at` inclusive. A reversal counts negative
from its own day and its own recording on. All frames read the scope in force; NoScope without one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F

from funds.models import Fund, FundEvent, FundEventKind
from funds.queries.known import facts, fen, ledger_fen


class FundRow(NamedTuple):
    id: int
    code: str
    name: str
    name_en: str
    tier: str
    planned_size_fen: int
    established_on: date


class CapitalRow(NamedTuple):
    """`capital` is the investor's kind (fiscal, state, social); None for fees and expenses."""

    fund_id: int
    capital: str | None
    kind: str
    total_fen: int


class FlowRow(NamedTuple):
    """What the investors paid and got on a day; negative where reversals outweigh."""

    fund_id: int
    effective_date: date
    contribution_fen: int
    distribution_fen: int


def funds_frame() -> list[FundRow]:
    """Every fund, by id."""
    rows = Fund.objects.annotate(size=fen(F("planned_size"))).order_by("pk")
    columns = ("pk", "code", "name", "name_en", "tier", "size", "established_on")
    return [FundRow(*row) for row in rows.values_list(*columns)]


def capital_frame(*, as_of: date, known_at: datetime) -> list[CapitalRow]:
    """Totals by fund, kind of capital and kind of event, in that order."""
    events = FundEvent.objects.filter(facts(as_of=as_of, known_at=known_at))
    totals = events.values_list("fund_id", "investor__capital", "kind").annotate(total=ledger_fen())
    ordered = totals.order_by("fund_id", F("investor__capital").asc(nulls_last=True), "kind")
    return [CapitalRow(*row) for row in ordered]


def flows_frame(*, as_of: date, known_at: datetime, of: Fund | None = None) -> list[FlowRow]:
    """Contributions and distributions by fund and day, of one fund where it is given.

    Days that net to nothing are left out.
    """
    moving = (FundEventKind.CONTRIBUTION, FundEventKind.DISTRIBUTION)
    events = FundEvent.objects.filter(facts(as_of=as_of, known_at=known_at), kind__in=moving)
    if of:
        events = events.filter(fund=of)
    flows = events.values_list("fund_id", "effective_date").annotate(
        paid=ledger_fen(kind=FundEventKind.CONTRIBUTION),
        got=ledger_fen(kind=FundEventKind.DISTRIBUTION),
    )
    rows = (FlowRow(*row) for row in flows.order_by("fund_id", "effective_date"))
    return [row for row in rows if row.contribution_fen or row.distribution_fen]
