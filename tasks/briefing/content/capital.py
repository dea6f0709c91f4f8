"""Funds, deals, and the firms with the most public money."""

from __future__ import annotations

from decimal import Decimal

from tasks import queries, wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Chart, ChartKind, Column, Paragraph, Section, Series, Table
from tasks.catalogue import BY_CODE
from tasks.exposure.parts import NAMES
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

    def share(code: str, fund: Figure) -> float | None:
        value = desk.value(code, "fund", fund.key)
        return None if value is None or not fund.value else float(value / fund.value * 100)

    parts = ("fund.subscribed", "fund.paid_in", "fund.invested")
    planned, paid = desk.value("fund.planned") or Decimal(0), desk.value("fund.paid_in") or Decimal(0)
    drawn = wording.percent(paid / planned, places=1) if planned else wording.DASH
    return Chart(
        number=2,
        finding=desk.say(
            f"市级基金实缴占计划规模的{drawn}", f"{drawn} of the funds' planned size is paid in"
        ),
        unit=desk.say("占计划规模 %", "% of planned size"),
        as_of=desk.as_of,
        source=desk.say("基金管理人报送", "Fund managers"),
        kind=ChartKind.GROUPED_BARS,
        categories=tuple(desk.label(fund) for fund in own),
        series=tuple(
            Series(
                desk.name(code),
                tuple(share(code, fund) for fund in own),
                tuple(_percent_label(share(code, fund)) for fund in own),
            )
            for code in parts
        ),
        empty_text=desk.say("尚无基金", "No funds yet"),
    )


def _percent_label(share: float | None) -> str:
    return wording.DASH if share is None else f"{share:.1f}%"


def deals(desk: Desk) -> Section:
    count = desk.value("deals.investments") or Decimal(0)
    invested = desk.value("deals.invested") or Decimal(0)
    proceeds, lost = desk.value("deals.proceeds") or Decimal(0), desk.value("deals.written_off") or Decimal(0)
    happened = desk.say(
        f"本月完成投资{count:.0f}笔、{desk.money(invested)}；退出回款{desk.money(proceeds)}；核销{desk.money(lost)}。",
        f"{count:.0f} investments of {desk.money(invested)} were made in the month; exits returned "
        f"{desk.money(proceeds)}; {desk.money(lost)} was written off.",
    )
    definition = BY_CODE["exposure.public"][0].definition
    quiet = not (count or proceeds or lost)
    largest = queries.largest_firms(desk.now)
    share = desk.value("concentration.top_share", "dimension_top", "firm:10")
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
                finding=desk.say(
                    f"前十户占公共资金敞口的{wording.percent(share, places=1)}"
                    if share is not None
                    else "敞口尚无数据",
                    f"The ten largest firms hold {wording.percent(share, places=1)} of the public exposure"
                    if share is not None
                    else "No exposure yet",
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
                        tuple(wording.shown(firm, language=desk.language) for firm in largest),
                    ),
                )
                if largest
                else (),
                empty_text=desk.say("尚无敞口", "No exposure yet"),
            ),
        ),
    )


def _exposure_row(desk: Desk, rank: int, firm: Figure) -> tuple[str, ...]:
    parts = queries.parts_of(desk.now, firm.key).values()
    cells = tuple(
        wording.DASH if part is None else wording.in_table(part, language=desk.language) for part in parts
    )
    return (str(rank), desk.label(firm), *cells, wording.shown(firm, language=desk.language))
