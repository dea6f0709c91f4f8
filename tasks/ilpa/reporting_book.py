"""The Reporting Template as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from finance_hub.kernel.text import Text
from funds import ilpa
from tasks.ilpa import wording
from tasks.ilpa.reporting import NOTHING, Column, Reporting
from tasks.ilpa.subject import SPANS
from tasks.ilpa.underlying import COSTS, CURRENCY, Underlying
from tasks.workbook import Missing, Row, Sheet, Value, money, write

_INVESTMENTS = (
    Text("投资对象", "Investee"),
    Text("代码", "Code"),
    Text("首次投资", "First investment"),
    Text("投资成本", "Cost paid"),
    Text("已退出成本", "Cost exited"),
    Text("已核销成本", "Cost written off"),
    Text("剩余成本", "Cost left"),
    Text("回款", "Proceeds"),
    Text("股息利息", "Income"),
    Text("期末价值", "Value at the end"),
    Text("未实现损益", "Unrealised gain or loss"),
    Text("价值依据", "Basis of the value"),
    Text("估值日", "Valued on"),
)
_UNDERLYING = (
    Text("子基金", "Child fund"),
    Text("代码", "Code"),
    Text("设立年份", "Vintage"),
    Text("币种", "Currency"),
    Text("投资成本", "Cost paid"),
    Text("认缴", "Commitment"),
    Text("未缴认缴", "Unfunded commitment"),
    Text("实缴", "Contributed"),
    Text("分得", "Distributed"),
    Text("净资产份额（未扣应计收益分成）", "Share of the NAV, gross of accrued carried interest"),
)
_COSTS = {
    "fees": Text("管理费（总额）", "Management fees, gross"),
    "fees_net": Text("管理费（抵减后）", "Management fees, net of offsets"),
    "expenses": Text("费用", "Partnership expenses"),
    "paid": Text("已付收益分成", "Carried interest paid"),
}


def workbook(of: Reporting) -> bytes:
    """The same fund, quarter and moment of knowing give the same bytes."""
    subject = of.subject
    sheets = [
        wording.definitions(subject, template="reporting", notes=wording.REPORTING_NOTES),
        _statement(of, "汇总 Reporting", of.of("fund", "investors", "manager")),
        _statement(of, "出资人 Investors", of.of("investor")),
        _schedule(of),
        _underlying(of.underlying),
    ]
    title = f"{ilpa.template('reporting').name} {subject.fund.code} {subject.quarter}"
    return write(sheets, title=title, created=subject.known_at)


def _statement(of: Reporting, name: str, columns: Sequence[Column]) -> Sheet:
    """Lines down, spans and parties across; at the foot, that every column adds up."""
    blank = ("", "", "")
    spans = [wording.SPAN_NAMES[column.span] for column in columns]
    periods = [wording.opening(of.subject, column.span) for column in columns]
    named = [wording.PARTY_NAMES.get(column.party) or (column.investor or "") for column in columns]
    lines = (Text("部分", "Section"), Text("项目", "Line (zh)"), Text("英文", "Line (en)"))
    rows = [
        Row(
            (
                wording.SECTION_NAMES[line.section],
                line.name.zh,
                line.name.en,
                *(money(column.amounts[line.code], column.reasons.get(line.code, "")) for column in columns),
            ),
            is_total=line.total,
        )
        for line in ilpa.lines()
    ]
    rows.append(
        Row((Text("核对", "Check"), "期末与各行之差", "Ending less its lines", *map(_difference, columns)))
    )
    return Sheet(name, [[*blank, *spans], [*blank, *periods], [*lines, *named]], rows, (22, 34, 46, 20), 3)


def _difference(column: Column) -> Value:
    """Nothing where the column adds up."""
    lines = ("nav_begin", "cash_flows", "net_operating_income", "realised", "unrealised", "carry")
    end, amounts = column.amounts["nav_end"], [column.amounts[code] for code in lines]
    if end is None or any(amount is None for amount in amounts):
        return Missing(column.reasons.get("nav_end") or column.reasons["nav_begin"])
    return end - sum((amount for amount in amounts if amount is not None), NOTHING)


def _schedule(of: Reporting) -> Sheet:
    rows = []
    for one in of.schedule:
        firm, child = one.holding.firm, one.holding.sub_fund
        named: Value = (
            firm.name if firm else (Text(child.name, child.name_en) if child else wording.OTHER_MANAGER)
        )
        code = firm.uscc if firm else (child.code if child else "")
        rows.append(
            Row(
                (
                    named, code, one.first_on, one.invested, one.exited, one.written_off, one.remaining,
                    one.proceeds, one.income, one.worth, one.worth - one.remaining,
                    wording.BASIS_NAMES[one.basis], one.valued_on or Missing("not-reported"),
                )
            )
        )  # fmt: skip
    totals = [
        sum((getattr(one, name) for one in of.schedule), NOTHING)
        for name in ("invested", "exited", "written_off", "remaining", "proceeds", "income", "worth")
    ]
    rows.append(Row((Text("合计", "Total"), "", "", *totals, totals[6] - totals[3]), is_total=True))
    rows.append(Row((Text("现金", "Cash"), *[""] * 8, of.cash)))
    rows.append(Row((Text("净资产", "NAV"), *[""] * 8, of.nav), is_total=True))
    return Sheet("投资明细 Investments", [_INVESTMENTS], rows, (34, 20, 14, 18), 1)


def _underlying(funds: Sequence[Underlying]) -> Sheet:
    spans = [wording.SPAN_NAMES[span] for span in SPANS for _ in _COSTS]
    heading = [*_UNDERLYING, *[name for _ in SPANS for name in _COSTS.values()]]
    rows = [Row(_child(one)) for one in funds]
    if not funds:
        rows.append(Row((Text("本基金未投资子基金", "The fund holds no sub-fund"),)))
    return Sheet(
        "底层基金 Underlying", [[*[""] * len(_UNDERLYING), *spans], heading], rows, (34, 18, 12, 12, 18), 1
    )


def _child(one: Underlying) -> list[Value]:
    of_child = (one.commitment, one.unfunded, one.contributed, one.distributed, one.nav)
    cells: list[Value] = [
        one.name or wording.OTHER_MANAGER, one.code or "", one.vintage or Missing("not-reported"), CURRENCY,
        one.invested, *map(money, of_child),
    ]  # fmt: skip
    for span in SPANS:
        fees, expenses, paid = (money(one.costs[span][name]) for name in COSTS)
        cells += [fees, Missing("not-recorded"), expenses, paid]
    return cells
