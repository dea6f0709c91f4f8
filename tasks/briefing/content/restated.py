"""Which figures of earlier months are others than at the last issue: old, new, difference."""

from __future__ import annotations

from decimal import Decimal

from finance_hub.kernel.periods import Month
from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.held import CENTRE, Restated
from tasks.briefing.layout import Column, Paragraph, Section, Table, Words
from tasks.briefing.origin import Printed, Ref, Rule
from tasks.catalogue import Unit, entry_of
from tasks.restatement import Change

#: Figures of the city that the briefing told of, and so says when they are others.
TOLD = (
    "fund.subscribed", "fund.paid_in", "fund.invested", "fund.nav", "deals.invested", "deals.proceeds", "deals.written_off",
    "loans.balance", "loans.disbursed", "loans.repaid", "loans.firms", "loans.npl_ratio", "loans.overdue_balance",
    "guarantees.outstanding", "guarantees.compensated", "guarantees.recovered", "exposure.public", "pipeline.under_way",
    "pipeline.listed",
)  # fmt: skip


def section(desk: Desk) -> Section:
    rows = [_row(desk, found, change) for found in desk.held.restated for change in found.changes]
    return Section(
        desk.say("追溯调整", "Restatements"),
        "restatements",
        (
            Paragraph(_basis(desk, changed=bool(rows))),
            Table(
                number=0,
                caption=desk.say("上期以来的追溯调整", "Restated since the last issue"),
                unit=desk.say(f"{desk.unit}、家、%", f"{desk.unit}, numbers, %"),
                columns=(
                    Column(desk.say("月份", "Month"), weight=1.0),
                    Column(desk.say("指标", "Figure"), weight=2.0),
                    Column(desk.say("原数", "Old"), "right"),
                    Column(desk.say("新数", "New"), "right"),
                    Column(desk.say("差额", "Difference"), "right"),
                ),
                rows=tuple(rows),
                empty_text=desk.say("本月无变动", "No change in the month"),
                note=desk.say(
                    "比率的差额为百分点；引起变动的记录见系统中该月的重述页。",
                    "Differences of ratios are percentage points; the records that caused them stand on the month's page of "
                    "restatements.",
                )
                if rows
                else "",
                source=desk.text(CENTRE),
            ),
        ),
    )


def _basis(desk: Desk, *, changed: bool) -> str:
    last = desk.held.last_issue
    if last is None:
        return desk.say("无上一期简报可比。", "There is no issue before this one to compare with.")
    day = f"{last.year}年{last.month}月{last.day}日" if desk.language != "en" else last.isoformat()
    if not changed:
        return desk.say(
            f"上期数据取数至{day}，此后登记的更正未使以前月份的主要指标发生变动。",
            f"The last issue knew what was recorded by {day}. What was corrected since then changed no main figure of an "
            "earlier month.",
        )
    return desk.say(
        f"上期数据取数至{day}，此后登记的更正使以前月份的下列指标发生变动。",
        f"The last issue knew what was recorded by {day}. What was corrected since then "
        "changed these figures of earlier months.",
    )


def _row(desk: Desk, found: Restated, change: Change) -> tuple[Words, ...]:
    month = Month.of(found.new.month)
    old, new = (
        Ref(f"{month}@{one.public_id}", change.code, change.scope, change.key)
        for one in (found.old, found.new)
    )
    unit = entry_of(change.code, change.scope).unit
    return (
        f"{month.year}年{month.number}月" if desk.language != "en" else str(month),
        desk.name(change.code),
        _cell(desk, change.old, change.old_reason, old, unit),
        _cell(desk, change.new, change.new_reason, new, unit),
        _difference(desk, change.difference, new, old, unit),
    )


def _cell(desk: Desk, value: Decimal | None, reason: str, of: Ref, unit: Unit) -> Printed:
    text = (
        f"{wording.DASH}（{wording.reason(reason, language=desk.language)}）"
        if value is None
        else wording.value_in(unit, value, language=desk.language)
    )
    return Printed(text, of=(of,), value=value, unit=unit)


def _difference(desk: Desk, value: Decimal | None, new: Ref, old: Ref, unit: Unit) -> Printed:
    """A ratio's in points, all else in its unit."""
    if value is None:
        text = wording.DASH
    elif unit is Unit.RATIO:
        text = wording.number(value * 100, places=2)
    else:
        text = wording.value_in(unit, value, language=desk.language)
    rule = Rule.CHANGE if unit in (Unit.RATIO, Unit.COUNT) else Rule.DIFFERENCE
    if value is not None and rule is Rule.CHANGE and value > 0:
        text = f"+{text}"
    return Printed(text, of=(new, old), rule=rule, value=value, unit=unit)
