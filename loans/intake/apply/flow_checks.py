"""What a flow row must agree with: the other rows of its file and what the bank has reported before.

Each statement takes the rows that break one rule out of `pending`; the order matters, because a
refused disbursement leaves its repayments without a drawdown. All work on sets; none by the row.
"""

from __future__ import annotations

from django.db import connection

#: What is held already of the contracts and events that the file names: each looked up by its key, whatever
#: the statistics say of a bank that has just sent its first million rows (OFFSET 0 keeps the planner to it).
_HELD = (
    """CREATE TEMP TABLE held_drawdown ON COMMIT DROP AS
       SELECT s.contract_no, c.id AS contract_id, c.firm_id, f.uscc, d.drawdown_no, d.id AS drawdown_id, d.product_id,
              d.maturity_date
         FROM (SELECT DISTINCT contract_no FROM staged) s
        CROSS JOIN LATERAL (SELECT id, firm_id FROM loans_contract
                             WHERE bank_id = %(bank)s AND contract_no = s.contract_no OFFSET 0) c
         JOIN kernel_firm f ON f.id = c.firm_id
         LEFT JOIN LATERAL (SELECT id, drawdown_no, product_id, maturity_date FROM loans_drawdown
                             WHERE contract_id = c.id OFFSET 0) d ON true""",
    """CREATE TEMP TABLE known_event ON COMMIT DROP AS
       SELECT e.external_event_id, e.revision, c.contract_no, d.drawdown_no, e.record_type, e.reverses,
              e.value_date, e.amount, e.content_sha256
         FROM (SELECT external_event_id AS named FROM staged
               UNION SELECT reverses FROM staged WHERE reverses IS NOT NULL) n
        CROSS JOIN LATERAL (SELECT * FROM loans_loanevent
                             WHERE bank_id = %(bank)s AND external_event_id = n.named OFFSET 0) e
        CROSS JOIN LATERAL (SELECT contract_id, drawdown_no FROM loans_drawdown WHERE id = e.drawdown_id OFFSET 0) d
        CROSS JOIN LATERAL (SELECT contract_no FROM loans_contract WHERE id = d.contract_id OFFSET 0) c""",
    "ANALYZE held_drawdown, known_event",
)

#: Events and drawdowns that more than one row of the file is about: few, and only they are compared.
_SEVERAL = (
    """CREATE TEMP TABLE repeated_event ON COMMIT DROP AS
       SELECT external_event_id FROM staged GROUP BY 1 HAVING count(*) > 1""",
    """CREATE TEMP TABLE disbursed_again ON COMMIT DROP AS
       SELECT contract_no, drawdown_no FROM pending WHERE record_type = 'disbursement'
        GROUP BY 1, 2 HAVING count(*) > 1""",
    "ANALYZE repeated_event, disbursed_again",
)

_UNCHANGED = """
INSERT INTO staged_unchanged
SELECT p.row_number FROM pending p JOIN known_event k USING (external_event_id, revision, content_sha256)
"""

_REVISION_CONFLICT = """
INSERT INTO staged_fault
SELECT p.row_number, 'revision-conflict', '#/revision', '{}', false
  FROM pending p JOIN known_event k USING (external_event_id, revision)
"""

_TWICE_IN_FILE = """
INSERT INTO staged_fault
SELECT s.row_number, CASE WHEN s.content_sha256 = first.content_sha256 THEN 'duplicate-in-file'
                          ELSE 'revision-conflict' END,
       '#/external_event_id', jsonb_build_object('first_row', first.row_number::text), false
  FROM (SELECT external_event_id, revision, min(row_number) AS row_number
          FROM staged JOIN repeated_event USING (external_event_id) GROUP BY 1, 2 HAVING count(*) > 1) twice
  JOIN staged first USING (row_number)
  JOIN staged s ON s.external_event_id = twice.external_event_id AND s.revision = twice.revision
   AND s.row_number > twice.row_number
"""

_ANOTHER_FIRM = """
WITH held AS (SELECT DISTINCT contract_no, uscc FROM held_drawdown),
torn AS (SELECT contract_no FROM pending GROUP BY 1 HAVING min(uscc) <> max(uscc)),
borrower AS (
  SELECT * FROM held
  UNION ALL  -- a contract not held yet is its first disbursement's
  SELECT * FROM (SELECT DISTINCT ON (contract_no) contract_no, uscc FROM pending JOIN torn USING (contract_no)
                  WHERE record_type = 'disbursement' ORDER BY contract_no, row_number) fresh
   WHERE NOT EXISTS (SELECT FROM held WHERE held.contract_no = fresh.contract_no))
INSERT INTO staged_fault
SELECT p.row_number, 'contract-of-another-firm', '#/uscc', jsonb_build_object('uscc', b.uscc), false
  FROM pending p JOIN borrower b USING (contract_no) WHERE b.uscc <> p.uscc
"""

_CHANGED_IDENTITY = """
WITH first AS (
  SELECT DISTINCT ON (external_event_id) external_event_id, contract_no, drawdown_no, record_type, reverses
    FROM (SELECT external_event_id, contract_no, drawdown_no, record_type, reverses, 0 AS at FROM known_event
          UNION ALL
          SELECT external_event_id, contract_no, drawdown_no, record_type, coalesce(reverses, ''), row_number
            FROM pending JOIN repeated_event USING (external_event_id)) e
   ORDER BY external_event_id, at)
INSERT INTO staged_fault
SELECT p.row_number, 'revision-changes-identity', '#/external_event_id', '{}', false
  FROM pending p JOIN first f USING (external_event_id)
 WHERE (f.contract_no, f.drawdown_no, f.record_type, f.reverses)
       <> (p.contract_no, p.drawdown_no, p.record_type, coalesce(p.reverses, ''))
"""

_DISBURSED_BEFORE = """
INSERT INTO staged_fault
SELECT DISTINCT p.row_number, 'drawdown-already-disbursed', '#/drawdown_no',
       jsonb_build_object('event', e.external_event_id), false
  FROM pending p JOIN held_drawdown h USING (contract_no, drawdown_no)
  JOIN loans_loanevent e ON e.drawdown_id = h.drawdown_id AND e.record_type = 'disbursement'
 WHERE p.record_type = 'disbursement' AND e.external_event_id <> p.external_event_id
"""

_DISBURSED_IN_FILE = """
WITH first AS (
  SELECT DISTINCT ON (contract_no, drawdown_no) contract_no, drawdown_no, external_event_id
    FROM pending JOIN disbursed_again USING (contract_no, drawdown_no)
   WHERE record_type = 'disbursement' ORDER BY contract_no, drawdown_no, row_number)
INSERT INTO staged_fault
SELECT p.row_number, 'drawdown-already-disbursed', '#/drawdown_no',
       jsonb_build_object('event', f.external_event_id), false
  FROM pending p JOIN first f USING (contract_no, drawdown_no)
 WHERE p.record_type = 'disbursement' AND f.external_event_id <> p.external_event_id
"""

_PRODUCT_REVISED = """
WITH first AS (
  SELECT DISTINCT ON (contract_no, drawdown_no) contract_no, drawdown_no, product
    FROM (SELECT contract_no, drawdown_no, product_id AS product, 0 AS at FROM held_drawdown
           WHERE drawdown_id IS NOT NULL
          UNION ALL
          SELECT contract_no, drawdown_no, product, row_number
            FROM pending JOIN disbursed_again USING (contract_no, drawdown_no)
           WHERE record_type = 'disbursement') d
   ORDER BY contract_no, drawdown_no, at)
INSERT INTO staged_fault
SELECT p.row_number, 'product-cannot-be-revised', '#/product', jsonb_build_object('product', f.product), false
  FROM pending p JOIN first f USING (contract_no, drawdown_no)
 WHERE p.record_type = 'disbursement' AND f.product <> p.product
"""

_UNKNOWN = """
WITH fresh AS (SELECT contract_no, drawdown_no FROM pending WHERE record_type = 'disbursement'),
contract AS (SELECT contract_no FROM held_drawdown UNION SELECT contract_no FROM fresh),
lost AS (
  SELECT row_number, contract_no IN (SELECT contract_no FROM contract) AS contract_is_known
    FROM pending p
   WHERE p.record_type <> 'disbursement'
     AND NOT EXISTS (SELECT FROM held_drawdown h
                      WHERE (h.contract_no, h.drawdown_no) = (p.contract_no, p.drawdown_no))
     AND NOT EXISTS (SELECT FROM fresh f
                      WHERE (f.contract_no, f.drawdown_no) = (p.contract_no, p.drawdown_no)))
INSERT INTO staged_fault
SELECT row_number, CASE WHEN contract_is_known THEN 'drawdown-unknown' ELSE 'contract-unknown' END,
       CASE WHEN contract_is_known THEN '#/drawdown_no' ELSE '#/contract_no' END, '{}', false
  FROM lost
"""

_EXTENSION = """
WITH due AS (
  SELECT contract_no, drawdown_no, maturity_date FROM held_drawdown WHERE drawdown_id IS NOT NULL
  UNION ALL
  SELECT contract_no, drawdown_no, maturity_date FROM pending p WHERE record_type = 'disbursement'
     AND NOT EXISTS (SELECT FROM held_drawdown h
                      WHERE (h.contract_no, h.drawdown_no) = (p.contract_no, p.drawdown_no)))
INSERT INTO staged_fault
SELECT DISTINCT ON (p.row_number) p.row_number, 'extension-before-maturity', '#/maturity_date',
       jsonb_build_object('maturity_date', due.maturity_date::text), false
  FROM pending p JOIN due USING (contract_no, drawdown_no)
 WHERE p.record_type = 'extension' AND p.maturity_date < due.maturity_date
"""

_FIRM_NAME = """
INSERT INTO staged_fault
SELECT p.row_number, 'firm-name-differs', '#/firm_name', jsonb_build_object('registered', f.name), true
  FROM pending p JOIN kernel_firm f ON f.uscc = p.uscc
 WHERE p.firm_name <> f.name
   AND NOT EXISTS (SELECT FROM kernel_firmname n WHERE n.firm_id = f.id AND n.name = p.firm_name)
"""

_BEFORE_REVERSALS = (
    _REVISION_CONFLICT, _TWICE_IN_FILE, _ANOTHER_FIRM, _CHANGED_IDENTITY, _DISBURSED_BEFORE,
    _DISBURSED_IN_FILE, _PRODUCT_REVISED, _UNKNOWN, _EXTENSION,
)  # fmt: skip


def find_unchanged(*, bank: int) -> int:
    """Take what is held already out of `pending`; how many rows are left. Wants the bank's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.held_drawdown, pg_temp.known_event, pg_temp.repeated_event,"
            " pg_temp.disbursed_again"
        )
        for statement in (*_HELD, _UNCHANGED):
            cursor.execute(statement, {"bank": bank})
        # A file sent again is all unchanged: unanalysed, `pending` would be planned as if it were full.
        cursor.execute("ANALYZE staged_unchanged")
        cursor.execute("SELECT count(*) FROM pending")
        return int(cursor.fetchone()[0])


def check(*, bank: int) -> None:
    """Everything but reversals and balances, on what `find_unchanged` has left."""
    with connection.cursor() as cursor:
        for statement in (*_SEVERAL, *_BEFORE_REVERSALS):
            cursor.execute(statement, {"bank": bank})


def warn() -> None:
    """Say what is odd but true about the rows that stay."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRM_NAME)
