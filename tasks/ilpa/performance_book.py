"""The Performance Template as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from finance_hub.kernel.text import Text
from funds import ilpa
from funds.ilpa import Rule, TransactionType
from tasks.ilpa import wording
from tasks.ilpa.performance import WITH, Investment, Net, Performance
from tasks.workbook import Rate, Row, Sheet, Times, Value, money, write

_VIEWS = {
    "with_facility": Text("净收益：含认缴信贷", "Net, with subscription facilities"),
    "without_facility": Text("净收益：不含认缴信贷", "Net, without subscription facilities"),
}
_BEFORE = Text("净收益：未扣应计收益分成", "Net, before accrued carried interest")
_RESULTS = (
    Text("口径", "Measure"),
    Text("项目数", "Investments"),
    Text("投入", "Paid in or invested"),
    Text("已分得或收回", "Distributed or received"),
    Text("期末价值", "Value at the end"),
    Text("其中按成本计的项目数", "of them at cost"),
    Text("内部收益率", "IRR"),
    Text("总值倍数", "TVPI or MOIC"),
)
_INVESTMENTS = (
    Text("投资对象", "Investee"),
    Text("首次投资", "First investment"),
    Text("类别", "Kind"),
    Text("投资成本", "Cost paid"),
    Text("回款", "Proceeds"),
    Text("股息利息", "Income"),
    Text("期末价值", "Value at the end"),
    Text("价值依据", "Basis of the value"),
    Text("毛内部收益率", "Gross IRR"),
    Text("毛倍数", "Gross MOIC"),
)
_TRANSACTIONS = (
    Text("日期", "Date"),
    Text("交易类型", "Transaction type"),
    Text("类型代码", "Code"),
    Text("对方", "Counterparty"),
    Text("金额", "Amount"),
    Text("出资人净现金流：含信贷", "Investors' flow, with facilities"),
    Text("出资人净现金流：不含信贷", "Investors' flow, without facilities"),
    Text("对未缴认缴", "Unfunded"),
    Text("对实缴", "Paid in"),
    Text("对累计分配", "Distributed"),
    Text("基金与投资之间", "Fund to investment"),
    Text("台账不能区分之处", "What the ledger cannot tell"),
    Text("台账编号", "Entry"),
)
_TYPES = (
    Text("代码", "Code"),
    Text("名称", "Name"),
    Text("未缴认缴", "Unfunded"),
    Text("实缴", "Paid in"),
    Text("累计分配（DPI 分子）", "Distributed (numerator of DPI)"),
    Text("计入认缴", "Inside the commitment"),
    Text("可再催缴", "Recallable"),
    Text("净收益：含信贷", "Net, with facilities"),
    Text("净收益：不含信贷", "Net, without facilities"),
    Text("适用方法", "Methodology"),
    Text("依据", "Source"),
    Text("把握", "Confidence"),
)
_YES, _NO = Text("是", "yes"), Text("否", "no")


def workbook(of: Performance) -> bytes:
    """The same fund, quarter and moment of knowing give the same bytes."""
    subject = of.subject
    sheets = [
        wording.definitions(subject, template="performance", notes=wording.PERFORMANCE_NOTES),
        _results(of),
        _investments(of.investments),
        _transactions(of),
        _types(),
    ]
    title = f"{ilpa.template('performance').name} {subject.fund.code} {subject.quarter}"
    return write(sheets, title=title, created=subject.known_at)


def _results(of: Performance) -> Sheet:
    rows = [_net(_VIEWS[one.view], one) for one in of.net]
    rows.append(_net(_BEFORE, of.before_accrued))
    for pool in of.gross:
        kind = wording.POOL_NAMES[pool.kind]
        name = Text(f"组合毛收益：{kind.zh}", f"Portfolio gross: {kind.en.lower()}")
        measured = (Rate(pool.result.irr), Times(pool.result.multiple))
        rows.append(
            Row(
                (name, pool.number, pool.invested, pool.got, pool.worth, pool.at_cost, *measured),
                is_total=pool.kind == "total",
            )
        )
    return Sheet("业绩 Performance", [_RESULTS], rows, (46, 14, 20), 1)


def _net(name: Text, one: Net) -> Row:
    left = money(one.nav.value, one.nav.reason)
    return Row((name, "", one.paid, one.got, left, "", Rate(one.result.irr), Times(one.result.multiple)))


def _investments(found: Sequence[Investment]) -> Sheet:
    rows = []
    for one in found:
        held = one.held
        firm, child = held.holding.firm, held.holding.sub_fund
        named: Value = (
            firm.name if firm else (Text(child.name, child.name_en) if child else wording.OTHER_MANAGER)
        )
        rows.append(
            Row(
                (
                    named, held.first_on,
                    wording.POOL_NAMES["realised" if held.is_realised else "unrealised"], held.invested,
                    held.proceeds, held.income, held.worth, wording.BASIS_NAMES[held.basis],
                    Rate(one.result.irr), Times(one.result.multiple),
                )
            )
        )  # fmt: skip
    totals = [
        sum((getattr(one.held, name) for one in found), Decimal("0.00"))
        for name in ("invested", "proceeds", "income", "worth")
    ]
    rows.append(Row((Text("合计", "Total"), "", "", *totals), is_total=True))
    return Sheet("投资 Investments", [_INVESTMENTS], rows, (34, 14, 20, 18), 1)


def _transactions(of: Performance) -> Sheet:
    """The ledger, then the deals, each by day; the sums at the foot are those of the first sheet."""
    rows = [
        Row(
            (
                one.event.effective_date,
                *_named(one.rule),
                one.event.investor.name if one.event.investor else "",
                one.amount,
                *(
                    one.moves(name)
                    for name in (WITH, "without_facility", "unfunded", "paid_in", "distributed")
                ),
                None,
                _untold(one.rule),
                one.event.public_id,
            )
        )
        for one in of.transactions
    ]
    totals = [
        sum((one.moves(name) for one in of.transactions), Decimal("0.00"))
        for name in (WITH, "without_facility", "unfunded", "paid_in", "distributed")
    ]
    for deal in of.movements:
        firm = deal.event.holding.firm
        rows.append(
            Row(
                (
                    deal.event.effective_date, *_named(deal.rule), firm.name if firm else "", abs(deal.cash),
                    *[None] * 5, deal.cash, _untold(deal.rule), deal.event.public_id,
                )
            )
        )  # fmt: skip
    invested = sum((deal.cash for deal in of.movements), Decimal("0.00"))
    rows.append(Row((Text("合计", "Total"), "", "", "", "", *totals, invested), is_total=True))
    return Sheet(
        "交易 Transactions", [_TRANSACTIONS], rows, (14, 40, 30, 26, 18, 18, 18, 18, 18, 18, 18, 40, 28), 1
    )


def _named(rule: Rule) -> tuple[Value, str]:
    if rule.type is None:
        return Text("不构成交易", "no transaction"), ""
    return rule.type.name, rule.type.code


def _untold(rule: Rule) -> Value:
    return rule.untold or ""


def _types() -> Sheet:
    rows = [Row(_type(one)) for one in ilpa.types().values()]
    rows += [
        Row((source.code, f"{source.name} ({source.published}) {source.url}")) for source in ilpa.sources()
    ]
    return Sheet("交易类型 Types", [_TYPES], rows, (34, 44, 14), 2)


def _type(one: TransactionType) -> list[Value]:
    inside: Value = "" if one.inside is None else (_YES if one.inside else _NO)
    return [
        one.code, one.name, one.unfunded, one.paid_in, one.distributed, inside,
        _YES if one.recallable else _NO, one.with_facility, one.without_facility, ", ".join(one.methods),
        one.source, one.confidence,
    ]  # fmt: skip
