"""更正版: the first chapter of a correction, which says what occasioned it and what is otherwise than in the issue before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from difflib import SequenceMatcher
from typing import NamedTuple

from finance_hub.kernel import days
from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from tasks import restatement, wording
from tasks.briefing import points
from tasks.briefing.layout import Block, Chart, Column, Issue, Paragraph, Section, Table, Words
from tasks.briefing.origin import Printed, Ref, Rule, Term
from tasks.catalogue import Unit, entry_of
from tasks.models import Snapshot
from tasks.restatement import Change

ANCHOR = "correction"
#: Figures of a month that may be others at most; a briefing prints far fewer.
_MOST = 100_000


class Before(NamedTuple):
    """The issue that is corrected."""

    issue: Issue
    snapshot: Snapshot
    approved_at: datetime


def title(issue: Issue, *, correction: int) -> str:
    """The title with （更正版）, and which one from the second on."""
    if issue.language == "en":
        return f"{issue.title} (corrected)" if correction == 1 else f"{issue.title} (correction {correction})"
    return f"{issue.title}（更正版）" if correction == 1 else f"{issue.title}（第{correction}次更正版）"


def corrected(fresh: Issue, snapshot: Snapshot, *, before: Before, occasion: str, correction: int) -> Issue:
    """The issue as a correction of the one before it, with what changed as its first chapter."""
    chapter = _chapter(fresh, snapshot, before, occasion)
    return replace(
        fresh, title=title(fresh, correction=correction), sections=_numbered((chapter, *fresh.sections))
    )


def changes(fresh: Issue, snapshot: Snapshot, before: Before) -> list[Change]:
    """Figures of the month that either issue prints and that have another value, or none, now."""
    printed = _printed(fresh, snapshot) | _printed(before.issue, before.snapshot)
    found = restatement.changes(before.snapshot, snapshot, limit=_MOST)
    return [one for one in found if (one.code, one.scope, one.key) in printed]


def _printed(issue: Issue, snapshot: Snapshot) -> set[tuple[str, str, str]]:
    month = str(Month.of(snapshot.month))
    return {
        (ref.code, ref.scope, ref.key)
        for number in points.walk(issue)
        for ref in number.of
        if ref.month == month
    }


def _chapter(fresh: Issue, snapshot: Snapshot, before: Before, occasion: str) -> Section:
    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(fresh.language)

    day = days.today(before.approved_at)
    approved = say(f"{day.year}年{day.month}月{day.day}日", day.isoformat())
    blocks: list[Block] = [
        Paragraph(say(f"更正原因：{occasion}", f"Occasion of the correction: {occasion}")),
        Paragraph(
            say(
                f"本期是{approved}批准的同期简报的更正版，期号不变；与该期不同之处列示如下，以本期为准。",
                f"This issue corrects the one approved on {approved} and keeps its number. It differs as listed below, "
                "and takes its place.",
            )
        ),
        Table(
            number=0,
            caption=say("指标更正对照", "Corrected figures"),
            unit=say(f"{wording.TABLE_UNIT.zh}、家、%", f"{wording.TABLE_UNIT.en}, numbers, %"),
            columns=(
                Column(say("指标", "Figure"), weight=2.6),
                Column(say("原数", "Old"), "right"),
                Column(say("更正后", "New"), "right"),
                Column(say("差额", "Difference"), "right"),
            ),
            rows=tuple(_row(fresh, one, before.snapshot, snapshot) for one in changes(fresh, snapshot, before)),
            empty_text=say("各项指标未变动", "No figure has changed"),
            note=say(
                "比率的差额为百分点；引起变动的记录见系统中该月的重述页。",
                "Differences of ratios are percentage points; the records behind them stand on the month's page of restatements.",
            ),
        ),
    ]  # fmt: skip
    texts = tuple(_reworded(points.texts(before.issue), points.texts(fresh)))
    if texts:
        blocks.append(
            Table(
                number=0,
                caption=say("本期要点更正对照", "Corrected key points"),
                unit="",
                columns=(Column(say("原文", "Old")), Column(say("更正后", "New"))),
                rows=texts,
                empty_text=wording.DASH,
            )
        )
    return Section(say("更正说明", "What is corrected"), ANCHOR, tuple(blocks))


def _row(issue: Issue, change: Change, old: Snapshot, new: Snapshot) -> tuple[Words, ...]:
    month = str(Month.of(new.month))
    place = (change.code, change.scope, change.key)
    was, now = Ref(f"{month}@{old.public_id}", *place), Ref(month, *place)
    entry = entry_of(change.code, change.scope)
    label = change.label_en if issue.language == "en" else change.label
    name = Term(entry.name.say(issue.language), code=change.code)
    return (
        (name, f" · {label}") if label else name,
        _cell(issue, change.old, change.old_reason, was),
        _cell(issue, change.new, change.new_reason, now),
        _difference(issue, change, now, was),
    )


def _cell(issue: Issue, value: Decimal | None, reason: str, of: Ref) -> Printed:
    unit = entry_of(of.code, of.scope).unit
    text = (
        f"{wording.DASH}（{wording.reason(reason, language=issue.language)}）"
        if value is None
        else wording.value_in(unit, value, language=issue.language)
    )
    return Printed(text, of=(of,), value=value, unit=unit)


def _difference(issue: Issue, change: Change, now: Ref, was: Ref) -> Printed:
    unit = entry_of(change.code, change.scope).unit
    value = change.difference
    if unit in (Unit.RATIO, Unit.COUNT):
        text = wording.change(change.new, change.old, unit=unit)
        return Printed(text, of=(now, was), value=value, unit=unit, rule=Rule.CHANGE)
    text = wording.DASH if value is None else wording.value_in(unit, value, language=issue.language)
    return Printed(text, of=(now, was), value=value, unit=unit, rule=Rule.DIFFERENCE)


def _reworded(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Key points that are said otherwise, side by side."""
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        was, now = old[a:b], new[c:d]
        for position in range(max(len(was), len(now))):
            yield (
                was[position] if position < len(was) else wording.DASH,
                now[position] if position < len(now) else wording.DASH,
            )


def _numbered(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Tables and charts numbered again, each in the order of the issue."""
    tables = charts = 0
    found = []
    for section in sections:
        blocks: list[Block] = []
        for block in section.blocks:
            if isinstance(block, Table):
                tables += 1
                blocks.append(replace(block, number=tables))
            elif isinstance(block, Chart):
                charts += 1
                blocks.append(replace(block, number=charts))
            else:
                blocks.append(block)
        found.append(replace(section, blocks=tuple(blocks)))
    return tuple(found)
