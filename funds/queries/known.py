"""Facts as known then: `as_of` is an exclusive date, `known_at` the inclusive moment of recording.

A reversal is a row of its own: it takes back its amount from its own day and its own recording on. So
is each side of a transfer.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, DecimalField, F, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from funds.models import Moved

YUAN: DecimalField[Any, Any] = DecimalField(max_digits=30, decimal_places=2)


def facts(*, as_of: date, known_at: datetime, at: str = "") -> Q:
    """Rows that had happened before `as_of` and were recorded by `known_at`; `at` is the path to them."""
    return Q(**{f"{at}effective_date__lt": as_of, f"{at}recorded_at__lte": known_at})


#: Rows of the ledger that count the other way round: those of an investor who gives its share to another.
GIVEN_AWAY = Q(moved=Moved.OUT)


def net(column: str, *, at: str = "", given: Q | None = None) -> Case:
    """A yuan column with the sign of its row: reversals are negative, and so are rows that are `given` away."""
    amount, plain = F(f"{at}{column}"), Q(**{f"{at}reverses__isnull": True})
    return Case(When(plain & ~given if given else plain, then=amount), default=-amount, output_field=YUAN)


def net_yuan(column: str, *, at: str = "", given: Q | None = None, **only: Any) -> Coalesce:
    """The netted sum of a column over the rows that match `only`; 0.00 where there are none."""
    chosen = Q(**{f"{at}{name}": value for name, value in only.items()})
    total = Sum(net(column, at=at, given=given), filter=chosen)
    return Coalesce(total, Value(Decimal(0)), output_field=YUAN)


def ledger_yuan(**only: Any) -> Coalesce:
    """The netted sum of the amounts of fund events that match `only`."""
    return net_yuan("amount", given=GIVEN_AWAY, **only)


class _Fen(Cast):
    """The driver reads a bigint as an int: asked of a hundred thousand holdings, six numbers each, Django's own
    conversion takes a third of the time."""

    def get_db_converters(self, connection: Any) -> list[Any]:
        return []


def fen(yuan: F | Case | Coalesce) -> Cast:
    """Yuan of two places to whole fen, exactly."""
    return _Fen(yuan * Value(100), BigIntegerField())


def ledger_fen(**only: Any) -> Cast:
    return fen(ledger_yuan(**only))
