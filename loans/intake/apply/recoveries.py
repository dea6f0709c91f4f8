"""No more is recovered than was written off, on any day: what is held and what the file adds, by drawdown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice

from django.db import connection

from finance_hub.kernel.money import yuan
from loans.intake.apply import afterwards
from loans.intake.apply.walk import Entry, Refusal, Walk
from loans.intake.parse import Fault
from loans.intake.staging import copy_faults

_CHUNK = 5_000
_TABLES = ("recovering", "recovery_events", "over_recovered", "recovery_refused")

#: Drawdowns with a recovery, new or held, and a row that may change what it rests on.
_RECOVERING = """
CREATE TEMP TABLE recovering ON COMMIT DROP AS
WITH touched AS (
  SELECT contract_no, drawdown_no, bool_or(record_type = 'recovery') AS recovers
    FROM pending WHERE record_type IN ('recovery', 'write_off', 'reversal') GROUP BY 1, 2)
SELECT t.contract_no, t.drawdown_no, d.id AS drawdown_id
  FROM touched t
  LEFT JOIN loans_contract c ON c.bank_id = %(bank)s AND c.contract_no = t.contract_no
  LEFT JOIN loans_drawdown d ON d.contract_id = c.id AND d.drawdown_no = t.drawdown_no
 WHERE t.recovers
    OR EXISTS (SELECT FROM loans_loanevent e WHERE e.drawdown_id = d.id AND e.record_type = 'recovery')
"""

#: What a row does to the sum that may still be recovered.
_ROOM = """CASE coalesce(reversed_type, record_type)
           WHEN 'write_off' THEN amount WHEN 'recovery' THEN -amount ELSE 0 END
         * CASE record_type WHEN 'reversal' THEN -1 ELSE 1 END"""

_OVER = f"""
CREATE TEMP TABLE over_recovered ON COMMIT DROP AS
SELECT DISTINCT contract_no, drawdown_no
  FROM (SELECT contract_no, drawdown_no,
               sum(sum({_ROOM})) OVER (PARTITION BY contract_no, drawdown_no ORDER BY value_date)
               AS room
          FROM recovery_events GROUP BY contract_no, drawdown_no, value_date) days
 WHERE room < 0
"""  # noqa: S608 - constants of ours

#: Every revision of what counts, so that the walk knows what a refused one leaves in force.
_WALKED = """
WITH moves AS (
  SELECT contract_no, drawdown_no, external_event_id, revision, row_number, value_date, record_type, reverses, amount
    FROM pending p JOIN over_recovered USING (contract_no, drawdown_no)
  UNION ALL
  SELECT r.contract_no, r.drawdown_no, e.external_event_id, e.revision, NULL, e.value_date, e.record_type,
         nullif(e.reverses, ''), e.amount
    FROM over_recovered JOIN recovering r USING (contract_no, drawdown_no)
    JOIN loans_loanevent e ON e.drawdown_id = r.drawdown_id)
SELECT contract_no, drawdown_no, external_event_id, revision, row_number, value_date, record_type, reverses,
       (CASE record_type WHEN 'write_off' THEN amount WHEN 'recovery' THEN -amount ELSE 0 END * 100)::bigint
  FROM moves m
 WHERE record_type IN ('write_off', 'recovery')
    OR EXISTS (SELECT FROM recovery_events e WHERE e.external_event_id = m.external_event_id
                  AND e.reversed_type IN ('write_off', 'recovery'))
 ORDER BY contract_no, drawdown_no
"""


def check(*, bank: int) -> None:
    """Refuse the pending rows that would leave a drawdown with more recovered than written off.

    Runs after the balances, which may refuse a write-off. A recovery moves no balance; where the
    refused row does (a write-off corrected or taken back), the other rows of its drawdown go too.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{name}' for name in _TABLES)}")
        cursor.execute(_RECOVERING, {"bank": bank})
        if cursor.rowcount == 0:
            return
    afterwards.fill("recovery_events", drawdowns="recovering")
    with connection.cursor() as cursor:
        cursor.execute(_OVER)
        cursor.execute("CREATE TEMP TABLE recovery_refused (row_number int) ON COMMIT DROP")
    refusals = _refusals()
    while chunk := list(islice(refusals, _CHUNK)):
        copy_faults([_fault(refusal) for refusal in chunk])
        moving = [r.entry.row_number for r in chunk if r.fen and r.entry.record_type != "recovery"]
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO recovery_refused SELECT unnest(%s::int[])", [moving])
    afterwards.refuse_the_rest("recovery_refused")


def _refusals() -> Iterator[Refusal]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_WALKED)
        rows = iter(lambda: cursor.fetchone(), None)
        for _drawdown, walked in groupby(rows, key=lambda row: row[:2]):
            yield from Walk(Entry(*row[2:]) for row in walked).refusals()


def _fault(refusal: Refusal) -> Fault:
    entry = refusal.entry
    number = entry.row_number or 0
    if entry.record_type == "reversal" and refusal.fen == 0:
        return Fault(number, "reversed-event-unknown", "#/reverses", {"event": entry.reverses})
    pointer = "#/reverses" if entry.record_type == "reversal" else "#/amount"
    context = {"room": str(yuan(refusal.room)), "amount": str(yuan(abs(refusal.fen)))}
    return Fault(number, "recovery-exceeds-write-off", pointer, context)
