"""Invariants: plain SQL over the facts, independent of the code that wrote them.

Each query finds offending rows; none found means that the invariant holds. Run nightly, after
every fault, and after a restore.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from finance_hub.kernel import audit
from loans.queries.pledges import LIST_DIFFERS

#: name → query of offenders (first column names one).
QUERIES: dict[str, str] = {
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
    "no money is NaN": """
        SELECT 'loans_loanevent' FROM loans_loanevent WHERE amount = 'NaN' OR effect = 'NaN'
        UNION ALL SELECT 'loans_loanposition' FROM loans_loanposition WHERE balance = 'NaN'
        UNION ALL SELECT 'funds_fundevent' FROM funds_fundevent WHERE amount = 'NaN'
        UNION ALL SELECT 'funds_holdingevent' FROM funds_holdingevent WHERE cash = 'NaN' OR cost = 'NaN'
        UNION ALL SELECT 'funds_valuation' FROM funds_valuation WHERE fair_value = 'NaN'""",
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
    "issue numbers of a year are 1 to n": """
        SELECT year FROM tasks_briefing WHERE issue_no IS NOT NULL GROUP BY year
        HAVING min(issue_no) <> 1 OR max(issue_no) <> count(*)""",
    "no figure is without its snapshot's figures": """
        SELECT s.public_id FROM tasks_snapshot s
         WHERE NOT EXISTS (SELECT 1 FROM tasks_figure f WHERE f.snapshot_id = s.id)""",
    "a fact is recorded no earlier than its batch was declared": """
        SELECT b.public_id FROM loans_loanreportbatch b
          JOIN loans_loanevent e ON e.batch_id = b.id WHERE e.recorded_at < b.declared_at LIMIT 5""",
    "no lease is older than its job may take": """
        SELECT id::text FROM kernel_job
         WHERE state = 'running' AND lease_until < now() - interval '10 minutes'""",
    "no job waits unrung for two minutes": """
        SELECT id::text FROM kernel_job WHERE state = 'queued' AND published_at IS NULL
           AND created_at < now() - interval '2 minutes' AND lease_until < now() - interval '2 minutes'""",
    "a feed is numbered 1 to n, as its head says": """
        SELECT o.code FROM kernel_organisation o
          LEFT JOIN loans_feedhead h ON h.organisation_id = o.id
          LEFT JOIN loans_feedevent e ON e.organisation_id = o.id
         GROUP BY o.code, h.sequence
        HAVING count(e.id) <> coalesce(h.sequence, 0) OR coalesce(max(e.sequence), 0) <> count(e.id)""",
}


@dataclass(frozen=True)
class Finding:
    """One invariant: `offenders` names up to five rows that break it."""

    name: str
    offenders: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.offenders


def check() -> list[Finding]:
    """Every invariant with its offenders; wants full scope."""
    findings = [Finding(name, _offenders(query)) for name, query in QUERIES.items()]
    findings.append(Finding("every published file hashes to its record", _changed_files()))
    broken = audit.verify()
    findings.append(
        Finding("the audit chain holds", (f"seq {broken.seq}: {broken.reason}",) if broken else ())
    )
    return findings


def _offenders(query: str) -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) offenders LIMIT 5")  # noqa: S608 - queries of ours
        return tuple(str(row[0]) for row in cursor.fetchall())


def _changed_files() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_id, file, sha256 FROM tasks_briefing WHERE state IN ('draft', 'published')"
        )
        kept = cursor.fetchall()
    return tuple(name for name, file, sha256 in kept if _digest(settings.FILES_DIR / file) != sha256)[:5]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
