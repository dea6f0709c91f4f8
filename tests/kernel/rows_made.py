"""What rows for tests are made with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Model

Rows = dict[type[Model], Model | list[Model]]
DAY = date(2026, 10, 17)
ONE = Decimal("1.00")
