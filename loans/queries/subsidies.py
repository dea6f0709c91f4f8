"""Interest subsidies 贴息: what accrued on each loan in a month, and what the cap of its firm leaves of it.

subsidy = principal-days x rate / 360, the balance counted on every day it stands at the end of (the first
day counts, the last does not). The rate is the one the bank reports, held to the scheme's and to the
scheme's share of the loan's own. No day counts after maturity, nor the days overdue at the month's end,
nor one outside the scheme. A firm's cap for the calendar year is used up in the order of the months,
within a month by the older loan first. Wants full scope: a cap runs across banks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from finance_hub.kernel.periods import Month
from loans.models import SubsidyScheme
from loans.queries.in_force import EVENTS, POSITIONS, rows, whole_rows


class SubsidyLine(NamedTuple):
    """One loan in one month: yuan-days, per cent a year, yuan before and after the firm's cap."""

    bank_id: int
    drawdown_id: int
    principal_days: Decimal
    rate_pct: Decimal
    accrued: Decimal
    payable: Decimal


class SubsidyRow(NamedTuple):
    """Whole fen: what is payable, and what caps have cut off."""

    bank_id: int
    product: str
    payable: int
    cut: int
    drawdowns: int


class FirmSubsidyRow(NamedTuple):
    """Whole fen that are payable for a firm's loans of the calendar year, up to and with the month."""

    firm_id: int
    payable: int


_OF_FIRMS = """ IN (
     SELECT d.id FROM loans_drawdown d JOIN loans_contract c ON c.id = d.contract_id WHERE c.firm_id = ANY(%(firms)s))"""


def _accrued(drawdowns: str = " IS NOT NULL") -> str:
    return f"""
WITH month AS (
  SELECT m::date AS first, (m + interval '1 month')::date AS next
    FROM generate_series(%(year)s::date, %(month)s::date, interval '1 month') m),
scheme AS (SELECT * FROM loans_subsidyscheme WHERE recorded_at <= %(known_at)s),
extended AS (
  SELECT e.drawdown_id, max(e.maturity_date) AS maturity_date FROM loans_loanevent e
   WHERE e.record_type = 'extension' AND {EVENTS} AND e.drawdown_id{drawdowns}
     AND NOT EXISTS (SELECT FROM loans_loanevent r
                      WHERE r.bank_id = e.bank_id AND r.reverses <> '' AND r.reverses = e.external_event_id
                        AND r.recorded_at <= %(known_at)s)
   GROUP BY e.drawdown_id),
overdue AS (
  SELECT p.drawdown_id, p.month, least(p.overdue_days, 31) AS days FROM loans_loanposition p
   WHERE p.month BETWEEN %(year)s AND %(month)s AND p.overdue_days > 0 AND {POSITIONS}
     AND p.drawdown_id{drawdowns}),
spell AS (  -- the days of a month that may be subsidised
  SELECT d.id AS drawdown_id, d.bank_id, d.product_id, d.disbursed_on, d.firm_id, s.id AS scheme_id, s.firm_year_cap,
         m.first AS month, least(d.interest_subsidy_pct, s.rate_pct, d.annual_rate_pct * s.share_pct / 100) AS rate,
         greatest(m.first, s.valid_from) AS since,
         least(m.next, s.valid_to, coalesce(x.maturity_date, d.maturity_date), m.next - coalesce(o.days, 0)) AS until
    FROM loans_drawdown d
    JOIN scheme s ON d.product_id = ANY(s.products)
    JOIN month m ON s.valid_from < m.next AND s.valid_to > m.first AND d.disbursed_on < m.next
    LEFT JOIN extended x ON x.drawdown_id = d.id
    LEFT JOIN overdue o ON o.drawdown_id = d.id AND o.month = m.first
   WHERE d.interest_subsidy_pct > 0 AND d.id{drawdowns}),
day AS (
  SELECT w.drawdown_id, w.bank_id, w.product_id, w.disbursed_on, w.firm_id, w.scheme_id, w.firm_year_cap, w.month,
         w.rate, sum(e.effect * (w.until - greatest(e.value_date, w.since))) AS principal_days
    FROM spell w JOIN loans_loanevent e ON e.drawdown_id = w.drawdown_id AND e.value_date < w.until
   WHERE w.until > w.since AND {EVENTS}
   GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9),
accrued AS (
  SELECT *, round(principal_days * rate / 36000, 2) AS accrued FROM day WHERE principal_days > 0),
running AS (
  SELECT *, sum(accrued) OVER (PARTITION BY scheme_id, firm_id ORDER BY month, disbursed_on, drawdown_id) AS reached
    FROM accrued),
year AS (
  SELECT *, coalesce(least(reached, firm_year_cap) - least(reached - accrued, firm_year_cap), accrued) AS payable
    FROM running),
due AS (SELECT * FROM year WHERE month = %(month)s)
"""  # noqa: S608 - constants of ours


_ACCRUED = _accrued()
_LINES = f"""{_ACCRUED}
SELECT bank_id, drawdown_id, principal_days, rate, accrued, payable FROM due ORDER BY bank_id, drawdown_id, scheme_id
"""  # noqa: S608 - constants of ours
_FRAME = f"""{_ACCRUED}
SELECT bank_id, product_id, sum(payable) * 100, sum(accrued - payable) * 100, count(*) FROM due
 GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - constants of ours
_BY_FIRM = "SELECT firm_id, sum(payable) * 100 FROM year GROUP BY 1 HAVING sum(payable) <> 0 ORDER BY 1"
_FIRM_FRAME = _ACCRUED + _BY_FIRM
_FIRM_FRAME_OF_FIRMS = _accrued(_OF_FIRMS) + _BY_FIRM


def subsidy_lines(month: Month, known_at: datetime) -> list[SubsidyLine]:
    """Every loan with a subsidy in the month, as known at a moment; one line a scheme."""
    return [SubsidyLine(*row) for row in rows(_LINES, **_facts(month, known_at))]


def subsidy_frame(month: Month, known_at: datetime) -> list[SubsidyRow]:
    """The same by bank and product."""
    return [SubsidyRow(*row) for row in whole_rows(_FRAME, **_facts(month, known_at))]


def firm_subsidy_frame(
    month: Month, known_at: datetime, *, firms: Sequence[int] | None = None
) -> list[FirmSubsidyRow]:
    """By firm, of the calendar year from January to the month; of some firms where they are given."""
    facts = _facts(month, known_at)
    if firms is None:
        return [FirmSubsidyRow(*row) for row in whole_rows(_FIRM_FRAME, **facts)]
    return [FirmSubsidyRow(*row) for row in whole_rows(_FIRM_FRAME_OF_FIRMS, **facts, firms=list(firms))]


def _facts(month: Month, known_at: datetime) -> dict[str, object]:
    return {"year": date(month.year, 1, 1), "month": month.first, "known_at": known_at}


def subsidy_schemes() -> QuerySet[SubsidyScheme]:
    return SubsidyScheme.objects.all()
