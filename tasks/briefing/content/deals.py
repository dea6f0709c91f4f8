"""What the funds did in the month, in which industries and towns, and the firms with the most public money."""

from __future__ import annotations

from tasks import queries, wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.tables import ALL, FUNDS, notes, rounded
from tasks.briefing.layout import (
    Block,
    Chart,
    ChartKind,
    Column,
    Paragraph,
    Section,
    Series,
    Subheading,
    Table,
    Words,
)
from tasks.briefing.origin import Form, Ref, Rule, Sentence
from tasks.catalogue import BY_CODE
from tasks.exposure.parts import LINES_OF, NAMES, Part
from tasks.models import Figure

#: Beside a first investment.
FIRST = "first"


def section(desk: Desk) -> Section:
    quiet = not any(desk.value(f"deals.{code}") for code in ("investments", "proceeds", "written_off"))
    told: tuple[Block, ...] = (
        (Paragraph(desk.say("本月无变动。", "No deals in the month.")),)
        if quiet
        else (Paragraph(_happened(desk)), _one_by_one(desk), _places(desk))
    )
    return Section(
        desk.say("投资项目与公共资金敞口", "Deals and public exposure"),
        "deals",
        (
            Subheading(desk.say("本月投资与退出", "Investments and exits of the month")),
            *told,
            Subheading(desk.say("公共资金敞口", "Public exposure")),
            _largest(desk),
            _top_ten(desk),
        ),
    )


def _happened(desk: Desk) -> Words:
    return (*_invested(desk), *_ended(desk))


def _invested(desk: Desk) -> Sentence:
    first, invested = desk.now.get("deals.first"), desk.now.get("deals.invested")
    if not desk.value("deals.investments"):
        return (desk.say("本月无新投资", "Nothing was invested in the month"),)
    return desk.write(
        "本月完成投资{count}笔、{invested}，其中首次投资{first}、追加投资{more}",
        "{count} investments of {invested} were made in the month, {first} of it in firms new to the fund and {more} in "
        "follow-ups",
        count=desk.cell("deals.investments"),
        invested=desk.amount("deals.invested"),
        first=desk.amount("deals.first"),
        more=desk.difference(invested, first, form=Form.HEADLINE),
    )


def _ended(desk: Desk) -> Sentence:
    got, lost = desk.now.get("deals.proceeds"), desk.now.get("deals.written_off")
    exits = (
        desk.write("；退出回款{got}", "; exits returned {got}", got=desk.headline(got))
        if got is not None and got.value
        else (desk.say("；无退出", "; there were no exits"),)
    )
    gone = (
        desk.write("；核销{lost}。", "; {lost} was written off.", lost=desk.headline(lost))
        if lost is not None and lost.value
        else (desk.say("，无核销。", " and no write-offs."),)
    )
    return (*exits, *gone)


def _one_by_one(desk: Desk) -> Table:
    rows = [
        (_kind(desk, figure), desk.fund_of(figure), desk.label(figure), desk.shown(figure))
        for code in ("invested", "proceeds", "written_off")
        for figure in desk.now.all(f"deals.{code}", "fund_firm")
    ]
    return Table(
        number=0,
        caption=desk.say("本月投资、退出与核销", "Investments, exits and write-offs of the month"),
        unit=desk.unit,
        columns=(
            Column(desk.say("类别", "Kind"), weight=0.9),
            Column(desk.say("基金", "Fund"), weight=1.6),
            Column(desk.say("企业或子基金", "Firm or sub-fund"), weight=2.6),
            Column(desk.say("金额", "Amount"), "right"),
        ),
        rows=tuple(rows),
        empty_text=desk.say("本月无变动", "No change in the month"),
        note=desk.say(
            "投资与核销为成本，退出为收到的现金；同一基金对同一企业的当月各笔合并列示。",
            "Investments and write-offs at cost, exits in cash received; what one fund did in one firm is told together.",
        ),
        source=desk.say(*FUNDS),
    )


def _kind(desk: Desk, figure: Figure) -> str:
    if figure.code == "deals.proceeds":
        return desk.say("退出", "Exit")
    if figure.code == "deals.written_off":
        return desk.say("核销", "Write-off")
    if FIRST in figure.notes:
        return desk.say("首次投资", "First")
    return desk.say("追加投资", "Follow-up")


def _places(desk: Desk) -> Table:
    """By industry, then by town: each part of the month's investments."""
    rows: list[tuple[Words, ...]] = []
    for scope, zh, en in (("industry", "产业", "Industry"), ("town", "镇街", "Town")):
        figures = desk.now.all("deals.invested", scope)
        rows += [(desk.say(zh, en), desk.label(f), desk.shown(f), desk.part(f, figures)) for f in figures]
    return Table(
        number=0,
        caption=desk.say("本月投资的产业与区域分布", "The month's investments by industry and town"),
        unit=desk.say(f"{desk.unit}、%", f"{desk.unit}, %"),
        columns=(
            Column(desk.say("维度", "By"), weight=0.8),
            Column(desk.say("分类", "Part"), weight=2.4),
            Column(desk.say("当月投资额", "Invested"), "right"),
            Column(desk.say("占比", "Share"), "right"),
        ),
        rows=tuple(rows),
        empty_text=desk.say("本月无投资", "No investments in the month"),
        note=desk.say(
            "产业按国民经济行业门类；产业链归属未采集。",
            "Industries are sections of GB/T 4754; the industrial chain of a firm is not collected.",
        ),
        source=desk.say(*FUNDS),
    )


def _largest(desk: Desk) -> Table:
    largest = queries.largest_firms(desk.now)
    definition = BY_CODE["exposure.public"][0].definition
    rows = [_exposure_row(desk, rank, firm) for rank, firm in enumerate(largest, start=1)]
    return Table(
        number=0,
        caption=desk.say("公共资金敞口前十户", "The ten largest public exposures"),
        unit=desk.unit,
        columns=(
            Column(desk.say("序号", "No."), "centre", 0.5),
            Column(desk.say("企业", "Firm"), weight=2.6),
            *(Column(desk.text(name), "right") for name in NAMES.values()),
            Column(desk.say("合计", "Total"), "right"),
        ),
        rows=tuple(rows),
        empty_text=desk.say("尚无敞口", "No exposure yet"),
        note=notes(
            desk.say(f"公共资金敞口：{definition.zh}。", f"Public exposure: {definition.en}."),
            _across(desk, rows),
        ),
        source=desk.say(*ALL),
    )


def _across(desk: Desk, rows: list[tuple[Words, ...]]) -> str:
    """The sentence on rounding where the parts of a firm do not add up to its total as shown."""
    for row in rows:
        said = rounded(desk, [(cell,) for cell in row[2:] if cell != wording.DASH])
        if said:
            return said
    return ""


def _top_ten(desk: Desk) -> Chart:
    largest = queries.largest_firms(desk.now)
    share = desk.now.get("concentration.top_share", "dimension_top", "firm:10")
    return Chart(
        number=0,
        finding=desk.say("敞口尚无数据", "No exposure yet")
        if share is None or share.value is None
        else desk.write(
            "前十户占公共资金敞口的{share}",
            "The ten largest firms hold {share} of the public exposure",
            share=desk.shown(share, places=1),
        ),
        unit=desk.unit,
        as_of=desk.as_of,
        source=desk.say(*ALL),
        kind=ChartKind.HORIZONTAL_BARS,
        categories=tuple(desk.label(firm) for firm in largest),
        series=(
            Series(
                desk.say("公共资金敞口", "Public exposure"),
                tuple(desk.plotted(firm.value) for firm in largest),
                tuple(desk.shown(firm) for firm in largest),
            ),
        )
        if largest
        else (),
        empty_text=desk.say("尚无敞口", "No exposure yet"),
    )


def _exposure_row(desk: Desk, rank: int, firm: Figure) -> tuple[Words, ...]:
    cells = (
        wording.DASH if amount is None else desk.derived(amount, *_lines(desk, firm, part), rule=Rule.SUM)
        for part, amount in queries.parts_of(desk.now, firm.key).items()
    )
    return (str(rank), desk.label(firm), *cells, desk.shown(firm))


def _lines(desk: Desk, firm: Figure, part: Part) -> list[Ref]:
    """The lines of the firm's exposure in this part of which something is known."""
    keys = (f"{firm.key}|{code}" for code in LINES_OF[part])
    known = (key for key in keys if desk.value("exposure.largest_line", "firm_line", key) is not None)
    return [desk.ref("exposure.largest_line", "firm_line", key) for key in known]
