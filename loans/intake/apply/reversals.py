"""Reversals: each names one event of its own drawdown, which nothing has taken back before."""

from __future__ import annotations

from django.db import connection

#: The revision in force, after this file, of the event that each reversal names.
_TARGETS = """
CREATE TEMP TABLE reversal_target ON COMMIT DROP AS
WITH reversal AS (SELECT row_number, reverses FROM pending WHERE record_type = 'reversal'),
named AS (
  SELECT external_event_id, revision, contract_no, drawdown_no, record_type, value_date, amount
    FROM pending WHERE external_event_id IN (SELECT reverses FROM reversal)
  UNION ALL
  SELECT external_event_id, revision, contract_no, drawdown_no, record_type, value_date, amount
    FROM known_event)
SELECT DISTINCT ON (r.row_number) r.row_number, n.*
  FROM reversal r LEFT JOIN named n ON n.external_event_id = r.reverses
 ORDER BY r.row_number, n.revision DESC
"""

_FAULTS = """
WITH taken AS (  -- who took an event back first
  SELECT DISTINCT ON (event) event, by_event FROM (
    SELECT e.reverses AS event, e.external_event_id AS by_event, 0 AS at
      FROM loans_loanevent e
     WHERE e.bank_id = %(bank)s AND e.reverses <> ''
       AND e.reverses IN (SELECT reverses FROM pending WHERE record_type = 'reversal')
    UNION ALL
    SELECT reverses, external_event_id, row_number FROM pending WHERE record_type = 'reversal') r
  ORDER BY event, at),
judged AS (
  SELECT p.row_number, p.reverses, t.amount,
         CASE WHEN t.record_type IS NULL THEN 'reversed-event-unknown'
              WHEN t.record_type = 'reversal' THEN 'reversal-of-a-reversal'
              WHEN (t.contract_no, t.drawdown_no) <> (p.contract_no, p.drawdown_no)
                THEN 'reversed-event-of-another-drawdown'
              WHEN taken.by_event <> p.external_event_id THEN 'event-already-reversed'
              WHEN abs(t.amount) <> p.amount THEN 'reversal-amount-differs'
              WHEN t.value_date > p.value_date THEN 'reversal-before-event' END AS code
    FROM pending p JOIN reversal_target t USING (row_number) JOIN taken ON taken.event = p.reverses)
INSERT INTO staged_fault
SELECT row_number, code,
       CASE code WHEN 'reversal-amount-differs' THEN '#/amount'
                 WHEN 'reversal-before-event' THEN '#/value_date' ELSE '#/reverses' END,
       jsonb_build_object('event', reverses, 'expected', abs(amount)::text), false
  FROM judged WHERE code IS NOT NULL
"""

#: What was taken back is not revised any more; a late lower revision is only history.
_REVISED_AFTERWARDS = """
WITH held AS (SELECT external_event_id, max(revision) AS revision FROM known_event GROUP BY 1)
INSERT INTO staged_fault
SELECT p.row_number, 'event-already-reversed', '#/external_event_id', '{}', false
  FROM pending p JOIN held USING (external_event_id)
 WHERE p.record_type <> 'reversal' AND p.revision > held.revision
   AND EXISTS (SELECT FROM loans_loanevent r
                WHERE r.bank_id = %(bank)s AND r.reverses <> '' AND r.reverses = p.external_event_id)
"""


def check(*, bank: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_REVISED_AFTERWARDS, {"bank": bank})
    find_targets()
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS, {"bank": bank})


def find_targets() -> None:
    """Fill `reversal_target` from what is pending now and what is held."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.reversal_target")
        cursor.execute(_TARGETS)
