"""A digest of the city's business rows: all columns but the random and the wall clock's."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg import sql

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within

#: Not of the city's making, loaded with the schema, or naming others by their random ids.
LEFT_OUT = {
    "kernel_apikey", "kernel_auditentry", "kernel_audithead", "kernel_idempotencykey", "kernel_job",
    "kernel_loginfailure", "kernel_requestrecord", "loans_feedevent", "loans_loanproduct", "loans_lprquote", "tasks_target",
    "tasks_openquestion", "tasks_responsibleunit",
}  # fmt: skip
RANDOM = {"id", "public_id", "password", "created_at"}


def business_rows(*, known_by: datetime) -> dict[str, str]:
    """{table: digest of its rows in the order of their birth}, of facts recorded before a moment."""
    models = [
        model
        for label in ("kernel", "funds", "loans", "listings", "tasks")
        for model in apps.get_app_config(label).get_models()
        if model._meta.db_table not in LEFT_OUT
    ]
    with within(EVERYTHING):
        return {model._meta.db_table: _digest(model, known_by) for model in models}


def _digest(model: Any, known_by: datetime) -> str:
    fields = [field for field in model._meta.concrete_fields if field.column not in RANDOM]
    is_dated = any(field.column == "recorded_at" for field in fields)
    query = sql.SQL("SELECT {} FROM {} AS row {} ORDER BY {}").format(
        sql.SQL(", ").join(map(_column, fields)),
        sql.Identifier(model._meta.db_table),
        sql.SQL("WHERE row.recorded_at < {}").format(known_by) if is_dated else sql.SQL(""),
        sql.SQL(", ").join(sql.Identifier("row", field.column) for field in model._meta.pk_fields),
    )
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(cursor.connection))
        rows = cursor.fetchall()
    # The number of rows is told too: two empty tables are equal, and that should be seen.
    return f"{len(rows)} rows {hashlib.sha256(repr(rows).encode()).hexdigest()[:16]}"


def _column(field: Any) -> sql.Composable:
    """A reference as the place of its row among its table's: what was rolled back has used up numbers."""
    column = sql.SQL("row.{}").format(sql.Identifier(field.column))
    if field.remote_field is None or field.related_model._meta.pk.column != "id":
        return column
    return sql.SQL("(SELECT count(*) FROM {} AS other WHERE other.id <= {})").format(
        sql.Identifier(field.related_model._meta.db_table), column
    )
