"""Rounds of firms as their organisations recorded them: the books of a firm."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import F, Model, Q, QuerySet

from finance_hub.kernel.models import Firm
from finance_hub.kernel.money import yuan
from finance_hub.kernel.problems import NotFound
from funds.models import Round
from funds.queries.known import facts


def rounds(firm: Firm) -> QuerySet[Round]:
    """Every round in scope that was ever recorded of a firm, with who recorded it and what takes it back."""
    found = Round.objects.filter(firm=firm).select_related("firm", "organisation", "recorded_by")
    return found.prefetch_related("reverses").annotate(taken_back_by=F("reversed_by__public_id"))


def find(public_id: str) -> Round:
    """The round in scope. Raises NotFound."""
    found = Round.objects.select_related("firm", "organisation", "recorded_by").filter(public_id=public_id)
    one = found.annotate(taken_back_by=F("reversed_by__public_id")).first()
    if one is None:
        raise NotFound
    return one


def standing(rows: QuerySet[Any, Any], *, as_of: date, known_at: datetime) -> QuerySet[Any, Any]:
    """Of rows with reversals of their own table, those that stand: plain ones that nothing known takes back."""
    model: type[Model] = rows.model
    known = facts(as_of=as_of, known_at=known_at)
    gone = model._default_manager.filter(known, reverses__isnull=False).values("reverses")
    return rows.filter(known, reverses=None).exclude(pk__in=gone)


def book(*, as_of: date, known_at: datetime, **of: Any) -> QuerySet[Round]:
    """The rounds that stand, in their order; `of` are columns such as `firm` and `organisation`."""
    found: QuerySet[Round] = standing(Round.objects.filter(**of), as_of=as_of, known_at=known_at)
    return found.order_by("effective_date", "pk")


def worth_in(last: Round, *, shares: int) -> Decimal:
    """Yuan to the fen: what shares are worth at what the round raised for each of its new shares."""
    return to_fen(Fraction(last.raised) * shares / last.new_shares)


def to_fen(value: Fraction) -> Decimal:
    """Yuan, not negative, to the fen; halves go up."""
    return yuan(int(value * 100 + Fraction(1, 2)))


def stands_now() -> Q:
    """Of rounds, units and securities: neither a reversal nor reversed, of all that is recorded."""
    return Q(reverses=None, reversed_by=None)
