"""Agreements: which terms are in force, and how much of their caps is used. Yuan; wants the guarantor's scope."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet

from finance_hub.kernel.models import Firm
from finance_hub.kernel.money import CENT
from finance_hub.kernel.problems import NotFound
from loans.models import Agreement, AgreementShare, AgreementTerms
from loans.queries.in_force import rows

#: Whose payments a compensation cap limits: public money. What it leaves over stays with the keeper.
PUBLIC = frozenset({"government", "re_guarantor", "national_fund", "pool"})


class Use(NamedTuple):
    """What is outstanding under an agreement for a firm and for its group, and what began in a year."""

    borrower: Decimal
    group: Decimal
    year: Decimal


_USE = """
WITH ended AS (
  SELECT e.guarantee_id, sum(CASE WHEN e.reverses_id IS NULL THEN e.amount ELSE -e.amount END) AS amount
    FROM loans_guaranteeevent e JOIN loans_guarantee g ON g.id = e.guarantee_id
    JOIN loans_agreementterms t ON t.id = g.terms_id
   WHERE t.agreement_id = %(agreement)s AND e.kind IN ('release', 'compensation') GROUP BY 1)
SELECT coalesce(sum(g.principal - coalesce(ended.amount, 0)) FILTER (WHERE g.firm_id = %(firm)s), 0),
       coalesce(sum(g.principal - coalesce(ended.amount, 0))
                  FILTER (WHERE g.firm_id = %(firm)s OR f.control_group_id = %(group)s), 0),
       coalesce(sum(g.principal) FILTER (WHERE date_part('year', g.start_date) = %(year)s), 0)
  FROM loans_guarantee g JOIN loans_agreementterms t ON t.id = g.terms_id
  JOIN kernel_firm f ON f.id = g.firm_id LEFT JOIN ended ON ended.guarantee_id = g.id
 WHERE t.agreement_id = %(agreement)s
"""
_BASES = {
    "guaranteed": """
SELECT coalesce(sum(g.principal), 0) FROM loans_guarantee g JOIN loans_agreementterms t ON t.id = g.terms_id
 WHERE t.agreement_id = %(agreement)s AND g.start_date BETWEEN %(first)s AND %(day)s""",
    "released": """
SELECT coalesce(sum(CASE WHEN e.reverses_id IS NULL THEN e.amount ELSE -e.amount END), 0)
  FROM loans_guaranteeevent e JOIN loans_guarantee g ON g.id = e.guarantee_id
  JOIN loans_agreementterms t ON t.id = g.terms_id
 WHERE t.agreement_id = %(agreement)s AND e.kind IN ('release', 'compensation')
   AND e.effective_date BETWEEN %(first)s AND %(day)s""",
}
_PAID = """
SELECT coalesce(sum(s.principal + s.interest), 0)
  FROM loans_claimshare s JOIN loans_claim c ON c.id = s.claim_id JOIN loans_guarantee g ON g.id = c.guarantee_id
  JOIN loans_agreementterms t ON t.id = g.terms_id
 WHERE t.agreement_id = %(agreement)s AND s.party = ANY(%(public)s)
   AND c.effective_date BETWEEN %(first)s AND %(last)s AND c.reverses_id IS NULL
   AND NOT EXISTS (SELECT FROM loans_claim r WHERE r.reverses_id = c.id)
"""


def agreements() -> QuerySet[Agreement]:
    """Those in scope, with their parties and every version of their terms, latest first."""
    shares = Prefetch("shares", AgreementShare.objects.order_by("position"))
    versions = AgreementTerms.objects.select_related("pool", "proposed_by", "approved_by").order_by(
        "-version"
    )
    found = Agreement.objects.select_related("guarantor", "bank")
    return found.prefetch_related(Prefetch("versions", versions.prefetch_related(shares)))


def agreement(code: str) -> Agreement:
    """Raises NotFound."""
    found = agreements().filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def terms_in_force(agreement: Agreement, *, day: date, known_at: datetime) -> AgreementTerms | None:
    """The approved version that began last by `day`, None where there is none or it has ended."""
    approved = AgreementTerms.objects.filter(
        agreement=agreement, approved_at__lte=known_at, valid_from__lte=day
    )
    latest = approved.select_related("pool").order_by("-valid_from", "-version").first()
    ended = latest is None or (latest.valid_to is not None and latest.valid_to <= day)
    return None if ended else latest


def shares(terms: AgreementTerms) -> list[AgreementShare]:
    return list(AgreementShare.objects.filter(terms=terms).order_by("position"))


def use(agreement: Agreement, *, firm: Firm, year: int) -> Use:
    group = firm.control_group_id
    [found] = rows(_USE, agreement=agreement.pk, firm=firm.pk, group=group, year=year)
    return Use(*found)


def room_under_cap(terms: AgreementTerms, *, day: date) -> Decimal | None:
    """What the public parties can still pay in the calendar year of `day`; None where nothing caps it.

    The cap is `compensation_cap_pct` percent of what was guaranteed (by its start) or released, those ended by
    compensation included, under the agreement from 1 January to `day`; rounded down to the cent. All
    claims of the year count against it, those dated later too; a reversed one gives its room back to its year.
    """
    if terms.compensation_cap_pct is None:
        return None
    facts = {
        "agreement": terms.agreement_id, "first": day.replace(month=1, day=1), "day": day,
        "last": day.replace(month=12, day=31), "public": sorted(PUBLIC),
    }  # fmt: skip
    [(base,)] = rows(_BASES[terms.compensation_cap_base], **facts)
    [(paid,)] = rows(_PAID, **facts)
    cap = (Decimal(base) * terms.compensation_cap_pct / 100).quantize(CENT, ROUND_FLOOR)
    return max(Decimal(0), cap - Decimal(paid))
