"""Indices and assumptions as the centre enters them, over HTTP and by their operations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks import indices
from tasks.indices import Entered, Row
from tests.cast import Api, Cast
from tests.funds.conftest import made

Speak = Callable[[str], Api]
INDEX = {
    "code": "example-500", "name": "示例500指数", "name_en": "Example 500", "source": "示例指数公司",
    "base_date": "2019-12-31", "base_level": "1000",
}  # fmt: skip
PACE = {
    "contribution_rates_pct": ["50", "40"], "life": 4, "bow": "2", "growth_pct": "20", "yield_pct": "30",
}  # fmt: skip
ASSUMED = {
    "valid_from": "2022-06-01", "document": "现金流测算", "low": {**PACE, "growth_pct": "0"}, "base": PACE,
    "high": {**PACE, "growth_pct": "100"},
}  # fmt: skip


def found_index(api: Speak, **changes: Any) -> str:
    return str(made(api("maker").post("/indices", {**INDEX, **changes}))["code"])


def enter(api: Speak, *, code: str = "example-500", **levels: str) -> dict[str, Any]:
    """Levels by day, written `d2023_01_01="100"`."""
    rows = [{"date": day[1:].replace("_", "-"), "level": level} for day, level in levels.items()]
    return made(api("maker").post(f"/indices/{code}/levels", {"rows": rows}))


def record(cast: Cast, day: date, level: str, *, now: datetime, code: str = "example-500") -> Entered:
    """One level recorded at a moment of the past."""
    with within(EVERYTHING):
        return indices.record_levels(code, rows=[Row(day, Decimal(level))], by=cast["maker"], now=now)


def insert(table: str, **row: Any) -> None:
    """A row by raw SQL, with every operation left aside."""
    columns, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    with within(EVERYTHING), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(row.values()))  # noqa: S608
