"""What the figures read of loans and guarantees: set-based, smallest grain, fixed order, whole fen.

`as_of` is exclusive (the first day not counted), `known_at` inclusive. A reversal counts negative
from its own day on. All raise NoScope outside a scope.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from loans.queries.in_force import EVENTS, EVERY_EVENT, POSITIONS, whole_city, whole_rows


class BalanceRow(NamedTuple):
    bank_id: int
    product: str
    firm_id: int
    balance: int


class FirmBalanceRow(NamedTuple):
    """Of one firm; `drawdowns` are those with a balance."""

    bank_id: int
    product: str
    balance: int
    drawdowns: int


class IssuanceRow(NamedTuple):
    """Flows of a month, net of what reversals took back in it."""

    bank_id: int
    product: str
    month: date
    firm_id: int
    disbursed: int
    repaid: int
    written_off: int
    disbursements: int


class PositionRow(NamedTuple):
    """`overdue` is a bucket of OVERDUE; `rated` each balance times its loan's yearly rate, in fen and
    ten-thousandths of a percent."""

    bank_id: int
    product: str
    five_tier: str
    overdue: str
    balance: int
    drawdowns: int
    rated: int = 0


#: Days past due, from the least: code, last day of the bucket. The buckets of report S71.
OVERDUE = (
    ("0", 0),
    ("1-30", 30),
    ("31-60", 60),
    ("61-90", 90),
    ("91-180", 180),
    ("181-270", 270),
    ("271-360", 360),
)
OVERDUE_LONGEST = "361+"

#: Drawdowns of one firm.
OF_FIRM = """
  e.drawdown_id IN (SELECT d.id FROM loans_drawdown d JOIN loans_contract c ON c.id = d.contract_id
                     WHERE c.firm_id = %(firm)s)"""


def _balances(row: str, only: str = "TRUE") -> str:
    return f"""
WITH drawdown AS (
  SELECT e.drawdown_id, sum(e.effect) AS balance FROM loans_loanevent e
   WHERE e.value_date < %(as_of)s AND {EVENTS} AND {only}
   GROUP BY e.drawdown_id HAVING sum(e.effect) <> 0)
SELECT {row} FROM drawdown b JOIN loans_drawdown d ON d.id = b.drawdown_id
 GROUP BY d.bank_id, d.product_id, d.firm_id ORDER BY 1, 2, d.firm_id
"""  # noqa: S608 - constants of ours


_BALANCES = _balances("d.bank_id, d.product_id, d.firm_id, sum(b.balance) * 100")
_BALANCES_OF_FIRM = _balances("d.bank_id, d.product_id, sum(b.balance) * 100, count(*)", OF_FIRM)

_ISSUANCE = f"""
WITH flow AS (
  SELECT e.drawdown_id, date_trunc('month', e.value_date)::date AS month,
         CASE e.record_type WHEN 'reversal' THEN
           (SELECT t.record_type FROM loans_loanevent t
             WHERE t.bank_id = e.bank_id AND t.external_event_id = e.reverses LIMIT 1)
         ELSE e.record_type END AS kind,
         CASE e.record_type WHEN 'reversal' THEN -1 ELSE 1 END AS sign, (e.amount * 100)::bigint AS amount
    FROM loans_loanevent e
   WHERE e.value_date >= %(start)s AND e.value_date < %(end)s AND {EVERY_EVENT} OFFSET 0)
SELECT d.bank_id, d.product_id, f.month, d.firm_id,
       coalesce(sum(f.sign * f.amount) FILTER (WHERE f.kind = 'disbursement'), 0),
       coalesce(sum(f.sign * f.amount) FILTER (WHERE f.kind = 'repayment'), 0),
       coalesce(sum(f.sign * f.amount) FILTER (WHERE f.kind = 'write_off'), 0),
       coalesce(sum(f.sign) FILTER (WHERE f.kind = 'disbursement'), 0)
  FROM flow f JOIN loans_drawdown d ON d.id = f.drawdown_id
 WHERE f.kind IN ('disbursement', 'repayment', 'write_off')
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608 - constants of ours

#: The bucket of a position `p`, inside CASE … END.
BUCKET = " ".join(f"WHEN p.overdue_days <= {last} THEN '{code}'" for code, last in OVERDUE)
BUCKET += f" ELSE '{OVERDUE_LONGEST}'"
_POSITIONS = f"""
SELECT p.bank_id, d.product_id, p.five_tier, CASE {BUCKET} END,
       sum(p.balance) * 100, count(*), sum(p.balance * d.annual_rate_pct) * 1000000
  FROM loans_loanposition p JOIN loans_drawdown d ON d.id = p.drawdown_id
 WHERE p.month = %(month)s AND {POSITIONS}
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608 - constants of ours


def balance_frame(as_of: date, known_at: datetime) -> list[BalanceRow]:
    """Balances that the events before `as_of` give, as known at `known_at`; those of zero left out."""
    return [BalanceRow(*row) for row in whole_rows(_BALANCES, as_of=as_of, known_at=known_at)]


def firm_balances(firm: int, *, as_of: date, known_at: datetime) -> list[FirmBalanceRow]:
    """The same of one firm (its id), with the number of its drawdowns."""
    found = whole_rows(_BALANCES_OF_FIRM, as_of=as_of, known_at=known_at, firm=firm)
    return [FirmBalanceRow(*row) for row in found]


def issuance_frame(start: date, end: date, known_at: datetime) -> list[IssuanceRow]:
    """What was disbursed, repaid and written off with a value date in `[start, end)`."""
    return [IssuanceRow(*row) for row in whole_city(_ISSUANCE, start=start, end=end, known_at=known_at)]


def position_frame(month: date, known_at: datetime) -> list[PositionRow]:
    """The positions at the end of the month that begins on `month`, highest revision known."""
    return [PositionRow(*row) for row in whole_rows(_POSITIONS, month=month, known_at=known_at)]
