"""Guarantees: what is outstanding, compensated, recovered, released, by guarantee and for the figures.

Outstanding is the principal less what was released and what was compensated: a paid compensation
ends that part of the guarantee and becomes a claim on the firm. A reversing event counts negative.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet

from finance_hub.kernel.money import CENT
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from loans.models import (
    Claim,
    ClaimShare,
    Guarantee,
    GuaranteeEvent,
    NetAssets,
    Recovery,
    RecoveryShare,
)  # fmt: skip
from loans.queries.in_force import POSITIONS, rows, whole_rows


class GuaranteeRow(NamedTuple):
    """Amounts in fen. `outstanding_elsewhere` is on loans that no bank has reported here; `live` is the number
    of guarantees with something outstanding. `compensated` is principal, `interest` what was compensated on
    top of it, `claim` what of both the firm still owes; `…_year` happened in the calendar year, `…_month` in the
    last month, where `paid_month` is principal and interest."""

    guarantor_id: int
    firm_id: int
    customer: str
    group_id: int | None
    outstanding: int
    outstanding_elsewhere: int
    compensated: int
    interest: int
    recovered: int
    released: int
    claim: int
    compensated_year: int
    released_year: int
    government_share: int
    live: int
    underwritten_month: int = 0
    released_month: int = 0
    paid_month: int = 0
    recovered_month: int = 0


class OverdueRow(NamedTuple):
    """Of a guarantor's live guarantees: what is overdue beyond its waiting period at a bank, in fen."""

    guarantor_id: int
    bank_id: int
    amount: int


class NetAssetsRow(NamedTuple):
    """The net assets in force, in fen, less stakes in other guarantee companies."""

    guarantor_id: int
    effective_date: date
    net: int


class Standing(NamedTuple):
    """Yuan. `compensated` is principal; interest compensated on top of it ends no part of the guarantee."""

    released: Decimal
    compensated: Decimal
    recovered: Decimal
    interest_compensated: Decimal
    written_off: Decimal
    fees_paid: Decimal

    @property
    def not_recovered(self) -> Decimal:
        return self.compensated + self.interest_compensated - self.recovered

    @property
    def claim(self) -> Decimal:
        """What the firm still owes those who compensated."""
        return max(Decimal(0), self.not_recovered - self.written_off)


def _frame(happened: str = "TRUE", standing: str = "TRUE") -> str:
    return f"""
WITH happened AS (
  SELECT guarantee_id, kind,
         sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END) AS amount,
         sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END)
           FILTER (WHERE effective_date >= date_trunc('year', %(as_of)s::date - 1)::date) AS this_year,
         sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END)
           FILTER (WHERE effective_date >= date_trunc('month', %(as_of)s::date - 1)::date) AS this_month
    FROM loans_guaranteeevent
   WHERE effective_date < %(as_of)s AND recorded_at <= %(known_at)s AND {happened}
   GROUP BY 1, 2),
summed AS (
  SELECT guarantee_id,
         coalesce(sum(amount) FILTER (WHERE kind = 'release'), 0) AS released,
         coalesce(sum(amount) FILTER (WHERE kind = 'compensation'), 0) AS compensated,
         coalesce(sum(amount) FILTER (WHERE kind = 'interest'), 0) AS interest,
         coalesce(sum(amount) FILTER (WHERE kind = 'recovery'), 0) AS recovered,
         coalesce(sum(amount) FILTER (WHERE kind = 'write_off'), 0) AS written_off,
         coalesce(sum(this_year) FILTER (WHERE kind = 'release'), 0) AS released_year,
         coalesce(sum(this_year) FILTER (WHERE kind = 'compensation'), 0) AS compensated_year,
         coalesce(sum(this_month) FILTER (WHERE kind = 'release'), 0) AS released_month,
         coalesce(sum(this_month) FILTER (WHERE kind IN ('compensation', 'interest')), 0) AS paid_month,
         coalesce(sum(this_month) FILTER (WHERE kind = 'recovery'), 0) AS recovered_month
    FROM happened GROUP BY 1),
standing AS (
  SELECT g.guarantor_id, g.firm_id, g.customer, f.control_group_id, g.government_share_pct,
         coalesce(s.released, 0) AS released, coalesce(s.compensated, 0) AS compensated,
         coalesce(s.interest, 0) AS interest, coalesce(s.recovered, 0) AS recovered,
         greatest(0, coalesce(s.compensated + s.interest - s.recovered - s.written_off, 0)) AS claim,
         coalesce(s.released_year, 0) AS released_year, coalesce(s.compensated_year, 0) AS compensated_year,
         CASE WHEN g.start_date >= date_trunc('month', %(as_of)s::date - 1)::date THEN g.principal ELSE 0 END
           AS underwritten_month, coalesce(s.released_month, 0) AS released_month, coalesce(s.paid_month, 0) AS paid_month,
         coalesce(s.recovered_month, 0) AS recovered_month,
         g.principal - coalesce(s.released + s.compensated, 0) AS outstanding,
         EXISTS (SELECT FROM loans_contract k
                  WHERE k.bank_id = g.bank_id AND k.contract_no = g.contract_no
                    AND k.recorded_at <= %(known_at)s) AS reported
    FROM loans_guarantee g JOIN kernel_firm f ON f.id = g.firm_id
    LEFT JOIN summed s ON s.guarantee_id = g.id
   WHERE g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s AND {standing})
SELECT guarantor_id, firm_id, customer, control_group_id, sum(outstanding) * 100,
       coalesce(sum(outstanding) FILTER (WHERE NOT reported), 0) * 100,
       sum(compensated) * 100, sum(interest) * 100, sum(recovered) * 100, sum(released) * 100, sum(claim) * 100,
       sum(compensated_year) * 100, sum(released_year) * 100,
       sum(round(outstanding * government_share_pct)), count(*) FILTER (WHERE outstanding > 0),
       sum(underwritten_month) * 100, sum(released_month) * 100, sum(paid_month) * 100, sum(recovered_month) * 100
  FROM standing GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
"""  # noqa: S608 - constants of ours


_FRAME = _frame()
_FRAME_OF_FIRM = _frame(
    "guarantee_id IN (SELECT id FROM loans_guarantee WHERE firm_id = %(firm)s)", "g.firm_id = %(firm)s"
)

#: A position counts by what is overdue of its drawdown: its balance, at most what is outstanding.
_OVERDUE = f"""
WITH happened AS (
  SELECT guarantee_id, sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END) AS ended
    FROM loans_guaranteeevent WHERE kind IN ('release', 'compensation')
     AND effective_date < %(as_of)s AND recorded_at <= %(known_at)s GROUP BY 1)
SELECT g.guarantor_id, g.bank_id,
       sum(least(o.balance, g.principal - coalesce(h.ended, 0))) * 100
  FROM loans_guarantee g
  LEFT JOIN loans_agreementterms t ON t.id = g.terms_id
  LEFT JOIN happened h ON h.guarantee_id = g.id
  JOIN LATERAL (
    SELECT sum(p.balance) AS balance
      FROM loans_contract c JOIN loans_drawdown d ON d.contract_id = c.id
      JOIN loans_loanposition p ON p.drawdown_id = d.id
     WHERE c.bank_id = g.bank_id AND c.contract_no = g.contract_no AND p.month = %(month)s
       AND p.overdue_days > coalesce(t.waiting_days, 0) AND {POSITIONS}) o ON o.balance > 0
 WHERE g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s
   AND g.principal > coalesce(h.ended, 0)
 GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - constants of ours

_NET_ASSETS = """
SELECT DISTINCT ON (guarantor_id) guarantor_id, effective_date, (amount - deductions) * 100
  FROM loans_netassets WHERE effective_date < %(as_of)s AND recorded_at <= %(known_at)s
 ORDER BY guarantor_id, effective_date DESC, id DESC
"""

_STANDING = """
SELECT guarantee_id, kind, sum(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END)
  FROM loans_guaranteeevent WHERE guarantee_id = ANY(%(guarantees)s) AND effective_date <= %(day)s
 GROUP BY 1, 2
"""
_KINDS = ("release", "compensation", "recovery", "interest", "write_off", "fee")
_FOREVER = date(9999, 12, 31)


def guarantee_frame(as_of: date, known_at: datetime, *, firm: int | None = None) -> list[GuaranteeRow]:
    """By guarantor, firm and kind of customer; `as_of` exclusive, `known_at` inclusive.

    The government's share of each guarantee is rounded to the fen on its own. Of one firm (its id) where
    it is given.
    """
    statement = _FRAME if firm is None else _FRAME_OF_FIRM
    return [GuaranteeRow(*row) for row in whole_rows(statement, as_of=as_of, known_at=known_at, firm=firm)]


def overdue_frame(month: Month, known_at: datetime) -> list[OverdueRow]:
    """逾期未代偿 by guarantor and bank at the end of a month, from the positions that banks have reported."""
    found = whole_rows(_OVERDUE, as_of=month.end, month=month.first, known_at=known_at)
    return [OverdueRow(*row) for row in found]


def net_assets_frame(as_of: date, known_at: datetime) -> list[NetAssetsRow]:
    """The last net assets of each guarantor before `as_of`, as known at `known_at`."""
    return [NetAssetsRow(*row) for row in whole_rows(_NET_ASSETS, as_of=as_of, known_at=known_at)]


def standing(guarantees: list[int], *, day: date | None = None) -> dict[int, Standing]:
    """What had happened by the end of `day` (None: at all), for each of the guarantees' ids."""
    found: dict[int, dict[str, Decimal]] = {guarantee: {} for guarantee in guarantees}
    for guarantee, kind, amount in rows(_STANDING, guarantees=guarantees, day=day or _FOREVER):
        found[guarantee][kind] = amount
    nothing = Decimal("0.00")
    return {
        guarantee: Standing(*(sums.get(kind, nothing) for kind in _KINDS))
        for guarantee, sums in found.items()
    }


def guarantees() -> QuerySet[Guarantee]:
    """Those in scope, with firm, bank, guarantor and agreement."""
    return Guarantee.objects.select_related("firm", "bank", "guarantor", "terms__agreement")


def guarantee(public_id: str) -> Guarantee:
    """Raises NotFound."""
    found = guarantees().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def events(guarantee: Guarantee) -> QuerySet[GuaranteeEvent]:
    """With the id of what each takes back."""
    found = GuaranteeEvent.objects.filter(guarantee=guarantee).select_related("reverses")
    return found.order_by("effective_date", "pk")


def claims(guarantee: Guarantee) -> list[Claim]:
    """With their parts, in the order in which they were recorded."""
    found = Claim.objects.filter(guarantee=guarantee).select_related("reverses").order_by("pk")
    return list(found.prefetch_related(_in_order(ClaimShare)))


def recoveries(guarantee: Guarantee) -> list[Recovery]:
    """With their claim and parts, in the order in which they were recorded."""
    found = Recovery.objects.filter(guarantee=guarantee).select_related("claim", "reverses").order_by("pk")
    return list(found.prefetch_related(_in_order(RecoveryShare)))


def _in_order(parts: type[ClaimShare] | type[RecoveryShare]) -> Prefetch[Any]:
    return Prefetch("shares", parts.objects.order_by("position"))


def fees_due(guarantee: Guarantee, *, until: date) -> Decimal | None:
    """担保费 accrued from the start to the earlier of its end and `until` (exclusive); None without a rate.

    Rate × base × days ÷ 365 (or 360, as agreed): the base is what is outstanding at the end of each day, or
    the whole principal where the agreement says so. Rounded once, half up, at the end.
    """
    if guarantee.fee_rate_pct is None:
        return None
    terms, end = guarantee.terms, min(guarantee.end_date, until)
    whole = terms is not None and terms.fee_base == "principal"
    ended = [] if whole else [e for e in events(guarantee) if e.kind in ("release", "compensation")]
    yuan_days, base, since = Decimal(0), guarantee.principal, guarantee.start_date
    for event in ended:
        on = min(event.effective_date, end)
        yuan_days += base * max(0, (on - since).days)
        base, since = base - (event.amount if event.reverses_id is None else -event.amount), max(on, since)
    yuan_days += base * max(0, (end - since).days)
    year = terms.fee_days_in_year if terms else 365
    due: Decimal = (yuan_days * guarantee.fee_rate_pct / 100 / year).quantize(CENT, ROUND_HALF_UP)
    return due


def net_assets() -> QuerySet[NetAssets]:
    return NetAssets.objects.select_related("guarantor")
