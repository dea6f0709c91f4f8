"""A month-end snapshot: each drawdown as its bank says it stood, compared with what is held.

`resolved` has the staged rows whose drawdown is held; `pending` are those of them that are still to
be applied.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from finance_hub.kernel.periods import Month
from loans.intake.apply import books
from loans.models import LoanReportBatch

#: Up to so many rows are looked up one by one, however much their bank holds; more of them are joined with all of it.
_FEW = 10_000

_RESOLVED = """
CREATE TEMP TABLE resolved ON COMMIT DROP AS
SELECT s.row_number, s.line_number, s.client_row_id, s.contract_no, d.id AS drawdown_id, s.revision,
       s.balance, s.overdue_days, s.overdue_principal, s.overdue_interest, s.five_tier
  FROM staged s
"""
_RESOLVED_ONE_BY_ONE = f"""{_RESOLVED}
 CROSS JOIN LATERAL (SELECT id, firm_id FROM loans_contract
                      WHERE bank_id = %(bank)s AND contract_no = s.contract_no OFFSET 0) c
  JOIN LATERAL (SELECT uscc FROM kernel_firm WHERE id = c.firm_id OFFSET 0) f ON f.uscc = s.uscc
 CROSS JOIN LATERAL (SELECT id FROM loans_drawdown
                      WHERE contract_id = c.id AND drawdown_no = s.drawdown_no OFFSET 0) d
"""  # noqa: S608 - no value from outside
_RESOLVED_TOGETHER = f"""{_RESOLVED}
  JOIN loans_contract c ON c.bank_id = %(bank)s AND c.contract_no = s.contract_no
  JOIN kernel_firm f ON f.id = c.firm_id AND f.uscc = s.uscc
  JOIN loans_drawdown d ON d.bank_id = %(bank)s AND d.contract_id = c.id AND d.drawdown_no = s.drawdown_no
"""

_PENDING = """
CREATE TEMP VIEW pending AS SELECT r.* FROM resolved r
 WHERE NOT EXISTS (SELECT FROM staged_fault f WHERE f.row_number = r.row_number AND NOT f.warning)
   AND NOT EXISTS (SELECT FROM staged_unchanged u WHERE u.row_number = r.row_number)
"""

_UNRESOLVED = """
INSERT INTO staged_fault
SELECT s.row_number,
       CASE WHEN c.id IS NULL THEN 'contract-unknown' WHEN f.uscc <> s.uscc THEN 'contract-of-another-firm'
            ELSE 'drawdown-unknown' END,
       CASE WHEN c.id IS NULL THEN '#/contract_no' WHEN f.uscc <> s.uscc THEN '#/uscc'
            ELSE '#/drawdown_no' END,
       CASE WHEN f.uscc <> s.uscc THEN jsonb_build_object('uscc', f.uscc) ELSE '{}' END, false
  FROM staged s
  LEFT JOIN loans_contract c ON c.bank_id = %(bank)s AND c.contract_no = s.contract_no
  LEFT JOIN kernel_firm f ON f.id = c.firm_id
 WHERE NOT EXISTS (SELECT FROM resolved r WHERE r.row_number = s.row_number)
"""

_CONTENT = "balance, {0}.overdue_days, {0}.overdue_principal, {0}.overdue_interest, {0}.five_tier"


def _same(one: str, other: str) -> str:
    """SQL: two rows say the same of their drawdown."""
    return " = ".join(f"({row}.{_CONTENT.format(row)})" for row in (one, other))


_UNCHANGED = f"""
INSERT INTO staged_unchanged
SELECT r.row_number FROM resolved r
  JOIN loans_loanposition p ON p.bank_id = %(bank)s AND p.month = %(month)s
   AND p.drawdown_id = r.drawdown_id AND p.revision = r.revision
 WHERE {_same("p", "r")}
"""  # noqa: S608 - no value from outside

_REVISION_CONFLICT = """
INSERT INTO staged_fault
SELECT p.row_number, 'revision-conflict', '#/revision', '{}', false
  FROM pending p
  JOIN loans_loanposition k ON k.bank_id = %(bank)s AND k.month = %(month)s
   AND k.drawdown_id = p.drawdown_id AND k.revision = p.revision
"""

_TWICE_IN_FILE = f"""
INSERT INTO staged_fault
SELECT r.row_number, CASE WHEN {_same("r", "first")} THEN 'duplicate-in-file' ELSE 'revision-conflict' END,
       '#/drawdown_no', jsonb_build_object('first_row', first.row_number::text), false
  FROM (SELECT drawdown_id, revision, min(row_number) AS row_number FROM resolved
         GROUP BY 1, 2 HAVING count(*) > 1) twice
  JOIN resolved first USING (row_number)
  JOIN resolved r ON r.drawdown_id = twice.drawdown_id AND r.revision = twice.revision
   AND r.row_number > twice.row_number
"""  # noqa: S608 - no value from outside

#: Drawdowns with a balance that neither this snapshot nor an earlier one of the month mentions.
_ABSENT = """
CREATE TEMP TABLE absent ON COMMIT DROP AS
SELECT d.id AS drawdown_id, c.contract_no, d.drawdown_no
  FROM loans_drawdown d JOIN loans_contract c ON c.bank_id = %(bank)s AND c.id = d.contract_id
 WHERE d.bank_id = %(bank)s
   AND NOT EXISTS (SELECT FROM resolved r WHERE r.drawdown_id = d.id)
   AND NOT EXISTS (SELECT FROM loans_loanposition p
                    WHERE p.bank_id = d.bank_id AND p.month = %(month)s AND p.drawdown_id = d.id)
   AND NOT EXISTS (SELECT FROM staged_listed l WHERE l.contract_no = c.contract_no)
"""
_MISSING = """
CREATE TEMP TABLE missing ON COMMIT DROP AS
SELECT a.contract_no, a.drawdown_no, sum(e.effect) AS balance
  FROM absent a JOIN loans_loanevent e ON e.drawdown_id = a.drawdown_id AND e.bank_id = %(bank)s
 WHERE e.value_date < %(end)s
   AND NOT EXISTS (SELECT FROM loans_loanevent later
                    WHERE later.bank_id = e.bank_id AND later.revision > 1
                      AND later.external_event_id = e.external_event_id AND later.revision > e.revision)
 GROUP BY a.drawdown_id, a.contract_no, a.drawdown_no HAVING sum(e.effect) <> 0
"""

_POSITIONS = """
INSERT INTO "{book}" (
  bank_id, batch_id, row_number, client_row_id, drawdown_id, month, revision, balance, overdue_days,
  overdue_principal, overdue_interest, five_tier, recorded_at)
SELECT %(bank)s, %(batch)s, p.row_number, coalesce(p.client_row_id, ''), p.drawdown_id, %(month)s, p.revision,
       p.balance, p.overdue_days, p.overdue_principal, p.overdue_interest, p.five_tier, %(now)s
  FROM pending p
"""


def check(*, bank: int, period: Month) -> None:
    """Take the rows that disagree with the file or with what is held out of `pending`."""
    facts: dict[str, Any] = {"bank": bank, "month": period.first, "end": period.end}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.resolved, pg_temp.absent, pg_temp.missing CASCADE")
        cursor.execute("SELECT count(*) FROM staged")
        staged = cursor.fetchone()[0]
        if staged > _FEW:
            resolved = _read_together(cursor, _RESOLVED_TOGETHER, facts)
        else:
            cursor.execute(_RESOLVED_ONE_BY_ONE, facts)
            resolved = cursor.rowcount
        cursor.execute(_PENDING)
        cursor.execute("ANALYZE resolved (drawdown_id)")
        if resolved < staged:
            cursor.execute(_UNRESOLVED, facts)
        if books.exists(bank=bank, month=period):
            cursor.execute(_UNCHANGED, facts)
            cursor.execute("ANALYZE staged_unchanged")
            cursor.execute(_REVISION_CONFLICT, facts)
        cursor.execute(_TWICE_IN_FILE, facts)
        _read_together(cursor, _ABSENT, facts)
        cursor.execute("ANALYZE absent")
        cursor.execute(_MISSING, facts)


def _read_together(cursor: Any, statement: str, facts: dict[str, Any]) -> int:
    """Join with all that the bank holds, read through once and by the index of its bank, whatever the statistics
    say: neither row by row nor with what other banks hold. The number of rows."""
    cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL enable_seqscan = off")
    cursor.execute(statement, facts)
    rows = int(cursor.rowcount)
    cursor.execute("SET LOCAL enable_nestloop = on; SET LOCAL enable_seqscan = on")
    return rows


def write(batch: LoanReportBatch, *, now: datetime) -> None:
    facts: dict[str, Any] = {"bank": batch.bank_id, "batch": batch.pk, "month": batch.period, "now": now}
    with (
        books.writing(bank=batch.bank_id, month=Month.of(batch.period)) as book,
        connection.cursor() as cursor,
    ):
        cursor.execute(_POSITIONS.format(book=book), facts)
