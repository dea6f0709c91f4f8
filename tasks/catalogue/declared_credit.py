"""Specialty loans and guarantees."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

_CUTS = (Scope.CITY, Scope.BANK, Scope.PRODUCT, Scope.BANK_PRODUCT)


def _cuts(code: str, unit: Unit, name: Text, meaning: Text, function: str, records: str) -> tuple[Entry, ...]:
    """The same figure for the city, per bank, per product, and per bank and product."""
    return tuple(
        Entry(code, unit, scope, name, meaning, f"credit.{function}_{scope or 'city'}", records)
        for scope in _CUTS
    )


CREDIT: tuple[Entry, ...] = (
    *_cuts(
        "loans.balance", Unit.YUAN, Text("专项贷款余额", "Loan balance"),
        Text(
            "累计发放 − 归还 − 借新还旧 − 核销 ± 调整，取各笔最新版本",
            "Disbursed - repaid - refinanced - written off ± adjusted, latest revision of each event",
        ),
        "balance", "loan_events",
    ),
    *_cuts(
        "loans.disbursed", Unit.YUAN, Text("当月发放", "Disbursed in the month"),
        Text("起息日在当月的发放额", "Disbursements with a value date in the month"), "disbursed", "loan_events",
    ),
    *_cuts(
        "loans.repaid", Unit.YUAN, Text("当月归还", "Repaid in the month"),
        Text("当月归还额", "Repayments with a value date in the month"), "repaid", "loan_events",
    ),
    Entry(
        "loans.written_off", Unit.YUAN, Scope.CITY, Text("当月核销", "Written off in the month"),
        Text("当月核销的贷款", "Loans written off in the month"), "credit.written_off_city", "loan_events",
    ),
    Entry(
        "loans.firms", Unit.COUNT, Scope.CITY, Text("贷款户数", "Borrowers"),
        Text("余额大于零的企业数", "Firms with a balance above zero"), "lending.firms_city", "loan_events",
    ),
    Entry(
        "loans.firms", Unit.COUNT, Scope.BANK, Text("贷款户数", "Borrowers"),
        Text("余额大于零的企业数", "Firms with a balance above zero"), "lending.firms_bank", "loan_events",
    ),
    Entry(
        "loans.five_tier", Unit.YUAN, Scope.FIVE_TIER, Text("五级分类余额", "Balance by five-tier class"),
        Text("各行月末存量报告的五级分类余额", "Balance by class in the banks' month-end positions"),
        "credit.five_tier", "loan_positions",
    ),
    Entry(
        "loans.npl_ratio", Unit.RATIO, Scope.CITY, Text("不良率", "NPL ratio"),
        Text(
            "（次级＋可疑＋损失）÷ 月末存量余额，仅含已报送存量的银行",
            "(substandard + doubtful + loss) / month-end balance, of the banks that have reported positions",
        ),
        "credit.npl_city", "loan_positions",
    ),
    Entry(
        "loans.npl_ratio", Unit.RATIO, Scope.BANK, Text("不良率", "NPL ratio"),
        Text(
            "（次级＋可疑＋损失）÷ 月末存量余额；未报送则无值",
            "(substandard + doubtful + loss) / month-end balance; no value where not reported",
        ),
        "credit.npl_bank", "loan_positions",
    ),
    Entry(
        "loans.stock_flow_difference", Unit.YUAN, Scope.BANK, Text("存量与流量之差", "Stock less flow"),
        Text(
            "月末存量余额 − 由发生额推得的余额；不为零的须核对",
            "Month-end position less the balance that the events give; to be reconciled unless zero",
        ),
        "credit.stock_flow_difference", "loan_positions",
    ),
    Entry(
        "reporting.complete", Unit.COUNT, Scope.CITY, Text("已报送机构数", "Reporters complete"),
        Text("当月应报数据集全部报齐的机构数", "Reporters with every data set of the month"),
        "credit.reporters_complete", "reporters",
    ),
    Entry(
        "reporting.due", Unit.COUNT, Scope.CITY, Text("应报送机构数", "Reporters due"),
        Text("当月应报送的机构数", "Reporters that owe a report for the month"), "credit.reporters_due", "reporters",
    ),
    Entry(
        "reporting.missing", Unit.COUNT, Scope.REPORTER, Text("未报送数据集数", "Data sets not reported"),
        Text("机构当月未报送的数据集数", "Data sets that the reporter has not sent"),
        "credit.missing_by_reporter", "reporters",
    ),
    Entry(
        "guarantees.outstanding", Unit.YUAN, Scope.CITY, Text("在保余额", "Guarantees outstanding"),
        Text("担保本金 − 解除 − 代偿", "Guaranteed principal - released - compensated"),
        "credit.guaranteed_city", "guarantees",
    ),
    Entry(
        "guarantees.outstanding", Unit.YUAN, Scope.GUARANTOR, Text("在保余额", "Guarantees outstanding"),
        Text("担保本金 − 解除 − 代偿", "Guaranteed principal - released - compensated"),
        "credit.guaranteed_guarantor", "guarantees",
    ),
    Entry(
        "guarantees.firms", Unit.COUNT, Scope.CITY, Text("在保户数", "Firms guaranteed"),
        Text("在保余额大于零的企业数", "Firms with guarantees outstanding"), "credit.guaranteed_firms", "guarantees",
    ),
    Entry(
        "guarantees.government_share", Unit.YUAN, Scope.CITY, Text("政府分担责任", "Government's share"),
        Text(
            "在保余额 × 约定由政府、再担保、国家基金与资金池分担的比例",
            "Outstanding x the agreed share of government, re-guarantor, national fund and pool",
        ),
        "credit.government_share", "guarantees",
    ),
    Entry(
        "guarantees.compensated", Unit.YUAN, Scope.CITY, Text("累计代偿", "Compensated"),
        Text(
            "累计代偿额，含协议约定代偿的利息",
            "Cumulative compensation paid, with the interest that agreements cover",
        ), "credit.compensated", "guarantees",
    ),
    Entry(
        "guarantees.recovered", Unit.YUAN, Scope.CITY, Text("累计追偿", "Recovered"),
        Text(
            "扣除追偿费用后返还代偿各方的累计追偿额",
            "Recoveries, less their cost, that flowed back to those who compensated",
        ), "credit.recovered", "guarantees",
    ),
    Entry(
        "guarantees.compensation_ratio", Unit.RATIO, Scope.CITY, Text("代偿率", "Compensation ratio"),
        Text(
            "累计代偿本金 ÷ 累计解除担保额（含代偿解除）",
            "Cumulative principal compensated / guarantees released, those ended by compensation included",
        ),
        "credit.compensation_ratio", "guarantees",
    ),
)  # fmt: skip
