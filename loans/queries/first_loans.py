"""The first loan that a firm ever got: where public money turned from a stake into a debt."""

from __future__ import annotations

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


_FIRST = f"""
SELECT e.value_date, o.name, o.name_en, e.amount FROM loans_loanevent e
  JOIN kernel_organisation o ON o.id = e.bank_id
 WHERE e.record_type = 'disbursement' AND e.value_date < %(as_of)s AND {EVENTS} AND {OF_FIRM}
   AND NOT EXISTS (SELECT FROM loans_loanevent r
                    WHERE r.bank_id = e.bank_id AND r.reverses <> '' AND r.reverses = e.external_event_id
                      AND r.recorded_at <= %(known_at)s)
 ORDER BY e.value_date, e.id LIMIT 1
"""  # noqa: S608 - constants of ours


def first_loan(firm: int, *, as_of: date, known_at: datetime) -> FirstLoan | None:
    """The first disbursement before `as_of` that was not taken back, as known at `known_at`.

    `firm` is its id. Raises NoScope outside a scope.
    """
    found = rows(_FIRST, firm=firm, as_of=as_of, known_at=known_at)
    return FirstLoan(*found[0]) if found else None
