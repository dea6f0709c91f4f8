"""The plan's targets: how many stand how, and which are behind; the full list is an annex."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Column, Paragraph, Section, Table, Words
from tasks.briefing.origin import Form, Printed
from tasks.models import Figure, Target

UNIT_WORDS = {
    "percent": Text("%", "%"), "firms": Text("家", "firms"), "persons": Text("人", "persons"),
    "projects": Text("个", "projects"), "institutions": Text("家", "institutions"), "events": Text("场", "events"),
    "teams": Text("个", "teams"), "incubators": Text("家", "incubators"), "rank": Text("名", "rank"),
    "items": Text("项", "items"), "workstations": Text("个", "workstations"),
    "percent per year": Text("%/年", "% a year"),
}  # fmt: skip
#: Money of targets stands in one unit, 亿元 or CNY million.
_MONEY = Text("亿元", "CNY million")
_SOURCE = ("系统计算与各责任单位填报", "Computed, and reported by the responsible units")


def section(desk: Desk) -> Section:
    behind = [target for target in desk.targets if _is_behind(desk, target)]
    return Section(
        desk.say("行动方案目标", "Targets of the plan"),
        "targets",
        (
            Paragraph(_told(desk)),
            _by_status(desk),
            Table(
                number=0,
                caption=desk.say("滞后与逾期未完成的目标", "Targets behind their line or overdue"),
                unit=desk.say("见各行", "as stated"),
                columns=_columns(desk),
                rows=tuple(row(desk, target) for target in behind),
                empty_text=desk.say("没有滞后的目标", "No target is behind its line"),
                note=desk.say(
                    "与自基期至时限按天直线推算的应达值相比；全部目标见附表。",
                    "Against the straight line from the baseline to the deadline; the annex has all targets.",
                ),
                source=desk.say(*_SOURCE),
            ),
        ),
    )


def _told(desk: Desk) -> Words:
    every = desk.now.all("target.value", "target")
    reported = [figure for figure in every if figure.value is not None]
    silent = [figure for figure in every if figure.value is None]
    return desk.write(
        "行动方案共{total}项量化目标，本期有{reported}项取得数据，其余{silent}项未填报，不按零计。",
        "The plan has {total} quantified targets; {reported} have a value this month. The other {silent} "
        "were not reported and do not count as zero.",
        total=desk.count(every),
        reported=desk.count(reported),
        silent=desk.count(silent),
    )


def _by_status(desk: Desk) -> Table:
    statuses = desk.now.all("target.by_status", "target_status")
    rows: list[tuple[Words, ...]] = [
        (desk.label(one), desk.shown(one), desk.part(one, statuses)) for one in statuses
    ]
    if rows:
        rows.append((desk.say("合计", "Total"), desk.summed(statuses), ""))
    return Table(
        number=0,
        caption=desk.say("目标完成情况（按状态）", "Targets by status"),
        unit=desk.say("项、%", "targets, %"),
        columns=(
            Column(desk.say("状态", "Status"), weight=1.5),
            Column(desk.say("项数", "Targets"), "right"),
            Column(desk.say("占比", "Share"), "right"),
        ),
        rows=tuple(rows),
        total_row=bool(rows),
        empty_text=desk.say("尚无目标", "No targets"),
        note=desk.say(
            "合计少于目标总项数：重复列项只计一次，既有条件不计。",
            "Fewer in all than the plan has: duplicates count once, givens of the plan do not count.",
        ),
        source=desk.say(*_SOURCE),
    )


def every(desk: Desk) -> Table:
    """All of them, for the annex."""
    return Table(
        number=0,
        caption=desk.say("行动方案全部目标", "All targets of the plan"),
        unit=desk.say("见各行", "as stated"),
        columns=_columns(desk),
        rows=tuple(row(desk, target) for target in desk.targets),
        empty_text=desk.say("尚无目标", "No targets"),
        note=desk.say("未填报的不按零计。", "What was not reported does not count as zero."),
        source=desk.say(*_SOURCE),
    )


def _columns(desk: Desk) -> tuple[Column, ...]:
    return (
        Column(desk.say("编号", "No."), weight=0.8),
        Column(desk.say("目标", "Target"), weight=4.0),
        Column(desk.say("单位", "Unit"), weight=0.9),
        Column(desk.say("目标值", "Set"), "right", 1.1),
        Column(desk.say("现值", "Present"), "right", 1.2),
        Column(desk.say("完成度", "Progress"), "right", 1.0),
        Column(desk.say("牵头单位", "Lead unit"), weight=2.0),
    )


def _is_behind(desk: Desk, target: Target) -> bool:
    """Below its line, or not reached when its time was over; a target that is another's duplicate is told once."""
    if target.duplicate_of_id is not None or target.kind == "context":
        return False
    ahead = desk.value("target.ahead", "target", target.code)
    return ahead is not None and ahead < 0


def unit_of(desk: Desk, unit: str) -> str:
    if unit.startswith("CNY"):
        yearly = desk.say("/年", " a year") if unit.endswith("year") else ""
        return f"{desk.text(_MONEY)}{yearly}"
    return desk.text(UNIT_WORDS.get(unit, Text(unit, unit)))


_SIGNS = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "=": ""}


def row(desk: Desk, target: Target) -> tuple[Words, ...]:
    figure = desk.now.get("target.value", "target", target.code)
    return (
        target.code,
        desk.say(target.text, target.text_en),
        unit_of(desk, target.unit),
        (_SIGNS[target.comparison], desk.set_for(target)),
        _present(desk, target, figure),
        desk.cell("target.progress", "target", target.code)
        if figure is not None and figure.value is not None
        else wording.DASH,
        desk.text(desk.unit_named(target.lead_unit)),
    )


def _present(desk: Desk, target: Target, figure: Figure | None) -> Printed:
    if figure is None or figure.value is None:
        return desk.cell("target.value", "target", target.code)
    return desk.printed(desk.own(figure.value, target.unit), figure, form=Form.OWN)
