"""Indicators of guarantees and pools, with the definitions that other systems leave open."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

_LIABILITY = Text(
    "单户在保余额不超过 500 万元（含）的小微企业、不超过 200 万元（含）的农户按 75% 计，其余按 100% 计",
    "75 % of guarantees for small and micro firms that owe at most 5 million yuan (5 million included) and for"
    " farmers that owe at most 2 million, 100 % of all others",
)

GUARANTEES: tuple[Entry, ...] = (
    Entry(
        "guarantees.compensation_ratio_year", Unit.RATIO, Scope.CITY,
        Text("本年代偿率", "Compensation ratio of the year"),
        Text(
            "当年代偿本金 ÷ 当年解除担保额（含代偿解除），按金额而非笔数",
            "Principal compensated in the calendar year / guarantees released in it, those ended by compensation"
            " included; amounts, not numbers of contracts",
        ),
        "guarantees.compensation_ratio_year", "guarantees",
    ),
    Entry(
        "guarantees.recovery_ratio", Unit.RATIO, Scope.CITY, Text("追偿率", "Recovery ratio"),
        Text(
            "累计追偿（扣除费用，返还代偿各方）÷ 累计代偿（含代偿利息）",
            "Recoveries less their cost, to those who compensated / compensation paid, interest included",
        ),
        "guarantees.recovery_ratio", "guarantees",
    ),
    Entry(
        "guarantees.liability", Unit.YUAN, Scope.CITY, Text("担保责任余额", "Liability balance"),
        _LIABILITY, "guarantees.liability_city", "guarantees",
    ),
    Entry(
        "guarantees.liability", Unit.YUAN, Scope.GUARANTOR, Text("担保责任余额", "Liability balance"),
        _LIABILITY, "guarantees.liability_guarantor", "guarantees",
    ),
    Entry(
        "guarantees.leverage", Unit.MULTIPLE, Scope.GUARANTOR, Text("放大倍数", "Leverage"),
        Text(
            "责任余额 ÷（最近一期净资产 − 对其他担保公司的投资）；未报净资产则无值",
            "Liability balance / (latest net assets - stakes in other guarantee companies); no value where net"
            " assets are not reported",
        ),
        "guarantees.leverage", "guarantees",
    ),
    Entry(
        "guarantees.above_single_limit", Unit.RATIO, Scope.GUARANTOR_FIRM,
        Text("单户超限", "Firms above the single limit"),
        Text(
            "对单户的责任余额 ÷ 净资产，仅列超过 10% 的",
            "Liability for one firm / net assets; only those above 10 % are listed",
        ),
        "guarantees.above_single_limit", "guarantees",
    ),
    Entry(
        "guarantees.above_group_limit", Unit.RATIO, Scope.GUARANTOR_GROUP,
        Text("集团超限", "Groups above the group limit"),
        Text(
            "对同一控制人下企业的责任余额合计 ÷ 净资产，仅列超过 15% 的",
            "Liability for firms under one controller / net assets; only those above 15 % are listed",
        ),
        "guarantees.above_group_limit", "guarantees",
    ),
    Entry(
        "guarantees.policy_share", Unit.RATIO, Scope.CITY,
        Text("支小支农占比", "Share for small firms and farmers"),
        Text(
            "小微企业与农户在保余额 ÷ 在保余额；目标 80% 以上",
            "Guarantees outstanding for small and micro firms and farmers / all outstanding; 80 % is aimed at",
        ),
        "guarantees.policy_share", "guarantees",
    ),
    Entry(
        "guarantees.overdue_not_compensated", Unit.YUAN, Scope.CITY,
        Text("逾期未代偿", "Overdue and not compensated"),
        Text(
            "逾期天数超过代偿期限的在保贷款余额，以在保余额为限；仅含已报送存量的银行",
            "Balance of guaranteed loans overdue beyond the waiting period, at most what is outstanding; of the"
            " banks that have reported positions",
        ),
        "guarantees.overdue_not_compensated", "guarantees",
    ),
    Entry(
        "pools.balance", Unit.YUAN, Scope.POOL, Text("资金池余额", "Pool balance"),
        Text("出资 − 退出 − 代偿支出 + 追偿返还", "Contributions - withdrawals - payments + returned recoveries"),
        "guarantees.pool_balance", "guarantees",
    ),
    Entry(
        "pools.guaranteed", Unit.YUAN, Scope.POOL, Text("资金池承载余额", "Guaranteed under the pool"),
        Text("以该池分险的在保余额", "Guarantees outstanding whose losses the pool shares"),
        "guarantees.pool_guaranteed", "guarantees",
    ),
    Entry(
        "pools.leverage", Unit.MULTIPLE, Scope.POOL, Text("资金池放大倍数", "Leverage of the pool"),
        Text("承载余额 ÷ 资金池余额", "Guaranteed under the pool / its balance"),
        "guarantees.pool_leverage", "guarantees",
    ),
    Entry(
        "pools.fuse", Unit.RATIO, Scope.POOL_BANK, Text("熔断指标", "Fuse measure"),
        Text(
            "该行在池贷款的不良率，或累计代偿本金 ÷ 累计担保本金，按资金池约定；达到熔断线即停办新业务",
            "The NPL ratio of the bank's loans under the pool, or principal compensated / principal guaranteed since"
            " the beginning, as the pool says; at the line new guarantees stop",
        ),
        "guarantees.pool_fuse", "guarantees",
    ),
    Entry(
        "pools.fuses_blown", Unit.COUNT, Scope.CITY, Text("熔断数", "Fuses blown"),
        Text("达到熔断线的资金池与银行组合数", "Pairs of pool and bank at or above the line"),
        "guarantees.fuses_blown", "guarantees",
    ),
)  # fmt: skip
