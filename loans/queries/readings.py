"""What a month's figures read of every loan: its events in one reading, its positions in another.

Loans are looked at once and then grouped in several ways, because joining a million of them to their contracts takes
longer than any of the sums. The frames are those of `frames`, `branches`, `ageing` and `at_risk`, row for row.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from finance_hub.kernel.periods import Month
from loans.queries.ageing import VintageRow
from loans.queries.at_risk import TierRow
from loans.queries.branches import IN_FORCE as BRANCHES
from loans.queries.branches import UNKNOWN, BranchBalanceRow
from loans.queries.frames import BUCKET, BalanceRow, IssuanceRow, PositionRow
from loans.queries.in_force import EVENTS, POSITIONS, whole_city


class Flows(NamedTuple):
    """What events give: balances at the end of the month, what moved in it, and how each quarter's loans fared."""

    balances: list[BalanceRow]
    issuance: list[IssuanceRow]
    branches: list[BranchBalanceRow]
    vintages: list[VintageRow]


class Stock(NamedTuple):
    """What positions give."""

    positions: list[PositionRow]
    tiers: list[TierRow]


#: `moved` is what an event of the month counts as: a reversal as what it takes back, with the other sign.
#: Amounts are made whole fen before they are added: sums of integers take half the time and memory of sums of decimals.
_FLOWS = f"""
WITH reversed AS (
  SELECT DISTINCT bank_id, reverses FROM loans_loanevent
   WHERE reverses <> '' AND recorded_at <= %(known_at)s AND value_date < %(as_of)s),
event AS (
  SELECT e.drawdown_id, e.value_date, (e.effect * 100)::bigint AS effect, (e.amount * 100)::bigint AS amount,
         e.record_type, r.reverses IS NULL AS stands,
         CASE e.record_type WHEN 'reversal' THEN -1 ELSE 1 END AS sign,
         CASE WHEN e.value_date < %(start)s THEN NULL
              WHEN e.record_type <> 'reversal' THEN e.record_type
              ELSE (SELECT t.record_type FROM loans_loanevent t
                     WHERE t.bank_id = e.bank_id AND t.external_event_id = e.reverses LIMIT 1) END AS moved
    FROM loans_loanevent e LEFT JOIN reversed r ON r.bank_id = e.bank_id AND r.reverses = e.external_event_id
   WHERE e.value_date < %(as_of)s AND {EVENTS}),
loan AS (
  SELECT drawdown_id, sum(effect) AS balance,
         min(value_date) FILTER (WHERE record_type = 'disbursement' AND stands) AS lent_on,
         sum(amount) FILTER (WHERE record_type = 'disbursement' AND stands) AS lent,
         min(value_date) FILTER (WHERE record_type = 'write_off' AND stands) AS written_off_on,
         sum(sign * amount) FILTER (WHERE moved = 'disbursement') AS disbursed,
         sum(sign) FILTER (WHERE moved = 'disbursement') AS disbursements,
         sum(sign * amount) FILTER (WHERE moved = 'repayment') AS repaid,
         sum(sign * amount) FILTER (WHERE moved = 'write_off') AS written_off
    FROM event GROUP BY drawdown_id),
branch AS ({BRANCHES}),
bad AS (
  SELECT p.drawdown_id, min(p.month) AS month FROM loans_loanposition p
   WHERE p.month < %(as_of)s AND (p.overdue_days > 90 OR p.five_tier IN ('substandard', 'doubtful', 'loss'))
     AND {POSITIONS}
   GROUP BY p.drawdown_id),
known AS (
  SELECT d.bank_id, d.product_id, c.firm_id, coalesce(b.kind, '{UNKNOWN}') AS kind, w.*,
         least(w.written_off_on, bad.month) AS bad_on
    FROM loan w JOIN loans_drawdown d ON d.id = w.drawdown_id JOIN loans_contract c ON c.id = d.contract_id
    LEFT JOIN branch b ON (b.bank_id, b.code) = (d.bank_id, d.branch_code)
    LEFT JOIN bad ON bad.drawdown_id = w.drawdown_id),
dated AS (
  SELECT *, date_trunc('quarter', lent_on::timestamp)::date AS quarter,
         ((extract(year FROM bad_on) - extract(year FROM lent_on)) * 12
           + extract(month FROM bad_on) - extract(month FROM lent_on))::int AS bad_after
    FROM known)
SELECT GROUPING(firm_id) = 0, GROUPING(kind) = 0, bank_id, product_id, firm_id, kind, quarter, bad_after,
       sum(balance), count(*) FILTER (WHERE balance <> 0), sum(lent), count(lent_on),
       sum(disbursed), sum(repaid), sum(written_off), sum(disbursements)
  FROM dated
 GROUP BY GROUPING SETS ((bank_id, product_id, firm_id), (bank_id, kind), (quarter, bad_after))
 ORDER BY bank_id, product_id, firm_id, kind, quarter, bad_after
"""  # noqa: S608 - constants of ours

_STOCK = f"""
WITH stood AS (
  SELECT p.bank_id, d.product_id, c.firm_id, p.five_tier, p.balance, d.annual_rate_pct,
         CASE {BUCKET} END AS overdue
    FROM loans_loanposition p JOIN loans_drawdown d ON d.id = p.drawdown_id JOIN loans_contract c ON c.id = d.contract_id
   WHERE p.month = %(start)s AND {POSITIONS})
SELECT GROUPING(firm_id) = 0, bank_id, product_id, firm_id, five_tier, overdue,
       sum(balance) * 100, count(*), sum(balance) FILTER (WHERE balance > 0) * 100,
       sum(balance * annual_rate_pct) * 1000000
  FROM stood
 GROUP BY GROUPING SETS ((bank_id, product_id, five_tier, overdue), (firm_id, five_tier))
 ORDER BY bank_id, product_id, firm_id, five_tier, overdue
"""  # noqa: S608 - constants of ours


def read_flows(month: Month, known_at: datetime) -> Flows:
    """Of events with a value date up to the end of the month, recorded up to `known_at` (inclusive)."""
    found = Flows([], [], [], [])
    for row in whole_city(_FLOWS, start=month.first, as_of=month.end, known_at=known_at):
        by_firm, by_branch, bank, product, firm, kind, quarter, bad_after, balance, drawdowns, *moved = row
        lent, loans, *flows, disbursements = moved
        if by_firm:
            if drawdowns:
                found.balances.append(BalanceRow(bank, product, firm, balance, drawdowns))
            if any(amount is not None for amount in flows):
                paid_out, repaid, written_off = (amount or 0 for amount in flows)
                found.issuance.append(
                    IssuanceRow(
                        bank, product, month.first, firm, paid_out, repaid, written_off, disbursements or 0
                    )
                )
        elif by_branch:
            if drawdowns:
                found.branches.append(BranchBalanceRow(bank, kind, balance, drawdowns))
        elif quarter is not None:
            found.vintages.append(VintageRow(quarter, bad_after, lent, loans))
    return found


def read_stock(month: Month, known_at: datetime) -> Stock:
    """Of the positions at the end of the month, highest revision known."""
    found = Stock([], [])
    for row in whole_city(_STOCK, start=month.first, known_at=known_at):
        by_firm, bank, product, firm, five_tier, overdue, balance, drawdowns, owed, rated = row
        if not by_firm:
            found.positions.append(PositionRow(bank, product, five_tier, overdue, balance, drawdowns, rated))
        elif owed is not None:
            found.tiers.append(TierRow(firm, five_tier, owed))
    return found
