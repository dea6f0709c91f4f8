"""What a drawdown costs and what its pledges carry, as the API of contracts shows it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from finance_hub.kernel.money import split
from finance_hub.rest.fields import Choice, Day, Money, Record, Whole, Words, YesNo
from loans.models import LprTenor, Pledge, PledgeType
from loans.queries import Price

_RATE = Decimal("0.0001")


class PledgeShown(Record):
    """`loan_share` is the part of the disbursed amount that the pledge carries, `pledge_rate` 质押率 that part
    over the appraised value (null where that is zero)."""

    type = Choice(PledgeType.values)
    certificate_no = Words(max_length=64)
    registration_no = Words(max_length=64)
    appraised_value = Money()
    share_pct = Words(max_length=6)
    loan_share = Money()
    pledge_rate = Words(max_length=24, allow_null=True)


class PriceShown(Record):
    """Over the LPR last published before the disbursement. Where `reason` says that it is not known, the
    table reaches from `known_from` to `known_through`. `agrees` compares both spreads."""

    tenor = Choice(LprTenor.values)
    lpr_pct = Words(max_length=10, allow_null=True)
    published_on = Day(allow_null=True)
    known_from = Day()
    known_through = Day()
    implied_spread_bp = Words(max_length=12, allow_null=True)
    reported_spread_bp = Whole(allow_null=True)
    agrees = YesNo(allow_null=True)
    reason = Words(max_length=40, allow_null=True)


PRICE_EXAMPLE: dict[str, Any] = {
    "tenor": "1y",
    "lpr_pct": "3.0000",
    "published_on": "2026-09-21",
    "known_from": "2019-08-21",
    "known_through": "2026-10-20",
    "implied_spread_bp": "45.00",
    "reported_spread_bp": 45,
    "agrees": True,
    "reason": None,
}


def pledges(of: Iterable[Pledge], *, disbursed: Decimal) -> list[dict[str, Any]]:
    """Each pledge with its part of what was disbursed; the parts and what is unsecured add up to it."""
    held = list(of)
    shares = [pledge.share_pct for pledge in held]
    parts = split(disbursed, [*shares, max(100 - sum(shares), 0)])
    return [_pledge(pledge, part) for pledge, part in zip(held, parts, strict=False)]


def _pledge(pledge: Pledge, part: Decimal) -> dict[str, Any]:
    same = ("type", "certificate_no", "registration_no", "appraised_value", "share_pct")
    value = pledge.appraised_value
    rate = (part / value).quantize(_RATE, rounding=ROUND_HALF_UP) if value else None
    return {name: getattr(pledge, name) for name in same} | {"loan_share": part, "pledge_rate": rate}


def price(found: Price | None) -> dict[str, Any] | None:
    if found is None:
        return None
    implied = found.implied_spread_bp
    return found._asdict() | {
        "agrees": found.agrees,
        "implied_spread_bp": None if implied is None else f"{implied:.2f}",
    }
