"""Who would bear what of covered loans, in SQL of its own: shares, the room under caps, and what pools hold."""

from __future__ import annotations

from typing import Final

from tasks.records import facts
from tasks.records.guarantees import POOL_EVENTS

#: Parties whose payments a cap limits, and with the guarantors all that pay with public money.
_CAPPED: Final = "('government', 're_guarantor', 'national_fund', 'pool')"
_PUBLIC: Final = "('government', 're_guarantor', 'national_fund', 'pool', 'guarantor')"
_SIGN: Final = "CASE WHEN e.reverses_id IS NULL THEN 1 ELSE -1 END"
_KNOWN: Final = "e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s"

#: Of each guarantee what public parties and others paid and did not get back, and what was written off of it, in fen.
_PAID: Final = f"""
(SELECT g.id, sum(x.public) * 100 AS public, sum(x.others) * 100 AS others,
        greatest(0, least(sum(x.gone), sum(x.public) + sum(x.others))) * 100 AS gone
   FROM loans_guarantee g JOIN (
     SELECT e.guarantee_id, {_SIGN} * (s.principal + s.interest) * (s.party IN {_PUBLIC})::int AS public,
            {_SIGN} * (s.principal + s.interest) * (s.party IN ('insurer', 'other'))::int AS others, 0 AS gone
       FROM loans_claim e JOIN loans_claimshare s ON s.claim_id = e.id WHERE {_KNOWN}
     UNION ALL
     SELECT e.guarantee_id, -{_SIGN} * s.amount * (s.party IN {_PUBLIC})::int,
            -{_SIGN} * s.amount * (s.party IN ('insurer', 'other'))::int, 0
       FROM loans_recovery e JOIN loans_recoveryshare s ON s.recovery_id = e.id WHERE {_KNOWN}
     UNION ALL
     SELECT e.guarantee_id, 0, 0, {_SIGN} * e.amount FROM loans_guaranteeevent e
      WHERE e.kind = 'write_off' AND {_KNOWN}) x ON x.guarantee_id = g.id
  WHERE g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s GROUP BY 1)"""
#: What is left of it; half a fen of what is written off is taken from the others.
UNRECOVERED: Final = f"""
(SELECT w.id, (w.public + w.others - w.gone) / 100 AS whole,
        (w.public - w.gone + CASE WHEN w.gone > 0
                                  THEN div(2 * w.gone * w.others + w.public + w.others, 2 * (w.public + w.others))
                             ELSE 0 END) / 100 AS public
   FROM {_PAID} w)"""

#: What is lost of each kind of claim, by the set of assumptions in force, and what IP secures of the loans of a bank to a
#: firm; no rows without a set.
ASSUMED: Final = f"""
lgds AS MATERIALIZED (
  SELECT p.key, p.value FROM tasks_riskparameter p
   WHERE p.kind = 'lgd' AND p.assumptions_id = (
     SELECT a.id FROM tasks_riskassumptions a WHERE a.valid_from < %(as_of)s AND a.recorded_at <= %(known_at)s
      ORDER BY a.valid_from DESC, a.id DESC LIMIT 1)),
secured AS (
  SELECT p.bank_id, p.firm_id, sum(p.part) AS part, sum(p.part * l.value) AS gone
    FROM (SELECT x.bank_id, x.firm_id, g.type, sum(round(x.balance * g.share)) AS part
            FROM {facts.positions()} x JOIN (SELECT drawdown_id, type, sum(share_pct) AS share FROM loans_pledge
                                               GROUP BY 1, 2) g ON g.drawdown_id = x.drawdown_id
           WHERE x.balance > 0 GROUP BY 1, 2, 3) p JOIN lgds l ON l.key = p.type GROUP BY 1, 2)"""
#: For figures that ask for no losses.
NOTHING_ASSUMED: Final = """
lgds AS (SELECT '' AS key, 0::numeric AS value WHERE false),
secured AS (SELECT 0::bigint AS bank_id, 0::bigint AS firm_id, 0::numeric AS part, 0::numeric AS gone WHERE false)"""


def lgd(key: str) -> str:
    return f"(SELECT value FROM lgds WHERE key = '{key}')"


_CLAIMED: Final = f"""
SELECT t.agreement_id, sum({_SIGN} * (s.principal + s.interest)) AS paid
  FROM loans_claim e JOIN loans_claimshare s ON s.claim_id = e.id JOIN loans_guarantee g ON g.id = e.guarantee_id
  JOIN loans_agreementterms t ON t.id = g.terms_id LEFT JOIN loans_claim first ON first.id = e.reverses_id
 WHERE {_KNOWN} AND s.party IN {_CAPPED} AND coalesce(first.effective_date, e.effective_date) >= %(year)s
 GROUP BY 1"""
_BEGUN: Final = f"""
SELECT t.agreement_id, sum(x.principal) AS amount
  FROM {facts.GUARANTEED} x JOIN loans_agreementterms t ON t.id = x.terms_id WHERE x.day >= %(year)s GROUP BY 1"""
_ENDED: Final = f"""
SELECT t.agreement_id, sum(x.amount) AS amount
  FROM {facts.HAPPENED} x JOIN loans_guarantee g ON g.id = x.guarantee_id
  JOIN loans_agreementterms t ON t.id = g.terms_id
 WHERE x.kind IN ('release', 'compensation') AND x.day >= %(year)s GROUP BY 1"""

#: What is known of each guarantee that covers something, in fen; of a reported loan the balance is not null.
_COVERS: Final = f"""
rooms AS (
  SELECT t.id AS terms_id,
         greatest(0, floor(coalesce(CASE t.compensation_cap_base WHEN 'guaranteed' THEN b.amount ELSE n.amount END, 0)
                           * t.compensation_cap_pct) - coalesce(c.paid, 0) * 100) AS room
    FROM loans_agreementterms t LEFT JOIN ({_BEGUN}) b ON b.agreement_id = t.agreement_id
    LEFT JOIN ({_ENDED}) n ON n.agreement_id = t.agreement_id
    LEFT JOIN ({_CLAIMED}) c ON c.agreement_id = t.agreement_id
   WHERE t.compensation_cap_pct IS NOT NULL),
pools AS (
  SELECT p.id, sum(x.amount) * 100 AS held FROM {POOL_EVENTS} x JOIN loans_pool p ON p.code = x.code GROUP BY 1),
contracts AS (
  SELECT d.contract_id, sum(x.effect) * 100 AS owed FROM effects x JOIN loans_drawdown d ON d.id = x.drawdown_id
   GROUP BY 1),
lent AS (SELECT x.bank_id, x.firm_id, sum(x.effect) * 100 AS owed FROM effects x GROUP BY 1, 2),
covers AS MATERIALIZED (
  SELECT x.id, x.ref, x.about, x.who, x.day, x.recorded_at, x.firm_id, x.bank_id, x.contract_no,
         x.reported, g.instrument = 'credit_insurance' AS is_policy, x.outstanding * 100 AS outstanding,
         CASE WHEN x.reported THEN greatest(0, coalesce(c.owed, 0)) END AS balance, t.agreement_id, t.pool_id, r.room,
         coalesce(p.held, 0) AS held, s.parties, s.weights, s.weight,
         CASE WHEN coalesce(t.keeper, 'bank') = ANY (s.parties) THEN coalesce(t.keeper, 'bank')
              ELSE s.parties[1] END AS keeper,
         coalesce(e.gone, 0) AS gone, coalesce(e.part, 0) AS part,
         greatest(coalesce(w.owed, 0), coalesce(e.part, 0)) AS owed
    FROM {facts.GUARANTEED} x JOIN loans_guarantee g ON g.id = x.id
    LEFT JOIN loans_agreementterms t ON t.id = x.terms_id
    LEFT JOIN rooms r ON r.terms_id = t.id LEFT JOIN pools p ON p.id = t.pool_id
    LEFT JOIN loans_contract k ON k.bank_id = x.bank_id AND k.contract_no = x.contract_no
    LEFT JOIN contracts c ON c.contract_id = k.id
    LEFT JOIN secured e ON e.bank_id = x.bank_id AND e.firm_id = x.firm_id
    LEFT JOIN lent w ON w.bank_id = x.bank_id AND w.firm_id = x.firm_id
    CROSS JOIN LATERAL (
      SELECT array_agg(p.party ORDER BY p.at) AS parties, array_agg(p.share * 100 ORDER BY p.at) AS weights,
             sum(p.share * 100) AS weight
        FROM (SELECT s.position AS at, s.party, s.share_pct AS share FROM loans_agreementshare s
               WHERE s.terms_id = x.terms_id
              UNION ALL
              SELECT v.at, v.party, v.share
                FROM (VALUES (1, 'bank', g.bank_share_pct), (2, 'government', g.government_share_pct),
                             (3, CASE g.instrument WHEN 'credit_insurance' THEN 'insurer' ELSE 'guarantor' END,
                              g.guarantor_share_pct)) v (at, party, share)
               WHERE NOT EXISTS (SELECT FROM loans_agreementshare s WHERE s.terms_id = x.terms_id)) p
       WHERE p.share > 0) s
   WHERE x.outstanding > 0)"""

#: What is lost of an amount, in fen, halves up: of a reported loan the mean over what IP secures and the rest.
_LOST: Final = f"""
CASE WHEN t.balance IS NULL THEN floor(t.amount * {lgd("guarantee")} + 0.5)
     WHEN t.owed <= 0 THEN floor(t.amount * {lgd("loan")} + 0.5)
     ELSE div(2 * t.amount * (t.gone + (t.owed - t.part) * {lgd("loan")}) + t.owed, 2 * t.owed) END"""


def _largest_remainder(amount: str, weight: str, whole: str, *, over: str = "") -> str:
    """Three columns: the part rounded down, all of these together, and the place of its remainder."""
    return f"""
    div({amount} * {weight}, {whole}) AS part, sum(div({amount} * {weight}, {whole})) OVER ({over}) AS given,
    row_number() OVER ({over} ORDER BY mod({amount} * {weight}, {whole}) DESC, at) AS place"""


#: A loss `l.amount` by shares; what passes the room of the year or the pool stays with the keeper.
_BORNE: Final = f"""
SELECT sum(f.part) FILTER (WHERE f.party IN {_PUBLIC})
         + CASE WHEN l.keeper IN {_PUBLIC} THEN l.amount - sum(f.part) ELSE 0 END AS public,
       coalesce(sum(f.part) FILTER (WHERE f.is_capped), 0)
         + CASE WHEN l.keeper IN {_CAPPED} THEN l.amount - sum(f.part) ELSE 0 END AS capped,
       coalesce(sum(f.part) FILTER (WHERE f.party = 'pool'), 0)
         + CASE WHEN l.keeper = 'pool' THEN l.amount - sum(f.part) ELSE 0 END AS pooled
  FROM (
    SELECT c.party, c.is_capped,
           least(CASE WHEN NOT c.is_capped OR l.room IS NULL OR c.theirs <= c.room THEN c.plain
                      ELSE c.part + CASE WHEN c.place <= c.room - c.given THEN 1 ELSE 0 END END,
                 CASE WHEN c.party = 'pool' AND l.pool_id IS NOT NULL
                      THEN greatest(0, l.held - coalesce((b.drawn ->> l.pool_id::text)::numeric, 0)) END) AS part
      FROM (
        SELECT s.*, {_largest_remainder("s.room", "s.plain", "greatest(s.theirs, 1)", over="PARTITION BY s.is_capped")}
          FROM (
            SELECT p.*, sum(p.plain) FILTER (WHERE p.is_capped) OVER () AS theirs,
                   greatest(0, coalesce(l.room, 0) - coalesce((b.used ->> l.agreement_id::text)::numeric, 0)) AS room
              FROM (
                SELECT q.at, q.party, q.party IN {_CAPPED} AS is_capped,
                       q.part + CASE WHEN q.place <= l.amount - q.given THEN 1 ELSE 0 END AS plain
                  FROM (SELECT u.at, u.party, {_largest_remainder("l.amount", "u.share", "l.weight")}
                          FROM unnest(l.parties, l.weights) WITH ORDINALITY u (party, share, at)) q) p) s) c) f"""


def borne(units: str) -> str:
    """Common table expressions, the last of which is `borne`: of each guarantee, by kind and unit of those that fail
    together, what it covers and what public money bears of it, at cost and lost, in fen.

    `units` are rows of a kind and a unit, made of the firm `k` of the registry. The guarantees of a unit follow each
    other by id: what one has used of a balance, a cap, a pool the next has not.
    """
    return f"""{_COVERS},
taken AS (
  SELECT c.*, u.kind, u.unit,
         CASE WHEN c.balance IS NULL THEN c.outstanding
              ELSE least(sum(c.outstanding) OVER so_far, c.balance)
                     - least(sum(c.outstanding) OVER so_far - c.outstanding, c.balance) END AS amount
    FROM covers c JOIN registry k ON k.id = c.firm_id CROSS JOIN LATERAL (VALUES {units}) u (kind, unit)
  WINDOW so_far AS (PARTITION BY u.kind, u.unit, c.bank_id, c.contract_no, c.balance IS NULL ORDER BY c.id)),
live AS MATERIALIZED (
  SELECT t.kind, t.unit, m.measure, t.id, t.agreement_id, t.pool_id, t.room, t.held, t.parties, t.weights, t.weight,
         t.keeper, m.amount, row_number() OVER (PARTITION BY t.kind, t.unit, m.measure ORDER BY t.id) AS place
    FROM taken t CROSS JOIN LATERAL (VALUES ('cost', t.amount), ('loss', {_LOST})) m (measure, amount)
   WHERE t.amount > 0 AND m.amount IS NOT NULL),
walked (kind, unit, measure, place, id, amount, public, used, drawn) AS (
  SELECT DISTINCT l.kind, l.unit, l.measure, 0::bigint, NULL::bigint, 0::numeric, 0::numeric, '{{}}'::jsonb, '{{}}'::jsonb
    FROM live l
  UNION ALL
  SELECT l.kind, l.unit, l.measure, l.place, l.id, l.amount, s.public,
         CASE WHEN l.agreement_id IS NULL THEN b.used ELSE b.used || jsonb_build_object(
           l.agreement_id, coalesce((b.used ->> l.agreement_id::text)::numeric, 0) + s.capped) END,
         CASE WHEN l.pool_id IS NULL THEN b.drawn ELSE b.drawn || jsonb_build_object(
           l.pool_id, coalesce((b.drawn ->> l.pool_id::text)::numeric, 0) + s.pooled) END
    FROM walked b JOIN live l ON l.kind = b.kind AND l.unit = b.unit AND l.measure = b.measure AND l.place = b.place + 1
    CROSS JOIN LATERAL ({_BORNE}) s),
borne AS (
  SELECT w.kind, w.unit, w.id, sum(w.amount) FILTER (WHERE w.measure = 'cost') AS whole,
         sum(w.public) FILTER (WHERE w.measure = 'cost') AS public, sum(w.public) FILTER (WHERE w.measure = 'loss') AS lost
    FROM walked w WHERE w.id IS NOT NULL GROUP BY 1, 2, 3)"""
