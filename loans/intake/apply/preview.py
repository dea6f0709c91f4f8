"""What a trial run would change: its good rows told apart as new, changed and unchanged, with their sums."""

from __future__ import annotations

from typing import Any

from django.db import connection

from loans.models import Dataset, LoanReportBatch

#: A row is a change where its event, or its drawdown in this month, is held under another revision.
_FLOW_KNOWN = """EXISTS (SELECT FROM loans_loanevent e
                   WHERE e.bank_id = %(bank)s AND e.external_event_id = s.external_event_id)"""
_STOCK_KNOWN = """EXISTS (SELECT FROM loans_contract c
                     JOIN loans_drawdown d ON d.contract_id = c.id AND d.drawdown_no = s.drawdown_no
                     JOIN loans_loanposition p ON p.drawdown_id = d.id AND p.bank_id = c.bank_id
                    WHERE c.bank_id = %(bank)s AND c.contract_no = s.contract_no AND p.month = %(month)s)"""
_SUMS = {
    Dataset.FLOW: """coalesce(sum(amount) FILTER (WHERE record_type = 'disbursement'), 0) AS disbursed,
                     coalesce(sum(amount) FILTER (WHERE record_type = 'repayment'), 0) AS repaid""",
    Dataset.STOCK: "coalesce(sum(balance), 0) AS balance",
}
_STATEMENT = """
SELECT kind, count(*) AS rows, {sums}
  FROM (SELECT s.*, CASE WHEN {known} THEN 'changed' ELSE 'new' END AS kind FROM pending s
        UNION ALL
        SELECT s.*, 'unchanged' FROM staged s JOIN staged_unchanged USING (row_number)) told
 GROUP BY kind
"""


def kinds(batch: LoanReportBatch) -> dict[str, dict[str, Any]]:
    """{"new" | "changed" | "unchanged": control totals of its rows}, amounts as strings.

    Wants the checked staging tables of the batch. What is missing to the totals of the file are the
    rejected rows.
    """
    dataset = Dataset(batch.dataset)
    known = _FLOW_KNOWN if dataset == Dataset.FLOW else _STOCK_KNOWN
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT.format(sums=_SUMS[dataset], known=known),
            {"bank": batch.bank_id, "month": batch.period},
        )
        names = [column.name for column in cursor.description or ()][1:]
        found = {kind: _totals(names, values) for kind, *values in cursor.fetchall()}
    return {
        kind: found.get(kind) or _totals(names, [0] * len(names)) for kind in ("new", "changed", "unchanged")
    }


def _totals(names: list[str], values: list[Any]) -> dict[str, Any]:
    return {
        name: value if name == "rows" else f"{value:.2f}" for name, value in zip(names, values, strict=True)
    }
