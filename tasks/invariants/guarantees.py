"""What holds of guarantees, claims and pools."""

from __future__ import annotations

from typing import Final

#: name → query of offenders (first column names one).
QUERIES: Final[dict[str, str]] = {
    "no guarantee has ended by more than its principal": """
        SELECT g.public_id FROM loans_guarantee g JOIN loans_guaranteeevent e ON e.guarantee_id = g.id
         WHERE e.kind IN ('release', 'compensation') GROUP BY g.id
        HAVING sum(CASE WHEN e.reverses_id IS NULL THEN e.amount ELSE -e.amount END) > g.principal""",
    "the parts of a claim add up to it": """
        SELECT c.public_id FROM loans_claim c LEFT JOIN loans_claimshare s ON s.claim_id = c.id GROUP BY c.id
        HAVING coalesce(sum(s.principal), 0) <> c.principal OR coalesce(sum(s.interest), 0) <> c.interest""",
    "what a claim's parties pay is what ended the guarantee": """
        SELECT c.public_id FROM loans_claim c
          LEFT JOIN loans_guaranteeevent paid ON paid.id = c.compensation_id
          LEFT JOIN loans_guaranteeevent kept ON kept.id = c.kept_id
         WHERE coalesce(paid.amount, 0) + coalesce(kept.amount, 0) <> c.principal""",
    "nobody recovers more than it bore": """
        SELECT r.claim_id FROM loans_recoveryshare s JOIN loans_recovery r ON r.id = s.recovery_id
          JOIN loans_claimshare b ON b.claim_id = r.claim_id AND b.party = s.party AND b.name = s.name
         GROUP BY r.claim_id, b.id
        HAVING sum(CASE WHEN r.reverses_id IS NULL THEN s.amount ELSE -s.amount END) > b.principal + b.interest""",
    "no pool has paid more than it held on any day": """
        SELECT pool_id FROM (
          SELECT pool_id, sum(sum(CASE WHEN (kind IN ('contribution', 'return')) = (reverses_id IS NULL)
                                       THEN amount ELSE -amount END))
                 OVER (PARTITION BY pool_id ORDER BY effective_date) AS balance
            FROM loans_poolevent GROUP BY pool_id, effective_date) days WHERE balance < 0""",
}
