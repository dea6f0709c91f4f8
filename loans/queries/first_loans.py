"""The first loan that a firm ever got: where public money turned from a stake into a debt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from loans.queries.frames import OF_FIRM
from loans.queries.in_force import EVENTS, rows


class FirstLoan(NamedTuple):
    """The day, the bank's names, and what was disbursed, in yuan."""

    on: date
    bank: str
    bank_en: str
    amount: Decimal


_STANDS = f"""
  e.record_type = 'disbursement' AND e.value_date < %(as_of)s AND {EVENTS}
   AND NOT EXISTS (SELECT FROM loans_loanevent r
                    WHERE r.bank_id = e.bank_id AND r.reverses <> '' AND r.reverses = e.external_event_id
                      AND r.recorded_at <= %(known_at)s)"""
_FIRST = f"""
SELECT e.value_date, o.name, o.name_en, e.amount FROM loans_loanevent e
  JOIN kernel_organisation o ON o.id = e.bank_id
 WHERE {_STANDS} AND {OF_FIRM} AND e.value_date >= %(since)s
 ORDER BY e.value_date, e.id LIMIT 1
"""  # noqa: S608 - constants of ours
_FIRSTS = f"""
SELECT s.firm_id, min(e.value_date)
  FROM unnest(%(firms)s::bigint[], %(days)s::date[]) s (firm_id, since)
  JOIN loans_drawdown d ON d.firm_id = s.firm_id
  JOIN loans_loanevent e ON e.drawdown_id = d.id AND e.value_date >= s.since
 WHERE {_STANDS} GROUP BY 1
"""  # noqa: S608 - constants of ours


def first_loan(firm: int, *, as_of: date, known_at: datetime, since: date = date.min) -> FirstLoan | None:
    """The first disbursement from `since` on and before `as_of` that was not taken back, as known at `known_at`.

    `firm` is its id. Raises NoScope outside a scope.
    """
    found = rows(_FIRST, firm=firm, as_of=as_of, known_at=known_at, since=since)
    return FirstLoan(*found[0]) if found else None


def first_loans(since: Mapping[int, date], *, as_of: date, known_at: datetime) -> dict[int, date]:
    """{firm id: day of its first loan from the firm's day of `since` on}; firms without one are left out."""
    firms, days = list(since), list(since.values())
    found = rows(_FIRSTS, firms=firms, days=days, as_of=as_of, known_at=known_at)
    return dict(found)
