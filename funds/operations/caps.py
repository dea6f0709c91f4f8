"""Caps that bind: an investment that would break one is refused, where the terms say that it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from finance_hub.kernel import days, scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.money import CENT, yuan
from finance_hub.kernel.problems import FieldError, Problem
from finance_hub.kernel.text import Text
from funds.models import Fund, FundTerms, Holding
from funds.models.terms import Base
from funds.operations.rules import require_room
from funds.queries.deal_frames import holdings_frame
from funds.queries.headroom import firm_cap_base, share_of_sub_fund
from funds.queries.positions import position
from funds.queries.sources import sources_frame
from funds.queries.terms import in_force

_SHARE = Text(
    "认缴 {committed} 元，按条款最多 {limit} 元",
    "It has committed {committed}; the terms allow {limit} at most",
)


class FirmCapBroken(Problem):
    code = "firm-cap-broken"
    status = 422
    title = Text("超过对单一企业的投资上限", "It is above the cap on one firm")
    detail = Text(
        "投资 {amount} 元，按条款对该企业还可投 {room} 元",
        "It invests {amount}; the terms leave {room} for this firm",
    )


class SubFundShareAboveCap(Problem):
    code = "sub-fund-share-above-cap"
    status = 422
    title = Text("对子基金的认缴比例超过上限", "The share of the sub-fund is above its cap")
    detail = _SHARE


def require_under_caps(holding: Holding, *, amount: Decimal, day: date, now: datetime) -> None:
    """Raises FirmCapBroken or SubFundShareAboveCap where the terms in force bind.

    Asked of the day of the investment and of today, with all that is recorded. Call with the fund's row locked.
    """
    today = days.today(now)
    for on in sorted({day, today}):
        as_of = on + timedelta(days=1)
        agreed = in_force(holding.fund, as_of=as_of, known_at=now)
        if agreed is None or not agreed.caps_bind:
            continue
        if holding.firm_id is not None:
            _require_firm(agreed, holding, amount=amount, as_of=as_of, now=now)
        elif holding.sub_fund is not None:
            _require_share(agreed, holding.sub_fund, as_of=as_of, now=now)


def _require_firm(
    agreed: FundTerms, holding: Holding, *, amount: Decimal, as_of: date, now: datetime
) -> None:
    if agreed.firm_cap_pct is None or agreed.firm_cap_base is None:
        return
    held = holdings_frame(as_of=as_of, known_at=now, of=agreed.fund)
    stands = position(agreed.fund, as_of=as_of, known_at=now)
    base = firm_cap_base(agreed.firm_cap_base, stands=stands, held=held)
    if agreed.firm_cap_base == Base.INVESTED:
        base += amount
    limit = (max(base, Decimal(0)) * agreed.firm_cap_pct / 100).quantize(CENT)
    used = yuan(sum(row.remaining_cost_fen for row in held if row.firm_id == holding.firm_id))
    require_room(FirmCapBroken, amount=amount, room=limit - used, pointer="#/amount")


def _require_share(agreed: FundTerms, sub_fund: Fund, *, as_of: date, now: datetime) -> None:
    """By commitments, as the sub-fund's ledger has them; a sub-fund that names no holder is not judged."""
    if agreed.sub_fund_share_cap_pct is None:
        return
    with scoping.within(EVERYTHING):
        share = share_of_sub_fund(agreed.fund, sources_frame(as_of=as_of, known_at=now, of=sub_fund))
    if share is None:
        return
    committed, total = share
    limit = (total * agreed.sub_fund_share_cap_pct / 100).quantize(CENT)
    if committed > limit:
        said = {"committed": f"{committed:.2f}", "limit": f"{limit:.2f}"}
        error = FieldError(SubFundShareAboveCap.code, "#/sub_fund", _SHARE.fill(**said), said)
        raise SubFundShareAboveCap(errors=(error,), **said)
