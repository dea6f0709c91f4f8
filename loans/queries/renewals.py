"""Loans that were not repaid when due but went on: extensions 展期, 借新还旧, 无还本续贷."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from finance_hub.kernel.periods import Month
from loans.queries.in_force import EVENTS, POSITIONS, rows, whole_rows
from loans.reasons import RENEWALS

EXTENSION, UNKNOWN = "extension", "unknown"
#: Every kind of the frame, in the order in which it is shown.
KINDS = (EXTENSION, *(reason.code for reason in RENEWALS), UNKNOWN)


class RenewalRow(NamedTuple):
    """`kind` is one of KINDS; an extension moves no amount."""

    bank_id: int
    kind: str
    amount: int
    events: int


class RenewedRow(NamedTuple):
    """A drawdown that stands as normal though it took the place of a refinanced one."""

    bank_id: int
    drawdown_id: int
    refinanced: str


_STANDING = f"""
  e.value_date >= %(start)s AND e.value_date < %(end)s AND {EVENTS}
  AND NOT EXISTS (SELECT FROM loans_loanevent r
                   WHERE r.bank_id = e.bank_id AND r.reverses <> '' AND r.reverses = e.external_event_id
                     AND r.recorded_at <= %(known_at)s)
"""
_KIND = f"""CASE WHEN e.record_type = 'extension' THEN '{EXTENSION}'
            WHEN e.reason_code = ANY(%(renewals)s) THEN e.reason_code ELSE '{UNKNOWN}' END"""

_RENEWALS = f"""
SELECT e.bank_id, {_KIND}, sum(e.amount) * 100, count(*) FROM loans_loanevent e
 WHERE e.record_type IN ('extension', 'refinancing') AND {_STANDING}
 GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - constants of ours

#: The rule asks for special mention at least of what repays an old loan (令〔2023〕1号). The row format names no
#: successor: it is what the same bank lent the same firm on the day of the refinancing.
_RENEWED_BUT_NORMAL = f"""
SELECT DISTINCT ON (p.bank_id, p.drawdown_id) p.bank_id, p.drawdown_id, e.external_event_id
  FROM loans_loanevent e
  JOIN loans_drawdown old ON old.id = e.drawdown_id JOIN loans_contract c ON c.id = old.contract_id
  JOIN loans_contract k ON k.bank_id = c.bank_id AND k.firm_id = c.firm_id
  JOIN loans_drawdown d ON d.contract_id = k.id AND d.disbursed_on = e.value_date AND d.id <> old.id
  JOIN loans_loanposition p ON p.bank_id = d.bank_id AND p.drawdown_id = d.id AND p.month = %(month)s
 WHERE e.record_type = 'refinancing' AND p.five_tier = 'normal' AND p.balance > 0
   AND {_STANDING} AND {POSITIONS}
 ORDER BY p.bank_id, p.drawdown_id, e.external_event_id
"""  # noqa: S608 - constants of ours

_OBSERVED_YEARS = 1


def renewal_frame(start: date, end: date, known_at: datetime) -> list[RenewalRow]:
    """What was renewed with a value date in `[start, end)`, without what was taken back."""
    renewals = [reason.code for reason in RENEWALS]
    facts = {"start": start, "end": end, "known_at": known_at, "renewals": renewals}
    return [RenewalRow(*row) for row in whole_rows(_RENEWALS, **facts)]


def renewed_but_normal(month: Month, known_at: datetime) -> list[RenewedRow]:
    """Loans of the last year that repaid an older one of the firm and are classed normal at the month's end."""
    start = date(month.first.year - _OBSERVED_YEARS, month.first.month, 1)
    facts = {"start": start, "end": month.end, "month": month.first, "known_at": known_at}
    return [RenewedRow(*row) for row in rows(_RENEWED_BUT_NORMAL, **facts)]
