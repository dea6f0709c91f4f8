"""Facts as known then: `as_of` is an exclusive date, `known_at` the inclusive moment of recording.

A reversal is a row of its own: it takes back its amount from its own day and its own recording on.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, DecimalField, F, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

YUAN: DecimalField[Any, Any] = DecimalField(max_digits=30, decimal_places=2)


def facts(*, as_of: date, known_at: datetime, at: str = "") -> Q:
    """Rows that had happened before `as_of` and were recorded by `known_at`; `at` is the path to them."""
    return Q(**{f"{at}effective_date__lt": as_of, f"{at}recorded_at__lte": known_at})


def net(column: str, *, at: str = "") -> Case:
    """A yuan column with the sign of its row: reversals are negative."""
    amount = F(f"{at}{column}")
    return Case(When(**{f"{at}reverses__isnull": True}, then=amount), default=-amount, output_field=YUAN)


def net_yuan(column: str, *, at: str = "", **only: str) -> Coalesce:
    """The netted sum of a column over the rows that match `only`; 0.00 where there are none."""
    chosen = Q(**{f"{at}{name}": value for name, value in only.items()})
    total = Sum(net(column, at=at), filter=chosen)
    return Coalesce(total, Value(Decimal(0)), output_field=YUAN)


def fen(yuan: F | Case | Coalesce) -> Cast:
    """Yuan of two places to whole fen, exactly."""
    return Cast(yuan * Value(100), BigIntegerField())


def net_fen(column: str, **only: str) -> Cast:
    return fen(net_yuan(column, **only))
