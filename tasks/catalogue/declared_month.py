"""What the briefing tells of the month in its parts: deals, the funds' exits, guarantees, moves towards a listing."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit


def _deals(code: str, zh: str, en: str, scope: Scope, meaning: Text, function: str) -> Entry:
    return Entry(code, Unit.YUAN, scope, Text(zh, en), meaning, f"month.{function}", "holding_events")


def _guarantees(code: str, name: Text, meaning: Text, function: str) -> tuple[Entry, Entry]:
    return (
        Entry(code, Unit.YUAN, Scope.CITY, name, meaning, f"month.{function}_city", "guarantees"),
        Entry(code, Unit.YUAN, Scope.GUARANTOR, name, meaning, f"month.{function}_guarantor", "guarantees"),
    )


def _firms_behind(code: str, zh: str, en: str, function: str) -> Entry:
    """Of how many firms an amount of a guarantor tells."""
    meaning = Text(f"{zh.removesuffix('户数')}额不为零的企业数", f"{en}: those whose amount is not zero")
    return Entry(
        f"guarantees.firms_{code}", Unit.COUNT, Scope.GUARANTOR, Text(zh, en), meaning, f"month.firms_{function}",
        "guarantees",
    )  # fmt: skip


_INVESTED = Text(
    "当月各基金对企业和子基金的投资", "Investments of the funds in firms and sub-funds in the month"
)
_PROCEEDS = Text("当月退出收到的现金", "Cash from exits in the month")
_WRITTEN_OFF = Text("当月核销的投资成本", "Cost written off in the month")
_EXITED = Text("累计退出收到的现金", "Cash from exits, cumulative")
_BOOK = Text(
    "在投项目最近一次估值之和，未估值的按剩余成本",
    "Latest fair value of what is held, remaining cost where never valued",
)
#: Yuan: what a fund holds in one firm is a figure of its own from this book value on.
LISTED_FROM = 10_000_000
_OWN = Text("三只市级基金合计，不含子基金", "Total of the city's three funds, sub-funds not counted again")

MONTH: tuple[Entry, ...] = (
    _deals(
        "deals.first", "当月首次投资额", "First investments in the month", Scope.CITY,
        Text("当月投资中此前未投过的项目", "Of the month's investments those in what the fund had not invested in before"),
        "first_in_month",
    ),
    _deals("deals.invested", "当月投资额", "Invested in the month", Scope.FUND_FIRM, _INVESTED, "invested_by_firm"),
    _deals("deals.proceeds", "当月退出回款", "Exit proceeds in the month", Scope.FUND_FIRM, _PROCEEDS, "proceeds_by_firm"),
    _deals(
        "deals.written_off", "当月核销成本", "Written off in the month", Scope.FUND_FIRM, _WRITTEN_OFF, "written_off_by_firm"
    ),
    _deals("deals.invested", "当月投资额", "Invested in the month", Scope.INDUSTRY, _INVESTED, "invested_by_industry"),
    _deals("deals.invested", "当月投资额", "Invested in the month", Scope.TOWN, _INVESTED, "invested_by_town"),
    _deals(
        "fund.invested", "已投", "Invested", Scope.GROWTH,
        Text(
            f"累计投资成本，含已退出与已核销，按企业现登记的发展阶段；{_OWN.zh}，对子基金的投资单列",
            f"Cumulative cost of investments by the stage that the registry now says of the firm; {_OWN.en}; stakes in "
            "sub-funds stand by themselves",
        ),
        "stakes_by_stage",
    ),
    _deals("fund.proceeds", "退出回款", "Exit proceeds", Scope.FUND, _EXITED, "proceeds_fund"),
    _deals(
        "fund.proceeds", "退出回款", "Exit proceeds", Scope.CITY,
        Text(f"{_EXITED.zh}；{_OWN.zh}", f"{_EXITED.en}; {_OWN.en}"), "proceeds_city",
    ),
    _deals("fund.book_value", "账面价值", "Book value", Scope.FUND, _BOOK, "book_value_fund"),
    _deals(
        "fund.book_value", "账面价值", "Book value", Scope.CITY,
        Text(f"{_BOOK.zh}；{_OWN.zh}", f"{_BOOK.en}; {_OWN.en}"), "book_value_city",
    ),
    _deals(
        "fund.book_value", "账面价值", "Book value", Scope.FUND_FIRM,
        Text(
            f"{_BOOK.zh}，按基金与所投企业或子基金，{LISTED_FROM // 10_000:,}万元以上的",
            f"{_BOOK.en}, by fund and by firm or sub-fund, from {LISTED_FROM:,} yuan up",
        ),
        "book_value_by_firm",
    ),
    Entry(
        "fund.ended", Unit.COUNT, Scope.FUND, Text("已退出项目数", "Holdings ended"),
        Text("剩余成本为零的项目数，含全部核销的", "Holdings without cost remaining, those written off among them"),
        "month.ended_fund", "holdings",
    ),
    *_guarantees(
        "guarantees.written", Text("当月新增担保", "Guarantees written in the month"),
        Text("起始日在当月的担保本金", "Principal of guarantees that began in the month"), "written",
    ),
    *_guarantees(
        "guarantees.released_month", Text("当月解除担保", "Guarantees released in the month"),
        Text("当月解除的担保，不含代偿解除", "Guarantees released in the month, not those ended by compensation"), "released",
    ),
    *_guarantees(
        "guarantees.compensated_month", Text("当月代偿", "Compensated in the month"),
        Text("当月代偿额，含协议约定代偿的利息", "Compensation paid in the month, with the interest that agreements cover"),
        "paid",
    ),
    *_guarantees(
        "guarantees.recovered_month", Text("当月追偿", "Recovered in the month"),
        Text("当月扣除追偿费用后返还代偿各方的追偿额", "Recoveries of the month less their cost, to those who compensated"),
        "recovered_month",
    ),
    Entry(
        "guarantees.compensated", Unit.YUAN, Scope.GUARANTOR, Text("累计代偿", "Compensated"),
        Text("累计代偿额，含协议约定代偿的利息", "Cumulative compensation paid, with the interest that agreements cover"),
        "month.compensated_guarantor", "guarantees",
    ),
    Entry(
        "guarantees.recovered", Unit.YUAN, Scope.GUARANTOR, Text("累计追偿", "Recovered"),
        Text("扣除追偿费用后返还代偿各方的累计追偿额", "Cumulative recoveries less their cost, to those who compensated"),
        "month.recovered_guarantor", "guarantees",
    ),
    Entry(
        "guarantees.firms", Unit.COUNT, Scope.GUARANTOR, Text("在保户数", "Firms guaranteed"),
        Text("在保余额大于零的企业数", "Firms with guarantees outstanding"), "month.firms_guarantor", "guarantees",
    ),
    _firms_behind("written", "当月新增担保户数", "Firms newly guaranteed in the month", "written"),
    _firms_behind("released_month", "当月解除担保户数", "Firms released in the month", "released"),
    _firms_behind("compensated_month", "当月代偿户数", "Firms compensated for in the month", "paid"),
    _firms_behind("recovered_month", "当月追偿户数", "Firms recovered from in the month", "recovered_month"),
    _firms_behind("compensated", "累计代偿户数", "Firms compensated for", "compensated"),
    _firms_behind("recovered", "累计追偿户数", "Firms recovered from", "recovered"),
    Entry(
        "guarantees.compensation_ratio", Unit.RATIO, Scope.GUARANTOR, Text("代偿率", "Compensation ratio"),
        Text(
            "累计代偿本金 ÷ 累计解除担保额（含代偿解除）",
            "Principal compensated / guarantees released, those ended by compensation included; since the beginning",
        ),
        "month.ratio_guarantor", "guarantees",
    ),
    Entry(
        "pipeline.moves", Unit.COUNT, Scope.MOVE, Text("上市梯队变动", "Moves of the pipeline"),
        Text(
            "月末阶段与月初不同的申报，按新入库、晋级、中止、退出、上市计",
            "Attempts whose stage at the month's end is another than at its beginning: entered,"
            " advanced, suspended, left, listed",
        ),
        "month.moves_by_way", "stages",
    ),
    Entry(
        "pipeline.moved", Unit.COUNT, Scope.FIRM_MOVE, Text("本月有变动的企业", "Firms that moved in the month"),
        Text("月末阶段与月初不同的申报，逐家列示", 
             "Attempts whose stage at the month's end is another than at its beginning, one by one"),
        "month.moved", "stages",
    ),
)  # fmt: skip
