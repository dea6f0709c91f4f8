"""What stands behind the figures of the plan's targets."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.records import plan
from tasks.records.plan import COMMON, LINES, OPEN, OWED, VALUES
from tasks.records.source import OVER, UNDER, Adds, Source, line, together

Key = tuple[str, str]
_CAPS = "f.comparison IN ('<=', '<')"
_SCORED = "f.kind <> 'context' AND f.duplicates IS NULL"


def _targets(rows: str, where: str = "TRUE", *, key: str = "''", amount: str = "1", part: str = "") -> str:
    """A line a target."""
    return line(
        f"(SELECT f.*, f.position AS id, f.code AS ref, f.metric AS about, 'plan' AS who, f.baseline AS day,"
        f" NULL::timestamptz AS recorded_at FROM {rows} f WHERE {where}) x",
        record="target", key=key, amount=amount, part=part, **COMMON,
    )  # fmt: skip


_REACHED = plan.reached()
_WANTED = _targets(VALUES, "f.reached IS NOT NULL", key="x.code", amount="x.value")
_PROGRESS = f"""
SELECT f.code AS key, CASE WHEN {_CAPS} THEN (f.start - f.reached) / (f.start - f.value)
                           ELSE f.reached / nullif(f.value, 0) END AS value
  FROM {VALUES} f WHERE f.reached IS NOT NULL AND NOT ({_CAPS} AND (f.start IS NULL OR f.start <= f.value))"""
_EXPECTED = f"SELECT f.code AS key, f.expected AS value FROM {LINES} f WHERE f.expected IS NOT NULL"
_AHEAD = f"""
SELECT f.code AS key, CASE WHEN {_CAPS} THEN f.expected - f.reached ELSE f.reached - f.expected END AS value
  FROM {LINES} f WHERE f.reached IS NOT NULL AND f.expected IS NOT NULL"""
_STATUS = f"""
CASE WHEN x.reached IS NULL THEN 'not-reported'
     WHEN CASE x.comparison WHEN '<=' THEN x.reached <= x.value WHEN '<' THEN x.reached < x.value
                            WHEN '>' THEN x.reached > x.value ELSE x.reached >= x.value END THEN 'done'
     WHEN x.until < %(as_of)s::date - 1 THEN 'overdue' WHEN x.expected IS NULL THEN 'undetermined'
     WHEN CASE WHEN {_CAPS.replace("f.", "x.")} THEN x.expected - x.reached ELSE x.reached - x.expected END >= 0
     THEN 'on-track' ELSE 'behind' END"""
_QUESTIONS = line(
    f"(SELECT q.*, 'plan' AS who FROM {OPEN} q) x", record="open_question", amount="1", **COMMON
)

_WAY = Text(
    "现值 ÷ 目标值；“不高于”类目标按自基期值下降的部分",
    "Present value over target; of a target that caps a value the part of the way down from its baseline",
)
_STRAIGHT = Text(
    "自基期到完成时限按天直线推算，不是各笔之和",
    "Days on a straight line from the baseline to the deadline: not a sum of its lines",
)

SOURCES: dict[Key, Source] = {
    ("target.value", "target"): Source(_REACHED),
    ("target.progress", "target"): Source(
        together(
            _REACHED.replace("'' AS part", f"'{OVER}' AS part"),
            _WANTED.replace("'' AS part", f"'{UNDER}' AS part"),
        ),
        Adds.RULE, (), _PROGRESS, _WAY,
    ),
    ("target.expected", "target"): Source(
        _targets(LINES, "f.expected IS NOT NULL", key="x.code", amount="x.value"), Adds.RULE, (), _EXPECTED, _STRAIGHT
    ),
    ("target.ahead", "target"): Source(together(_REACHED, _WANTED), Adds.RULE, (), _AHEAD, _STRAIGHT),
    ("target.counted", "target"): Source(plan.counted()),
    ("target.by_status", "target_status"): Source(_targets(LINES, _SCORED, key=_STATUS)),
    ("target.not_reported", ""): Source(_targets(VALUES, f"{_SCORED} AND f.reached IS NULL")),
    ("target.reports_overdue", "responsible_unit"): Source(_targets(OWED, key="x.unit")),
    ("target.open_questions", ""): Source(_QUESTIONS),
}  # fmt: skip
