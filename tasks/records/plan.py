"""The plan's targets as decided and reported by then, in SQL of its own; `f` is a target, `v` its present value."""

from __future__ import annotations

from typing import Final

from tasks.records import facts
from tasks.records.source import line, together

COMMON: Final = {
    "id": "x.id",
    "ref": "x.ref",
    "about": "x.about",
    "who": "x.who",
    "day": "x.day",
    "recorded": "x.recorded_at",
}
_TIERS: Final = {
    "fund_size_qingtong_angel": "angel",
    "fund_size_mother": "mother",
    "fund_size_industry": "industry",
}
_CLASSES: Final = {"new_hnte": "high_tech", "new_prov_tech_sme": "provincial_tech"}
_COUNTED: Final = f"({', '.join(repr(name) for name in (*_CLASSES, 'roadshow_projects'))})"
_COMPUTED: Final = f"({', '.join(repr(name) for name in (*_TIERS, 'new_listings'))})"
_LAST_DAY: Final = "(%(as_of)s::date - 1)"

#: Of each target and each thing that is asked of it the answer recorded last.
_ANSWERS = """
(SELECT DISTINCT ON (w.target_id, q.about) w.target_id AS code, q.about, a.id, a.lead_unit_id, a.deadline, a.yearly,
        a.complete
   FROM tasks_questionanswer a JOIN tasks_openquestion q ON q.id = a.question_id
   JOIN tasks_openquestion_targets w ON w.openquestion_id = q.id
  WHERE a.recorded_at <= %(known_at)s ORDER BY w.target_id, q.about, a.recorded_at DESC, a.id DESC)"""
#: Questions that nobody had answered.
OPEN: Final = """
(SELECT q.id, q.code AS ref, q.about, q.raised_on AS day, q.recorded_at FROM tasks_openquestion q
  WHERE q.recorded_at <= %(known_at)s AND NOT EXISTS (
    SELECT FROM tasks_questionanswer a WHERE a.question_id = q.id AND a.recorded_at <= %(known_at)s))"""

_REPORT = """
  FROM tasks_targetreport r JOIN tasks_target t ON t.code = r.target_id JOIN kernel_person p ON p.id = r.reported_by_id
  JOIN kernel_organisation o ON o.id = p.organisation_id LEFT JOIN tasks_targetdecision d ON d.report_id = r.id"""
_APPROVED = "d.approved AND d.decided_at <= %(known_at)s"
#: Reports in force under the code of the target that counts.
_TOLD = f"""
(SELECT r.id, r.evidence AS ref, t.metric AS about, o.code AS who, r.as_of AS day, d.decided_at AS recorded_at,
        r.recorded_at AS told_at, r.value, coalesce(t.duplicate_of_id, t.code) AS counts
  {_REPORT} WHERE r.as_of < %(as_of)s AND {_APPROVED} AND NOT EXISTS (
    SELECT FROM tasks_targetreport n JOIN tasks_targetdecision d ON d.report_id = n.id
     WHERE n.corrects_id = r.id AND {_APPROVED}))"""
_LATEST = "ORDER BY r.day DESC, r.told_at DESC, r.id DESC LIMIT 1"
#: The last day that something is reported for which nobody has rejected.
_DELIVERED = f"""
(SELECT coalesce(t.duplicate_of_id, t.code) AS counts, max(r.as_of) AS day
  {_REPORT} WHERE r.as_of < %(as_of)s AND r.recorded_at <= %(known_at)s
    AND NOT coalesce(NOT d.approved AND d.decided_at <= %(known_at)s, false) GROUP BY 1)"""

_DECIDED = f"""
(SELECT t.code, t.position, t.metric, t.kind, t.value, t.comparison, t.baseline_date AS baseline, t.cadence, t.tracking,
        t.duplicate_of_id AS duplicates, coalesce(t.duplicate_of_id, t.code) AS counts,
        coalesce(u.name, nullif(t.lead_unit, ''),
          (SELECT e.lead_unit FROM tasks_target e WHERE e.duplicate_of_id = t.code AND e.lead_unit <> ''
            ORDER BY e.position DESC LIMIT 1), '') AS unit,
        CASE WHEN b.id IS NULL THEN t.deadline ELSE b.deadline END AS ends,
        CASE WHEN c.id IS NULL THEN t.deadline IS NULL ELSE coalesce(c.yearly, false) END AS yearly,
        EXISTS (SELECT FROM {_ANSWERS} a WHERE a.about = 'completeness' AND a.complete
                   AND a.code IN (t.code, t.duplicate_of_id)) AS complete,
        EXISTS (SELECT FROM {OPEN} q JOIN tasks_openquestion_targets w ON w.openquestion_id = q.id
                 WHERE q.about = 'period' AND w.target_id = t.code) AS is_open
   FROM tasks_target t
   LEFT JOIN {_ANSWERS} l ON l.code = t.code AND l.about = 'lead_unit'
   LEFT JOIN tasks_responsibleunit u ON u.id = l.lead_unit_id
   LEFT JOIN {_ANSWERS} b ON b.code = t.code AND b.about = 'deadline'
   LEFT JOIN {_ANSWERS} c ON c.code = t.code AND c.about = 'period')"""
#: With the first and last day of what it is reached in: of one that stands for each year those of the year.
TARGETS: Final = f"""
(SELECT f.*, s.value AS start, f.tracking = 'computed' OR f.complete AND f.metric IN {_COUNTED} AS ours,
        CASE WHEN f.yearly THEN greatest(y.first, f.baseline) ELSE f.baseline END AS since,
        CASE WHEN f.yearly THEN least((y.first + interval '1 year')::date - 1, f.ends) ELSE f.ends END AS until
   FROM {_DECIDED} f
   JOIN LATERAL (SELECT date_trunc('year', least({_LAST_DAY}, f.ends))::date AS first) y ON true
   LEFT JOIN LATERAL (SELECT r.value FROM {_TOLD} r WHERE r.counts = f.counts AND r.day <= f.baseline {_LATEST}) s ON true)"""

_FIRST_CLASS = """
(SELECT DISTINCT ON (c.firm_id, c.code) c.id, k.uscc AS ref, k.name AS about, 'centre' AS who, c.code AS class,
        c.valid_from AS day, c.recorded_at
   FROM kernel_firmclass c JOIN kernel_firm k ON k.id = c.firm_id
  WHERE c.recorded_at <= %(known_at)s ORDER BY c.firm_id, c.code, c.valid_from, c.id)"""
_FIRST_PAID = """
(SELECT DISTINCT ON (d.firm_id) p.id, p.public_id AS ref, k.name AS about, o.code AS who, e.effective_date AS day,
        p.recorded_at
   FROM funds_dealpayment p JOIN funds_deal d ON d.id = p.deal_id JOIN funds_holdingevent e ON e.id = p.event_id
   JOIN kernel_firm k ON k.id = d.firm_id JOIN funds_fund f ON f.id = d.fund_id
   JOIN kernel_organisation o ON o.id = f.manager_id
  WHERE d.source = 'roadshow' AND e.effective_date < %(as_of)s AND p.recorded_at <= %(known_at)s
    AND NOT EXISTS (SELECT FROM funds_holdingevent b WHERE b.reverses_id = e.id AND b.effective_date < %(as_of)s
                       AND b.recorded_at <= %(known_at)s)
  ORDER BY d.firm_id, e.effective_date, p.id)"""


def counted(where: str = "TRUE") -> str:
    """Lines of what our records count of a metric since its baseline."""
    rows = "(SELECT e.*, f.code, f.ours FROM {0} e JOIN {1} f ON {2} WHERE e.day >= f.baseline) x WHERE {3}"
    classes = (
        rows.format(_FIRST_CLASS, TARGETS, f"f.metric = '{metric}' AND e.class = '{code}'", where)
        for metric, code in _CLASSES.items()
    )
    paid = rows.format(_FIRST_PAID, TARGETS, "f.metric = 'roadshow_projects'", where)
    made = "x.day < %(as_of)s"
    return together(
        *(
            line(f"{each} AND {made}", record="firm_class", key="x.code", amount="1", **COMMON)
            for each in classes
        ),
        line(paid, record="deal_payment", key="x.code", amount="1", **COMMON),
    )


def reached() -> str:
    """Lines of what each target has reached; those of one add up to its value."""
    sizes = (
        line(
            f"(SELECT w.*, t.code FROM {facts.LEDGER} w JOIN tasks_target t ON t.metric = '{metric}'"
            f" WHERE w.kind = 'commitment' AND w.tier = '{tier}') x",
            record="fund_event", key="x.code", amount="x.amount", **COMMON,
        )
        for metric, tier in _TIERS.items()
    )  # fmt: skip
    listed = f"""
(SELECT DISTINCT ON (t.code, a.firm_id) a.*, t.code
   FROM {facts.ATTEMPTS} a JOIN tasks_target t ON t.metric = 'new_listings' AND a.day >= t.baseline_date
  WHERE a.stage = 'listed' ORDER BY t.code, a.firm_id, a.attempt_id) x"""
    told = f"""
(SELECT r.*, f.code FROM {TARGETS} f JOIN LATERAL (
   SELECT r.* FROM {_TOLD} r WHERE r.counts = f.counts {_LATEST}) r ON NOT f.yearly OR r.day >= f.since
  WHERE NOT f.ours AND f.metric NOT IN {_COMPUTED}) x"""
    return together(
        *sizes,
        line(listed, record="stage_event", key="x.code", amount="1", **COMMON),
        counted("x.ours"),
        line(told, record="target_report", key="x.code", amount="x.value", **COMMON),
    )


#: Every target with its present value: null where nobody has reported, nothing where we count nothing.
VALUES: Final = f"""
(SELECT f.*, CASE WHEN f.ours OR f.metric IN {_COMPUTED} THEN coalesce(v.amount, 0) ELSE v.amount END AS reached
   FROM {TARGETS} f
   LEFT JOIN (SELECT key, sum(amount) AS amount FROM ({reached()}) l GROUP BY 1) v ON v.key = f.code)"""

_EXACT = f"""f.start_at + (f.value - f.start_at)
  * least(greatest({_LAST_DAY} - f.since + 1, 0), f.until - f.since + 1) / (f.until - f.since + 1)::numeric"""
#: With the line on the month's last day to four places, halves to the even one; null where there is none.
LINES: Final = f"""
(SELECT f.*,
        CASE WHEN f.kind = 'context' OR f.is_open THEN NULL WHEN f.kind = 'growth' THEN f.value
             WHEN abs(f.exact * 10000 - trunc(f.exact * 10000)) = 0.5 THEN 2 * round(f.exact * 10000 / 2) / 10000
             ELSE round(f.exact, 4) END AS expected
   FROM (SELECT f.*, {_EXACT} AS exact
           FROM (SELECT f.*, CASE WHEN f.kind IN ('increment', 'flow', 'annual_flow', 'size') THEN 0 ELSE f.start END
                               AS start_at FROM {VALUES} f) f) f)"""

_MONTHS = "CASE f.cadence WHEN 'monthly' THEN 1 WHEN 'quarterly' THEN 3 ELSE 12 END"


def _period_end(day: str) -> str:
    return f"""(make_date(extract(year FROM {day})::int, 1, 1)
      + make_interval(months => ((extract(month FROM {day})::int - 1) / f.months + 1) * f.months))::date - 1"""


#: Targets whose report for a period that ended 20 days before is not there.
OWED: Final = f"""
(SELECT f.* FROM (
    SELECT f.*, {_MONTHS} AS months, greatest(f.baseline, d.day + 1) AS wanted_since
      FROM {TARGETS} f LEFT JOIN {_DELIVERED} d ON d.counts = f.code WHERE f.cadence <> '' AND NOT f.ours) f
  WHERE {_period_end("f.wanted_since")} + 20 < %(as_of)s
    AND (f.ends IS NULL OR {_period_end("f.wanted_since")} <= {_period_end("f.ends")}))"""
