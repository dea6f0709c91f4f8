"""Guarantees: what is outstanding, compensated, recovered, released, by guarantee and for the figures.

Outstanding is the principal less what was released and what was compensated: a paid compensation
ends that part of the guarantee and becomes a claim on the firm. A reversing event counts negative.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from finance_hub.kernel.problems import NotFound
from loans.models import Guarantee, GuaranteeEvent
from loans.queries.in_force import rows, whole_rows


class GuaranteeRow(NamedTuple):
    """Amounts in fen. `outstanding_elsewhere` is on loans that no bank has reported here; `live`
    is the number of guarantees with something outstanding."""

    guarantor_id: int
    firm_id: int
    outstanding: int
    outstanding_elsewhere: int
    compensated: int
    recovered: int
    released: int
    government_share: int
    live: int


class Standing(NamedTuple):
    """Yuan."""

    released: Decimal
    compensated: Decimal
    recovered: Decimal


_FRAME = """
WITH happened AS (
  SELECT guarantee_id, kind, sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END) AS amount
    FROM loans_guaranteeevent
   WHERE effective_date < %(as_of)s AND recorded_at <= %(known_at)s GROUP BY 1, 2),
standing AS (
  SELECT g.guarantor_id, g.firm_id, g.government_share_pct, g.principal,
         coalesce(r.amount, 0) AS released, coalesce(c.amount, 0) AS compensated,
         coalesce(v.amount, 0) AS recovered,
         g.principal - coalesce(r.amount, 0) - coalesce(c.amount, 0) AS outstanding,
         EXISTS (SELECT FROM loans_contract k
                  WHERE k.bank_id = g.bank_id AND k.contract_no = g.contract_no
                    AND k.recorded_at <= %(known_at)s) AS reported
    FROM loans_guarantee g
    LEFT JOIN happened r ON r.guarantee_id = g.id AND r.kind = 'release'
    LEFT JOIN happened c ON c.guarantee_id = g.id AND c.kind = 'compensation'
    LEFT JOIN happened v ON v.guarantee_id = g.id AND v.kind = 'recovery'
   WHERE g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s)
SELECT guarantor_id, firm_id, sum(outstanding) * 100,
       coalesce(sum(outstanding) FILTER (WHERE NOT reported), 0) * 100,
       sum(compensated) * 100, sum(recovered) * 100, sum(released) * 100,
       sum(round(outstanding * government_share_pct)), count(*) FILTER (WHERE outstanding > 0)
  FROM standing GROUP BY 1, 2 ORDER BY 1, 2
"""

_STANDING = """
SELECT guarantee_id, kind, sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END)
  FROM loans_guaranteeevent WHERE guarantee_id = ANY(%(guarantees)s) AND effective_date <= %(day)s
 GROUP BY 1, 2
"""
_FOREVER = date(9999, 12, 31)


def guarantee_frame(as_of: date, known_at: datetime) -> list[GuaranteeRow]:
    """By guarantor and firm; `as_of` exclusive, `known_at` inclusive.

    The government's share of each guarantee is rounded to the fen on its own.
    """
    return [GuaranteeRow(*row) for row in whole_rows(_FRAME, as_of=as_of, known_at=known_at)]


def standing(guarantees: list[int], *, day: date | None = None) -> dict[int, Standing]:
    """What had happened by the end of `day` (None: at all), for each of the guarantees' ids."""
    found: dict[int, dict[str, Decimal]] = {guarantee: {} for guarantee in guarantees}
    for guarantee, kind, amount in rows(_STANDING, guarantees=guarantees, day=day or _FOREVER):
        found[guarantee][kind] = amount
    nothing = Decimal("0.00")
    return {
        guarantee: Standing(*(sums.get(kind, nothing) for kind in ("release", "compensation", "recovery")))
        for guarantee, sums in found.items()
    }


def guarantees() -> QuerySet[Guarantee]:
    """Those in scope, with firm, bank and guarantor."""
    return Guarantee.objects.select_related("firm", "bank", "guarantor")


def guarantee(public_id: str) -> Guarantee:
    """Raises NotFound."""
    found = guarantees().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def events(guarantee: Guarantee) -> QuerySet[GuaranteeEvent]:
    return GuaranteeEvent.objects.filter(guarantee=guarantee).order_by("effective_date", "pk")
