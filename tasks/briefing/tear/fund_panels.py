"""The panels of a fund's sheet, each from the fund's own rows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from finance_hub.kernel.money import yuan
from funds.codes import CAPITALS, STAGES
from funds.models import FundTerms
from funds.queries import Account, FlowRow, Headroom
from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Chart, ChartKind, Column, Series
from tasks.briefing.tear import stakes
from tasks.briefing.tear.layout import Listing, Pairs, Panel, Picture, nothing
from tasks.engine.pacing import JCurve, j_curve


def flows(desk: Desk, flows: Sequence[FlowRow]) -> Panel:
    """Paid in and distributed by year, and the net flow since the beginning: the J-curve."""
    curve = j_curve(
        [row.effective_date for row in flows],
        [yuan(row.distribution_fen - row.contribution_fen) for row in flows],
    )
    years = range(flows[0].effective_date.year, desk.month.year + 1) if flows else range(0)
    paid = [_of_year(flows, year, "contribution_fen") for year in years]
    got = [_of_year(flows, year, "distribution_fen") for year in years]
    net = [sum(got[: n + 1], Decimal(0)) - sum(paid[: n + 1], Decimal(0)) for n in range(len(paid))]
    chart = Chart(
        number=1,
        finding=_finding(desk, curve),
        unit=desk.unit,
        as_of=desk.as_of,
        source="",
        kind=ChartKind.STACKED_BARS_AND_LINE,
        categories=tuple(map(str, years)),
        series=(
            Series(desk.say("实缴（流出）", "Paid in"), tuple(desk.plotted(-value) for value in paid)),
            Series(desk.say("分配（流入）", "Distributed"), tuple(desk.plotted(value) for value in got)),
            Series(desk.say("累计净额", "Cumulative net"), tuple(desk.plotted(value) for value in net)),
        ),
        empty_text=desk.say("尚无出资人现金流", "The investors have paid nothing in yet"),
    )
    return Panel(chart.finding, Picture(chart), unit=desk.unit if flows else "", share=1.55)


def _of_year(flows: Sequence[FlowRow], year: int, name: str) -> Decimal:
    return yuan(sum(getattr(row, name) for row in flows if row.effective_date.year == year))


def _finding(desk: Desk, curve: JCurve) -> str:
    """How deep the investors have stood in the fund, and whether they are back."""
    if curve.depth is None:
        return desk.say("出资人现金流", "Cash flows of the investors")
    if curve.depth.amount >= 0:
        return desk.say("出资人未曾净流出", "The investors have never stood below zero")
    depth, on = desk.money(-curve.depth.amount), curve.depth.on
    if curve.break_even is None:
        return desk.say(
            f"出资人净流出最多 {depth}（{on}），尚未收回",
            f"At most {depth} were out ({on}) and have not come back",
        )
    return desk.say(
        f"出资人净流出最多 {depth}（{on}），{curve.break_even} 收回",
        f"At most {depth} were out ({on}); they were back on {curve.break_even}",
    )


def capital(desk: Desk, accounts: Sequence[Account]) -> Panel:
    """Committed and paid in by kind of capital."""

    def sums(of: Sequence[Account]) -> tuple[Decimal, Decimal]:
        return (
            sum((one.committed for one in of), Decimal(0)),
            sum((one.contributed for one in of), Decimal(0)),
        )

    committed, paid = sums(accounts)
    rows = []
    for code, name in CAPITALS.items():
        own = [one for one in accounts if one.investor.capital == code]
        if own:
            part, given = sums(own)
            share = wording.percent(part / committed, places=1) if committed else wording.DASH
            rows.append(
                (desk.say(*name), str(len(own)), stakes.amount(desk, part), share, stakes.amount(desk, given))
            )
    total = (
        desk.say("合计", "Total"), str(len(accounts)), stakes.amount(desk, committed), "",
        stakes.amount(desk, paid),
    )  # fmt: skip
    body = Listing(
        columns=(
            Column(desk.say("资金性质", "Capital")),
            Column(desk.say("出资人", "Investors"), "right"),
            Column(desk.say("认缴", "Committed"), "right"),
            Column(desk.say("占比", "Share"), "right"),
            Column(desk.say("实缴", "Paid in"), "right"),
        ),
        rows=tuple(rows),
        total=total if len(rows) > 1 else None,
        empty=desk.say("尚无出资人", "No investors yet"),
        rest=lambda _shown: "",
        least=len(rows),
    )
    return Panel(
        desk.say("资本构成", "Capital by kind of investor"), body, unit=desk.unit if rows else "", share=1.55
    )


def pipeline(desk: Desk, places: dict[str, int]) -> Panel:
    """Deals by where they stood at the end of the month."""
    items = tuple(
        (desk.say(*name), str(places.get(code, 0))) for code, name in STAGES.items() if code != "reopened"
    )
    title = desk.say(f"项目储备 {sum(places.values())} 个", f"Pipeline: {sum(places.values())} deals")
    if not places:
        empty = desk.say("尚无登记的项目", "No deals are recorded yet")
        return Panel(desk.say("项目储备", "Pipeline"), nothing(empty))
    return Panel(title, Pairs(items, columns=2))


def holdings(desk: Desk, found: Sequence[Any]) -> Panel:
    """What is held, the most valuable first."""
    held = [row for row in found if row.remaining_cost]
    whole = sum((stakes.worth(row) for row in held), Decimal(0))

    def rest(shown: int) -> str:
        left = held[shown:]
        cost, value = stakes.total(left, "remaining_cost"), sum(map(stakes.worth, left), Decimal(0))
        return desk.say(
            f"另有 {len(left)} 项未列示：剩余成本 {desk.money(cost)}，现值 {desk.money(value)}。",
            f"Not shown: {len(left)} more, cost left {desk.money(cost)}, present value {desk.money(value)}.",
        )

    count = len(held)
    body = Listing(
        columns=(
            Column(desk.say("投资对象", "Investee")),
            Column(desk.say("投资成本", "Cost"), "right"),
            Column(desk.say("剩余成本", "Cost left"), "right"),
            Column(desk.say("公允价值", "Fair value"), "right"),
            Column("MOIC", "right"),
            Column(desk.say("估值方法", "Method")),
            Column(desk.say("估值日", "Valued on"), weight=1.2),
        ),
        rows=tuple(
            (
                investee(desk, row), stakes.amount(desk, row.invested), stakes.amount(desk, row.remaining_cost),
                stakes.fair_value(desk, row), stakes.multiple(desk, row), stakes.method(desk, row),
                stakes.valued(desk, row),
            )
            for row in held
        ),
        empty=desk.say("尚无在投项目", "Nothing is held yet"),
        rest=rest,
        least=3,
        pace=3,
    )  # fmt: skip
    title = desk.say(
        f"在投 {count} 项，现值 {desk.money(whole)}",
        f"Holdings: {count}, present value {desk.money(whole)}",
    )
    return Panel(title if held else desk.say("在投项目", "Holdings"), body, unit=desk.unit if held else "")


def investee(desk: Desk, row: Any) -> str:
    """A sub-fund of another manager has no name here: its row is not the reader's."""
    if row.firm:
        return str(row.firm.name)
    if row.sub_fund:
        return desk.say(row.sub_fund.name, row.sub_fund.name_en)
    return desk.say("另一管理人的子基金", "a sub-fund of another manager")


def endings(desk: Desk, found: Sequence[Any]) -> Panel:
    """What was exited or written off, in part or whole; the largest cost first."""
    ended = [row for row in found if row.cost_exited or row.cost_written_off]
    ended.sort(key=lambda row: (-(row.cost_exited + row.cost_written_off), row.pk))

    def rest(shown: int) -> str:
        left = len(ended) - shown
        return desk.say(f"另有 {left} 项未列示，已计入合计。", f"Not shown: {left} more, in the total.")

    names = ("cost_exited", "cost_written_off", "proceeds", "income")
    rows = tuple(
        (investee(desk, row), *(stakes.moved(desk, getattr(row, name)) for name in names)) for row in ended
    )
    sums = tuple(stakes.moved(desk, stakes.total(ended, name)) for name in names)
    body = Listing(
        columns=(
            Column(desk.say("项目", "Investee")),
            Column(desk.say("退出成本", "Exited"), "right"),
            Column(desk.say("核销", "Written off"), "right"),
            Column(desk.say("回款", "Proceeds"), "right"),
            Column(desk.say("股息", "Income"), "right"),
        ),
        rows=rows,
        total=(desk.say("合计", "Total"), *sums) if rows else None,
        empty=desk.say("尚无退出与核销", "Nothing was exited or written off"),
        rest=rest,
        least=1,
    )
    return Panel(
        desk.say("已退出与核销", "Exits and write-offs"), body, unit=desk.unit if rows else "", share=1.2
    )


def headroom(desk: Desk, found: Sequence[Headroom], agreed: FundTerms | None) -> Panel:
    """What the caps of the terms leave, the fullest first: on each firm, on sub-funds, on what is called again."""
    columns = (
        Column(desk.say("企业、子基金", "Firm or sub-fund"), weight=1.6),
        Column(desk.say("上限", "Cap"), "right"),
        Column(desk.say("已用", "Used"), "right"),
        Column(desk.say("余量", "Left"), "right"),
    )
    recycled = desk.say("循环投资", "Recycling")
    body = Listing(
        columns=columns,
        rows=tuple(
            (
                recycled if row.cap == "recycling" else desk.say(row.subject.zh, row.subject.en),
                *(
                    wording.DASH if amount is None else stakes.amount(desk, amount)
                    for amount in (row.limit, row.used, row.room)
                ),
            )
            for row in found
        ),
        empty=desk.say("条款未约定上限", "No cap is agreed")
        if agreed is None or not _caps(agreed)
        else desk.say("无在投企业", "No firm is held"),
        rest=lambda shown: desk.say(f"另有 {len(found) - shown} 项。", f"Not shown: {len(found) - shown}."),
        least=1,
    )
    title = desk.say("上限余量", "Headroom under the caps")
    return Panel(title, body, unit=desk.unit if found else "")


def _caps(agreed: FundTerms) -> bool:
    return any(
        share is not None
        for share in (agreed.firm_cap_pct, agreed.sub_fund_share_cap_pct, agreed.recycling_limit_pct)
    )
