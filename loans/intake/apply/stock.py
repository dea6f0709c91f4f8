"""A month-end snapshot: each drawdown as its bank says it stood, compared with what is held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from finance_hub.kernel.periods import Month
from loans.models import LoanReportBatch

_HELD = (
    """CREATE TEMP TABLE held_drawdown ON COMMIT DROP AS
       SELECT c.contract_no, f.uscc, d.drawdown_no, d.id AS drawdown_id
         FROM (SELECT DISTINCT contract_no FROM staged) s
         JOIN loans_contract c ON c.bank_id = %(bank)s AND c.contract_no = s.contract_no
         JOIN kernel_firm f ON f.id = c.firm_id
         LEFT JOIN loans_drawdown d ON d.contract_id = c.id""",
    """CREATE TEMP TABLE known_position ON COMMIT DROP AS
       SELECT h.contract_no, h.drawdown_no, p.drawdown_id, p.revision, p.content_sha256
         FROM held_drawdown h
         JOIN loans_loanposition p ON p.drawdown_id = h.drawdown_id AND p.month = %(month)s""",
    "ANALYZE held_drawdown, known_position",
)

_UNCHANGED = """
INSERT INTO staged_unchanged
SELECT p.row_number
  FROM pending p JOIN known_position k USING (contract_no, drawdown_no, revision, content_sha256)
"""

_REVISION_CONFLICT = """
INSERT INTO staged_fault
SELECT p.row_number, 'revision-conflict', '#/revision', '{}', false
  FROM pending p JOIN known_position k USING (contract_no, drawdown_no, revision)
"""

_TWICE_IN_FILE = """
INSERT INTO staged_fault
SELECT s.row_number, CASE WHEN s.content_sha256 = first.content_sha256 THEN 'duplicate-in-file'
                          ELSE 'revision-conflict' END,
       '#/drawdown_no', jsonb_build_object('first_row', first.row_number::text), false
  FROM (SELECT contract_no, drawdown_no, revision, min(row_number) AS row_number FROM staged
         GROUP BY 1, 2, 3 HAVING count(*) > 1) twice
  JOIN staged first USING (row_number)
  JOIN staged s ON (s.contract_no, s.drawdown_no, s.revision)
                 = (twice.contract_no, twice.drawdown_no, twice.revision)
   AND s.row_number > twice.row_number
"""

_ANOTHER_FIRM = """
INSERT INTO staged_fault
SELECT p.row_number, 'contract-of-another-firm', '#/uscc', jsonb_build_object('uscc', h.uscc), false
  FROM pending p JOIN (SELECT DISTINCT contract_no, uscc FROM held_drawdown) h USING (contract_no)
 WHERE h.uscc <> p.uscc
"""

_UNKNOWN = """
WITH lost AS (
  SELECT row_number, contract_no IN (SELECT contract_no FROM held_drawdown) AS contract_is_known
    FROM pending p
   WHERE NOT EXISTS (SELECT FROM held_drawdown h
                      WHERE (h.contract_no, h.drawdown_no) = (p.contract_no, p.drawdown_no)))
INSERT INTO staged_fault
SELECT row_number, CASE WHEN contract_is_known THEN 'drawdown-unknown' ELSE 'contract-unknown' END,
       CASE WHEN contract_is_known THEN '#/drawdown_no' ELSE '#/contract_no' END, '{}', false
  FROM lost
"""

#: Drawdowns with a balance that neither this snapshot nor an earlier one of the month mentions.
_MISSING = """
CREATE TEMP TABLE missing ON COMMIT DROP AS
SELECT c.contract_no, d.drawdown_no, live.balance
  FROM (SELECT e.drawdown_id, sum(e.effect) AS balance FROM loans_loanevent e
         WHERE e.bank_id = %(bank)s AND e.value_date < %(end)s
           AND NOT EXISTS (SELECT FROM loans_loanevent later
                            WHERE later.bank_id = e.bank_id AND later.revision > 1
                              AND later.external_event_id = e.external_event_id
                              AND later.revision > e.revision)
         GROUP BY e.drawdown_id HAVING sum(e.effect) <> 0) live
  JOIN loans_drawdown d ON d.id = live.drawdown_id
  JOIN loans_contract c ON c.id = d.contract_id
 WHERE NOT EXISTS (SELECT FROM loans_loanposition p WHERE p.drawdown_id = d.id AND p.month = %(month)s)
   AND NOT EXISTS (SELECT FROM staged s
                    WHERE (s.contract_no, s.drawdown_no) = (c.contract_no, d.drawdown_no))
   AND NOT EXISTS (SELECT FROM staged_listed l WHERE l.contract_no = c.contract_no)
"""

_POSITIONS = """
INSERT INTO loans_loanposition (
  bank_id, batch_id, row_number, client_row_id, drawdown_id, month, revision, balance, overdue_days,
  overdue_principal, overdue_interest, five_tier, content_sha256, recorded_at)
SELECT %(bank)s, %(batch)s, p.row_number, coalesce(p.client_row_id, ''), h.drawdown_id, %(month)s, p.revision,
       p.balance, p.overdue_days, p.overdue_principal, p.overdue_interest, p.five_tier, p.content_sha256,
       %(now)s
  FROM pending p JOIN held_drawdown h USING (contract_no, drawdown_no)
 ORDER BY h.drawdown_id, p.row_number
"""

_CHECKS = (
    _UNCHANGED,
    "ANALYZE staged_unchanged",
    _REVISION_CONFLICT,
    _TWICE_IN_FILE,
    _ANOTHER_FIRM,
    _UNKNOWN,
)


def check(*, bank: int, period: Month) -> None:
    """Take the rows that disagree with the file or with what is held out of `pending`."""
    facts: dict[str, Any] = {"bank": bank, "month": period.first, "end": period.end}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.held_drawdown, pg_temp.known_position, pg_temp.missing")
        for statement in (*_HELD, *_CHECKS, _MISSING):
            cursor.execute(statement, facts)


def write(batch: LoanReportBatch, *, now: datetime) -> None:
    facts: dict[str, Any] = {"bank": batch.bank_id, "batch": batch.pk, "month": batch.period, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_POSITIONS, facts)
