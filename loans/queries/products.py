"""The products of the plan: what each is called, when it is lent, what it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from loans.models import LoanProduct


class ProductTerms(NamedTuple):
    """Lent on the days of `[valid_from, valid_to)`; None is unbounded."""

    code: str
    required_fields: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None


def products() -> QuerySet[LoanProduct]:
    """In the order of the plan."""
    return LoanProduct.objects.order_by("position")


def product_terms(codes: Iterable[str]) -> list[ProductTerms]:
    """The terms of the products with these codes."""
    return [
        ProductTerms(p.code, tuple(p.required_fields), p.valid_from, p.valid_to)
        for p in products().filter(code__in=list(codes))
    ]
