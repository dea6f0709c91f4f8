"""What holds of loans and of the reports they come from."""

from __future__ import annotations

from typing import Final

from loans.queries.pledges import LIST_DIFFERS

#: name → query of offenders (first column names one).
QUERIES: Final[dict[str, str]] = {
    "the list of live pledges is that of the facts": LIST_DIFFERS,
    "no balance is negative": """
        SELECT e.drawdown_id FROM loans_loanevent e
         WHERE NOT EXISTS (SELECT 1 FROM loans_loanevent n WHERE n.bank_id = e.bank_id
                 AND n.external_event_id = e.external_event_id AND n.revision > e.revision)
         GROUP BY e.drawdown_id HAVING sum(e.effect) < 0""",
    "an applied batch has as many facts as accepted rows": """
        SELECT b.public_id FROM loans_loanreportbatch b
          LEFT JOIN LATERAL (SELECT count(*) AS facts FROM (
                 SELECT 1 FROM loans_loanevent e WHERE e.batch_id = b.id
                 UNION ALL SELECT 1 FROM loans_loanposition p WHERE p.batch_id = b.id) f) held ON true
         WHERE b.state = 'applied' AND held.facts <> (b.result ->> 'accepted')::bigint""",
    "a batch that was not applied has no facts": """
        SELECT b.public_id FROM loans_loanreportbatch b
         WHERE b.state <> 'applied' AND (EXISTS (SELECT 1 FROM loans_loanevent e WHERE e.batch_id = b.id)
            OR EXISTS (SELECT 1 FROM loans_loanposition p WHERE p.batch_id = b.id))""",
    "every row of a batch is accounted for": """
        SELECT b.public_id FROM loans_loanreportbatch b WHERE b.state = 'applied'
           AND (b.result ->> 'accepted')::bigint + (b.result ->> 'unchanged')::bigint
             + (b.result ->> 'rejected')::bigint <> (
                 SELECT sum((p.computed_totals ->> 'rows')::bigint) FROM loans_loanreportbatch p
                  WHERE p.id = b.id OR p.first_part_id = b.id)""",
    "no more is recovered than was written off": """
        SELECT e.drawdown_id FROM loans_loanevent e
          LEFT JOIN loans_loanevent t ON e.record_type = 'reversal' AND t.bank_id = e.bank_id
               AND t.external_event_id = e.reverses AND t.revision = (
                   SELECT max(revision) FROM loans_loanevent
                    WHERE bank_id = t.bank_id AND external_event_id = t.external_event_id)
         WHERE coalesce(t.record_type, e.record_type) IN ('write_off', 'recovery')
           AND NOT EXISTS (SELECT 1 FROM loans_loanevent n WHERE n.bank_id = e.bank_id
                 AND n.external_event_id = e.external_event_id AND n.revision > e.revision)
         GROUP BY e.drawdown_id
        HAVING sum(CASE coalesce(t.record_type, e.record_type) WHEN 'write_off' THEN e.amount ELSE -e.amount END
                   * CASE WHEN e.record_type = 'reversal' THEN -1 ELSE 1 END) < 0""",
    "a fact is recorded no earlier than its batch was declared": """
        SELECT b.public_id FROM loans_loanreportbatch b
          JOIN loans_loanevent e ON e.batch_id = b.id WHERE e.recorded_at < b.declared_at LIMIT 5""",
}
