"""All funds in scope at a glance: where the money of each stands, and what it holds."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from funds.models import Fund
from funds.queries.deal_frames import HoldingRow, holdings_frame
from funds.queries.positions import Position, funds, nav_of, positions


class Glance(NamedTuple):
    """`position` and `nav` are None where nothing is known of the fund: not reported is not zero.

    `holdings` have cost left; `at_cost` of them count as their cost, for want of a value since the last deal.
    """

    fund: Fund
    position: Position | None
    nav: Decimal | None
    holdings: int
    at_cost: int


def glances(*, as_of: date, known_at: datetime) -> list[Glance]:
    """The city's funds before the sub-funds, each by code. Four queries, however many funds there are."""
    known = positions(as_of=as_of, known_at=known_at)
    held: dict[int, list[HoldingRow]] = {}
    for row in holdings_frame(as_of=as_of, known_at=known_at):
        held.setdefault(row.fund_id, []).append(row)
    found = [_glance(fund, known.get(fund.pk), held.get(fund.pk, [])) for fund in funds()]
    return sorted(found, key=lambda one: (one.fund.tier == "sub", one.fund.code))


def _glance(fund: Fund, position: Position | None, held: list[HoldingRow]) -> Glance:
    left = [row for row in held if row.remaining_cost_fen]
    nav = None if position is None else nav_of(position, held)
    return Glance(fund, position, nav, len(left), sum(1 for row in left if row.is_at_cost))
