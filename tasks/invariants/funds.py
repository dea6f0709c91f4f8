"""What holds of funds, their ledgers and their holdings."""

from __future__ import annotations

from typing import Final

#: name → query of offenders (first column names one).
QUERIES: Final[dict[str, str]] = {
    "paid-in <= called <= committed": """
        SELECT investor_id FROM (
          SELECT investor_id,
            coalesce(sum(s.amount) FILTER (WHERE kind = 'commitment'), 0) AS committed,
            coalesce(sum(s.amount) FILTER (WHERE kind = 'call'), 0) AS called,
            coalesce(sum(s.amount) FILTER (WHERE kind = 'contribution'), 0) AS paid_in
          FROM (SELECT investor_id, kind, CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END AS amount
                  FROM funds_fundevent WHERE investor_id IS NOT NULL) s
          GROUP BY investor_id) t WHERE paid_in > called OR called > committed""",
    "no fund has spent more cash than it has": """
        SELECT f.code FROM funds_fund f
         WHERE coalesce((SELECT sum((CASE WHEN kind = 'contribution' THEN amount
                    WHEN kind IN ('distribution', 'carry', 'fee', 'expense') THEN -amount ELSE 0 END)
                    * (CASE WHEN reverses_id IS NULL THEN 1 ELSE -1 END))
                  FROM funds_fundevent WHERE fund_id = f.id), 0)
             + coalesce((SELECT sum((CASE WHEN kind = 'investment' THEN -cash ELSE cash END)
                    * (CASE WHEN e.reverses_id IS NULL THEN 1 ELSE -1 END))
                  FROM funds_holdingevent e JOIN funds_holding h ON h.id = e.holding_id
                 WHERE h.fund_id = f.id), 0) < 0""",
    "no holding has lost more cost than it had": """
        SELECT holding_id FROM funds_holdingevent GROUP BY holding_id
        HAVING sum((CASE WHEN kind = 'investment' THEN cost ELSE -cost END)
                   * (CASE WHEN reverses_id IS NULL THEN 1 ELSE -1 END)) < 0""",
    "no holding has fewer than no shares on any day": """
        SELECT holding_id FROM (
          SELECT holding_id, sum(sum(CASE WHEN (kind = 'released') = (reverses_id IS NULL) THEN -shares ELSE shares END))
                 OVER (PARTITION BY holding_id ORDER BY effective_date) AS held
            FROM funds_units GROUP BY holding_id, effective_date) days WHERE held < 0""",
    "a deal that was taken back moved no shares": """
        SELECT u.public_id FROM funds_units u JOIN funds_holdingevent e ON e.reverses_id = u.event_id
         WHERE u.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM funds_units b WHERE b.reverses_id = u.id)""",
}
