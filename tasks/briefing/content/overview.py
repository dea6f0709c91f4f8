"""Page one's tiles, the general table, the bridge of the loan balance."""

from __future__ import annotations

from decimal import Decimal

from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.limits import passing
from tasks.briefing.content.tables import ALL, BANKS, notes, without
from tasks.briefing.layout import (
    Block,
    Chart,
    ChartKind,
    Column,
    Paragraph,
    Section,
    Series,
    Table,
    Tile,
    Words,
)
from tasks.briefing.origin import Form, Printed, Rule, Sentence
from tasks.catalogue import BY_CODE, Unit
from tasks.models import Target

#: Of each row of the general table: its figure, and whether the months of a year add up.
GENERAL = (
    ("fund.subscribed", False), ("fund.paid_in", False), ("fund.invested", False), ("deals.invested", True),
    ("deals.investments", True), ("deals.proceeds", True), ("loans.balance", False), ("loans.firms", False),
    ("loans.disbursed", True), ("loans.repaid", True), ("loans.npl_ratio", False), ("guarantees.outstanding", False),
    ("guarantees.written", True), ("guarantees.compensated_month", True), ("exposure.public", False),
    ("pipeline.under_way", False), ("pipeline.listed", False),
)  # fmt: skip
TILES = ("fund.paid_in", "fund.invested", "loans.balance", "guarantees.outstanding", "pipeline.under_way")


def tiles(desk: Desk) -> tuple[Tile, ...]:
    """The six headline figures with their changes on the month and on the year."""
    return (*(_tile(desk, code) for code in TILES), _rules_tile(desk))


def _tile(desk: Desk, code: str) -> Tile:
    figure, name = desk.now.get(code), desk.name(code)
    if figure is None or figure.value is None:
        why = wording.reason(figure.reason if figure else "not-reported", language=desk.language)
        return Tile(name, wording.DASH, note=why)
    changes: tuple[Words, ...] = (
        (desk.say("环比 ", "m/m "), _told(desk, code, 1)),
        (desk.say("同比 ", "y/y "), _told(desk, code, 12)),
    )
    note: Sentence = ()
    if code == "fund.paid_in":
        planned = desk.now.get("fund.planned")
        note = desk.write(
            "计划规模的{share}", "{share} of the plan", share=desk.share(figure, planned, places=1)
        )
    elif code == "loans.balance":
        note = desk.write(
            "{complete}/{due}家银行报齐", "{complete} of {due} banks", complete=desk.cell("reporting.complete"),
            due=desk.cell("reporting.due"),
        )  # fmt: skip
    unit = BY_CODE[code][0].unit
    changes = (*changes, note) if note else changes
    if unit is Unit.YUAN:
        number, measure = wording.headline(figure.value, language=desk.language)
        return Tile(name, desk.printed(number, figure, form=Form.HEADLINE), measure, changes)
    return Tile(name, desk.shown(figure), desk.say("家", "firms"), changes)


def _told(desk: Desk, code: str, months: int) -> Printed | str:
    change = desk.changed(months, code)
    return change if change.value is not None else desk.say("无可比数", "not comparable")


def _rules_tile(desk: Desk) -> Tile:
    """How many of the rules on risk hold, of all that are in force."""
    label, (holding, every) = desk.say("风险规则通过", "Risk rules that hold"), passing(desk)
    if not every:
        return Tile(label, wording.DASH, note=desk.say("尚无批准的规则", "no approved rule yet"))
    held, total = desk.counted(holding), desk.counted(every)
    of_all = desk.write("共{total}项", "of {total} in force", total=total)
    return Tile(label, held, desk.say("项", "rules"), (of_all,))


def section(desk: Desk) -> Section:
    bridge = _bridge(desk)
    blocks: tuple[Block, ...] = (
        Paragraph(
            desk.say(
                f"截至{desk.as_of}，主要指标如下，金额单位为{desk.unit}。",
                f"The main figures as of {desk.as_of}; amounts are in {desk.unit}.",
            )
        ),
        Table(
            number=0,
            caption=desk.say("主要指标", "Main figures"),
            unit=desk.say(f"{desk.unit}、家、笔、%", f"{desk.unit}, numbers, %"),
            columns=(
                Column(desk.say("指标", "Figure"), weight=1.8),
                Column(desk.say("本月", "This month"), "right"),
                Column(desk.say("上月", "Month before"), "right"),
                Column(desk.say("环比", "m/m"), "right"),
                Column(desk.say("同比", "y/y"), "right"),
                Column(desk.say("年初至今", "Year to date"), "right"),
                Column(desk.say("目标", "Target"), "right"),
                Column(desk.say("进度", "Progress"), "right"),
            ),
            rows=tuple(_general_row(desk, code, adds=adds) for code, adds in GENERAL),
            empty_text=desk.say("本月无数据", "No data this month"),
            note=notes(
                desk.say(
                    "比率的环比、同比为百分点，计数的为个数，金额的为增长率，基数为零的不计；年初至今为当年各月之和，余额与累计数不列；"
                    "目标取行动方案：认缴对计划规模，新增上市对方案目标，其余未设。",
                    "Changes are percentage points for ratios, numbers for counts, growth for amounts, none on zero. Year to "
                    "date is the sum of the year's months, not told of balances. Targets are the plan's: planned size for "
                    "commitments, new listings; none is set for the others.",
                ),
                without(desk, "flow"),
            ),
            source=desk.say(*ALL),
        ),
        *([bridge] if bridge else [Paragraph(_no_bridge(desk))]),
    )
    return Section(desk.say("总体情况", "Overview"), "overview", blocks)


def _general_row(desk: Desk, code: str, *, adds: bool) -> tuple[Words, ...]:
    return (
        desk.name(code), desk.cell(code), desk.cell(code, ago=1), desk.changed(1, code), desk.changed(12, code),
        desk.this_year(code) if adds else wording.DASH, *_target_of(desk, code),
    )  # fmt: skip


def _target_of(desk: Desk, code: str) -> tuple[Words, str]:
    unset = (desk.say("未设", "not set"), wording.DASH)
    if code == "fund.subscribed":
        planned = desk.now.get("fund.planned")
        return (desk.cell("fund.planned"), desk.share(desk.now.get(code), planned)) if planned else unset
    target = listing_target(desk) if code == "pipeline.listed" else None
    if target is None:
        return unset
    return ("≥", desk.set_for(target)), desk.cell("target.progress", "target", target.code)


def listing_target(desk: Desk) -> Target | None:
    return next((target for target in desk.targets if target.metric == "new_listings"), None)


def _no_bridge(desk: Desk) -> str:
    return desk.say(
        "本月或上月贷款数据不全，余额变动图从略。",
        "Loans of this month or the one before are not complete: how the balance moved is not drawn.",
    )


def _bridge(desk: Desk) -> Chart | None:
    """Opening balance → disbursed → repaid → other → closing; needs both months."""
    parts = [desk.before(1, "loans.balance")] + [
        desk.value(f"loans.{step}") for step in ("balance", "disbursed", "repaid")
    ]
    if any(part is None for part in parts):
        return None
    opening, closing, disbursed, repaid = (part or Decimal(0) for part in parts)
    now, before = desk.ref("loans.balance"), desk.ref("loans.balance", ago=1)
    out, back = desk.ref("loans.disbursed"), desk.ref("loans.repaid")
    other = closing - opening - disbursed + repaid
    steps = [
        (desk.say("期初余额", "Opening"), Decimal(0), opening, desk.derived(opening, before)),
        (desk.say("当月发放", "Disbursed"), opening, opening + disbursed, desk.derived(disbursed, out)),
        (
            desk.say("当月归还", "Repaid"), opening + disbursed, opening + disbursed - repaid,
            desk.derived(-repaid, back, rule=Rule.NEGATIVE),
        ),
        (
            desk.say("核销及调整", "Written off, adjusted"), closing - other, closing,
            desk.derived(other, now, before, out, back, rule=Rule.REMAINDER),
        ),
        (desk.say("期末余额", "Closing"), Decimal(0), closing, desk.derived(closing, now)),
    ]  # fmt: skip
    net = desk.derived(abs(closing - opening), now, before, rule=Rule.SIZE)
    return Chart(
        number=0,
        finding=desk.write(
            "专项贷款当月净增{net}万元", "The loan balance rose by CNY {net} million in the month", net=net
        )
        if closing >= opening
        else desk.write(
            "专项贷款当月净减{net}万元", "The loan balance fell by CNY {net} million in the month", net=net
        ),
        unit=desk.unit,
        as_of=desk.as_of,
        source=desk.say(*BANKS),
        kind=ChartKind.BRIDGE,
        categories=tuple(name for name, *_rest in steps),
        series=(
            Series(desk.say("起点", "From"), tuple(desk.plotted(start) for _n, start, _e, _l in steps)),
            Series(
                desk.say("终点", "To"),
                tuple(desk.plotted(end) for _n, _s, end, _l in steps),
                tuple(label for *_rest, label in steps),
            ),
        ),
        note=notes(
            desk.say(
                "核销及调整为期末余额减期初余额、发放与归还后的差额。",
                "Written off and adjusted: what the balances differ by beside disbursements and repayments.",
            ),
            without(desk, "flow"),
        ),
    )
