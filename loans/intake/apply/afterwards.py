"""What will be in force of some drawdowns once the pending rows are applied: a table for the late checks."""

from __future__ import annotations

from django.db import connection

from loans.intake.apply.balances import effect_of

_AFTERWARDS = f"""
CREATE TEMP TABLE {{name}} ON COMMIT DROP AS
WITH moves AS (
  SELECT contract_no, drawdown_no, external_event_id, revision, row_number, value_date, record_type, reverses,
         amount, {effect_of("p")} AS effect
    FROM pending p JOIN {{drawdowns}} t USING (contract_no, drawdown_no)
  UNION ALL
  SELECT t.contract_no, t.drawdown_no, e.external_event_id, e.revision, NULL, e.value_date, e.record_type,
         nullif(e.reverses, ''), e.amount, CASE e.record_type WHEN 'reversal' THEN 0 ELSE e.effect END
    FROM {{drawdowns}} t JOIN loans_loanevent e ON e.drawdown_id = t.drawdown_id),
in_force AS (
  SELECT DISTINCT ON (external_event_id) * FROM moves ORDER BY external_event_id, revision DESC)
SELECT m.contract_no, m.drawdown_no, m.external_event_id, m.revision, m.row_number, m.value_date, m.record_type,
       m.reverses, m.amount, CASE m.record_type WHEN 'reversal' THEN -t.effect ELSE m.effect END AS effect,
       t.record_type AS reversed_type
  FROM in_force m
  LEFT JOIN in_force t ON m.record_type = 'reversal' AND t.external_event_id = m.reverses
"""  # noqa: S608 - no value from outside

_REFUSED_WITH_IT = """
INSERT INTO staged_fault
SELECT p.row_number, 'drawdown-refused', '#/drawdown_no', jsonb_build_object('row', r.row_number::text), false
  FROM pending p JOIN (
       SELECT s.contract_no, s.drawdown_no, min(s.row_number) AS row_number
         FROM staged s WHERE s.row_number IN (SELECT row_number FROM {refused}) GROUP BY 1, 2) r USING (contract_no, drawdown_no)
"""


def fill(name: str, *, drawdowns: str) -> None:
    """Fill `name` with the events in force afterwards, one row each, with their effect on the balance.

    `drawdowns` is a table of (contract_no, drawdown_no, drawdown_id), the id null for a new one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AFTERWARDS.format(name=name, drawdowns=drawdowns))


def refuse_the_rest(refused: str) -> None:
    """Where a row of `refused` (row_number) changes what the other rows of its drawdown build on, they go too."""
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED_WITH_IT.format(refused=refused))
