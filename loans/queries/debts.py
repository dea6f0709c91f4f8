"""What firms owe to banks, contract by contract; whole fen. `as_of` is exclusive, `known_at` inclusive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from loans.queries.in_force import EVENTS, whole_rows


class DebtRow(NamedTuple):
    """A contract under one product with a balance. `subsidised` says whether any interest of it is."""

    bank_id: int
    bank: str
    product: str
    firm_id: int
    contract_no: str
    balance: int
    drawdowns: int
    subsidised: bool


_DEBTS = f"""
WITH drawdown AS (
  SELECT d.id, d.product_id, d.contract_id, coalesce(d.interest_subsidy_pct, 0) > 0 AS subsidised,
         sum(e.effect) AS balance
    FROM loans_contract c JOIN loans_drawdown d ON d.contract_id = c.id
    JOIN loans_loanevent e ON e.drawdown_id = d.id
   WHERE c.firm_id = ANY(%(firms)s) AND e.value_date < %(as_of)s AND {EVENTS}
   GROUP BY d.id)
SELECT c.bank_id, o.code, d.product_id, c.firm_id, c.contract_no, sum(d.balance) * 100,
       count(*) FILTER (WHERE d.balance <> 0), bool_or(d.subsidised)
  FROM drawdown d JOIN loans_contract c ON c.id = d.contract_id JOIN kernel_organisation o ON o.id = c.bank_id
 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 3, 5
"""  # noqa: S608 - constants of ours


def debts(firms: Sequence[int], *, as_of: date, known_at: datetime) -> list[DebtRow]:
    """Every contract of some firms that anything happened to, repaid ones too: their interest may be subsidised."""
    return [DebtRow(*row) for row in whole_rows(_DEBTS, as_of=as_of, known_at=known_at, firms=list(firms))]
