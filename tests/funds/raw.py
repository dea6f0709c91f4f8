"""Rows written by raw SQL, with every operation left aside."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds.models import Deal, DealStep

NOON = "2022-08-01 04:00:00+00"
DECIDED = {
    "decided_by": ["陈某"], "grounds": "x", "conflicts": "无", "votes_for": 3, "votes_against": 0,
}  # fmt: skip


def run(statement: str, values: list[Any]) -> None:
    with scoping.within(EVERYTHING), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def insert(table: str, **row: Any) -> None:
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    run(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608


def header(public_id: str) -> Deal:
    with scoping.within(EVERYTHING):
        return Deal.objects.get(public_id=public_id)


def step_row(which: str, /, **change: Any) -> dict[str, Any]:
    """A row that takes the deal to screening, or what is asked of it instead."""
    deal = header(which)
    row = {
        "public_id": "ds_x", "deal_id": deal.pk, "place": 2, "stage": "screening", "at": "screening",
        "skipped": False, "reason": "", "effective_date": "2022-07-15", "recorded_at": NOON,
        "recorded_by_id": deal.recorded_by_id, "corrects_id": None, "payment_id": None, "decided_by": [],
        "grounds": "", "conflicts": "", "votes_for": None, "votes_against": None, "note": "",
    }  # fmt: skip
    return {**row, **change}


def add_step(which: str, /, **change: Any) -> None:
    insert("funds_dealstep", **step_row(which, **change))


def step_pk(step: str) -> int:
    with scoping.within(EVERYTHING):
        return DealStep.objects.get(public_id=step).pk
