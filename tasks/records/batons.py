"""What stands behind the baton: the first day of each step of every firm that an angel fund paid into."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.records import facts
from tasks.records.plan import COMMON
from tasks.records.source import Adds, Source, line

Key = tuple[str, str]
_NAMED = "k.uscc AS ref, k.name AS about"
_ANGELS = f"""
(SELECT DISTINCT ON (x.firm_id) x.firm_id, x.id, x.who, x.day, x.recorded_at, {_NAMED}
   FROM {facts.DEALS} x JOIN kernel_firm k ON k.id = x.firm_id
  WHERE x.kind = 'investment' AND x.tier = 'angel' AND x.cost > 0
    AND NOT EXISTS (SELECT FROM funds_holdingevent b WHERE b.reverses_id = x.id
                       AND b.effective_date < %(as_of)s AND b.recorded_at <= %(known_at)s)
  ORDER BY x.firm_id, x.day, x.id)"""
_LENT = f"""
SELECT 'loan' AS step, x.firm_id, x.id, x.who, x.day, x.recorded_at FROM {facts.events(speaking=False)} x
 WHERE x.record_type = 'disbursement' AND NOT EXISTS (
   SELECT FROM loans_loanevent b WHERE b.bank_id = x.bank_id AND b.reverses <> '' AND b.reverses = x.external_event_id
      AND b.recorded_at <= %(known_at)s)"""
_RAISED = """
SELECT 'round', r.firm_id, r.id, o.code, r.effective_date, r.recorded_at
  FROM funds_round r JOIN kernel_organisation o ON o.id = r.organisation_id
 WHERE r.reverses_id IS NULL AND r.effective_date < %(as_of)s AND r.recorded_at <= %(known_at)s
   AND NOT EXISTS (SELECT FROM funds_round b WHERE b.reverses_id = r.id AND b.effective_date < %(as_of)s
                      AND b.recorded_at <= %(known_at)s)"""
_LISTED = f"""
SELECT 'listing', a.firm_id, s.id, 'centre', s.effective_date, s.recorded_at
  FROM {facts.counting("listings_stageevent")} s JOIN listings_listingattempt a ON a.id = s.attempt_id
 WHERE s.stage = 'listed'"""
_HANDED = f"""
(SELECT DISTINCT ON (t.step, a.firm_id) t.step, a.firm_id, t.id, a.ref, a.about, t.who, t.day, t.recorded_at,
        t.day - a.day AS days
   FROM {_ANGELS} a JOIN ({_LENT} UNION ALL {_RAISED} UNION ALL {_LISTED}) t ON t.firm_id = a.firm_id
    AND (t.day > a.day OR t.day = a.day AND t.step <> 'round')
  ORDER BY t.step, a.firm_id, t.day, t.id)"""
_STEPS = "(VALUES ('loan'), ('round'), ('listing')) w (step)"
_WAITING = f"""
(SELECT a.*, w.step FROM {_ANGELS} a CROSS JOIN {_STEPS}
  WHERE (w.step, a.firm_id) NOT IN (SELECT h.step, h.firm_id FROM {_HANDED} h))"""


def _firms(rows: str, *, key: str = "''", amount: str = "1") -> str:
    return line(f"{rows} x", record="firm", key=key, amount=amount, **{**COMMON, "id": "x.firm_id"})


SOURCES: dict[Key, Source] = {
    ("baton.started", ""): Source(_firms(_ANGELS)),
    ("baton.reached", "baton"): Source(_firms(_HANDED, key="x.step")),
    ("baton.waiting", "baton"): Source(_firms(_WAITING, key="x.step")),
    ("baton.days", "baton"): Source(
        _firms(_HANDED, key="x.step", amount="x.days"),
        Adds.RULE,
        (),
        f"SELECT x.step AS key, percentile_cont(0.5) WITHIN GROUP (ORDER BY x.days)::numeric AS value"
        f" FROM {_HANDED} x GROUP BY 1",
        Text("各企业所用天数的中位数", "The median of the days of each firm"),
    ),
}
