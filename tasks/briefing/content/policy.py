"""Listings, risk tolerance, the plan's targets, definitions."""

from __future__ import annotations

from decimal import Decimal

from tasks import wording
from tasks.briefing.content.attention import WATCHED_SHARE
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Chart, ChartKind, Column, Paragraph, Section, Series, Table, Words
from tasks.briefing.origin import Form
from tasks.catalogue import ENTRIES
from tasks.models import Figure, Target


def listings(desk: Desk) -> Section:
    stages = desk.now.all("pipeline.firms", "stage")
    return Section(
        desk.say("上市梯队", "Listing pipeline"),
        "listings",
        (
            Chart(
                number=5,
                finding=desk.write(
                    "在途{under_way}家，方案实施以来新增上市{listed}家",
                    "{under_way} firms under way, {listed} listed since the plan began",
                    under_way=desk.cell("pipeline.under_way"),
                    listed=desk.cell("pipeline.listed"),
                ),
                unit=desk.say("家", "firms"),
                as_of=desk.as_of,
                source=desk.say("金融发展服务中心", "The finance centre"),
                kind=ChartKind.FUNNEL,
                categories=tuple(desk.label(stage) for stage in stages),
                series=(
                    Series(
                        desk.say("家数", "Firms"),
                        tuple(None if s.value is None else float(s.value) for s in stages),
                        tuple(map(desk.shown, stages)),
                    ),
                ),
                empty_text=desk.say("尚无后备企业", "No firms yet"),
            ),
        ),
    )


def tolerance(desk: Desk) -> Section:
    used = desk.now.all("tolerance.used_share", "fund")
    return Section(
        desk.say("风险容忍度", "Risk tolerance"),
        "tolerance",
        (
            Table(
                number=9,
                caption=desk.say("风险容忍度使用情况", "Use of the risk tolerance"),
                unit=desk.say(f"{desk.unit}、%", f"{desk.unit}, %"),
                columns=(
                    Column(desk.say("规则", "Rule"), weight=2.0),
                    Column(desk.say("容忍额度", "Tolerance"), "right"),
                    Column(desk.say("已用", "Used"), "right"),
                    Column(desk.say("余量", "Left"), "right"),
                    Column(desk.say("已用比例", "Share used"), "right"),
                    Column(desk.say("状态", "Status"), "centre"),
                ),
                rows=tuple(_tolerance_row(desk, figure) for figure in used),
                empty_text=desk.say("尚无批准的规则", "No approved rule yet"),
                note=desk.say(
                    "已实现损失按规则计入减值或抵减收益；达到额度的80%为关注，超过为预警。",
                    "Losses as each rule counts them; watched from 80% of the tolerance, alert above it.",
                ),
                source=desk.say("基金管理人报送，规则见批准文件", "Fund managers; rules as approved"),
            ),
            Chart(
                number=6,
                finding=_tolerance_finding(desk, used),
                unit=desk.say("占容忍额度 %", "% of the tolerance"),
                as_of=desk.as_of,
                source=desk.say("基金管理人报送", "Fund managers"),
                kind=ChartKind.DOTS_AND_LIMITS,
                categories=tuple(desk.label(figure) for figure in used),
                series=(
                    Series(
                        desk.say("已用", "Used"),
                        tuple(None if f.value is None else float(f.value * 100) for f in used),
                        tuple(map(desk.shown, used)),
                    ),
                    Series(desk.say("限额", "Limit"), tuple(100.0 for _ in used)),
                )
                if used
                else (),
                empty_text=desk.say("尚无批准的规则", "No approved rule yet"),
            ),
        ),
    )


def _tolerance_finding(desk: Desk, used: list[Figure]) -> Words:
    over = [figure for figure in used if figure.value is not None and figure.value > 1]
    if over:
        return desk.write(
            "{over}项规则超过容忍额度", "{over} rules are over their tolerance", over=desk.count(over)
        )
    return desk.say("各项规则均在容忍额度之内", "Every rule is within its tolerance")


def status(desk: Desk, share: Decimal | None) -> str:
    """Normal, watch, alert or unknown, in words: never by colour alone."""
    if share is None:
        return desk.say("未知", "unknown")
    if share > 1:
        return desk.say("预警", "alert")
    return desk.say("关注", "watch") if share >= WATCHED_SHARE else desk.say("正常", "normal")


def _tolerance_row(desk: Desk, figure: Figure) -> tuple[str, ...]:
    limit, spent = (desk.now.get(f"tolerance.{code}", "fund", figure.key) for code in ("limit", "used"))
    return (
        desk.label(figure),
        desk.cell("tolerance.limit", "fund", figure.key),
        desk.cell("tolerance.used", "fund", figure.key),
        desk.difference(limit, spent),
        desk.shown(figure),
        status(desk, figure.value),
    )


def targets(desk: Desk) -> Section:
    every = desk.now.all("target.value", "target")
    reported = [figure for figure in every if figure.value is not None]
    silent = [figure for figure in every if figure.value is None]
    return Section(
        desk.say("行动方案目标", "Targets of the plan"),
        "targets",
        (
            Paragraph(
                desk.write(
                    "行动方案共{total}项量化目标，本期有{reported}项取得数据，其余{silent}项未填报，不按零计。",
                    "The plan has {total} quantified targets; {reported} have a value this month. The other {silent} "
                    "were not reported and do not count as zero.",
                    total=desk.count(every),
                    reported=desk.count(reported),
                    silent=desk.count(silent),
                )
            ),
            Table(
                number=10,
                caption=desk.say("目标完成情况", "Progress of the targets"),
                unit=desk.say("见各行", "as stated"),
                columns=(
                    Column(desk.say("编号", "No."), weight=0.8),
                    Column(desk.say("目标", "Target"), weight=4.0),
                    Column(desk.say("目标值", "Target value"), "right", 1.2),
                    Column(desk.say("现值", "Present"), "right", 1.2),
                    Column(desk.say("完成度", "Progress"), "right", 1.0),
                    Column(desk.say("牵头单位", "Lead unit"), weight=1.2),
                ),
                rows=tuple(_target_row(desk, target) for target in desk.targets),
                empty_text=desk.say("尚无目标", "No targets"),
                source=desk.say(
                    "系统计算与各责任单位填报", "Computed, and reported by the responsible units"
                ),
            ),
        ),
    )


UNIT_WORDS = {
    "percent": ("%", "%"), "firms": ("家", "firms"), "persons": ("人", "persons"), "projects": ("个", "projects"),
    "institutions": ("家", "institutions"), "events": ("场", "events"), "teams": ("个", "teams"),
    "incubators": ("家", "incubators"), "rank": ("名", "rank"), "items": ("项", "items"),
    "workstations": ("个", "workstations"), "percent per year": ("%/年", "% a year"),
}  # fmt: skip


def amount_of(desk: Desk, value: Decimal, unit: str) -> str:
    """A target's value with its unit; amounts of money as in running text."""
    if unit.startswith("CNY"):
        return desk.money(value) + (desk.say("/年", " a year") if unit.endswith("year") else "")
    zh, en = UNIT_WORDS.get(unit, (unit, unit))
    number = f"{value.normalize():,f}"
    return desk.say(f"{number}{zh}", f"{number}{en}" if en.startswith("%") else f"{number} {en}")


def _target_row(desk: Desk, target: Target) -> tuple[Words, ...]:
    figure = desk.now.get("target.value", "target", target.code)
    if figure is None or figure.value is None:
        present: str = desk.cell("target.value", "target", target.code)
    else:
        present = desk.printed(amount_of(desk, figure.value, target.unit), figure, form=Form.OWN)
    return (
        target.code,
        desk.say(target.text, target.text_en),
        f"{target.comparison.replace('>=', '≥').replace('<=', '≤')}{amount_of(desk, target.value, target.unit)}",
        present,
        desk.cell("target.progress", "target", target.code)
        if figure is not None and figure.value is not None
        else wording.DASH,
        target.lead_unit or desk.say("未载明", "not stated"),
    )


def definitions(desk: Desk) -> Section:
    """Every figure's definition, once."""
    seen: dict[str, tuple[str, ...]] = {}
    for entry in ENTRIES:
        seen.setdefault(entry.name.zh, (desk.name(entry.code), entry.definition.say(desk.language)))
    return Section(
        desk.say("口径说明", "Definitions"),
        "definitions",
        (
            Table(
                number=14,
                caption=desk.say("指标口径", "How the figures are defined"),
                unit="",
                columns=(
                    Column(desk.say("指标", "Figure"), weight=1.2),
                    Column(desk.say("口径", "Definition"), weight=4.0),
                ),
                rows=tuple(seen.values()),
                empty_text=wording.DASH,
            ),
        ),
    )
