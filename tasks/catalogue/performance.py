"""How one fund has done up to any day, by the functions of the monthly figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from funds.queries import FlowRow
from tasks.catalogue.entry import Point


class Performance(NamedTuple):
    """Multiples of the paid-in capital and the investors' net IRR, each a value or the reason why none."""

    dpi: Point
    rvpi: Point
    tvpi: Point
    irr: Point


def performance(flows: Sequence[FlowRow], *, nav_fen: int, on: date) -> Performance:
    """From the investors' flows up to `on` and the fund's NAV at the end of that day.

    The engine brings NumPy: it is loaded when a fund is first looked at, not when a page is served.
    """
    from tasks.catalogue import funds

    paid, got = (
        sum(getattr(row, name) for row in flows) for name in ("contribution_fen", "distribution_fen")
    )
    multiples = funds.multiples_of(paid, got, nav_fen)
    return Performance(
        Point.of(multiples.dpi),
        Point.of(multiples.rvpi),
        Point.of(multiples.tvpi),
        funds.net_irr(flows, nav_fen=nav_fen, on=on),
    )
