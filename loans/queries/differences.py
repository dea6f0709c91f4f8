"""Where a bank's flow and its stock disagree about a drawdown at a month's end: listed, never averaged."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from loans.queries.in_force import EVENTS, POSITIONS, rows

#: Why they disagree; `of` decides.
REASONS = ("missing-from-snapshot", "position-without-flow", "differs")


class Difference(NamedTuple):
    """Yuan; `stock_balance` is None where the snapshot leaves the drawdown out. `batch` and
    `row_number` name the row of the snapshot."""

    drawdown_id: int
    contract_no: str
    drawdown_no: str
    product: str
    uscc: str
    flow_balance: Decimal
    stock_balance: Decimal | None
    batch: str | None
    row_number: int | None

    @property
    def difference(self) -> Decimal:
        """What the stock has more than the flow."""
        return (self.stock_balance or Decimal("0.00")) - self.flow_balance

    @property
    def reason(self) -> str:
        if self.stock_balance is None:
            return "missing-from-snapshot"
        return "differs" if self.flow_balance else "position-without-flow"


_DIFFERENCES = f"""
WITH moved AS (
  SELECT e.drawdown_id, sum(e.effect) AS balance FROM loans_loanevent e
   WHERE e.bank_id = %(bank)s AND e.value_date < %(end)s AND e.drawdown_id > %(after)s AND {EVENTS}
   GROUP BY 1),
stood AS (
  SELECT p.drawdown_id, p.balance, p.batch_id, p.row_number FROM loans_loanposition p
   WHERE p.bank_id = %(bank)s AND p.month = %(month)s AND p.drawdown_id > %(after)s AND {POSITIONS}),
differing AS (
  SELECT drawdown_id, coalesce(m.balance, 0.00) AS flow, s.balance AS stock, s.batch_id, s.row_number
    FROM moved m FULL JOIN stood s USING (drawdown_id)
   WHERE coalesce(m.balance, 0) <> coalesce(s.balance, 0)
   ORDER BY drawdown_id LIMIT %(limit)s)
SELECT d.id, c.contract_no, d.drawdown_no, d.product_id, f.uscc, x.flow, x.stock, b.public_id, x.row_number
  FROM differing x
  JOIN loans_drawdown d ON d.id = x.drawdown_id
  JOIN loans_contract c ON c.id = d.contract_id
  JOIN kernel_firm f ON f.id = c.firm_id
  LEFT JOIN loans_loanreportbatch b ON b.id = x.batch_id
 ORDER BY d.id
"""  # noqa: S608 - constants of ours


def differences(
    bank: Organisation, month: Month, *, known_at: datetime, after: int = 0, limit: int
) -> list[Difference]:
    """At most `limit` drawdowns with ids above `after` whose balances disagree, by id.

    Means nothing for a month whose stock has not been reported: everything would be missing.
    """
    found = rows(
        _DIFFERENCES, bank=bank.pk, month=month.first, end=month.end, known_at=known_at, after=after,
        limit=limit,
    )  # fmt: skip
    return [Difference(*row) for row in found]
