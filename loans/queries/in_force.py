"""Which revision of a fact was in force, as known at a time, and what reversals took back.

Every revision of an event is kept; the highest one recorded by `known_at` is in force. A reversal
is an event of its own with the opposite effect from its own day on, so sums need no more than this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection

from finance_hub.kernel import scoping

#: Events `e` in force. Only few events are ever revised: the condition on `later.revision` keeps
#: the other side of the join small.
EVENTS = """
  e.recorded_at <= %(known_at)s
  AND NOT EXISTS (SELECT FROM loans_loanevent later
                   WHERE later.bank_id = e.bank_id AND later.external_event_id = e.external_event_id
                     AND later.revision > e.revision AND later.revision > 1
                     AND later.recorded_at <= %(known_at)s)"""

#: The same for positions `p`.
POSITIONS = """
  p.recorded_at <= %(known_at)s
  AND NOT EXISTS (SELECT FROM loans_loanposition later
                   WHERE later.drawdown_id = p.drawdown_id AND later.month = p.month
                     AND later.bank_id = p.bank_id AND later.revision > p.revision AND later.revision > 1
                     AND later.recorded_at <= %(known_at)s)"""


#: The same where every event is read: what was superseded is found once and kept in memory by its id. Joined row by row
#: with all events, the few that were ever revised cost as much as the sums.
EVERY_EVENT = """
  e.recorded_at <= %(known_at)s
  AND e.id NOT IN (SELECT o.id FROM loans_loanevent later
                     JOIN loans_loanevent o ON o.bank_id = later.bank_id
                      AND o.external_event_id = later.external_event_id AND o.revision < later.revision
                    WHERE later.revision > 1 AND later.recorded_at <= %(known_at)s)"""


def every_position(month: str) -> str:
    """The same where every position is read that bank `{bank}` has of a month, the parameter `month`."""
    return f"""
  p.bank_id = {{bank}} AND p.month = %({month})s AND p.recorded_at <= %(known_at)s
  AND (p.drawdown_id, p.revision) NOT IN (
      SELECT o.drawdown_id, o.revision FROM loans_loanposition later
        JOIN loans_loanposition o ON o.drawdown_id = later.drawdown_id AND o.month = later.month
         AND o.bank_id = later.bank_id AND o.revision < later.revision
       WHERE later.bank_id = {{bank}} AND later.month = %({month})s AND later.revision > 1
         AND later.recorded_at <= %(known_at)s)"""  # noqa: S608 - constants of ours


def rows(statement: str, **facts: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement over scoped tables; raises NoScope outside a scope, like a manager does.

    Row-level security of the transaction cuts the tables to that scope.
    """
    scoping.current()
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return list(cursor.fetchall())


def whole_rows(statement: str, **facts: Any) -> list[tuple[Any, ...]]:
    """Rows whose numbers are fen: int of any size, so that no bank's figure overflows the city's."""
    return [
        tuple(int(value) if isinstance(value, Decimal) else value for value in row)
        for row in rows(statement, **facts)
    ]


#: For statements that look at every loan: hash tables of a million of them stay in memory, and pages are read in the
#: order of an index as fast as in any other, being held by the machine. Tables are shared among workers and indexes are
#: not: those lead to the few, which every worker finds for itself (a list that workers had to gather would keep the table
#: that is held against it from being shared).
_SCANNING = {
    "work_mem": "128MB",
    "random_page_cost": "1.1",
    "enable_bitmapscan": "off",
    "min_parallel_index_scan_size": "1TB",
}
#: What workers hand over costs: so each adds up its bank by itself, and gives the sums.
_BY_BANK = _SCANNING | {"parallel_tuple_cost": "1"}


def whole_city(statement: str, **facts: Any) -> list[tuple[Any, ...]]:
    """Rows in fen of a statement that reads whole tables, planned for that; the transaction's settings stay."""
    return _planned(_SCANNING, statement, facts)


def bank_by_bank(statement: str, banks: Iterable[int], **facts: Any) -> list[tuple[Any, ...]]:
    """The same of a statement said of each bank, by its id `{bank}`; nothing without banks.

    A bank's loans hash into tables that processors keep at hand, and workers take a bank each.
    """
    each = [f"({statement.replace('{bank}', str(int(bank)))})" for bank in banks]
    return _planned(_BY_BANK, "\nUNION ALL\n".join(each), facts) if each else []


def _planned(wanted: Mapping[str, str], statement: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    scoping.current()
    change = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in wanted)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in wanted))
        before = cursor.fetchone()
        cursor.execute(change, list(wanted.values()))
        found = whole_rows(statement, **facts)
        cursor.execute(change, before)
    return found
