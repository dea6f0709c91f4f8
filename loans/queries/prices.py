"""What loans cost over the loan prime rate: the LPR in force, the spread it implies, the spread reported.

The LPR of a loan is the last one published before it was disbursed, of one year for loans of up to five
years and of five years for longer ones. The table is complete up to the publication that follows its
last row (the 20th of the next month); after that day the LPR is unknown, not unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from loans.models import LprQuote
from loans.queries.in_force import rows


class Price(NamedTuple):
    """Rates in per cent a year, spreads in basis points. `reason` says why there is no LPR:
    `lpr-unknown-before` or `lpr-unknown-after`, the day being `known_from` or `known_through`."""

    tenor: str
    lpr_pct: Decimal | None
    published_on: date | None
    known_from: date
    known_through: date
    implied_spread_bp: Decimal | None
    reported_spread_bp: int | None
    reason: str | None

    @property
    def agrees(self) -> bool | None:
        """Whether both spreads are the same basis point; None where one of them is not known."""
        if self.implied_spread_bp is None or self.reported_spread_bp is None:
            return None
        return abs(self.implied_spread_bp - self.reported_spread_bp) < 1


class SpreadDifference(NamedTuple):
    """A drawdown whose reported spread is not the one that its rate implies."""

    bank_id: int
    drawdown_id: int
    lpr_pct: Decimal
    implied_spread_bp: Decimal
    reported_spread_bp: int


_PRICED = """
WITH known AS (
  SELECT tenor, min(published_on) + 1 AS since,
         (date_trunc('month', max(published_on)) + interval '1 month 19 days')::date AS through
    FROM loans_lprquote GROUP BY tenor),
priced AS (
  SELECT d.id, d.bank_id, k.tenor, q.rate_pct, q.published_on, k.since, k.through,
         (d.annual_rate_pct - q.rate_pct) * 100 AS implied, d.lpr_spread_bp,
         CASE WHEN d.disbursed_on > k.through THEN 'lpr-unknown-after'
              WHEN d.disbursed_on < k.since THEN 'lpr-unknown-before' END AS reason
    FROM loans_drawdown d
    JOIN known k ON k.tenor = CASE WHEN d.maturity_date > d.disbursed_on + interval '5 years' THEN '5y' ELSE '1y' END
    LEFT JOIN LATERAL (
         SELECT l.rate_pct, l.published_on FROM loans_lprquote l
          WHERE l.tenor = k.tenor AND l.published_on < d.disbursed_on AND d.disbursed_on <= k.through
          ORDER BY l.published_on DESC, l.id DESC LIMIT 1) q ON true)
"""
_OF_DRAWDOWNS = f"""{_PRICED}
SELECT id, tenor, rate_pct, published_on, since, through, implied, lpr_spread_bp, reason
  FROM priced WHERE id = ANY(%(drawdowns)s)
"""  # noqa: S608 - constants of ours
_DIFFERENCES = f"""{_PRICED}
SELECT bank_id, id, rate_pct, implied, lpr_spread_bp FROM priced
 WHERE abs(implied - lpr_spread_bp) >= 1 ORDER BY bank_id, id
"""  # noqa: S608 - constants of ours


def prices(drawdowns: Iterable[int]) -> dict[int, Price]:
    """{drawdown id: its price}; one left out means that no LPR of its tenor is recorded at all."""
    found = rows(_OF_DRAWDOWNS, drawdowns=list(drawdowns))
    return {drawdown: Price(*price) for drawdown, *price in found}


def spread_differences() -> list[SpreadDifference]:
    """Drawdowns in scope whose reported spread is a basis point or more from the implied one."""
    return [SpreadDifference(*row) for row in rows(_DIFFERENCES)]


def lpr_quotes() -> QuerySet[LprQuote]:
    return LprQuote.objects.all()
