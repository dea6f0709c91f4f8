"""Who would bear what of each loan that is guaranteed or insured, and what was compensated and not recovered.

One row a guarantee: what it still covers beside the balance of its loan, the shares it was made under, and what its
parties paid and did not get back. Whole fen; `as_of` is exclusive, `known_at` inclusive. Wants full scope.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from loans.queries.agreements import PUBLIC
from loans.queries.in_force import EVENTS, whole_rows

#: Who pays with public money: the public parties of agreements, and the city's guarantors. Insurers and banks do not.
BEARERS = PUBLIC | {"guarantor"}


class CoverRow(NamedTuple):
    """`balance` is that of the guaranteed contract, None where its bank has not reported it. `parties` are (party,
    hundredths of a percent) in the order of the agreement.

    `paid_public` and `paid_otherwise` are compensated and not recovered, by who paid; `written_off` of both.
    """

    guarantee_id: int
    firm_id: int
    guarantor_id: int
    is_insurance: bool
    bank_id: int
    contract_no: str
    outstanding: int
    balance: int | None
    parties: tuple[tuple[str, int], ...]
    keeper: str
    terms_id: int | None
    agreement_id: int | None
    pool_id: int | None
    paid_public: int
    paid_otherwise: int
    written_off: int


class RoomRow(NamedTuple):
    """What the public parties can still pay under a version of terms in the calendar year of the day before `as_of`."""

    terms_id: int
    agreement_id: int
    room: int


#: Netted over reversals: `x` is a claim or a recovery.
_KNOWN = "x.guarantee_id = g.id AND x.effective_date < %(as_of)s AND x.recorded_at <= %(known_at)s"
_SIGN = "CASE WHEN x.reverses_id IS NULL THEN 1 ELSE -1 END"


def _covers(only: str = "TRUE") -> str:
    return f"""
SELECT g.id, g.firm_id, g.guarantor_id, g.instrument = 'credit_insurance', g.bank_id, g.contract_no,
       (g.principal - coalesce(happened.ended, 0)) * 100, loan.balance * 100,
       coalesce(
         (SELECT json_agg(json_build_array(s.party, (s.share_pct * 100)::int) ORDER BY s.position)
            FROM loans_agreementshare s WHERE s.terms_id = g.terms_id),
         json_build_array(
           json_build_array('bank', (g.bank_share_pct * 100)::int),
           json_build_array('government', (g.government_share_pct * 100)::int),
           json_build_array(CASE g.instrument WHEN 'credit_insurance' THEN 'insurer' ELSE 'guarantor' END,
                            (g.guarantor_share_pct * 100)::int)))::text,
       coalesce(t.keeper, 'bank'), t.id, t.agreement_id, t.pool_id,
       (coalesce(paid.public, 0) - coalesce(back.public, 0)) * 100,
       (coalesce(paid.otherwise, 0) - coalesce(back.otherwise, 0)) * 100,
       coalesce(happened.written_off, 0) * 100
  FROM loans_guarantee g
  LEFT JOIN loans_agreementterms t ON t.id = g.terms_id
  LEFT JOIN LATERAL (
    SELECT sum({_SIGN} * x.amount) FILTER (WHERE x.kind IN ('release', 'compensation')) AS ended,
           sum({_SIGN} * x.amount) FILTER (WHERE x.kind = 'write_off') AS written_off
      FROM loans_guaranteeevent x WHERE {_KNOWN}) happened ON TRUE
  LEFT JOIN LATERAL (
    SELECT sum({_SIGN} * (s.principal + s.interest)) FILTER (WHERE s.party = ANY(%(bearers)s)) AS public,
           sum({_SIGN} * (s.principal + s.interest)) FILTER (WHERE s.party IN ('insurer', 'other')) AS otherwise
      FROM loans_claim x JOIN loans_claimshare s ON s.claim_id = x.id WHERE {_KNOWN}) paid ON TRUE
  LEFT JOIN LATERAL (
    SELECT sum({_SIGN} * s.amount) FILTER (WHERE s.party = ANY(%(bearers)s)) AS public,
           sum({_SIGN} * s.amount) FILTER (WHERE s.party IN ('insurer', 'other')) AS otherwise
      FROM loans_recovery x JOIN loans_recoveryshare s ON s.recovery_id = x.id WHERE {_KNOWN}) back ON TRUE
  LEFT JOIN loans_contract k
    ON k.bank_id = g.bank_id AND k.contract_no = g.contract_no AND k.recorded_at <= %(known_at)s
  LEFT JOIN LATERAL (
    SELECT coalesce(sum(e.effect), 0) AS balance
      FROM loans_drawdown d JOIN loans_loanevent e ON e.drawdown_id = d.id
     WHERE d.contract_id = k.id AND e.value_date < %(as_of)s AND {EVENTS}) loan ON k.id IS NOT NULL
 WHERE g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s AND {only}
   AND (g.principal > coalesce(happened.ended, 0)
        OR coalesce(paid.public, 0) + coalesce(paid.otherwise, 0)
           <> coalesce(back.public, 0) + coalesce(back.otherwise, 0))
 ORDER BY g.id
"""  # noqa: S608 - constants of ours


_COVERS, _COVERS_OF_FIRMS = _covers(), _covers("g.firm_id = ANY(%(firms)s)")

#: Percent x yuan is fen.
_ROOMS = """
SELECT t.id, t.agreement_id, greatest(0, floor(base.amount * t.compensation_cap_pct) - paid.amount * 100)
  FROM loans_agreementterms t
  JOIN LATERAL (
    SELECT coalesce(CASE t.compensation_cap_base
      WHEN 'guaranteed' THEN (
        SELECT sum(g.principal) FROM loans_guarantee g JOIN loans_agreementterms o ON o.id = g.terms_id
         WHERE o.agreement_id = t.agreement_id AND g.start_date >= %(year)s AND g.start_date < %(as_of)s
           AND g.recorded_at <= %(known_at)s)
      ELSE (
        SELECT sum(CASE WHEN e.reverses_id IS NULL THEN e.amount ELSE -e.amount END)
          FROM loans_guaranteeevent e JOIN loans_guarantee g ON g.id = e.guarantee_id
          JOIN loans_agreementterms o ON o.id = g.terms_id
         WHERE o.agreement_id = t.agreement_id AND e.kind IN ('release', 'compensation')
           AND e.effective_date >= %(year)s AND e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s)
      END, 0) AS amount) base ON TRUE
  JOIN LATERAL (
    SELECT coalesce(sum(CASE WHEN c.reverses_id IS NULL THEN 1 ELSE -1 END * (s.principal + s.interest)), 0) AS amount
      FROM loans_guarantee g JOIN loans_agreementterms o ON o.id = g.terms_id
      JOIN loans_claim c ON c.guarantee_id = g.id JOIN loans_claimshare s ON s.claim_id = c.id
      LEFT JOIN loans_claim first ON first.id = c.reverses_id
     WHERE o.agreement_id = t.agreement_id AND s.party = ANY(%(public)s)
       AND coalesce(first.effective_date, c.effective_date) >= %(year)s AND c.effective_date < %(as_of)s
       AND c.recorded_at <= %(known_at)s) paid ON TRUE
 WHERE t.id = ANY(%(terms)s) AND t.compensation_cap_pct IS NOT NULL
 ORDER BY t.id
"""
_HELD = """
SELECT pool_id,
       sum(CASE WHEN (kind IN ('contribution', 'return')) = (reverses_id IS NULL) THEN amount ELSE -amount END) * 100
  FROM loans_poolevent
 WHERE pool_id = ANY(%(pools)s) AND effective_date < %(as_of)s AND recorded_at <= %(known_at)s GROUP BY 1
"""


def cover_frame(as_of: date, known_at: datetime, *, firms: Sequence[int] | None = None) -> list[CoverRow]:
    """Every guarantee that covers something or has something to recover, by id; of some firms where given."""
    facts: dict[str, Any] = {"as_of": as_of, "known_at": known_at, "bearers": sorted(BEARERS)}
    found = (
        whole_rows(_COVERS, **facts)
        if firms is None
        else whole_rows(_COVERS_OF_FIRMS, **facts, firms=list(firms))
    )
    return [CoverRow(*(*row[:8], _parties(row[8]), *row[9:])) for row in found]


@lru_cache(maxsize=1024)  # thousands of guarantees stand under a few agreements
def _parties(said: str) -> tuple[tuple[str, int], ...]:
    return tuple((party, share) for party, share in json.loads(said))


def room_frame(as_of: date, known_at: datetime, *, covers: Iterable[CoverRow]) -> list[RoomRow]:
    """The room under the compensation cap of each version of terms that the covers were made under and that has one.

    As `room_under_cap` has it for the day before `as_of`, with what was known then: the base and what was paid are
    those of the calendar year up to that day; a claim that was taken back gives its room back to its year.
    """
    terms = sorted({row.terms_id for row in covers if row.terms_id is not None})
    if not terms:
        return []
    year = date.fromordinal(as_of.toordinal() - 1).replace(month=1, day=1)
    facts: dict[str, Any] = {"as_of": as_of, "known_at": known_at, "year": year, "terms": terms}
    return [RoomRow(*row) for row in whole_rows(_ROOMS, **facts, public=sorted(PUBLIC))]


def held_by_pools(as_of: date, known_at: datetime, *, covers: Iterable[CoverRow]) -> dict[int, int]:
    """{pool id: what it holds} of the pools behind the covers; one without any entry is left out."""
    pools = sorted({row.pool_id for row in covers if row.pool_id is not None})
    if not pools:
        return {}
    return dict(whole_rows(_HELD, as_of=as_of, known_at=known_at, pools=pools))
