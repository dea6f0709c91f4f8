"""What stands behind the listing pipeline, the plan's targets and who has reported."""

from __future__ import annotations

from tasks.records import facts
from tasks.records.source import OVER, UNDER, Adds, Source, line, together

Key = tuple[str, str]
_COMMON = {
    "id": "x.id",
    "ref": "x.ref",
    "about": "x.about",
    "who": "x.who",
    "day": "x.day",
    "recorded": "x.recorded_at",
}
_STAGES = (
    "cultivation", "share_reform", "tutoring_filed", "tutoring_accepted", "applied", "accepted", "inquiry",
    "committee", "registration_submitted", "registered", "suspended",
)  # fmt: skip
_ORDER = f"array_position(ARRAY[{', '.join(repr(stage) for stage in _STAGES)}], a.stage::text)"


def _firms(where: str, *, key: str = "''", order: str = "1") -> str:
    """A line a firm: of several attempts the one that comes first by `order`."""
    rows = (
        f"(SELECT DISTINCT ON (a.firm_id) a.*, a.firm_id AS firm FROM {facts.ATTEMPTS} a WHERE {where}"
        f" ORDER BY a.firm_id, {order} DESC, a.attempt_id) x"
    )
    return line(rows, record="stage_event", key=key, amount="1", **_COMMON)


_BASELINE = "coalesce((SELECT min(baseline_date) FROM tasks_target), %(month)s)"
_ENDED = "('listed', 'withdrawn', 'rejected')"
_TIERS = {
    "fund_size_qingtong_angel": "angel", "fund_size_mother": "mother", "fund_size_industry": "industry",
}  # fmt: skip
_COMPUTED = f"({', '.join(repr(name) for name in (*_TIERS, 'new_listings'))})"
_LISTED_SINCE = f"""
(SELECT DISTINCT ON (t.code, a.firm_id) a.id, a.ref, a.about, a.who, a.day, a.recorded_at, t.code, t.comparison
   FROM {facts.ATTEMPTS} a JOIN tasks_target t ON t.metric = 'new_listings' AND a.day >= t.baseline_date
  WHERE a.stage = 'listed' ORDER BY t.code, a.firm_id, a.attempt_id) x"""
_TOLD = f"""
(SELECT DISTINCT ON (r.target_id) r.id, r.evidence AS ref, t.metric AS about, o.code AS who, r.as_of AS day,
        r.recorded_at, r.value, t.code, t.comparison
   FROM tasks_targetreport r JOIN tasks_target t ON t.code = r.target_id JOIN kernel_person p ON p.id = r.reported_by_id
   JOIN kernel_organisation o ON o.id = p.organisation_id
  WHERE r.as_of < %(as_of)s AND r.recorded_at <= %(known_at)s AND t.metric NOT IN {_COMPUTED}
  ORDER BY r.target_id, r.as_of DESC, r.recorded_at DESC, r.id DESC) x"""


def _present(part: str = "", where: str = "TRUE") -> tuple[str, ...]:
    """Lines of what each target has reached."""
    sizes = (
        line(
            f"(SELECT w.*, t.code, t.comparison FROM {facts.LEDGER} w JOIN tasks_target t ON t.metric = '{metric}'"
            f" WHERE w.kind = 'commitment' AND w.tier = '{tier}') x WHERE {where}",
            record="fund_event", key="x.code", amount="x.amount", part=part, **_COMMON,
        )
        for metric, tier in _TIERS.items()
    )  # fmt: skip
    listed = line(
        f"{_LISTED_SINCE} WHERE {where}", record="stage_event", key="x.code", amount="1", part=part, **_COMMON
    )
    told = line(
        f"{_TOLD} WHERE {where}", record="target_report", key="x.code", amount="x.value", part=part, **_COMMON
    )
    return *sizes, listed, told


#: What a target wants, where something is known of what it has reached.
_WANTED = line(
    "(SELECT t.position AS id, t.code AS ref, t.code, t.metric AS about, 'plan' AS who, t.baseline_date AS day,"
    " NULL::timestamptz AS recorded_at, t.value FROM tasks_target t WHERE t.comparison <> '<='"
    f" AND (t.metric IN {_COMPUTED} OR EXISTS (SELECT FROM {_TOLD} WHERE x.code = t.code))) x",
    record="target", key="x.code", amount="x.value", part=UNDER, **_COMMON,
)  # fmt: skip


def _banks(where: str = "TRUE", *, key: str = "''") -> str:
    return line(
        "(SELECT o.id, o.code AS ref, o.name AS about, o.code AS who, o.reports_since AS day,"
        f" NULL::timestamptz AS recorded_at FROM kernel_organisation o WHERE o.kind = 'bank' AND {where}) x",
        record="reporter", key=key, amount="1", **_COMMON,
    )  # fmt: skip


_FLOW, _STOCK = (f"o.id IN {facts.silent(dataset)}" for dataset in ("flow", "stock"))
_MISSING = together(
    *(
        _banks(where, key="x.ref").replace("x.ref AS ref", f"x.ref || ' · {name}' AS ref")
        for where, name in ((_FLOW, "flow"), (_STOCK, "stock"))
    )
)

SOURCES: dict[Key, Source] = {
    ("pipeline.firms", "stage"): Source(
        _firms(f"a.stage IN ({', '.join(repr(stage) for stage in _STAGES)})", key="x.stage", order=_ORDER)
    ),
    ("pipeline.under_way", ""): Source(_firms(f"a.stage NOT IN {_ENDED}")),
    ("pipeline.listed", ""): Source(_firms(f"a.stage = 'listed' AND a.day >= {_BASELINE}")),
    ("target.value", "target"): Source(together(*_present())),
    ("target.progress", "target"): Source(
        together(*_present(OVER, "x.comparison <> '<='"), _WANTED), Adds.RATIO
    ),
    ("reporting.due", ""): Source(_banks()),
    ("reporting.complete", ""): Source(_banks(f"NOT ({_FLOW}) AND NOT ({_STOCK})")),
    ("reporting.missing", "reporter"): Source(_MISSING),
}
