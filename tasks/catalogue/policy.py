"""The listing pipeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from finance_hub.kernel.text import Text
from tasks.catalogue.credit import count
from tasks.catalogue.entry import Point
from tasks.catalogue.sums import by_key
from tasks.frames import Frames

STAGE_NAMES = {
    "cultivation": Text("后备", "Reserve list"),
    "share_reform": Text("股改", "Share reform"),
    "tutoring_filed": Text("辅导备案", "Tutoring filed"),
    "tutoring_accepted": Text("辅导验收", "Tutoring accepted"),
    "applied": Text("申报", "Applied"),
    "accepted": Text("受理", "Accepted"),
    "inquiry": Text("问询", "Inquiry"),
    "committee": Text("上市委审议", "Listing committee"),
    "registration_submitted": Text("提交注册", "Registration submitted"),
    "registered": Text("注册生效", "Registered"),
    "suspended": Text("中止", "Suspended"),
}
ENDED = {"listed", "withdrawn", "rejected"}


def pipeline(frames: Frames) -> Iterable[Point]:
    """Firms by their furthest stage: a firm with two attempts stands once, where it is furthest."""
    order = list(STAGE_NAMES)
    furthest: dict[int, str] = {}
    for row in frames.pipeline:
        if row.stage in STAGE_NAMES:
            known = furthest.get(row.firm_id)
            if known is None or order.index(row.stage) > order.index(known):
                furthest[row.firm_id] = row.stage
    found = by_key(furthest.values(), key=lambda stage: stage, amount=lambda _stage: 1)
    return [count(found.get(stage, 0), key=stage, label=name) for stage, name in STAGE_NAMES.items()]


def under_way(frames: Frames) -> Iterable[Point]:
    return [count(len({row.firm_id for row in frames.pipeline if row.stage not in ENDED}))]


def listed(frames: Frames) -> Iterable[Point]:
    baseline = min((t.baseline_date for t in frames.targets), default=frames.month.first)
    return [count(len(listed_since(frames, baseline)))]


def listed_since(frames: Frames, baseline: date) -> set[int]:
    return {row.firm_id for row in frames.pipeline if row.stage == "listed" and row.since >= baseline}
