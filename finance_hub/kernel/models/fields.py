"""Columns and constraints that many tables share."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.money import LIMIT


def money(**kwargs: Any) -> models.DecimalField[Any, Any]:
    """A numeric(18,2) column of yuan; pair it with `is_money`, which refuses NaN."""
    return models.DecimalField(max_digits=18, decimal_places=2, **kwargs)


def is_money(field: str, *, name: str, least: int | None = None) -> models.CheckConstraint:
    """Refuses NaN (it sorts above every number) and, with `least`, amounts below it."""
    bounds = {f"{field}__lt": LIMIT} | ({f"{field}__gte": least} if least is not None else {})
    return models.CheckConstraint(condition=Q(**bounds), name=name)


def is_positive_money(field: str, *, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__gt": 0, f"{field}__lt": LIMIT}), name=name)


def is_month(field: str, *, name: str) -> models.CheckConstraint:
    """A month is kept as the date of its first day."""
    return models.CheckConstraint(condition=Q(**{f"{field}__day": 1}), name=name)


def one_of(field: str, choices: type[models.TextChoices], *, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": sorted(choices.values)}), name=name)


def approved_by_another(*, name: str) -> models.CheckConstraint:
    """Nobody yet, or another person than `proposed_by`, and then with the moment."""
    by_another = Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("proposed_by"))
    return models.CheckConstraint(condition=Q(approved_by=None, approved_at=None) | by_another, name=name)
