"""What stands behind the listing pipeline, its forecast, and how firms stand by the listing standards."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.listing_counts import Count, counts
from tasks.records import facts
from tasks.records.plan import COMMON
from tasks.records.source import Adds, Source, line, together

Key = tuple[str, str]
_STAGES = (
    "cultivation", "share_reform", "tutoring_filed", "tutoring_accepted", "applied", "accepted", "inquiry",
    "committee", "registration_submitted", "registered", "suspended",
)  # fmt: skip
_ORDER = f"array_position(ARRAY[{', '.join(repr(stage) for stage in _STAGES)}], a.stage::text)"
_ENDED = "('listed', 'withdrawn', 'rejected')"
#: The plan's day of beginning; without a plan the month's.
_BASELINE = "coalesce((SELECT min(baseline_date) FROM tasks_target), %(month)s)"
_NAMED_SINCE = "(SELECT min(baseline_date) FROM tasks_target WHERE metric = 'new_listings')"


def _firms(where: str, *, key: str = "''", order: str = "1") -> str:
    """A line a firm: of several attempts the one that comes first by `order`."""
    rows = (
        f"(SELECT DISTINCT ON (a.firm_id) a.*, a.firm_id AS firm FROM {facts.ATTEMPTS} a WHERE {where}"
        f" ORDER BY a.firm_id, {order} DESC, a.attempt_id) x"
    )
    return line(rows, record="stage_event", key=key, amount="1", **COMMON)


def _entered(key: str, *others: str, where: str = "TRUE") -> str:
    """A line for every stage that an attempt entered, whatever came of it."""
    rows = f"""
(SELECT s.id, a.public_id AS ref, k.name || ' · ' || s.stage AS about, 'centre' AS who, s.effective_date AS day,
        s.recorded_at, a.board, k.uscc{"".join(f", {other}" for other in others)}
   FROM {facts.counting("listings_stageevent")} s JOIN listings_listingattempt a ON a.id = s.attempt_id
   JOIN kernel_firm k ON k.id = a.firm_id) x WHERE {where}"""
    return line(rows, record="stage_event", key=key, amount="1", **COMMON)


def _boards(way: Count) -> str:
    return f"x.board IN ({', '.join(repr(board) for board in way.boards)})"


_BY_WAY = together(*(_entered(f"'{way.code}'", where=_boards(way)) for way in counts().counts))
_NUMBERS = "generate_series(0, (SELECT count(*) FROM listings_listingattempt)) AS number"
_BY_NUMBER = together(
    *(_entered(f"'{way.code}|' || x.number", _NUMBERS, where=_boards(way)) for way in counts().counts)
)
_YEARS, _STATED = (
    line(
        f"(SELECT DISTINCT s.id, s.public_id AS ref, k.name || ' · ' || {what} AS about, 'centre' AS who,"
        f" s.effective_date AS day, s.recorded_at, a.board,"
        f" unnest(ARRAY['meets', 'fails', 'unknown']) AS verdict FROM {facts.counting(table)} s"
        f" JOIN kernel_firm k ON k.id = s.firm_id"
        f" JOIN {facts.ATTEMPTS} a ON a.firm_id = s.firm_id AND a.stage NOT IN {_ENDED}) x",
        record=record, key="x.board || '|' || x.verdict", amount="1", **COMMON,
    )
    for table, record, what in (
        ("listings_financialyear", "financial_year", "s.year"),
        ("listings_firmstatement", "firm_statement", "s.name"),
    )
)  # fmt: skip
_FORESEEN = Text(
    "由各阶段的停留时间与通过率推算的概率分布，不是 SQL 可求的和",
    "A distribution from dwell times and conversions of the stages: nothing that SQL adds up",
)
_JUDGED = Text(
    "逐套对照公布的上市标准，标准不在数据库中",
    "Judged by the published listing standards, which are not in the database",
)


def _forecast(lines: str) -> Source:
    return Source(lines, Adds.NOT, why=_FORESEEN)


def _readiness() -> Source:
    return Source(together(_YEARS, _STATED), Adds.NOT, why=_JUDGED)


SOURCES: dict[Key, Source] = {
    ("pipeline.firms", "stage"): Source(
        _firms(f"a.stage IN ({', '.join(repr(stage) for stage in _STAGES)})", key="x.stage", order=_ORDER)
    ),
    ("pipeline.under_way", ""): Source(_firms(f"a.stage NOT IN {_ENDED}")),
    ("pipeline.listed", ""): Source(_firms(f"a.stage = 'listed' AND a.day >= {_BASELINE}")),
    ("pipeline.listed_on_named_boards", ""): Source(
        _firms(f"a.stage = 'listed' AND a.board IN ('star', 'chinext') AND a.day >= {_NAMED_SINCE}")
    ),
    ("listing.expected", "counting"): _forecast(_BY_WAY),
    ("listing.at_least_target", "counting"): _forecast(_BY_WAY),
    ("listing.probability", "listings"): _forecast(_BY_NUMBER),
    ("listing.expected_board", "board"): _forecast(_entered("x.board")),
    ("listing.chance", "firm"): _forecast(_entered("x.uscc")),
    ("readiness.financial", "readiness"): _readiness(),
    ("readiness.whole", "readiness"): _readiness(),
}
