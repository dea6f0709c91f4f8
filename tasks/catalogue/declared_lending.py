"""Loans by bank and product, for the briefing: firms behind each amount, what is overdue, at what rate."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

_EVERY = (Scope.CITY, Scope.BANK, Scope.PRODUCT, Scope.BANK_PRODUCT)
_BELOW = (Scope.PRODUCT, Scope.BANK_PRODUCT)


def _cuts(
    code: str, unit: Unit, name: Text, meaning: Text, function: str, records: str,
    scopes: tuple[Scope, ...] = _EVERY,
) -> tuple[Entry, ...]:  # fmt: skip
    return tuple(
        Entry(code, unit, scope, name, meaning, f"lending.{function}_{scope or 'city'}", records)
        for scope in scopes
    )


LENDING: tuple[Entry, ...] = (
    *_cuts(
        "loans.firms", Unit.COUNT, Text("贷款户数", "Borrowers"),
        Text("余额大于零的企业数", "Firms with a balance above zero"), "firms", "loan_events", _BELOW,
    ),
    *_cuts(
        "loans.firms_disbursed", Unit.COUNT, Text("当月发放户数", "Firms lent to in the month"),
        Text("当月发放额不为零的企业数", "Firms to which something was disbursed in the month"),
        "firms_disbursed", "loan_events",
    ),
    *_cuts(
        "loans.firms_repaid", Unit.COUNT, Text("当月归还户数", "Firms that repaid in the month"),
        Text("当月归还额不为零的企业数", "Firms that repaid something in the month"), "firms_repaid", "loan_events",
    ),
    *_cuts(
        "loans.overdue_balance", Unit.YUAN, Text("逾期余额", "Overdue"),
        Text(
            "月末存量中逾期一天以上的贷款余额，仅含已报送存量的银行",
            "Month-end balance of loans overdue by a day or more, of the banks that have reported positions",
        ),
        "overdue_balance", "loan_positions",
    ),
    *_cuts(
        "loans.overdue_firms", Unit.COUNT, Text("逾期户数", "Firms overdue"),
        Text("月末有逾期余额的企业数", "Firms with an overdue balance at the month's end"), "overdue_firms", "loan_positions",
    ),
    *_cuts(
        "loans.npl_ratio", Unit.RATIO, Text("不良率", "NPL ratio"),
        Text(
            "（次级＋可疑＋损失）÷ 月末存量余额，仅含已报送存量的银行",
            "(substandard + doubtful + loss) / month-end balance, of the banks that have reported positions",
        ),
        "npl", "loan_positions", _BELOW,
    ),
    *_cuts(
        "loans.npl_firms", Unit.COUNT, Text("不良户数", "Firms with NPLs"),
        Text("月末有不良贷款余额的企业数", "Firms with a non-performing balance at the month's end"), "npl_firms",
        "loan_positions",
    ),
    *_cuts(
        "loans.rate", Unit.RATIO, Text("加权利率", "Weighted rate"),
        Text(
            "各笔合同年利率按月末存量余额加权，仅含已报送存量的银行",
            "Contractual yearly rates weighted by month-end balances, of the banks that have reported positions",
        ),
        "rate", "loan_positions",
    ),
)  # fmt: skip
