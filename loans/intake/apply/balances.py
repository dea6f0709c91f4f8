"""No day may end with a negative balance: found for all drawdowns at once, then walked for the few.

The balance of a drawdown is followed over what is held and what the file adds, day by day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from django.db import connection

from finance_hub.kernel.money import yuan
from loans.intake.apply.walk import Entry, Refusal, Walk
from loans.intake.parse import Fault
from loans.intake.staging import copy_faults

_CHUNK = 5_000


def effect_of(row: str) -> str:
    """SQL of what the event in `row` does to the balance; a reversal undoes what it names instead."""
    return (
        f"CASE {row}.record_type WHEN 'disbursement' THEN {row}.amount WHEN 'adjustment' THEN {row}.amount"
        f" WHEN 'repayment' THEN -{row}.amount WHEN 'refinancing' THEN -{row}.amount"
        f" WHEN 'write_off' THEN -{row}.amount ELSE 0 END"
    )


#: Drawdowns that a row could overdraw: those that are held, and those that more than a disbursement is about.
_MOVED = """
CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT DISTINCT p.contract_no, p.drawdown_no FROM pending p
 WHERE p.record_type <> 'disbursement'
    OR EXISTS (SELECT FROM held_drawdown h
                WHERE (h.contract_no, h.drawdown_no) = (p.contract_no, p.drawdown_no))
"""

_TIMELINE = f"""
CREATE TEMP TABLE timeline ON COMMIT DROP AS
SELECT *, row_number() OVER (PARTITION BY external_event_id ORDER BY revision DESC) = 1 AS in_force
  FROM (
    SELECT contract_no, drawdown_no, external_event_id, revision, row_number, value_date, record_type,
           reverses, ({effect_of("p")} * 100)::bigint AS fen
      FROM pending p JOIN moved USING (contract_no, drawdown_no)
    UNION ALL
    SELECT h.contract_no, h.drawdown_no, e.external_event_id, e.revision, NULL, e.value_date,
           e.record_type, nullif(e.reverses, ''), (e.effect * 100)::bigint
      FROM moved JOIN held_drawdown h USING (contract_no, drawdown_no)
      JOIN loans_loanevent e ON e.drawdown_id = h.drawdown_id) moves
"""  # noqa: S608 - no value from outside

_OVERDRAWN = """
CREATE TEMP TABLE overdrawn ON COMMIT DROP AS
WITH effects AS (
  SELECT contract_no, drawdown_no, value_date, fen FROM timeline
   WHERE in_force AND record_type <> 'reversal'
  UNION ALL
  SELECT r.contract_no, r.drawdown_no, r.value_date, -t.fen
    FROM timeline r JOIN timeline t ON t.external_event_id = r.reverses AND t.in_force
   WHERE r.in_force AND r.record_type = 'reversal'),
days AS (
  SELECT contract_no, drawdown_no,
         sum(sum(fen)) OVER (PARTITION BY contract_no, drawdown_no ORDER BY value_date) AS balance
    FROM effects GROUP BY contract_no, drawdown_no, value_date)
SELECT DISTINCT contract_no, drawdown_no FROM days WHERE balance < 0
"""

_WALKED = """
SELECT contract_no, drawdown_no, external_event_id, revision, row_number, value_date, record_type, reverses, fen
  FROM timeline JOIN overdrawn USING (contract_no, drawdown_no) ORDER BY contract_no, drawdown_no
"""


def check() -> None:
    """Refuse the rows that would overdraw a drawdown; the others stay pending."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.moved, pg_temp.timeline, pg_temp.overdrawn")
        cursor.execute(_MOVED)
        cursor.execute("ANALYZE moved")
        cursor.execute(_TIMELINE)
        cursor.execute(_OVERDRAWN)
    faults = (_fault(refusal) for refusal in _refusals())
    while chunk := list(islice(faults, _CHUNK)):
        copy_faults(chunk)


def _refusals() -> Iterator[Refusal]:
    for _drawdown, rows in groupby(_walked(), key=lambda row: row[:2]):
        yield from Walk(Entry(*row[2:]) for row in rows).refusals()


def _walked() -> Iterable[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_WALKED)
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows


def _fault(refusal: Refusal) -> Fault:
    entry = refusal.entry
    number = entry.row_number or 0
    if entry.record_type == "reversal" and refusal.fen == 0:
        return Fault(number, "reversed-event-unknown", "#/reverses", {"event": entry.reverses})
    repays = entry.record_type in {"repayment", "refinancing", "write_off"}
    code = "repayment-exceeds-balance" if repays else "balance-below-zero"
    context = {"balance": str(yuan(refusal.room)), "amount": str(yuan(abs(refusal.fen)))}
    return Fault(number, code, "#/amount", context)
