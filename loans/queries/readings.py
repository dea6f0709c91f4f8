"""What a month's figures read of every loan: its events in one reading, its positions in another.

Loans are looked at once and then grouped in several ways, because joining a million of them to their contracts takes
longer than any of the sums. The frames are those of `frames`, `branches`, `ageing` and `at_risk`, row for row.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, datetime
from operator import add
from typing import NamedTuple, TypeVar

from finance_hub.kernel.periods import Month
from loans.queries.ageing import BAD, VintageRow
from loans.queries.at_risk import TierRow, TroubledRow
from loans.queries.branches import IN_FORCE as BRANCHES
from loans.queries.branches import UNKNOWN, BranchBalanceRow
from loans.queries.frames import BUCKET, OVERDUE, BalanceRow, PositionRow
from loans.queries.in_force import EVERY_EVENT, EVERY_POSITION, POSITIONS, whole_city

Key = TypeVar("Key", bound=Hashable)
NON_PERFORMING = {"substandard", "doubtful", "loss"}


class Flows(NamedTuple):
    """What events give: balances at the end of the month, and how each quarter's loans fared."""

    balances: list[BalanceRow]
    branches: list[BranchBalanceRow]
    vintages: list[VintageRow]


class Stock(NamedTuple):
    """What positions give."""

    positions: list[PositionRow]
    tiers: list[TierRow]
    troubled: list[TroubledRow]


#: Amounts are made whole fen before they are added: sums of integers take half the time and memory of sums of decimals.
_FLOWS = f"""
WITH reversed AS (
  SELECT o.id FROM loans_loanevent r
    JOIN loans_loanevent o ON o.bank_id = r.bank_id AND o.external_event_id = r.reverses
   WHERE r.reverses <> '' AND r.recorded_at <= %(known_at)s AND r.value_date < %(as_of)s),
event AS (
  SELECT e.drawdown_id, e.value_date, (e.effect * 100)::bigint AS effect, (e.amount * 100)::bigint AS amount,
         e.record_type = 'disbursement' AND e.id NOT IN (SELECT id FROM reversed) AS lends,
         e.record_type = 'write_off' AND e.id NOT IN (SELECT id FROM reversed) AS writes_off
    FROM loans_loanevent e
   WHERE e.value_date < %(as_of)s AND {EVERY_EVENT} OFFSET 0),
loan AS (
  SELECT drawdown_id, sum(effect) AS balance,
         min(value_date) FILTER (WHERE lends) AS lent_on, sum(amount) FILTER (WHERE lends) AS lent,
         min(value_date) FILTER (WHERE writes_off) AS written_off_on
    FROM event GROUP BY drawdown_id),
branch AS ({BRANCHES}),
bad AS (
  SELECT p.drawdown_id, min(p.month) AS month FROM loans_loanposition p
   WHERE p.month < %(as_of)s AND {BAD} AND {POSITIONS}
   GROUP BY p.drawdown_id),
known AS (
  SELECT d.bank_id, d.product_id, d.firm_id, coalesce(b.kind, '{UNKNOWN}') AS kind, w.*,
         least(w.written_off_on, bad.month) AS bad_on
    FROM loan w JOIN loans_drawdown d ON d.id = w.drawdown_id
    LEFT JOIN branch b ON (b.bank_id, b.code) = (d.bank_id, d.branch_code)
    LEFT JOIN bad ON bad.drawdown_id = w.drawdown_id)
SELECT GROUPING(firm_id) = 0, bank_id, product_id, firm_id, kind, lent_on, bad_on,
       sum(balance), count(*) FILTER (WHERE balance <> 0), sum(lent), count(lent_on)
  FROM known
 GROUP BY GROUPING SETS ((bank_id, product_id, firm_id, kind), (lent_on, bad_on))
 ORDER BY bank_id, product_id, firm_id
"""  # noqa: S608 - constants of ours

_STOCK = f"""
SELECT p.bank_id, d.product_id, p.five_tier, CASE {BUCKET} END AS overdue, d.firm_id,
       sum((p.balance * 100)::bigint), count(*), sum(p.balance * d.annual_rate_pct) * 1000000
  FROM loans_loanposition p JOIN loans_drawdown d ON d.id = p.drawdown_id
 WHERE p.month = %(start)s AND {EVERY_POSITION}
 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4
"""  # noqa: S608 - constants of ours


def read_flows(month: Month, known_at: datetime) -> Flows:
    """Of events with a value date up to the end of the month, recorded up to `known_at` (inclusive)."""
    firms: dict[tuple[int, str, int], list[int]] = {}
    kinds: dict[tuple[int, str], list[int]] = {}
    aged: dict[tuple[date, int | None], list[int]] = {}
    for row in whole_city(_FLOWS, as_of=month.end, known_at=known_at):
        by_firm, bank, product, firm, kind, lent_on, bad_on, balance, drawdowns, lent, loans = row
        if by_firm:
            _add(firms, (bank, product, firm), (balance, drawdowns))
            _add(kinds, (bank, kind), (balance, drawdowns))
        elif lent_on is not None:
            _add(aged, (_quarter(lent_on), _months(lent_on, bad_on)), (lent, loans))
    return Flows(
        balances=[BalanceRow(*at, *sums) for at, sums in firms.items() if sums[1]],
        branches=[BranchBalanceRow(*at, *sums) for at, sums in sorted(kinds.items()) if sums[1]],
        vintages=[VintageRow(*at, *sums) for at, sums in sorted(aged.items(), key=_last_if_never)],
    )


def read_stock(month: Month, known_at: datetime) -> Stock:
    """Of the positions at the end of the month, highest revision known."""
    stood: dict[tuple[int, str, str, str], list[int]] = {}
    tiers: dict[tuple[int, str], list[int]] = {}
    troubled: dict[tuple[int, str, int], list[int]] = {}
    for row in whole_city(_STOCK, start=month.first, known_at=known_at):
        bank, product, five_tier, overdue, firm, balance, drawdowns, rated = row
        _add(stood, (bank, product, five_tier, overdue), (balance, drawdowns, rated))
        _add(tiers, (firm, five_tier), (balance,))
        late, bad = overdue != OVERDUE[0][0], five_tier in NON_PERFORMING
        if balance and (late or bad):
            _add(troubled, (bank, product, firm), (balance if late else 0, balance if bad else 0))
    return Stock(
        positions=[PositionRow(*at, *sums) for at, sums in stood.items()],
        tiers=[TierRow(*at, *sums) for at, sums in sorted(tiers.items()) if sums[0] > 0],
        troubled=[TroubledRow(*at, *sums) for at, sums in sorted(troubled.items())],
    )


def _add(sums: dict[Key, list[int]], key: Key, amounts: Sequence[int]) -> None:
    held = sums.get(key)
    sums[key] = list(amounts) if held is None else list(map(add, held, amounts))


def _quarter(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _months(lent_on: date, bad_on: date | None) -> int | None:
    return None if bad_on is None else 12 * (bad_on.year - lent_on.year) + bad_on.month - lent_on.month


def _last_if_never(of: tuple[tuple[date, int | None], list[int]]) -> tuple[date, bool, int]:
    (quarter, bad_after), _sums = of
    return quarter, bad_after is None, bad_after or 0
