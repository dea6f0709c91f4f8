"""What the workbooks say beside their numbers: headings, and on the first sheet how they are to be read."""

from __future__ import annotations

from datetime import datetime, timedelta

from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.text import Text
from funds import ilpa
from tasks.ilpa.subject import INCEPTION, QUARTER, YEAR, Subject
from tasks.workbook import Row, Sheet

SPAN_NAMES = {
    QUARTER: Text("本季", "QTD"),
    YEAR: Text("本年", "YTD"),
    INCEPTION: Text("成立以来", "Since inception"),
}
PARTY_NAMES = {
    "fund": Text("基金合计", "Total fund"),
    "investors": Text("全体出资人", "Limited partners"),
    "manager": Text("管理人", "General partner"),
}
SECTION_NAMES = {
    "capital": Text("净资产变动", "Capital account"),
    "carry": Text("收益分成", "Carried interest"),
    "commitment": Text("未缴认缴变动", "Unfunded commitment"),
}
BASIS_NAMES = {
    "fair_value": Text("公允价值", "fair value"),
    "cost": Text("成本（从未估值）", "cost: never valued"),
    "stale": Text("剩余成本（估值早于最近一笔交易）", "cost left: the value is older than the last deal"),
    "nothing": Text("已全部退出或核销", "wholly exited or written off"),
}
POOL_NAMES = {
    "realised": Text("已实现", "Realised"),
    "unrealised": Text("未实现", "Unrealised"),
    "total": Text("合计", "Total"),
}
OTHER_MANAGER = Text("其他管理人的子基金", "a sub-fund of another manager")

_ALWAYS = (
    Text(
        "金额单位为元，人民币，精确到分；无值处写明原因，不以零代替。",
        "Yuan (CNY), to the fen. Where there is no value the reason stands; it is not zero.",
    ),
    Text(
        "净资产＝现金＋各项投资的公允价值；从未估值或估值早于最近一笔交易的，按剩余成本计。",
        "NAV is cash and the fair value of investments; those never valued, or valued before their last deal, count "
        "at the cost left.",
    ),
    Text(
        "应计收益分成：按当日条款，假设基金按净资产全部变现，管理人将分得的金额。",
        "Accrued carried interest is what the manager would be paid by the terms in force if the fund were realised at "
        "its NAV on the day.",
    ),
)
REPORTING_NOTES = (
    *_ALWAYS,
    Text(
        "符号按对该方权益的影响：实缴、收益为正，分配、费用为负。各列均满足：期初＋资金流＋经营净收益＋已实现＋未实现＋"
        "收益分成＝期末。",
        "Signs tell what a line does to the party. In every column: beginning + cash flows + net operating income + "
        "realised + unrealised + carried interest = ending.",
    ),
    Text(
        "基金合计＝全体出资人＋管理人，逐行成立；收益分成是二者之间的转移，在合计列为零。",
        "The total fund is limited partners plus general partner in every line; carried interest goes from one to the "
        "other and is nothing in the total.",
    ),
    Text(
        "模板将收益分成并入已实现与未实现损益；此处单列一行，期末数相同。",
        "The template nets carried interest into realised and unrealised gains; here it is a line of its own, with the "
        "same ending.",
    ),
    Text(
        "出资人各列：成立以来的损益按当日有效的认缴分摊到分；认缴变动使以前损益的份额转移，列在“转让与重新分摊”。",
        "Columns of investors: results since inception are shared to the fen by the commitments in force; what a change "
        "of commitments moves of earlier results stands under transfers and reallocation.",
    ),
    Text(
        "管理人一列仅为收益分成：台账未标明管理人自身的认缴，如有，列在出资人之中。",
        "The general partner's column is its carried interest: the ledger marks no commitment as the manager's own; "
        "where it has one, it stands among the investors.",
    ),
    Text(
        "底层基金：费用为本基金按其在子基金的份额承担的部分，由子基金的账簿计算。",
        "Underlying funds: costs are this fund's share of them, from the books of the child fund.",
    ),
)
PERFORMANCE_NOTES = (
    *_ALWAYS,
    Text(
        "采用还原法（Gross Up）：台账不记缴款用途，毛收益按基金与投资对象之间的现金流计算。",
        "Gross-up methodology: the ledger does not itemise calls, and gross is reckoned on the flows between fund and "
        "investments.",
    ),
    Text(
        "净内部收益率：出资人实际缴付与分得的现金流，及期末净资产（已扣应计收益分成），按实际天数／365；不足一年不年化。",
        "Net IRR: what investors paid and got, and their NAV at the end net of accrued carried interest, by actual days "
        "over 365; none for less than a year.",
    ),
    Text(
        "含与不含认缴信贷：台账没有认缴信贷，两种口径一致；交易类型表保留其处理方式。",
        "With and without subscription facilities: the ledger has no such facility, so both views coincide; the table of "
        "types keeps how it would be treated.",
    ),
    Text(
        "已实现：成本已全部退出或核销的投资；其余连同其已收回部分为未实现。部分之和的收益率按合并现金流计算，不取平均。",
        "Realised are investments of which no cost is left; all others, with what came back of them, are unrealised. "
        "Rates of groups are of their pooled flows, never averages.",
    ),
    Text(
        "毛倍数＝（回款＋股息利息＋期末价值）÷投资成本。",
        "Gross MOIC is proceeds, income and ending value for each yuan of cost.",
    ),
)


def definitions(of: Subject, *, template: str, notes: tuple[Text, ...]) -> Sheet:
    """The first sheet: of what, as of when and known when, and how to read it."""
    kind = ilpa.template(template)
    facts: list[tuple[Text, str | Text]] = [
        (Text("模板", "Template"), f"{kind.name} {kind.version} ({kind.published})"),
        (Text("基金", "Fund"), Text(of.fund.name, of.fund.name_en)),
        (Text("基金代码", "Fund code"), of.fund.code),
        (Text("成立日期", "Established"), of.fund.established_on.isoformat()),
        (Text("季度", "Quarter"), str(of.quarter)),
        (Text("截至", "As of"), f"{of.quarter.last}"),
        (Text("数据时点", "As known at"), _moment(of.known_at)),
        (
            Text("数据来源", "Basis"),
            Text(
                "按该时点已知的台账即时计算，非月度快照",
                "reckoned from the ledger as known then, no stored snapshot",
            ),
        ),
        (Text("币种", "Currency"), "CNY"),
        (Text("交易类型版本", "Version of the types"), ilpa.version()),
    ]
    rows = [Row((name, said)) for name, said in facts]
    rows += [Row((Text("口径", "Definition") if not at else "", note)) for at, note in enumerate(notes)]
    heading = (Text("项目", "Item"), Text("说明", "Meaning"))
    return Sheet("口径 Definitions", [heading], rows, (26, 110))


def opening(of: Subject, span: str) -> str:
    """The days that a span covers, e.g. 2026-07-01 – 2026-09-30."""
    first = of.start(span) or of.fund.established_on
    return f"{first} – {of.quarter.end - timedelta(days=1)}"


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")
