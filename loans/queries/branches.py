"""Branches as the centre keeps them, and the balance that runs through each kind."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from loans.models import Branch
from loans.queries.in_force import EVENTS, whole_rows

#: Loans without a branch, or with one that is not registered.
UNKNOWN = "unknown"


class BranchBalanceRow(NamedTuple):
    """`kind` is a BranchKind or UNKNOWN."""

    bank_id: int
    kind: str
    balance: int


#: What each branch was on the last day before `as_of`.
IN_FORCE = """
  SELECT DISTINCT ON (bank_id, code) bank_id, code, kind FROM loans_branch
   WHERE valid_from < %(as_of)s AND recorded_at <= %(known_at)s
   ORDER BY bank_id, code, valid_from DESC, id DESC"""
_BALANCES = f"""
WITH drawdown AS (
  SELECT e.drawdown_id, sum(e.effect) AS balance FROM loans_loanevent e
   WHERE e.value_date < %(as_of)s AND {EVENTS}
   GROUP BY e.drawdown_id HAVING sum(e.effect) <> 0),
branch AS ({IN_FORCE})
SELECT d.bank_id, coalesce(b.kind, '{UNKNOWN}'), sum(w.balance) * 100
  FROM drawdown w JOIN loans_drawdown d ON d.id = w.drawdown_id
  LEFT JOIN branch b ON (b.bank_id, b.code) = (d.bank_id, d.branch_code)
 GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - constants of ours


def branch_balance_frame(as_of: date, known_at: datetime) -> list[BranchBalanceRow]:
    """Balances before `as_of` by the kind that the drawdown's branch was of on the last day before."""
    return [BranchBalanceRow(*row) for row in whole_rows(_BALANCES, as_of=as_of, known_at=known_at)]


def branches() -> QuerySet[Branch]:
    """Those in scope with their bank: every row, also what later rows have changed."""
    return Branch.objects.select_related("bank")
