"""What a trial run would change: its good rows told apart as new, changed and unchanged, with their sums."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import connection

from loans.models import Dataset, LoanReportBatch

#: Where the staged rows are that know their drawdown, and when a row is a change: its event, or its drawdown
#: in this month, is held under another revision.
_FLOW = (
    "staged",
    """EXISTS (SELECT FROM loans_loanevent e
            WHERE e.bank_id = %(bank)s AND e.external_event_id = s.external_event_id)""",
    """coalesce(sum(amount) FILTER (WHERE record_type = 'disbursement'), 0) AS disbursed,
       coalesce(sum(amount) FILTER (WHERE record_type = 'repayment'), 0) AS repaid""",
)
_STOCK = (
    "resolved",
    """EXISTS (SELECT FROM loans_loanposition p
            WHERE p.bank_id = %(bank)s AND p.month = %(month)s AND p.drawdown_id = s.drawdown_id)""",
    "coalesce(sum(balance), 0) AS balance",
)
_STATEMENT = """
SELECT kind, count(*) AS rows, {sums}
  FROM (SELECT s.*, CASE WHEN {known} THEN 'changed' ELSE 'new' END AS kind FROM pending s
        UNION ALL
        SELECT s.*, 'unchanged' FROM {rows} s JOIN staged_unchanged u ON u.row_number = s.row_number) told
 GROUP BY kind
"""
KINDS = ("new", "changed", "unchanged")


def kinds(batch: LoanReportBatch) -> dict[str, dict[str, Any]]:
    """{"new" | "changed" | "unchanged": control totals of its rows}, amounts as strings.

    Wants the checked staging tables of the batch. What is missing to the totals of the file are the
    rejected rows.
    """
    rows, known, sums = _FLOW if batch.dataset == Dataset.FLOW else _STOCK
    facts: dict[str, Any] = {"bank": batch.bank_id, "month": batch.period}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(rows=rows, known=known, sums=sums), facts)
        names = [column.name for column in cursor.description or ()][1:]
        found = {
            kind: dict(zip(names, map(_shown, values), strict=True)) for kind, *values in cursor.fetchall()
        }
    return {kind: found.get(kind) or nothing(names) for kind in KINDS}


def all_unchanged(totals: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The same of a file whose every row is held already; `totals` are those of the file."""
    return {kind: totals if kind == "unchanged" else nothing(totals) for kind in KINDS}


def nothing(names: Iterable[str]) -> dict[str, Any]:
    """Control totals of no rows."""
    return {name: 0 if name == "rows" else "0.00" for name in names}


def _shown(value: int | Decimal) -> int | str:
    return f"{value:.2f}" if isinstance(value, Decimal) else value
