"""What holds of money everywhere, of figures, issues, jobs and the feed."""

from __future__ import annotations

from typing import Final

#: name → query of offenders (first column names one).
QUERIES: Final[dict[str, str]] = {
    "no money is NaN": """
        SELECT 'loans_loanevent' FROM loans_loanevent WHERE amount = 'NaN' OR effect = 'NaN'
        UNION ALL SELECT 'loans_loanposition' FROM loans_loanposition WHERE balance = 'NaN'
        UNION ALL SELECT 'funds_fundevent' FROM funds_fundevent WHERE amount = 'NaN'
        UNION ALL SELECT 'funds_holdingevent' FROM funds_holdingevent WHERE cash = 'NaN' OR cost = 'NaN'
        UNION ALL SELECT 'funds_valuation' FROM funds_valuation WHERE fair_value = 'NaN'""",
    "issue numbers of a year are 1 to n": """
        SELECT year FROM tasks_briefing WHERE issue_no IS NOT NULL AND correction = 0 GROUP BY year
        HAVING min(issue_no) <> 1 OR max(issue_no) <> count(*)""",
    "a correction has the numbers of its issue": """
        SELECT c.public_id FROM tasks_briefing c JOIN tasks_briefing i ON i.id = c.corrects_id
         WHERE c.issue_no IS NOT NULL AND (c.month, c.issue_no, c.total_no, c.correction)
               IS DISTINCT FROM (i.month, i.issue_no, i.total_no, (i.correction + 1)::smallint)""",
    "no figure is without its snapshot's figures": """
        SELECT s.public_id FROM tasks_snapshot s
         WHERE NOT EXISTS (SELECT 1 FROM tasks_figure f WHERE f.snapshot_id = s.id)""",
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
