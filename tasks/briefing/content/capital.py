"""Funds, deals, and the firms with the most public money."""

from __future__ import annotations

from tasks import queries, wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Chart, ChartKind, Column, Paragraph, Section, Series, Table
from tasks.briefing.origin import Printed, Ref, Rule
from tasks.catalogue import BY_CODE
from tasks.exposure.parts import LINES_OF, NAMES, Part
from tasks.models import Figure

FUND_COLUMNS = (
    "fund.planned", "fund.subscribed", "fund.paid_in", "fund.invested", "fund.distributed", "fund.nav",
    "fund.dpi", "fund.tvpi", "fund.irr",
)  # fmt: skip


def funds(desk: Desk) -> Section:
    own = desk.now.all("fund.planned", "fund")
    columns = (
        Column(desk.say("基金", "Fund"), weight=1.6),
        *tuple(Column(desk.name(code), "right") for code in FUND_COLUMNS),
    )
    total = (
        desk.say("市级合计", "City total"),
        *tuple(desk.cell(code) if desk.now.get(code) else wording.DASH for code in FUND_COLUMNS),
    )
    rows = tuple(
        (desk.label(fund), *(desk.cell(code, "fund", fund.key) for code in FUND_COLUMNS)) for fund in own
    )
    return Section(
        desk.say("政府基金", "Government funds"),
        "funds",
        (
            Table(
                number=2,
                caption=desk.say("各基金规模与回报", "Size and returns of the funds"),
                unit=desk.say(f"{desk.unit}、倍、%", f"{desk.unit}, multiples, %"),
                columns=columns,
                rows=(*rows, total) if rows else (),
                total_row=bool(rows),
                empty_text=desk.say("尚无基金", "No funds yet"),
                note=desk.say(
                    "子基金由母基金出资，不重复计入市级合计；净内部收益率不足一年的不列示。",
                    "Sub-funds are financed by the mother fund and not counted again in the total; no IRR under one year.",
                ),
                source=desk.say("基金管理人报送", "Fund managers"),
            ),
            _drawn_chart(desk, queries.city_funds(desk.now)),
        ),
    )


def _drawn_chart(desk: Desk, own: list[Figure]) -> Chart:
    """How far each fund has come from its plan: subscribed, paid-in and invested as shares of it."""

    def shares(code: str) -> list[Printed]:
        return [desk.share(desk.now.get(code, "fund", fund.key), fund, places=1) for fund in own]

    parts = {code: shares(code) for code in ("fund.subscribed", "fund.paid_in", "fund.invested")}
    return Chart(
        number=2,
        finding=desk.write(
            "市级基金实缴占计划规模的{drawn}",
            "{drawn} of the funds' planned size is paid in",
            drawn=desk.share(desk.now.get("fund.paid_in"), desk.now.get("fund.planned"), places=1),
        ),
        unit=desk.say("占计划规模 %", "% of planned size"),
        as_of=desk.as_of,
        source=desk.say("基金管理人报送", "Fund managers"),
        kind=ChartKind.GROUPED_BARS,
        categories=tuple(desk.label(fund) for fund in own),
        series=tuple(
            Series(
                desk.name(code),
                tuple(None if share.value is None else float(share.value * 100) for share in drawn),
                tuple(drawn),
            )
            for code, drawn in parts.items()
        ),
        empty_text=desk.say("尚无基金", "No funds yet"),
    )


#: What happened in the month, by its name in the sentence.
MOVED = {"invested": "invested", "proceeds": "proceeds", "lost": "written_off"}


def deals(desk: Desk) -> Section:
    happened = desk.write(
        "本月完成投资{count}笔、{invested}；退出回款{proceeds}；核销{lost}。",
        "{count} investments of {invested} were made in the month; exits returned {proceeds}; {lost} was written off.",
        count=desk.cell("deals.investments"),
        **{name: desk.amount(f"deals.{code}") for name, code in MOVED.items()},
    )
    definition = BY_CODE["exposure.public"][0].definition
    quiet = not any(desk.value(f"deals.{code}") for code in ("investments", *MOVED.values()))
    largest = queries.largest_firms(desk.now)
    share = desk.now.get("concentration.top_share", "dimension_top", "firm:10")
    return Section(
        desk.say("投资项目与公共资金敞口", "Deals and public exposure"),
        "deals",
        (
            Paragraph(desk.say("本月无变动。", "No deals in the month.") if quiet else happened),
            Table(
                number=3,
                caption=desk.say("公共资金敞口前十户", "The ten largest public exposures"),
                unit=desk.unit,
                columns=(
                    Column(desk.say("序号", "No."), "right", 0.5),
                    Column(desk.say("企业", "Firm"), weight=2.6),
                    *(Column(desk.say(*name), "right") for name in NAMES.values()),
                    Column(desk.say("合计", "Total"), "right"),
                ),
                rows=tuple(_exposure_row(desk, rank, firm) for rank, firm in enumerate(largest, start=1)),
                empty_text=desk.say("尚无敞口", "No exposure yet"),
                note=desk.say(f"公共资金敞口：{definition.zh}。", f"Public exposure: {definition.en}."),
                source=desk.say("基金管理人、各银行、担保机构报送", "Fund managers, banks and guarantors"),
            ),
            Chart(
                number=3,
                finding=desk.say("敞口尚无数据", "No exposure yet")
                if share is None or share.value is None
                else desk.write(
                    "前十户占公共资金敞口的{share}",
                    "The ten largest firms hold {share} of the public exposure",
                    share=desk.shown(share, places=1),
                ),
                unit=desk.unit,
                as_of=desk.as_of,
                source=desk.say("基金管理人、各银行、担保机构报送", "Fund managers, banks and guarantors"),
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
            ),
        ),
    )


def _exposure_row(desk: Desk, rank: int, firm: Figure) -> tuple[str, ...]:
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
