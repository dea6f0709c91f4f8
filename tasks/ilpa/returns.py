"""Rates and multiples of the Performance Template. It brings the engine and NumPy: loaded when one is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tasks.catalogue.entry import Point
from tasks.engine import returns
from tasks.engine.value import UNDER_ONE_YEAR


class Return(NamedTuple):
    """A rate a year and a multiple, each a value or the reason why none."""

    irr: Point
    multiple: Point


def of_flows(
    flows: Iterable[tuple[date, Decimal]], *, paid: Decimal, got: Decimal, left: Decimal, on: date
) -> Return:
    """Of dated flows (paid negative) and what is left at the end of a day, as if paid out then.

    The multiple is (got + left) / paid. A history of less than a year has no rate.
    """
    dated = [*flows, (on, left)]
    rate = returns.xirr([day for day, _ in dated], [amount for _, amount in dated])
    short = UNDER_ONE_YEAR in rate.notes
    return Return(
        Point.missing(UNDER_ONE_YEAR) if short else Point.of(rate),
        Point.of(returns.multiples(paid, got, left).tvpi),
    )


def missing(reason: str) -> Return:
    return Return(Point.missing(reason), Point.missing(reason))


def pooled(of: Sequence[Iterable[tuple[date, Decimal]]]) -> list[tuple[date, Decimal]]:
    """The flows of several, as one: rates of parts are never averaged."""
    return [flow for flows in of for flow in flows]
