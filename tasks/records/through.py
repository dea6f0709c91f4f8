"""What city funds hold of firms through sub-funds, by shares of what was paid in: split anew, fund by fund, in SQL."""

from __future__ import annotations

from typing import Final

from tasks.records import facts

_TIER: Final = "(SELECT f.tier FROM funds_fund f WHERE f.id = {})"
#: What a fund's holders get of an amount `w.whole` in fen: the parts that are left over of 100 % belong to nobody here.
_SPLIT: Final = """
SELECT q.holder_id, w.fund_id, q.part + CASE WHEN q.place <= w.whole - q.given THEN 1 ELSE 0 END
  FROM (SELECT s.holder_id, div(w.whole * s.paid, s.whole) AS part,
               sum(div(w.whole * s.paid, s.whole)) OVER () AS given,
               row_number() OVER (ORDER BY mod(w.whole * s.paid, s.whole) DESC, s.holder_id NULLS LAST) AS place
          FROM stakes s WHERE s.fund_id = w.fund_id AND s.paid > 0) q
 WHERE q.holder_id IS NOT NULL"""

#: Common table expressions, the last of which is `paths`: yuan at cost and at fair value by holder, fund and firm.
#: `passed` walks upwards: at each step the funds of that height are split, all others wait.
PATHS: Final = f"""
stakes AS MATERIALIZED (
  SELECT p.fund_id, p.holder_id, p.paid, sum(p.paid) OVER (PARTITION BY p.fund_id) AS whole
    FROM (SELECT x.fund_id, x.holder_id, sum(x.amount) * 100 AS paid FROM {facts.LEDGER} x
           WHERE x.kind = 'contribution' AND x.tier = 'sub' GROUP BY 1, 2) p),
above (fund_id, height) AS (
  SELECT f.id, 0 FROM funds_fund f WHERE f.tier = 'sub'
  UNION SELECT s.holder_id, a.height + 1 FROM above a JOIN stakes s ON s.fund_id = a.fund_id AND s.paid > 0
         WHERE {_TIER.format("s.holder_id")} = 'sub'),
heights AS MATERIALIZED (SELECT fund_id, max(height) AS height FROM above GROUP BY 1),
passed (step, fund_id, via_id, measure, firm_id, fen) AS (
  SELECT 0, x.fund_id, NULL::bigint, m.measure, x.firm_id, sum(m.amount) * 100
    FROM {facts.HELD} x CROSS JOIN LATERAL (VALUES ('cost', x.remaining), ('worth', x.worth)) m (measure, amount)
   WHERE x.tier = 'sub' AND x.firm_id IS NOT NULL AND m.amount > 0 GROUP BY 2, 4, 5
  UNION ALL
  SELECT w.step + 1, t.fund_id, t.via_id, w.measure, w.firm_id, t.fen
    FROM (SELECT p.step, p.fund_id, p.measure, p.firm_id, h.height, sum(p.fen) OVER one AS whole,
                 row_number() OVER one AS place
            FROM passed p JOIN heights h ON h.fund_id = p.fund_id
          WINDOW one AS (PARTITION BY p.fund_id, p.measure, p.firm_id ROWS BETWEEN UNBOUNDED PRECEDING
                         AND UNBOUNDED FOLLOWING)) w
    CROSS JOIN LATERAL (
      SELECT w.fund_id, NULL::bigint, w.whole WHERE w.height > w.step
      UNION ALL ({_SPLIT} AND w.height = w.step)) t (fund_id, via_id, fen)
   WHERE w.place = 1 AND t.fen > 0),
paths AS (
  SELECT p.fund_id AS holder_id, p.via_id, p.firm_id,
         coalesce(sum(p.fen) FILTER (WHERE p.measure = 'cost'), 0) / 100 AS cost,
         coalesce(sum(p.fen) FILTER (WHERE p.measure = 'worth'), 0) / 100 AS worth
    FROM passed p WHERE p.via_id IS NOT NULL AND {_TIER.format("p.fund_id")} <> 'sub' GROUP BY 1, 2, 3)"""
