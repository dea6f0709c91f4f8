"""The plan's targets: present value, the line, what is ahead of it, and who has not reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text
from tasks.catalogue.credit import count
from tasks.catalogue.entry import Point
from tasks.catalogue.funds import capital
from tasks.catalogue.policy import listed_since
from tasks.engine import progress
from tasks.engine.value import NOT_REPORTED, UNDEFINED
from tasks.frames import Frames
from tasks.target_facts import COUNTED, TargetFact, is_computed, is_scored, line_of, period_of, present

#: The plan's word for each fund's size target.
SIZE_TARGETS = {
    "fund_size_qingtong_angel": "angel",
    "fund_size_mother": "mother",
    "fund_size_industry": "industry",
}
LISTINGS = "new_listings"
#: The boards that the plan names beside the number, which is of all boards.
NAMED_BOARDS = {"star", "chinext"}
NOT_RECORDED, QUESTION = "not-recorded", "open-question"
STATUS_NAMES = {
    progress.ON_TRACK: Text("正常", "On track"),
    progress.BEHIND: Text("滞后", "Behind"),
    progress.DONE: Text("已完成", "Done"),
    progress.OVERDUE: Text("逾期未完成", "Overdue"),
    progress.NOT_REPORTED: Text("未报送", "Not reported"),
    progress.UNDETERMINED: Text("无法判断", "Cannot be judged"),
}
_LONGEST_LABEL = 200
NO_UNIT = Text("未载明牵头单位", "No lead unit stated")


def target_value(frames: Frames) -> Iterable[Point]:
    for fact, value in _values(frames):
        notes = tuple(f"{QUESTION}: {code}" for code, _about in fact.open_questions)
        if value is None:
            yield Point(None, NOT_REPORTED, key=fact.code, label=_label(fact), notes=notes)
        else:
            yield Point(value, key=fact.code, label=_label(fact), notes=notes)


def target_progress(frames: Frames) -> Iterable[Point]:
    for fact, value in _values(frames):
        key, label = fact.code, _label(fact)
        if value is None:
            yield Point.missing(NOT_REPORTED, key=key, label=label)
            continue
        start = None if fact.start is None else Decimal(fact.start)
        part = progress.way_gone(value, target=Decimal(fact.value), comparison=fact.comparison, start=start)
        if part is None:
            yield Point.missing(UNDEFINED, key=key, label=label)
        else:
            yield Point(part.quantize(Decimal("0.00000001")), key=key, label=label)


def target_expected(frames: Frames) -> Iterable[Point]:
    for fact in frames.targets:
        line = line_of(fact, frames.month.last)
        if isinstance(line, str):
            yield Point.missing(line, key=fact.code, label=_label(fact))
        else:
            yield Point(line, key=fact.code, label=_label(fact))


def target_ahead(frames: Frames) -> Iterable[Point]:
    for fact, value in _values(frames):
        line = line_of(fact, frames.month.last)
        if value is None or isinstance(line, str):
            reason = NOT_REPORTED if value is None else str(line)
            yield Point.missing(reason, key=fact.code, label=_label(fact))
        else:
            yield Point(progress.ahead(value, line, fact.comparison), key=fact.code, label=_label(fact))


def target_counted(frames: Frames) -> Iterable[Point]:
    """What our records hold of a metric that they can count, whether or not it is the value."""
    for fact in frames.targets:
        if fact.metric in COUNTED:
            yield count(_count(frames, fact), key=fact.code, label=_label(fact))


def named_boards(frames: Frames) -> Iterable[Point]:
    baselines = [fact.baseline_date for fact in frames.targets if fact.metric == LISTINGS]
    if not baselines:
        return [Point.missing(NOT_RECORDED)]
    rows = [row for row in frames.pipeline if row.stage == "listed" and row.board in NAMED_BOARDS]
    return [count(len({row.firm_id for row in rows if row.since >= min(baselines)}))]


def by_status(frames: Frames) -> Iterable[Point]:
    found = Counter(_status(frames, fact, value) for fact, value in _values(frames) if is_scored(fact))
    return [count(found[status], key=status, label=STATUS_NAMES[status]) for status in progress.STATUSES]


def not_reported(frames: Frames) -> Iterable[Point]:
    silent = [fact.code for fact, value in _values(frames) if value is None and is_scored(fact)]
    return [Point(Decimal(len(silent)), notes=tuple(silent))]


def reports_overdue(frames: Frames) -> Iterable[Point]:
    """By lead unit, in the order of the plan; those that owe nothing stand with 0."""
    owed: dict[str, list[str]] = {}
    names: dict[str, Text] = {}
    for fact in frames.targets:
        if not fact.cadence or is_computed(fact):
            continue
        names[fact.lead_unit] = Text(fact.lead_unit, fact.lead_unit_en) if fact.lead_unit else NO_UNIT
        missing = progress.first_missing(
            cadence=fact.cadence, begins=fact.baseline_date, deadline=fact.deadline, delivered=fact.delivered,
            today=frames.month.end,
        )  # fmt: skip
        owed.setdefault(fact.lead_unit, []).extend([fact.code] if missing else [])
    return [
        Point(Decimal(len(codes)), key=unit, label=names[unit], notes=tuple(codes))
        for unit, codes in owed.items()
    ]


def open_questions(frames: Frames) -> Iterable[Point]:
    codes = sorted({code for fact in frames.targets for code, _about in fact.open_questions})
    return [Point(Decimal(len(codes)), notes=tuple(codes))]


def _status(frames: Frames, fact: TargetFact, value: Decimal | None) -> str:
    day = frames.month.last
    line = line_of(fact, day)
    return progress.status(
        value, None if isinstance(line, str) else line, target=Decimal(fact.value), comparison=fact.comparison,
        deadline=period_of(fact, day)[1], day=day,
    )  # fmt: skip


def _values(frames: Frames) -> Iterator[tuple[TargetFact, Decimal | None]]:
    subscribed = capital(frames, "commitment")
    for fact in frames.targets:
        if fact.metric in SIZE_TARGETS:
            tier = SIZE_TARGETS[fact.metric]
            yield fact, yuan(sum(subscribed.get(f.id, 0) for f in frames.funds if f.tier == tier))
        elif fact.metric == LISTINGS:
            yield fact, Decimal(len(listed_since(frames, fact.baseline_date)))
        elif is_computed(fact):
            yield fact, Decimal(_count(frames, fact))
        else:
            yield fact, present(fact, frames.month.last)


def _count(frames: Frames, fact: TargetFact) -> int:
    return sum(
        row.number for row in frames.counted if row.metric == fact.metric and row.day >= fact.baseline_date
    )


def _label(fact: TargetFact) -> Text:
    return Text(fact.text[:_LONGEST_LABEL], fact.text_en[:_LONGEST_LABEL])
