"""Risk: every tolerance with what is used and left, its thirteen months, and how likely it is to be passed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from finance_hub.kernel.periods import Month
from tasks import wording
from tasks.briefing.content.concentration import blocks as concentration
from tasks.briefing.content.desk import CHART_MONTHS, Desk
from tasks.briefing.content.limits import ALERT, WATCH, Tolerated, projects, say_status, tolerance, tolerances
from tasks.briefing.content.tables import FUNDS, notes
from tasks.briefing.layout import (
    Block,
    Chart,
    ChartKind,
    Column,
    Limit,
    Paragraph,
    Section,
    Series,
    Subheading,
    Table,
    Words,
)
from tasks.briefing.origin import JOINT, Printed, Ref
from tasks.catalogue import Unit
from tasks.models import Figure

#: How many panels one chart has room for; beyond it those with most used.
MOST_PANELS = 18
_BUDGET = ("tolerance.limit", "tolerance.used")


def section(desk: Desk) -> Section:
    used = tolerances(desk)
    return Section(
        desk.say("风险容忍度与集中度", "Risk tolerance and concentration"),
        "tolerance",
        (
            Subheading(desk.say("容忍额度", "Tolerances")),
            _rules(desk, used),
            *_single(desk),
            _now(desk, used),
            *_months(desk, used),
            Subheading(desk.say("联合损失", "Joint loss")),
            _joint(desk),
            Subheading(desk.say("集中度", "Concentration")),
            *concentration(desk),
        ),
    )


def _rules(desk: Desk, used: list[Figure]) -> Table:
    lapsed = desk.now.get("tolerance.lapsed")
    ended = (
        ""
        if lapsed is None or not lapsed.value
        else desk.say("有规则到期未续，见需关注事项。", "Rules have lapsed: see matters for attention.")
    )
    return Table(
        number=0,
        caption=desk.say("风险容忍度使用情况", "Use of the risk tolerance"),
        unit=desk.say(f"{desk.unit}、%、个月", f"{desk.unit}, %, months"),
        columns=(
            Column(desk.say("规则", "Rule"), weight=1.9),
            Column(desk.say("限额", "Limit"), "right"),
            Column(desk.say("当前", "Used"), "right"),
            Column(desk.say("余量", "Left"), "right"),
            Column(desk.say("已用", "Share"), "right", 0.8),
            Column(desk.say("状态", "Status"), "centre", 0.7),
            Column(desk.say("连续月数", "Months so"), "right", 0.7),
            Column(desk.say("责任部门", "Owner"), weight=1.4),
        ),
        rows=tuple(_row(desk, figure) for figure in used),
        empty_text=desk.say("尚无批准的规则", "No approved rule yet"),
        note=notes(
            desk.say(
                "损失按各规则的抵减与时点计；达到预警线（未约定的为限额的80%）为关注，超过限额为预警；连续月数为保持"
                "现状态的月数，至多计十三个月。",
                "Losses as each rule counts them; watched from its warning line (80% of the limit where none is agreed), "
                "alert above the limit; months so: for how many, up to thirteen, it has stood as it stands.",
            ),
            ended,
        ),
        source=desk.say("基金管理人报送，规则见批准文件", "Fund managers; rules as approved"),
    )


def _single(desk: Desk) -> list[Block]:
    found = projects(desk)
    if not found:
        return []
    spent = [figure for figure in found if figure.value is not None and figure.value >= 1]
    return [
        Paragraph(
            desk.write(
                "单个项目另有容忍度：{found}个项目发生损失或减值，其中{spent}个已用满额度，逐个见附表。",
                "Single projects have a tolerance of their own: {found} have lost something or are impaired, {spent} of them "
                "all that they may; the annex has each of them.",
                found=desk.count(found),
                spent=desk.count(spent),
            )
        )
    ]


def _row(desk: Desk, figure: Figure) -> tuple[Words, ...]:
    held = tolerance(desk, figure)
    limit, spent = (desk.now.get(code, figure.scope, figure.key) for code in _BUDGET)
    return (
        held.name,
        desk.cell("tolerance.limit", figure.scope, figure.key),
        desk.cell("tolerance.used", figure.scope, figure.key),
        desk.difference(limit, spent),
        desk.shown(figure),
        say_status(desk, held.status),
        desk.counted(held.months) if held.months else wording.DASH,
        desk.text(held.owner),
    )


def _now(desk: Desk, used: list[Figure]) -> Chart:
    return Chart(
        number=0,
        finding=_finding(desk, [tolerance(desk, figure) for figure in used]),
        unit=desk.say("占容忍额度 %", "% of the tolerance"),
        as_of=desk.as_of,
        source=desk.say(*FUNDS),
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
    )


def _finding(desk: Desk, found: list[Tolerated]) -> Words:
    over = [held.of for held in found if held.status == ALERT]
    if over:
        return desk.write(
            "{over}项规则超过容忍额度", "Rules over their tolerance: {over}", over=desk.counted(over)
        )
    near = [held.of for held in found if held.status == WATCH]
    if near:
        return desk.write(
            "各项规则均未超限，{near}项达到预警线",
            "No rule is over its tolerance; above the warning line: {near}",
            near=desk.counted(near),
        )
    return desk.say("各项规则均在容忍额度之内", "Every rule is within its tolerance")


def _months(desk: Desk, used: list[Figure]) -> list[Chart]:
    """The used share of each rule over thirteen months."""
    ranked = sorted(used, key=lambda figure: figure.value or Decimal(0), reverse=True)[:MOST_PANELS]
    if not ranked:
        return []
    top = ranked[0]
    return [
        Chart(
            number=0,
            finding=(
                *desk.write("已用最多的{rule}环比", "The most used, {rule}: ", rule=desk.label(top)),
                *desk.moved(1, top.code, top.scope, top.key),
                desk.say("", " on the month"),
            ),
            unit=desk.say("占容忍额度 %", "% of the tolerance"),
            as_of=desk.as_of,
            source=desk.say(*FUNDS),
            kind=ChartKind.SMALL_MULTIPLES,
            categories=desk.month_labels,
            series=tuple(
                Series(
                    desk.label(figure),
                    tuple(
                        None if share is None else float(share * 100)
                        for share in desk.past(figure.code, figure.scope, figure.key)
                    ),
                    tuple(
                        desk.cell(figure.code, figure.scope, figure.key, ago=ago)
                        for ago in range(CHART_MONTHS - 1, -1, -1)
                    ),
                )
                for figure in ranked
            ),
            limits=(Limit(desk.say("限额", "Limit"), 100.0),),
            note=desk.say("规则施行前的月份不画。", "Months before a rule came into force are not drawn."),
        )
    ]


def _joint(desk: Desk) -> Table:
    loss = desk.held.loss
    limits: list[dict[str, Any]] = [] if loss is None else loss.content["limits"]
    return Table(
        number=0,
        caption=desk.say("未来十二个月突破限额的概率", "Probability of passing a limit within twelve months")
        + _of_month(desk),
        unit=desk.say(f"{desk.unit}、%", f"{desk.unit}, %"),
        columns=(
            Column(desk.say("限额", "Limit"), weight=2.4),
            Column(desk.say("尚可承受损失", "May still be lost"), "right"),
            Column(desk.say("预期损失", "Expected loss"), "right"),
            Column(desk.say("突破概率", "Probability"), "right"),
        ),
        rows=tuple(_chance(desk, one) for one in limits),
        empty_text=desk.say("本期联合损失尚未计算", "The joint loss of this month is not computed yet")
        if loss is None
        else desk.say("尚无批准的限额", "No approved limit yet"),
        note=""
        if loss is None
        else desk.say(
            "尚可承受损失为余量，按规则盈亏相抵的另加已有净收益。各企业的股权、贷款、担保损失联合推算，违约概率与损失率"
            "为假设，见系统中本月联合损失页。",
            "What may still be lost is what is left, with net gains so far where gains offset losses by the rule. "
            "Losses of equity, loans and guarantees drawn together, firm by firm; default probabilities and losses given "
            "default are assumptions, told on the month's page of joint losses.",
        ),
        source=desk.say("系统按已登记的假设计算", "Computed from the assumptions on record"),
    )


def _of_month(desk: Desk) -> str:
    """Of which month, where it is not that of the issue."""
    if desk.held.loss is None or desk.held.loss.snapshot.month == desk.month.first:
        return ""
    month = Month.of(desk.held.loss.snapshot.month)
    return desk.say(f"（据{month.year}年{month.number}月数据）", f" (by the figures of {month})")


def _reckoned(desk: Desk) -> str:
    """The snapshot of which the losses were reckoned, as a reference names it."""
    loss = desk.held.loss
    if loss is None or loss.snapshot_id == desk.now.snapshot.pk:
        return str(desk.month)
    return f"{Month.of(loss.snapshot.month)}@{loss.snapshot.public_id}"


def _chance(desk: Desk, one: dict[str, Any]) -> tuple[Words, ...]:
    label = one["label"]["en" if desk.language == "en" else "zh"]
    return (label, *(_drawn(desk, one, what) for what in ("room", "expected", "probability")))


def _drawn(desk: Desk, one: dict[str, Any], what: str) -> Printed:
    of = Ref(_reckoned(desk), JOINT, one["kind"], f"{one['code']}|{what}")
    value = Decimal(str(one[what]))
    unit = Unit.RATIO if what == "probability" else Unit.YUAN
    text = wording.value_in(unit, value, language=desk.language)
    return Printed(text, of=(of,), value=value, unit=unit)
