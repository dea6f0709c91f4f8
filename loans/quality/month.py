"""The month that the rules look at, read once into temporary tables of the transaction.

`quality_flow`: the balance that the events before the month's end give each drawdown.
`quality_stock`: the month's positions in force. `quality_event`: the month's events in force.
`quality_stocked`: (bank, month) of the applied snapshots. Rules are then joins of small sets.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from finance_hub.kernel import scoping
from finance_hub.kernel.periods import Month
from loans.queries.in_force import EVENTS, POSITIONS
from loans.queries.reporting import due_at
from loans.reasons import REASONS

#: A drawdown that nothing was heard of for so many months is worth a look.
SILENT_MONTHS = 3
_TABLES = {
    "quality_flow": f"""
        SELECT e.drawdown_id, e.bank_id, sum(e.effect) AS balance FROM loans_loanevent e
         WHERE e.value_date < %(end)s AND {EVENTS} GROUP BY 1, 2""",
    "quality_stock": f"""
        SELECT p.drawdown_id, p.bank_id, p.revision, p.balance, p.overdue_days, p.overdue_principal, p.five_tier,
               p.batch_id, p.row_number, p.recorded_at
          FROM loans_loanposition p WHERE p.month = %(month)s AND {POSITIONS}""",
    "quality_event": f"""
        SELECT e.drawdown_id, e.bank_id, e.external_event_id, e.revision, e.record_type, e.value_date, e.amount,
               e.reason_code, e.batch_id, e.row_number, e.recorded_at
          FROM loans_loanevent e
         WHERE e.value_date >= %(month)s AND e.value_date < %(end)s AND {EVENTS}""",
    "quality_stocked": """
        SELECT DISTINCT bank_id, period AS month FROM loans_loanreportbatch
         WHERE dataset = 'stock' AND state = 'applied' AND finished_at <= %(known_at)s""",
}


def facts(month: Month, *, known_at: datetime) -> dict[str, Any]:
    """The parameters of the rules."""
    return {
        "month": month.first,
        "end": month.end,
        "last": month.last,
        "silent_since": (month - (SILENT_MONTHS - 1)).first,
        "silent_months": SILENT_MONTHS,
        "due_at": due_at(month),
        "known_at": known_at,
        "reasons": [reason.code for reason in REASONS],
    }


def read(parameters: dict[str, Any]) -> None:
    """Fill the tables, which the commit drops; raises NoScope outside a scope."""
    scoping.current()
    with connection.cursor() as cursor:
        for name, statement in _TABLES.items():
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
            cursor.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {statement}", parameters)
        cursor.execute(f"ANALYZE {', '.join(_TABLES)}")
