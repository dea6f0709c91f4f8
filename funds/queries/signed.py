"""What funds have signed and not yet paid. The conventions are those of `funds.queries.frames`."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from finance_hub.kernel import scoping


class SignedRow(NamedTuple):
    """Deals of a fund in a firm that stand at signed or paid: planned less paid, in fen."""

    fund_id: int
    firm_id: int | None
    unpaid_fen: int


#: Of each place on the road the step recorded last counts. The amount is that of the deal's header today.
_SIGNED = """
WITH standing AS (
  SELECT DISTINCT ON (deal_id, place) deal_id, place, stage, at FROM funds_dealstep
   WHERE effective_date < %(as_of)s AND recorded_at <= %(known_at)s ORDER BY deal_id, place, id DESC),
last AS (SELECT DISTINCT ON (deal_id) deal_id, stage, at FROM standing ORDER BY deal_id, place DESC),
paid AS (
  SELECT p.deal_id, sum(e.cost) AS amount FROM funds_dealpayment p JOIN funds_holdingevent e ON e.id = p.event_id
   WHERE p.recorded_at <= %(known_at)s AND e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s
     AND NOT EXISTS (SELECT FROM funds_holdingevent r WHERE r.reverses_id = e.id
                        AND r.effective_date < %(as_of)s AND r.recorded_at <= %(known_at)s)
   GROUP BY 1)
SELECT d.fund_id, d.firm_id, sum(d.planned_amount - coalesce(paid.amount, 0)) * 100
  FROM funds_deal d JOIN last ON last.deal_id = d.id LEFT JOIN paid ON paid.deal_id = d.id
 WHERE last.at IN ('signed', 'paid') AND last.stage NOT IN ('declined', 'withdrawn')
   AND d.planned_amount > coalesce(paid.amount, 0)
 GROUP BY 1, 2 ORDER BY 1, 2
"""


def signed_frame(*, as_of: date, known_at: datetime) -> list[SignedRow]:
    """By fund and firm; what is paid in full is left out. Raises NoScope outside a scope."""
    scoping.current()
    with connection.cursor() as cursor:
        cursor.execute(_SIGNED, {"as_of": as_of, "known_at": known_at})
        return [SignedRow(fund, firm, int(unpaid)) for fund, firm, unpaid in cursor.fetchall()]
