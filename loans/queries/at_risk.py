"""What the joint loss reads of loans and guarantees: classes and pledges by firm, cover, and who shares a loss.

The conventions are those of `loans.queries.frames`: `as_of` exclusive, `known_at` inclusive, whole fen, fixed order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from loans.queries.in_force import POSITIONS, rows, whole_rows


class TierRow(NamedTuple):
    """A class that loans of a firm stand in at the end of the month."""

    firm_id: int
    five_tier: str
    balance: int


class TroubledRow(NamedTuple):
    """What a firm owes at a bank on loans that are overdue, or stand in a non-performing class, at the month's end."""

    bank_id: int
    product: str
    firm_id: int
    overdue: int
    bad: int


class PledgedRow(NamedTuple):
    """The part of a firm's balance at a bank that a kind of intellectual property secures."""

    bank_id: int
    firm_id: int
    type: str
    balance: int


class GuaranteedRow(NamedTuple):
    """Live guarantees and claims of a firm at a bank under one set of terms, or with shares of their own.

    `terms_id` is None for the latter; `shares` are then percent of bank, government and guarantor. `outstanding`
    is on reported contracts, `elsewhere` on others; `claim` is compensated, and neither recovered nor written off.
    """

    firm_id: int
    bank_id: int
    terms_id: int | None
    shares: tuple[str, str, str]
    outstanding: int
    elsewhere: int
    claim: int


class SharedRow(NamedTuple):
    """How a loss under one version of an agreement is shared: parts in hundredths of a percent, in their order.

    `room` is what the public parties can still pay under the agreement's cap in the calendar year, None where
    nothing caps it; `pool_id` whose money the part "pool" is; `keeper` bears what the caps leave over.
    """

    terms_id: int
    agreement: str
    name: str
    keeper: str
    pool_id: int | None
    room: int | None
    parts: tuple[tuple[str, int], ...]


_TIERS = f"""
SELECT d.firm_id, p.five_tier, sum(p.balance) * 100
  FROM loans_loanposition p JOIN loans_drawdown d ON d.id = p.drawdown_id
 WHERE p.month = %(month)s AND p.balance > 0 AND {POSITIONS}
 GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - constants of ours


_TROUBLED = f"""
SELECT p.bank_id, d.product_id, d.firm_id, coalesce(sum(p.balance) FILTER (WHERE p.overdue_days > 0), 0) * 100,
       coalesce(sum(p.balance) FILTER (WHERE p.five_tier IN ('substandard', 'doubtful', 'loss')), 0) * 100
  FROM loans_loanposition p JOIN loans_drawdown d ON d.id = p.drawdown_id
 WHERE p.month = %(month)s AND p.balance > 0 AND {POSITIONS}
   AND (p.overdue_days > 0 OR p.five_tier IN ('substandard', 'doubtful', 'loss'))
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608 - constants of ours


def _pledged(only: str = "TRUE") -> str:
    return f"""
SELECT d.bank_id, d.firm_id, g.type, sum(round(p.balance * g.share)) FROM (
    SELECT drawdown_id, type, sum(share_pct) AS share FROM loans_pledge GROUP BY 1, 2) g
  JOIN loans_drawdown d ON d.id = g.drawdown_id
  JOIN loans_loanposition p ON p.drawdown_id = d.id AND p.bank_id = d.bank_id
 WHERE p.month = %(month)s AND p.balance > 0 AND {only} AND {POSITIONS}
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608 - constants of ours


_PLEDGED, _PLEDGED_BY_FIRMS = (
    _pledged(),
    _pledged("d.contract_id IN (SELECT id FROM loans_contract WHERE firm_id = ANY(%(firms)s))"),
)
_COVERS = """
WITH happened AS (
  SELECT guarantee_id,
         coalesce(sum(signed) FILTER (WHERE kind IN ('release', 'compensation')), 0) AS ended,
         coalesce(sum(CASE WHEN kind IN ('compensation', 'interest') THEN signed
                           WHEN kind IN ('recovery', 'write_off') THEN -signed END), 0) AS claim
    FROM (SELECT guarantee_id, kind, CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END AS signed
            FROM loans_guaranteeevent WHERE effective_date < %(as_of)s AND recorded_at <= %(known_at)s) e
   GROUP BY 1),
standing AS (
  SELECT g.firm_id, g.bank_id, g.terms_id,
         CASE WHEN g.terms_id IS NULL
              THEN ARRAY[g.bank_share_pct, g.government_share_pct, g.guarantor_share_pct] END AS shares,
         g.principal - coalesce(h.ended, 0) AS outstanding, greatest(0, coalesce(h.claim, 0)) AS claim,
         EXISTS (SELECT FROM loans_contract k WHERE k.bank_id = g.bank_id AND k.contract_no = g.contract_no
                    AND k.recorded_at <= %(known_at)s) AS reported
    FROM loans_guarantee g LEFT JOIN happened h ON h.guarantee_id = g.id
   WHERE g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s)
SELECT firm_id, bank_id, terms_id, shares, coalesce(sum(outstanding) FILTER (WHERE reported), 0) * 100,
       coalesce(sum(outstanding) FILTER (WHERE NOT reported), 0) * 100, sum(claim) * 100
  FROM standing WHERE outstanding > 0 OR claim > 0 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
#: The cap is that of the agreement's terms: of what began (or was released) in the year, less what public parties paid.
_SHARED = """
WITH live AS (
  SELECT DISTINCT terms_id AS id FROM loans_guarantee
   WHERE terms_id IS NOT NULL AND start_date < %(as_of)s AND recorded_at <= %(known_at)s),
year AS (SELECT date_trunc('year', %(as_of)s::date - 1)::date AS first),
began AS (
  SELECT t.agreement_id, sum(g.principal) AS amount FROM loans_guarantee g JOIN loans_agreementterms t ON t.id = g.terms_id
   WHERE g.start_date >= (SELECT first FROM year) AND g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s
   GROUP BY 1),
released AS (
  SELECT t.agreement_id, sum(CASE WHEN e.reverses_id IS NULL THEN e.amount ELSE -e.amount END) AS amount
    FROM loans_guaranteeevent e JOIN loans_guarantee g ON g.id = e.guarantee_id
    JOIN loans_agreementterms t ON t.id = g.terms_id
   WHERE e.kind IN ('release', 'compensation') AND e.effective_date >= (SELECT first FROM year)
     AND e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s GROUP BY 1),
paid AS (
  SELECT t.agreement_id, sum((s.principal + s.interest) * CASE WHEN c.reverses_id IS NULL THEN 1 ELSE -1 END) AS amount
    FROM loans_claimshare s JOIN loans_claim c ON c.id = s.claim_id JOIN loans_guarantee g ON g.id = c.guarantee_id
    JOIN loans_agreementterms t ON t.id = g.terms_id
   WHERE s.party IN ('government', 're_guarantor', 'national_fund', 'pool')
     AND c.effective_date >= (SELECT first FROM year) AND c.effective_date < %(as_of)s AND c.recorded_at <= %(known_at)s
   GROUP BY 1)
SELECT t.id, a.code, a.name, t.keeper, t.pool_id,
       CASE WHEN t.compensation_cap_pct IS NOT NULL THEN greatest(0, floor(t.compensation_cap_pct * coalesce(
              CASE t.compensation_cap_base WHEN 'released' THEN released.amount ELSE began.amount END, 0))
            - coalesce(paid.amount, 0) * 100) END,
       (SELECT array_agg(s.party || ':' || (s.share_pct * 100)::int ORDER BY s.position)
          FROM loans_agreementshare s WHERE s.terms_id = t.id)
  FROM live JOIN loans_agreementterms t ON t.id = live.id JOIN loans_agreement a ON a.id = t.agreement_id
  LEFT JOIN began ON began.agreement_id = a.id LEFT JOIN released ON released.agreement_id = a.id
  LEFT JOIN paid ON paid.agreement_id = a.id
 ORDER BY t.id
"""


def tier_frame(month: date, known_at: datetime) -> list[TierRow]:
    """By firm and class, from the positions at the end of the month that begins on `month`."""
    return [TierRow(*row) for row in whole_rows(_TIERS, month=month, known_at=known_at)]


def troubled_frame(month: date, known_at: datetime) -> list[TroubledRow]:
    """By bank, product and firm, from the positions at the end of the month that begins on `month`."""
    return [TroubledRow(*row) for row in whole_rows(_TROUBLED, month=month, known_at=known_at)]


def pledged_frame(month: date, known_at: datetime, *, firms: Sequence[int] | None = None) -> list[PledgedRow]:
    """By bank, firm and kind; each part is rounded to the fen. Of some firms where given."""
    facts: dict[str, Any] = {"month": month, "known_at": known_at}
    found = (
        whole_rows(_PLEDGED, **facts)
        if firms is None
        else whole_rows(_PLEDGED_BY_FIRMS, **facts, firms=list(firms))
    )
    return [PledgedRow(*row) for row in found]


def guaranteed_frame(as_of: date, known_at: datetime) -> list[GuaranteedRow]:
    found = []
    for firm, bank, terms, shares, *amounts in rows(_COVERS, as_of=as_of, known_at=known_at):
        outstanding, elsewhere, claim = (int(amount) for amount in amounts)
        own = tuple(str(share) for share in shares or (Decimal(0),) * 3)
        found.append(
            GuaranteedRow(firm, bank, terms, (own[0], own[1], own[2]), outstanding, elsewhere, claim)
        )
    return found


def shared_frame(as_of: date, known_at: datetime) -> list[SharedRow]:
    """Every version of terms that a guarantee was made under."""
    return [
        SharedRow(terms, code, name, keeper, pool, None if room is None else int(room), _parts(parts or []))
        for terms, code, name, keeper, pool, room, parts in rows(_SHARED, as_of=as_of, known_at=known_at)
    ]


def _parts(told: list[str]) -> tuple[tuple[str, int], ...]:
    pairs = (part.split(":") for part in told)
    return tuple((party, int(share)) for party, share in pairs)
