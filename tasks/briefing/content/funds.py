"""The city's funds by tier: what they have, what they have done with it, what it is worth; invested money by stage."""

from __future__ import annotations

from tasks import queries, wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.tables import FUNDS, notes, rounded
from tasks.briefing.layout import Chart, ChartKind, Column, Section, Series, Table, Words
from tasks.briefing.origin import Printed
from tasks.models import Figure

COLUMNS = (
    "fund.planned", "fund.subscribed", "fund.paid_in", "fund.invested", "fund.firms", "fund.ended", "fund.proceeds",
    "fund.book_value", "fund.dpi", "fund.tvpi",
)  # fmt: skip
#: What is added up over the funds, where the catalogue has no figure of the city: holdings, each fund's for itself.
_ADDED = ("fund.firms", "fund.ended")


def section(desk: Desk) -> Section:
    own = queries.city_funds(desk.now)
    return Section(
        desk.say("政府基金", "Government funds"),
        "funds",
        (_by_fund(desk, own), _drawn(desk, own), *_by_stage(desk)),
    )


def _by_fund(desk: Desk, own: list[Figure]) -> Table:
    rows: list[tuple[Words, ...]] = [
        (desk.label(fund), *(desk.cell(code, "fund", fund.key) for code in COLUMNS)) for fund in own
    ]
    if rows:
        rows.append((desk.say("市级合计", "City total"), *(_total(desk, code, own) for code in COLUMNS)))
    return Table(
        number=0,
        caption=desk.say("各市级基金规模、投资与回报", "Size, investments and returns of the city's funds"),
        unit=desk.say(f"{desk.unit}、个、倍", f"{desk.unit}, numbers, multiples"),
        columns=(
            Column(desk.say("基金", "Fund"), weight=1.5),
            *(Column(desk.name(code), "right") for code in COLUMNS),
        ),
        rows=tuple(rows),
        total_row=bool(rows),
        empty_text=desk.say("尚无基金", "No funds yet"),
        note=notes(
            desk.say(
                "子基金由母基金出资，不重复计入，逐只见附表；项目数按基金加总，一家企业有多只基金投资的各计一次；"
                "DPI、TVPI 分母为出资人实缴，账面价值为在投项目估值，不含基金现金。",
                "Sub-funds are financed by the mother fund and not counted again; the annex has each of them. A firm held by "
                "several funds counts in each. DPI and TVPI are of paid-in capital; book value is of what is held, "
                "without the funds' cash.",
            ),
            rounded(desk, rows),
        ),
        source=desk.say(*FUNDS),
    )


def _total(desk: Desk, code: str, own: list[Figure]) -> str:
    if code in _ADDED:
        figures = [desk.now.get(code, "fund", fund.key) for fund in own]
        known = [figure for figure in figures if figure is not None]
        return desk.summed(known) if len(known) == len(figures) else wording.DASH
    return desk.cell(code) if desk.now.get(code) else wording.DASH


def _drawn(desk: Desk, own: list[Figure]) -> Chart:
    """How far each fund has come from its plan: subscribed, paid-in and invested as shares of it."""

    def shares(code: str) -> list[Printed]:
        return [desk.share(desk.now.get(code, "fund", fund.key), fund, places=1) for fund in own]

    parts = {code: shares(code) for code in ("fund.subscribed", "fund.paid_in", "fund.invested")}
    planned = desk.now.get("fund.planned")
    return Chart(
        number=0,
        finding=desk.write(
            "市级基金实缴占计划规模的{drawn}，已投占{used}",
            "{drawn} of the funds' planned size is paid in, {used} is invested",
            drawn=desk.share(desk.now.get("fund.paid_in"), planned, places=1),
            used=desk.share(desk.now.get("fund.invested"), planned, places=1),
        ),
        unit=desk.say("占计划规模 %", "% of planned size"),
        as_of=desk.as_of,
        source=desk.say(*FUNDS),
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


def _by_stage(desk: Desk) -> list[Chart]:
    stages = desk.now.all("fund.invested", "growth_stage")
    if not stages:
        return []
    direct = [figure for figure in stages if figure.key not in ("sub_fund", "unknown")]
    early = [figure for figure in direct if figure.key in ("seed", "startup")]
    finding: Words = desk.say("累计投资的企业发展阶段", "Invested money by the stage of the firm")
    if early and direct:
        finding = desk.write(
            "种子期、初创期企业获投{early}{unit}", "Seed and start-up firms received CNY {early} million",
            early=desk.summed(early), unit=desk.unit,
        )  # fmt: skip
    return [
        Chart(
            number=0,
            finding=finding,
            unit=desk.unit,
            as_of=desk.as_of,
            source=desk.say(*FUNDS),
            kind=ChartKind.HORIZONTAL_BARS,
            categories=tuple(desk.label(figure) for figure in stages),
            series=(
                Series(
                    desk.say("累计投资", "Invested"),
                    tuple(desk.plotted(figure.value) for figure in stages),
                    tuple(desk.shown(figure) for figure in stages),
                ),
            ),
            note=desk.say(
                "累计投资成本，含已退出与已核销；按企业现登记的发展阶段，系统未登记融资轮次。",
                "Cumulative cost, exited and written-off holdings included, by the stage that the registry says; rounds of "
                "financing are not collected.",
            ),
        )
    ]
