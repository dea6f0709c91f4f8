"""One page about a firm: all public money in it, by form, and the road from the first angel yuan to a listing.

Whoever does not see everything gets what its own funds have in the firm, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from finance_hub.kernel import scoping
from finance_hub.kernel.firm_words import CLASSES, SECTIONS
from finance_hub.kernel.firm_words import STAGES as GROWTH
from finance_hub.kernel.models import Firm, FirmClass, FirmName
from funds import queries as funds
from funds.codes import HOLDING
from funds.models import HoldingEvent
from tasks import queries
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Column, Language, Tile
from tasks.briefing.tear import lenders, public_money, stakes
from tasks.briefing.tear.layout import Listing, Page, Pairs, Panel, Road, Stop
from tasks.briefing.tear.origin import month_label, proof
from tasks.briefing.tear.public_money import PublicMoney
from tasks.briefing.tear.words import BOARDS, STAGES
from tasks.models import Snapshot

INVESTMENT = "investment"
ENDED = ("withdrawn", "rejected")


class Own(NamedTuple):
    """What the funds in scope have in the firm: their holdings, and what they paid and got, oldest first."""

    holdings: list[Any]
    entries: list[HoldingEvent]


def page(of: Firm, snapshot: Snapshot, *, language: Language) -> Page:
    """The sheet of a firm that the scope in force may know of."""
    desk = Desk(language, queries.month_of(snapshot), queries.of_firm(snapshot, of), {}, ())
    when: dict[str, Any] = {"as_of": desk.month.end, "known_at": snapshot.known_at}
    held: list[Any] = list(funds.holdings(**when).filter(firm=of))
    held.sort(key=lambda row: (-row.remaining_cost, -row.invested, row.pk))
    own = Own(held, list(funds.entries_of_firm(of.pk, **when)))
    money = public_money.read(desk, of) if scoping.current().everything else None
    return Page(
        language=language,
        kind=desk.say("企业一页概览", "Firm tear sheet"),
        unit_name=desk.say("市金融发展服务中心", "City Finance Development Service Centre"),
        month_label=month_label(desk),
        title=of.name,
        subtitle=desk.say(f"统一社会信用代码 {of.uscc}", f"Unified social credit code {of.uscc}"),
        facts=Pairs(_identity(desk, of, snapshot), columns=3),
        tiles=(public_money.tiles(desk, money) if money else _own_tiles(desk, own),),
        bands=(
            (_road(desk, own, money),),
            *(((public_money.chart(desk, money), _listing(desk, money)),) if money else ()),
            (_holdings(desk, own),),
            (_entries(desk, own),),
            *(((lenders.through(desk, money),),) if money else ()),
            *(((lenders.loans(desk, money), lenders.guarantees(desk, money)),) if money else ()),
        ),
        notes=_notes(desk, money),
        proof=proof(desk, snapshot),
        keywords=snapshot.fingerprint,
    )


def _notes(desk: Desk, money: PublicMoney | None) -> tuple[str, ...]:
    rounding = desk.say(
        "倍数＝（回款＋股息利息＋现值）÷ 成本。因四舍五入，分项合计与总数可能略有差异。",
        "Multiple: proceeds, income and present value for each yuan of cost. Rounded parts may differ slightly "
        "from totals.",
    )
    if money:
        return (*public_money.notes(desk, money), rounding)
    return (
        desk.say(
            "本表只含本机构所管基金对该企业的投资；其他基金、贷款、担保与上市进程不在可见范围，未列示不表示没有。",
            "Only what the funds of your own house have in the firm. Other funds, loans, guarantees and listing "
            "attempts are not shown to you; that they are not shown does not mean that there are none.",
        ),
        rounding,
    )


def _identity(desk: Desk, of: Firm, snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    unknown = desk.say("未登记", "not recorded")
    industry = desk.say(*SECTIONS[of.industry[0]]) + f" {of.industry}" if of.industry else unknown
    known = desk.say("已核实", "verified") if of.verified else desk.say("未核实", "not verified")
    return (
        (desk.say("行业", "Industry"), industry),
        (desk.say("镇街", "Town"), of.town or unknown),
        (desk.say("成立日期", "Founded"), str(of.founded_on or unknown)),
        (desk.say("发展阶段", "Stage"), desk.say(*GROWTH[of.stage]) if of.stage else unknown),
        (
            desk.say("关联集团", "Group"),
            of.control_group.name if of.control_group else desk.say("无", "none"),
        ),
        (desk.say("登记状态", "Record"), known),
        (desk.say("有效认定", "Recognised as"), _classes(desk, of, snapshot)),
        (desk.say("曾用名", "Former names"), _former_names(desk, of)),
        (desk.say("数据截至", "As of"), desk.month.last.isoformat()),
    )


def _classes(desk: Desk, of: Firm, snapshot: Snapshot) -> str:
    """Recognitions in force on the last day of the month."""
    last = desk.month.last
    rows = FirmClass.objects.filter(firm=of, valid_from__lte=last, recorded_at__lte=snapshot.known_at)
    found = [
        row for row in rows.order_by("code", "valid_from") if row.valid_to is None or row.valid_to > last
    ]
    names = dict.fromkeys(desk.say(*CLASSES[row.code]) for row in found)
    return desk.say("、", ", ").join(names) or desk.say("无", "none")


def _former_names(desk: Desk, of: Firm) -> str:
    names = FirmName.objects.filter(firm=of).order_by("-valid_from").values_list("name", flat=True)
    return desk.say("、", ", ").join(dict.fromkeys(name for name in names if name != of.name)) or desk.say(
        "无", "none"
    )


def _own_tiles(desk: Desk, own: Own) -> tuple[Tile, ...]:
    """What the reader's own funds have in the firm."""
    paid = stakes.total(own.holdings, "invested")
    left = stakes.total(own.holdings, "remaining_cost")
    value = sum(map(stakes.worth, own.holdings), Decimal(0))
    back = stakes.total(own.holdings, "proceeds") + stakes.total(own.holdings, "income")
    named = (
        (desk.say("本机构基金投资成本", "Cost of your funds"), paid),
        (desk.say("剩余成本", "Cost left"), left),
        (desk.say("现值", "Present value"), value),
        (desk.say("已回款", "Got back"), back),
    )
    return tuple(public_money.tile(desk, label, amount if own.holdings else None) for label, amount in named)


def _road(desk: Desk, own: Own, money: PublicMoney | None) -> Panel:
    """The baton: who gave the firm public money first, in which form, and where it leads."""
    bought = [entry for entry in own.entries if entry.kind == INVESTMENT]
    angels = [entry for entry in bought if entry.holding.fund.tier == "angel"]
    others = [entry for entry in bought if entry.holding.fund.tier != "angel"]
    none = desk.say("尚无", "none yet")
    stops = [
        _stake_stop(desk, desk.say("首笔天使投资", "First angel money"), angels, none),
        _stake_stop(desk, desk.say("首笔其他基金投资", "First other fund"), others, none),
    ]
    if money is not None:
        loan, attempts = money.first_loan, money.attempts
        what = none if loan is None else f"{desk.say(loan.bank, loan.bank_en)} {desk.money(loan.amount)}"
        day = loan.on.isoformat() if loan else ""
        stops.append(Stop(desk.say("首笔专项贷款", "First loan"), day, what, reached=loan is not None))
        last = max(attempts, key=lambda row: (row.since, row.id), default=None)
        said = none if last is None else f"{desk.say(*BOARDS[last.board])} · {desk.say(*STAGES[last.stage])}"
        since = last.since.isoformat() if last else ""
        under_way = last is not None and last.stage not in ENDED
        stops.append(Stop(desk.say("上市进程", "Listing"), since, said, reached=under_way))
    return Panel(desk.say("接力历程", "The baton"), Road(tuple(stops)))


def _stake_stop(desk: Desk, title: str, entries: Sequence[HoldingEvent], none: str) -> Stop:
    if not entries:
        return Stop(title, "", none, reached=False)
    first = entries[0]
    fund = first.holding.fund
    what = f"{desk.say(fund.name, fund.name_en)} {desk.money(first.cash)}"
    return Stop(title, first.effective_date.isoformat(), what, reached=True)


def _listing(desk: Desk, money: PublicMoney) -> Panel:
    """Each attempt with its stage in force."""
    rows = sorted(money.attempts, key=lambda row: (row.since, row.id), reverse=True)
    body = Listing(
        columns=(
            Column(desk.say("板块", "Board")),
            Column(desk.say("阶段", "Stage")),
            Column(desk.say("自", "Since")),
        ),
        rows=tuple(
            (desk.say(*BOARDS[row.board]), desk.say(*STAGES[row.stage]), row.since.isoformat())
            for row in rows
        ),
        empty=desk.say("尚未进入上市梯队", "Not on the way to a listing"),
        rest=lambda shown: desk.say(
            f"另有 {len(rows) - shown} 次。", f"Not shown: {len(rows) - shown} more."
        ),
    )
    return Panel(desk.say("上市进程", "Listing attempts"), body)


def _holdings(desk: Desk, own: Own) -> Panel:
    """Each fund's stake, the largest cost left first."""
    rows = own.holdings
    body = Listing(
        columns=(
            Column(desk.say("基金", "Fund")),
            Column(desk.say("投资成本", "Cost"), "right"),
            Column(desk.say("剩余成本", "Cost left"), "right"),
            Column(desk.say("公允价值", "Fair value"), "right"),
            Column(desk.say("倍数", "Multiple"), "right"),
            Column(desk.say("估值方法", "Method")),
            Column(desk.say("估值日", "Valued on")),
        ),
        rows=tuple(
            (
                desk.say(row.fund.name, row.fund.name_en), stakes.amount(desk, row.invested),
                stakes.amount(desk, row.remaining_cost), stakes.fair_value(desk, row),
                stakes.multiple(desk, row), stakes.method(desk, row), stakes.valued(desk, row),
            )
            for row in rows
        ),
        empty=desk.say("没有基金投资该企业", "No fund has invested in the firm")
        if scoping.current().everything
        else desk.say("本机构所管基金未投资该企业", "No fund of your own house has invested in the firm"),
        rest=lambda shown: desk.say(
            f"另有 {len(rows) - shown} 只基金未列示，剩余成本 "
            f"{desk.money(stakes.total(rows[shown:], 'remaining_cost'))}。",
            f"Not shown: {len(rows) - shown} more funds, cost left "
            f"{desk.money(stakes.total(rows[shown:], 'remaining_cost'))}.",
        ),
    )  # fmt: skip
    return Panel(desk.say("基金持有", "Stakes of funds"), body, unit=desk.unit if rows else "")


def _entries(desk: Desk, own: Own) -> Panel:
    """What was paid and got, the newest first."""
    rows = own.entries[::-1]
    count = len(rows)
    body = Listing(
        columns=(
            Column(desk.say("日期", "Date")),
            Column(desk.say("基金", "Fund")),
            Column(desk.say("事项", "Entry")),
            Column(desk.say("现金", "Cash"), "right"),
            Column(desk.say("成本", "Cost"), "right"),
        ),
        rows=tuple(
            (
                row.effective_date.isoformat(), desk.say(row.holding.fund.name, row.holding.fund.name_en),
                desk.say(*HOLDING[row.kind]), stakes.moved(desk, row.cash), stakes.moved(desk, row.cost),
            )
            for row in rows
        ),
        empty=desk.say("没有投资与退出记录", "Nothing was paid or got"),
        rest=lambda shown: desk.say(
            f"更早的 {count - shown} 笔未列示。", f"Not shown: {count - shown} earlier."
        ),
        least=3,
        pace=2,
    )  # fmt: skip
    title = desk.say(f"投资与退出 {count} 笔", f"Investments and receipts: {count}")
    return Panel(title if rows else desk.say("投资与退出", "Investments and receipts"), body,
                 unit=desk.unit if rows else "")  # fmt: skip
