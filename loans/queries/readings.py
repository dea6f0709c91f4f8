"""What a month's figures read of every loan: its events in one reading, its positions in another.

Rows are joined to their drawdowns once and then grouped in several ways, because joining a million of them takes longer
than any of the sums. The frames are those of `frames`, `branches`, `ageing` and `at_risk`, row for row.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, datetime
from operator import add
from typing import NamedTuple, TypeVar

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from loans.queries.ageing import BAD, VintageRow
from loans.queries.at_risk import TierRow, TroubledRow
from loans.queries.branches import IN_FORCE as BRANCHES
from loans.queries.branches import UNKNOWN, BranchBalanceRow
from loans.queries.frames import BUCKET, OVERDUE, BalanceRow, IssuanceRow, PositionRow
from loans.queries.in_force import (
    EVENTS,
    EVERY_EVENT,
    POSITIONS,
    bank_by_bank,
    every_position,
    whole_city,
    whole_rows,
)

Key = TypeVar("Key", bound=Hashable)
NON_PERFORMING = {"substandard", "doubtful", "loss"}


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
    troubled: list[TroubledRow]


#: Ids of events that had been taken back by the end of the month.
_TAKEN_BACK = """
  SELECT o.id FROM loans_loanevent r
    JOIN loans_loanevent o ON o.bank_id = r.bank_id AND o.external_event_id = r.reverses
   WHERE r.reverses <> '' AND r.recorded_at <= %(known_at)s AND r.value_date < %(as_of)s"""

#: Amounts are made whole fen before they are added: sums of integers take half the time and memory of sums of decimals.
#: Nothing is added up by loan: no balance is ever negative, so that firms without one are those whose sum is nothing.
_MONTH = "FILTER (WHERE e.value_date >= %(start)s AND e.record_type {})"
_FLOWS = f"""
WITH branch AS ({BRANCHES})
SELECT d.bank_id, d.product_id, d.firm_id, coalesce(b.kind, '{UNKNOWN}'), sum((e.effect * 100)::bigint),
       count(*) {_MONTH.format("IN ('disbursement', 'repayment', 'write_off')")},
       coalesce(sum((e.amount * 100)::bigint) {_MONTH.format("= 'disbursement'")}, 0),
       coalesce(sum((e.amount * 100)::bigint) {_MONTH.format("= 'repayment'")}, 0),
       coalesce(sum((e.amount * 100)::bigint) {_MONTH.format("= 'write_off'")}, 0),
       count(*) {_MONTH.format("= 'disbursement'")}
  FROM loans_loanevent e JOIN loans_drawdown d ON d.id = e.drawdown_id
  LEFT JOIN branch b ON (b.bank_id, b.code) = (d.bank_id, d.branch_code)
 WHERE e.value_date < %(as_of)s AND {EVERY_EVENT}
 GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - constants of ours

#: What reversals of the month took back, by what they took back: few, found by their own index.
_REVERSALS = f"""
SELECT d.bank_id, d.product_id, d.firm_id, count(*),
       coalesce(-sum((e.amount * 100)::bigint) FILTER (WHERE t.record_type = 'disbursement'), 0),
       coalesce(-sum((e.amount * 100)::bigint) FILTER (WHERE t.record_type = 'repayment'), 0),
       coalesce(-sum((e.amount * 100)::bigint) FILTER (WHERE t.record_type = 'write_off'), 0),
       -count(*) FILTER (WHERE t.record_type = 'disbursement')
  FROM loans_loanevent e JOIN loans_drawdown d ON d.id = e.drawdown_id
 CROSS JOIN LATERAL (SELECT o.record_type FROM loans_loanevent o
                      WHERE o.bank_id = e.bank_id AND o.external_event_id = e.reverses LIMIT 1) t
 WHERE e.reverses <> '' AND e.value_date >= %(start)s AND e.value_date < %(as_of)s AND {EVENTS}
   AND t.record_type IN ('disbursement', 'repayment', 'write_off')
 GROUP BY 1, 2, 3
"""  # noqa: S608 - constants of ours

#: A drawdown has one disbursement in force, or none: what it lent and when needs no adding up.
_VINTAGES = f"""
WITH bad AS (
  SELECT drawdown_id, min(day) AS day FROM (
    SELECT p.drawdown_id, p.month AS day FROM loans_loanposition p
     WHERE p.month < %(as_of)s AND {BAD} AND {POSITIONS}
    UNION ALL
    SELECT e.drawdown_id, e.value_date FROM loans_loanevent e
     WHERE e.record_type = 'write_off' AND e.value_date < %(as_of)s AND {EVENTS} AND e.id NOT IN ({_TAKEN_BACK})) gone
   GROUP BY 1)
SELECT e.value_date, bad.day, sum((e.amount * 100)::bigint), count(*)
  FROM loans_loanevent e LEFT JOIN bad ON bad.drawdown_id = e.drawdown_id
 WHERE e.record_type = 'disbursement' AND e.value_date < %(as_of)s
   AND {EVERY_EVENT} AND e.id NOT IN ({_TAKEN_BACK})
 GROUP BY 1, 2
"""  # noqa: S608 - constants of ours

_STOCK = f"""
SELECT p.bank_id, d.product_id, p.five_tier, CASE {BUCKET} END AS overdue, d.firm_id,
       sum((p.balance * 100)::bigint), count(*), sum(p.balance * d.annual_rate_pct) * 1000000
  FROM loans_loanposition p JOIN loans_drawdown d ON d.id = p.drawdown_id
 WHERE d.bank_id = {{bank}} AND {every_position("start")}
 GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - constants of ours


def read_flows(month: Month, known_at: datetime) -> Flows:
    """Of events with a value date up to the end of the month, recorded up to `known_at` (inclusive)."""
    facts = {"start": month.first, "as_of": month.end, "known_at": known_at}
    firms: dict[tuple[int, str, int], list[int]] = {}
    kinds: dict[tuple[int, str], list[int]] = {}
    for bank, product, firm, kind, balance, *moved in whole_city(_FLOWS, **facts):
        _add(firms, (bank, product, firm), (balance, *moved))
        _add(kinds, (bank, kind), (balance,))
    for bank, product, firm, *taken_back in whole_rows(_REVERSALS, **facts):
        _add(firms, (bank, product, firm), (0, *taken_back))
    aged: dict[tuple[date, int | None], list[int]] = {}
    for lent_on, bad_on, lent, loans in whole_city(_VINTAGES, **facts):
        _add(aged, (_quarter(lent_on), _months(lent_on, bad_on)), (lent, loans))
    ordered = sorted(firms.items())
    return Flows(
        balances=[BalanceRow(*at, balance) for at, (balance, *_) in ordered if balance],
        issuance=[
            IssuanceRow(bank, product, month.first, firm, *sums)
            for (bank, product, firm), (_balance, count, *sums) in ordered
            if count
        ],
        branches=[BranchBalanceRow(*at, *sums) for at, sums in sorted(kinds.items()) if sums[0]],
        vintages=[VintageRow(*at, *sums) for at, sums in sorted(aged.items(), key=_last_if_never)],
    )


def read_stock(month: Month, known_at: datetime) -> Stock:
    """Of the positions at the end of the month, highest revision known."""
    stood: dict[tuple[int, str, str, str], list[int]] = {}
    tiers: dict[tuple[int, str], list[int]] = {}
    troubled: dict[tuple[int, str, int], list[int]] = {}
    banks = Organisation.objects.filter(kind="bank").order_by("pk").values_list("pk", flat=True)
    for row in bank_by_bank(_STOCK, banks, start=month.first, known_at=known_at):
        bank, product, five_tier, overdue, firm, balance, drawdowns, rated = row
        _add(stood, (bank, product, five_tier, overdue), (balance, drawdowns, rated))
        _add(tiers, (firm, five_tier), (balance,))
        late, bad = overdue != OVERDUE[0][0], five_tier in NON_PERFORMING
        if balance and (late or bad):
            _add(troubled, (bank, product, firm), (balance if late else 0, balance if bad else 0))
    return Stock(
        positions=[PositionRow(*at, *sums) for at, sums in sorted(stood.items())],
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
