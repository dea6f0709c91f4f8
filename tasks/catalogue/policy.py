"""The listing pipeline and the plan's targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text
from tasks.catalogue.credit import count
from tasks.catalogue.entry import Point
from tasks.catalogue.funds import capital
from tasks.catalogue.sums import by_key
from tasks.engine.value import NOT_REPORTED, UNDEFINED, ratio
from tasks.frames import Frames, TargetFact

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
#: The plan's word for each fund's size target.
SIZE_TARGETS = {
    "fund_size_qingtong_angel": "angel",
    "fund_size_mother": "mother",
    "fund_size_industry": "industry",
}


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
    return [count(len(_listed_since(frames, baseline)))]


def _listed_since(frames: Frames, baseline: date) -> set[int]:
    return {row.firm_id for row in frames.pipeline if row.stage == "listed" and row.since >= baseline}


def target_value(frames: Frames) -> Iterable[Point]:
    for target, value in _values(frames):
        label = Text(target.metric, target.metric)
        if value is None:
            yield Point.missing(NOT_REPORTED, key=target.code, label=label)
        else:
            yield Point(value, key=target.code, label=label)


def target_progress(frames: Frames) -> Iterable[Point]:
    for target, value in _values(frames):
        label = Text(target.metric, target.metric)
        if value is None:
            yield Point.missing(NOT_REPORTED, key=target.code, label=label)
        elif target.comparison == "<=":
            yield Point.missing(UNDEFINED, key=target.code, label=label)
        else:
            yield Point.of(ratio(float(value), float(target.value)), key=target.code, label=label)


def _values(frames: Frames) -> Iterator[tuple[TargetFact, Decimal | None]]:
    subscribed = capital(frames, "commitment")
    for target in frames.targets:
        if target.metric in SIZE_TARGETS:
            tier = SIZE_TARGETS[target.metric]
            yield target, yuan(sum(subscribed.get(f.id, 0) for f in frames.funds if f.tier == tier))
        elif target.metric == "new_listings":
            yield target, Decimal(len(_listed_since(frames, target.baseline_date)))
        else:
            yield target, None if target.reported is None else Decimal(target.reported)
