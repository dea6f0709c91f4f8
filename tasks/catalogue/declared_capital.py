"""Funds and what they invest in."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

_SUM = Text("三只市级基金合计，不含子基金", "Total of the city's three funds, sub-funds not counted again")


def _size(code: str, zh: str, en: str, meaning: Text, records: str) -> tuple[Entry, Entry]:
    """The same size per fund and for the city."""
    return (
        Entry(code, Unit.YUAN, Scope.FUND, Text(zh, en), meaning, f"funds.by_fund_{code[5:]}", records),
        Entry(
            code,
            Unit.YUAN,
            Scope.CITY,
            Text(zh, en),
            Text(f"{meaning.zh}；{_SUM.zh}", f"{meaning.en}; {_SUM.en}"),
            f"funds.city_{code[5:]}",
            records,
        ),
    )


CAPITAL: tuple[Entry, ...] = (
    *_size(
        "fund.planned", "计划规模", "Planned size",
        Text("方案或章程载明的规模", "The size that the plan or the charter states"), "funds",
    ),
    *_size(
        "fund.subscribed", "认缴", "Committed",
        Text("出资人认缴额之和", "Sum of the investors' commitments"), "fund_events",
    ),
    *_size(
        "fund.called", "已催缴", "Called",
        Text("已发出的缴款通知之和", "Sum of the capital calls"), "fund_events",
    ),
    *_size(
        "fund.paid_in", "实缴", "Paid in",
        Text("出资人实缴额之和", "Sum of the investors' contributions"), "fund_events",
    ),
    *_size(
        "fund.invested", "已投", "Invested",
        Text("累计投资成本，含已退出与已核销", "Cumulative cost of investments, exited and written-off ones included"),
        "holding_events",
    ),
    *_size(
        "fund.distributed", "已分配", "Distributed",
        Text("向出资人分配之和", "Sum of the distributions to investors"), "fund_events",
    ),
    *_size(
        "fund.nav", "净资产", "NAV",
        Text(
            "账面现金加在投项目最近一次估值，未估值的按成本",
            "Cash plus the latest fair value of what is held, at cost where never valued",
        ),
        "holdings",
    ),
    Entry(
        "fund.dpi", Unit.MULTIPLE, Scope.FUND, Text("DPI", "DPI"),
        Text("累计分配 ÷ 实缴；实缴为零则无值", "Distributions / paid-in; no value where nothing is paid in"),
        "funds.dpi", "fund_events",
    ),
    Entry(
        "fund.rvpi", Unit.MULTIPLE, Scope.FUND, Text("RVPI", "RVPI"),
        Text("净资产 ÷ 实缴", "NAV / paid-in"), "funds.rvpi", "holdings",
    ),
    Entry(
        "fund.tvpi", Unit.MULTIPLE, Scope.FUND, Text("TVPI", "TVPI"),
        Text("DPI + RVPI", "DPI + RVPI"), "funds.tvpi", "fund_events",
    ),
    Entry(
        "fund.irr", Unit.RATIO, Scope.FUND, Text("净内部收益率", "Net IRR"),
        Text(
            "出资人现金流与期末净资产的年化内部收益率（ACT/365F）；不足一年的不年化、不列示",
            "Annual internal rate of return of the investors' flows and the closing NAV (ACT/365F); "
            "not shown for a history under one year",
        ),
        "funds.irr", "fund_events",
    ),
    Entry(
        "fund.firms", Unit.COUNT, Scope.FUND, Text("在投企业数", "Firms held"),
        Text("剩余成本大于零的企业数", "Firms with cost remaining"), "funds.firms_held", "holdings",
    ),
    Entry(
        "fund.subscribed", Unit.YUAN, Scope.CAPITAL, Text("认缴（按资金性质）", "Committed, by kind of capital"),
        Text("财政资金、国有资本、社会资本的认缴额", "Commitments of fiscal, state and social capital"),
        "funds.subscribed_by_capital", "fund_events",
    ),
    Entry(
        "deals.invested", Unit.YUAN, Scope.CITY, Text("当月投资额", "Invested in the month"),
        Text("当月各基金对企业和子基金的投资", "Investments of the funds in firms and sub-funds in the month"),
        "funds.invested_in_month", "holding_events",
    ),
    Entry(
        "deals.investments", Unit.COUNT, Scope.CITY, Text("当月投资笔数", "Investments in the month"),
        Text("当月投资的笔数", "Number of investments in the month"), "funds.investments_in_month", "holding_events",
    ),
    Entry(
        "deals.proceeds", Unit.YUAN, Scope.CITY, Text("当月退出回款", "Exit proceeds in the month"),
        Text("当月退出收到的现金", "Cash from exits in the month"), "funds.proceeds_in_month", "holding_events",
    ),
    Entry(
        "deals.written_off", Unit.YUAN, Scope.CITY, Text("当月核销成本", "Written off in the month"),
        Text("当月核销的投资成本", "Cost written off in the month"), "funds.written_off_in_month", "holding_events",
    ),
    *(
        Entry(
            f"lookthrough.{basis}", Unit.YUAN, Scope.FUND_FIRM,
            Text(f"穿透持有（按{zh}份额）", f"Held by look-through, shares by {en}"),
            Text(
                f"母基金直接和经子基金持有的企业公允价值，子基金份额按{zh}；注明所依据最早一次报告的日期",
                f"Fair value of a firm that a fund holds directly and through sub-funds, whose shares go by {en}; "
                "the note is the day of the oldest report that it rests on",
            ),
            f"lookthrough.by_firm_{basis}", "holdings",
        )
        for basis, zh, en in (
            ("paid_in", "实缴", "paid-in"), ("nav", "净资产", "NAV"), ("commitment", "认缴", "commitment"),
        )
    ),
    Entry(
        "lookthrough.residual", Unit.YUAN, Scope.FUND, Text("穿透余额", "Residual of the look-through"),
        Text(
            "净资产减去穿透后的企业：现金及其他，按实缴份额，不摊到企业",
            "NAV less the firms seen through it: cash and other, by paid-in shares, never spread over firms",
        ),
        "lookthrough.residual", "holdings",
    ),
)  # fmt: skip
