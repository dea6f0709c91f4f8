"""The terms of a fund as agreed on a day, and the room that its caps leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from finance_hub.kernel.money import CENT, yuan
from funds.models import Fund, FundTerms, Holding
from funds.models.terms import Base
from funds.queries.deal_frames import HoldingRow, holdings_frame
from funds.queries.positions import Position, nav_of, position


class Headroom(NamedTuple):
    """One cap and what it leaves, in yuan. `limit` and `room` are None where the base is not known or zero.

    `cap` is which one (firm), `subject` whom it is about, `pct` the agreed share and `base` what of.
    """

    cap: str
    subject: str
    pct: Decimal
    base: str
    used: Decimal
    limit: Decimal | None
    room: Decimal | None


def terms(of: Fund) -> QuerySet[FundTerms]:
    """Every row ever recorded, with its author."""
    return FundTerms.objects.filter(fund=of).select_related("recorded_by")


def in_force(of: Fund, *, as_of: date, known_at: datetime) -> FundTerms | None:
    """What was agreed on the day before `as_of`, as known at `known_at`; None before the first row."""
    known = terms(of).filter(valid_from__lt=as_of, recorded_at__lte=known_at)
    return known.order_by("-valid_from", "-recorded_at", "-pk").first()


def headroom(of: Fund, *, as_of: date, known_at: datetime) -> list[Headroom]:
    """The cap on one firm for each firm that the fund holds, the fullest first.

    A cap that is not agreed has no row.
    """
    agreed = in_force(of, as_of=as_of, known_at=known_at)
    if agreed is None or agreed.firm_cap_pct is None or agreed.firm_cap_base is None:
        return []
    held = holdings_frame(as_of=as_of, known_at=known_at, of=of)
    stands = position(of, as_of=as_of, known_at=known_at)
    base = _BASES[Base(agreed.firm_cap_base)](stands, held)
    limit = (base * agreed.firm_cap_pct / 100).quantize(CENT) if base > 0 else None
    names = dict(Holding.objects.filter(fund=of, firm__isnull=False).values_list("pk", "firm__name"))
    rows = [
        _room(names[row.holding_id], yuan(row.remaining_cost_fen), limit, agreed)
        for row in held
        if row.firm_id is not None and row.remaining_cost_fen
    ]
    return sorted(rows, key=lambda row: (-row.used, row.subject))


def _room(firm: str, used: Decimal, limit: Decimal | None, agreed: FundTerms) -> Headroom:
    return Headroom(
        cap="firm", subject=firm, pct=agreed.firm_cap_pct or Decimal(0), base=str(agreed.firm_cap_base), used=used,
        limit=limit, room=None if limit is None else limit - used,
    )  # fmt: skip


_BASES: dict[Base, Callable[[Position, list[HoldingRow]], Decimal]] = {
    Base.COMMITMENT: lambda stands, _: stands.committed - stands.released,
    Base.PAID_IN: lambda stands, _: stands.contributed,
    Base.INVESTED: lambda stands, _: stands.invested,
    Base.NET_ASSETS: nav_of,
}
