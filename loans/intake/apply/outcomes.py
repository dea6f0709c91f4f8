"""What became of each row: counted, summed, and kept for the bank to read."""

from __future__ import annotations

from typing import Any

from django.db import connection

from loans.models import Dataset, LoanReportBatch, RowOutcome

_COUNTS = """
SELECT (SELECT count(*) FROM pending),
       (SELECT count(*) FROM staged_unchanged),
       (SELECT count(DISTINCT row_number) FROM staged_fault WHERE NOT warning),
       (SELECT count(DISTINCT f.row_number) FROM staged_fault f JOIN pending USING (row_number) WHERE f.warning)
"""
_FLOW_SUMS = """
SELECT count(*), coalesce(sum(amount) FILTER (WHERE record_type = 'disbursement'), 0),
       coalesce(sum(amount) FILTER (WHERE record_type = 'repayment'), 0) FROM pending
"""
_STOCK_SUMS = "SELECT count(*), coalesce(sum(balance), 0) FROM pending"

_ERRORS = """
errors AS (
  SELECT row_number, jsonb_agg(jsonb_build_object('code', code, 'pointer', pointer, 'context', context)
                               ORDER BY pointer, code) AS errors
    FROM staged_fault WHERE warning = %(warning)s GROUP BY row_number)
"""
_INSERT = """
INSERT INTO loans_rowoutcome (
  bank_id, batch_id, outcome, row_number, line_number, client_row_id, contract_no, errors, original)
SELECT %(bank)s, %(batch)s, %(outcome)s, """

_REJECTED = f"""
WITH {_ERRORS}, gone AS (
  SELECT row_number, line_number, client_row_id, contract_no, original FROM staged_listed
  UNION ALL
  SELECT s.row_number, s.line_number, s.client_row_id, s.contract_no, o.original
    FROM staged s JOIN errors USING (row_number) JOIN staged_original o USING (row_number))
{_INSERT} g.row_number, g.line_number, coalesce(g.client_row_id, ''), coalesce(g.contract_no, ''), e.errors, g.original
  FROM gone g JOIN errors e USING (row_number) ORDER BY g.row_number
"""  # noqa: S608 - no value from outside

_WARNED = f"""
WITH {_ERRORS}
{_INSERT} p.row_number, p.line_number, coalesce(p.client_row_id, ''), p.contract_no, e.errors, ''
  FROM pending p JOIN errors e USING (row_number) ORDER BY p.row_number
"""

_UNCHANGED = f"""
{_INSERT} s.row_number, s.line_number, coalesce(s.client_row_id, ''), s.contract_no, '[]', ''
  FROM staged s JOIN staged_unchanged USING (row_number) ORDER BY s.row_number
"""

_ACCEPTED = f"""
{_INSERT} p.row_number, p.line_number, coalesce(p.client_row_id, ''), p.contract_no, '[]', ''
  FROM pending p ORDER BY p.row_number
"""

_MISSING = f"""
{_INSERT} NULL, NULL, '', contract_no,
       jsonb_build_array(jsonb_build_object(
         'code', 'missing-from-snapshot', 'pointer', '#', 'context',
         jsonb_build_object('drawdown_no', drawdown_no, 'balance', balance::text))), ''
  FROM missing ORDER BY contract_no, drawdown_no
"""


def count(dataset: str) -> dict[str, int]:
    """{"accepted", "unchanged", "rejected", "warnings"}; the last counts rows and missing drawdowns."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        accepted, unchanged, rejected, warned = cursor.fetchone()
        if dataset == Dataset.STOCK:
            cursor.execute("SELECT count(*) FROM missing")
            warned += cursor.fetchone()[0]
    return {"accepted": accepted, "unchanged": unchanged, "rejected": rejected, "warnings": warned}


def sums(dataset: str) -> dict[str, Any]:
    """Control totals of the pending rows, amounts as strings."""
    names = ("rows", "disbursed", "repaid") if dataset == Dataset.FLOW else ("rows", "balance")
    with connection.cursor() as cursor:
        cursor.execute(_FLOW_SUMS if dataset == Dataset.FLOW else _STOCK_SUMS)
        rows, *amounts = cursor.fetchone()
    return dict(zip(names, (rows, *(f"{amount:.2f}" for amount in amounts)), strict=True))


def keep(batch: LoanReportBatch, *, accepted: bool) -> None:
    """Store every outcome but acceptance, which the facts themselves show; a dry run stores it too."""
    _store(_REJECTED, batch, outcome="rejected", warning=False)
    _store(_UNCHANGED, batch, outcome="unchanged")
    _store(_WARNED, batch, outcome="warning", warning=True)
    if batch.dataset == Dataset.STOCK:
        _store(_MISSING, batch, outcome="warning")
    if accepted:
        _store(_ACCEPTED, batch, outcome="accepted")


def keep_rejected(batch: LoanReportBatch) -> dict[str, int]:
    """Store the rejected rows of a file that is refused as a whole; the counts, with nothing accepted."""
    _store(_REJECTED, batch, outcome="rejected", warning=False)
    rejected = RowOutcome.objects.filter(batch=batch, outcome="rejected").count()
    return {"accepted": 0, "unchanged": 0, "rejected": rejected, "warnings": 0}


def _store(statement: str, batch: LoanReportBatch, **facts: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"bank": batch.bank_id, "batch": batch.pk, **facts})
