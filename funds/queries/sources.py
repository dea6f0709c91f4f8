"""Whose money is in a fund: what investors of each kind, and other funds of ours, committed and paid in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from django.db.models import F

from finance_hub.kernel.money import yuan
from funds.models import Fund, FundEvent, FundEventKind
from funds.models.ledger import OF_INVESTORS
from funds.queries.known import facts, ledger_fen

Amount = Literal["committed", "paid_in"]


class SourceRow(NamedTuple):
    """One kind of capital in a fund, fen; `committed` is what is in force, releases taken off.

    `holder_id` is the fund of ours that the money comes from, None for money from outside.
    """

    fund_id: int
    holder_id: int | None
    capital: str
    committed_fen: int
    paid_in_fen: int


def sources_frame(*, as_of: date, known_at: datetime, of: Fund | None = None) -> list[SourceRow]:
    """By fund, holder and kind of capital, of one fund where it is given. One query."""
    events = FundEvent.objects.filter(facts(as_of=as_of, known_at=known_at), kind__in=OF_INVESTORS)
    if of:
        events = events.filter(fund=of)
    sums = events.values_list("fund_id", "investor__holder_id", "investor__capital").annotate(
        committed=ledger_fen(kind=FundEventKind.COMMITMENT) - ledger_fen(kind=FundEventKind.RELEASE),
        paid_in=ledger_fen(kind=FundEventKind.CONTRIBUTION),
    )
    ordered = sums.order_by("fund_id", F("investor__holder_id").asc(nulls_first=True), "investor__capital")
    return [SourceRow(*row) for row in ordered]


def of_kind(rows: Iterable[SourceRow], capital: str, amount: Amount) -> Decimal:
    """What investors of one kind of capital ("" for all) committed or paid in, in yuan."""
    name = f"{amount}_fen"
    return yuan(sum(int(getattr(row, name)) for row in rows if capital in ("", row.capital)))
