"""How loans grow old: classes from month to month, and how each quarter's loans have gone bad.

Set-based over the positions that banks report; whole fen; fixed order. Wants the scope of whose loans it reads.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from finance_hub.kernel.periods import Month
from loans.queries.in_force import (
    EVENTS,
    POSITIONS,
    bank_by_bank,
    every_position,
    rows,
    whole_rows,
)

#: States beside the five classes: not there the month before, not there any more.
NEW, CLOSED = "new", "closed"


class MigrationRow(NamedTuple):
    """Drawdowns of a bank that went from one class to another. `balance` is that of the month before, and
    that of the month itself where the loan is new."""

    bank_id: int
    before: str
    after: str
    balance: int
    drawdowns: int


class VintageRow(NamedTuple):
    """What was lent in the quarter that begins on `quarter` and went bad after `bad_after` months on book:
    more than 90 days overdue, non-performing, or written off for the first time. None: not yet."""

    quarter: date
    bad_after: int | None
    disbursed: int
    drawdowns: int


#: Positions `p` that have gone bad; as the index over them has it.
BAD = "(p.overdue_days > 90 OR p.five_tier IN ('substandard', 'doubtful', 'loss'))"

#: Only banks that have reported both months: the loans of a silent bank are not closed.
_REPORTED = """
SELECT bank_id FROM loans_loanreportbatch
 WHERE dataset = 'stock' AND state = 'applied' AND finished_at <= %(known_at)s AND period IN (%(before)s, %(month)s)
 GROUP BY bank_id HAVING count(DISTINCT period) = 2 ORDER BY bank_id
"""
_STOOD = "SELECT p.drawdown_id, p.five_tier, p.balance FROM loans_loanposition p WHERE p.balance > 0 AND {}"
_MIGRATION = f"""
SELECT {{bank}}, coalesce(b.five_tier, '{NEW}'), coalesce(a.five_tier, '{CLOSED}'),
       sum((coalesce(b.balance, a.balance) * 100)::bigint), count(*)
  FROM ({_STOOD.format(every_position("before"))}) b
  FULL JOIN ({_STOOD.format(every_position("month"))}) a ON a.drawdown_id = b.drawdown_id
 GROUP BY 2, 3
"""  # noqa: S608 - constants of ours

_NOT_REVERSED = """
  NOT EXISTS (SELECT FROM loans_loanevent r
               WHERE r.bank_id = e.bank_id AND r.reverses <> '' AND r.reverses = e.external_event_id
                 AND r.recorded_at <= %(known_at)s AND r.value_date < %(end)s)
"""

#: Lent and gone bad are added up by drawdown, not joined: no plan of it grows with their product.
_VINTAGE = f"""
WITH happened AS (
  SELECT e.drawdown_id, e.record_type = 'disbursement' AS lent, e.value_date AS day, e.amount
    FROM loans_loanevent e
   WHERE e.record_type IN ('disbursement', 'write_off') AND e.value_date < %(end)s AND {EVENTS} AND {_NOT_REVERSED}
  UNION ALL
  SELECT p.drawdown_id, false, p.month, 0 FROM loans_loanposition p
   WHERE p.month < %(end)s AND {BAD} AND {POSITIONS}),
drawdown AS (
  SELECT min(day) FILTER (WHERE lent) AS lent_on, min(day) FILTER (WHERE NOT lent) AS bad_on,
         sum(amount) FILTER (WHERE lent) AS amount
    FROM happened GROUP BY drawdown_id)
SELECT date_trunc('quarter', lent_on)::date,
       ((extract(year FROM bad_on) - extract(year FROM lent_on)) * 12
         + extract(month FROM bad_on) - extract(month FROM lent_on))::int,
       sum(amount) * 100, count(*)
  FROM drawdown WHERE lent_on IS NOT NULL
 GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - constants of ours


def migration_frame(month: Month, known_at: datetime) -> list[MigrationRow]:
    """From the class at the end of the month before to that at the end of `month`, of the banks that have
    reported both; empty where none has."""
    facts = {"before": (month - 1).first, "month": month.first, "known_at": known_at}
    banks = [bank for (bank,) in rows(_REPORTED, **facts)]
    return [MigrationRow(*row) for row in sorted(bank_by_bank(_MIGRATION, banks, **facts))]


def vintage_frame(as_of: date, known_at: datetime) -> list[VintageRow]:
    """Everything lent before `as_of`, by quarter of disbursement and first bad month on book."""
    return [VintageRow(*row) for row in whole_rows(_VINTAGE, end=as_of, known_at=known_at)]
