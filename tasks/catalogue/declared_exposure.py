"""Public exposure line by line, how it is spread, the limits on that, and the baton."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit
from tasks.exposure.lines import FINANCE_TOTAL, PUBLIC_TOTAL

_PUBLIC, _FINANCE = PUBLIC_TOTAL.counts, FINANCE_TOTAL.counts


def _entry(code: str, unit: Unit, scope: Scope, zh: str, en: str, meaning: Text, function: str) -> Entry:
    return Entry(code, unit, scope, Text(zh, en), meaning, function, "exposure")


def _amount(code: str, scope: Scope, zh: str, en: str, meaning: Text, function: str) -> Entry:
    return _entry(code, Unit.YUAN, scope, zh, en, meaning, f"exposure.{function}")


def _spread(scope: Scope, function: str, zh: str, en: str, meaning: Text) -> Entry:
    return _entry(
        "concentration.amount", Unit.YUAN, scope, f"敞口分布：{zh}", f"Exposure by {en}", meaning,
        f"concentration.{function}",
    )  # fmt: skip


def _limits(part: str, unit: Unit, zh: str, en: str, what: Text) -> tuple[Entry, Entry]:
    return (
        _entry(
            f"concentration.{part}_value", unit, Scope.LIMIT, f"限额现值：{zh}", f"Held against a limit: {en}", what,
            f"concentration_limits.{part}_value",
        ),
        _entry(
            f"concentration.{part}_headroom", unit, Scope.LIMIT, f"限额余量：{zh}", f"Left under a limit: {en}",
            Text("限额减现值；为负即超限", "The limit less what is held against it; below zero it is passed"),
            f"concentration_limits.{part}_headroom",
        ),
    )  # fmt: skip


_OF_PUBLIC = Text(
    "公共资金敞口（成本）按企业登记信息归类，未登记的单列一项",
    "Public exposure at cost by what the registry says of the firm; what it does not say is a part of its own",
)
EXPOSURE: tuple[Entry, ...] = (
    _amount("exposure.public", Scope.CITY, "公共资金敞口合计", "Public exposure", _PUBLIC, "public_city"),
    _amount(
        "exposure.public_fair_value", Scope.CITY, "公共资金敞口（公允价值）", "Public exposure at fair value",
        Text("股权按公允价值，其余同成本", "Equity at fair value, all else as at cost"), "public_fair_city",
    ),
    _amount(
        "exposure.public_loss", Scope.CITY, "公共资金敞口（违约损失）", "Public exposure at loss given default",
        Text(
            "各企业单独违约时公共资金承担的损失之和；违约损失率为假设",
            "What public money would lose if each firm failed alone, added up; the losses given default are assumed",
        ),
        "public_loss_city",
    ),
    _amount("exposure.finance", Scope.CITY, "融资总额", "Total finance", _FINANCE, "finance_city"),
    _amount("exposure.public_line", Scope.LINE, "公共资金敞口构成", "Public exposure by line", _PUBLIC, "public_lines"),
    _amount("exposure.finance_line", Scope.LINE, "融资总额构成", "Total finance by line", _FINANCE, "finance_lines"),
    _amount("exposure.largest_public", Scope.FIRM, "公共资金敞口前二十户", "Public exposure, twenty largest firms", _PUBLIC,
            "firm_public"),
    _amount(
        "exposure.largest_line", Scope.FIRM_LINE, "前二十户敞口构成", "Exposure of the twenty largest firms by line",
        Text(
            "公共资金敞口前二十户各项的公共部分，各项之和为该户敞口",
            "What each line adds to the public exposure of the twenty largest firms; together they are a firm's exposure",
        ),
        "firm_lines",
    ),
    _amount("exposure.largest_finance", Scope.FIRM, "其融资总额", "Their total finance", _FINANCE, "firm_finance"),
    _amount(
        "exposure.largest_public", Scope.GROUP, "公共资金敞口前二十集团", "Public exposure, twenty largest groups",
        Text(
            "集团内企业合并计算，代偿上限与资金池由各成员共用",
            "The firms of a group together; caps and pools are used by all of them",
        ),
        "group_public",
    ),
    _amount("exposure.largest_finance", Scope.GROUP, "其融资总额（集团）", "Their total finance (groups)", _FINANCE,
            "group_finance"),
    _spread(Scope.INDUSTRY, "by_industry", "行业门类", "industry", _OF_PUBLIC),
    _spread(Scope.TOWN, "by_town", "镇街", "town", _OF_PUBLIC),
    _spread(Scope.GROWTH, "by_stage", "发展阶段", "stage", _OF_PUBLIC),
    _spread(
        Scope.BANK, "by_bank", "贷款银行", "lending bank",
        Text("专项贷款余额按银行，含银行自担部分", "Loan balances by bank, the bank's own part among them"),
    ),
    _spread(
        Scope.SUB_FUND, "by_sub_fund", "子基金", "sub-fund",
        Text(
            "穿透股权（成本，实缴份额）按市级基金直接持有份额的子基金",
            "Look-through equity at cost, by paid-in shares, by the sub-fund that a city fund owns a share of",
        ),
    ),
    _entry(
        "concentration.top_share", Unit.RATIO, Scope.DIMENSION_TOP, "前若干项占比", "Share of the largest",
        Text("最大 1、5、10、20 项 ÷ 合计；未登记按一项计",
             "The 1, 5, 10 and 20 largest parts / all; what is not recorded is one part"),
        "concentration.top",
    ),
    _entry(
        "concentration.hhi", Unit.INDEX, Scope.DIMENSION, "集中度 HHI（分维度）", "Concentration (HHI) by dimension",
        Text("各项占比平方和，0–1", "Sum of squared shares of the parts, 0-1"), "concentration.dimension_hhi",
    ),
    _entry(
        "concentration.gini", Unit.INDEX, Scope.DIMENSION, "基尼系数", "Gini coefficient",
        Text("各项占比的不均程度，0–1", "How unequal the parts are, 0-1"), "concentration.dimension_gini",
    ),
    _entry(
        "concentration.unknown", Unit.RATIO, Scope.DIMENSION, "未登记占比", "Share not recorded",
        Text("登记信息缺失的企业敞口 ÷ 合计", "Exposure of firms of which the registry does not say it / all"),
        "concentration.unknown_share",
    ),
    *_limits("share", Unit.RATIO, "占比", "share",
             Text("前若干项占比，或最大一项占基金净资产", "Share of the largest, or the largest part of a fund's net assets")),
    *_limits("index", Unit.INDEX, "HHI", "HHI", Text("该维度的 HHI", "The HHI of the dimension")),
    *_limits("amount", Unit.YUAN, "金额", "amount",
             Text("最大一项的金额，未登记除外", "The largest part, what is not recorded aside")),
    _entry(
        "baton.started", Unit.COUNT, Scope.CITY, "获天使投资企业", "Firms with angel money",
        Text("天使基金曾出资的企业数", "Firms that an angel fund ever paid into"), "batons.started",
    ),
    _entry(
        "baton.reached", Unit.COUNT, Scope.BATON, "已接力", "Handed on",
        Text("首笔天使出资之后到达该步的企业数", "Firms that reached the step after their first angel money"),
        "batons.handed_on",
    ),
    _entry(
        "baton.waiting", Unit.COUNT, Scope.BATON, "仍在等待", "Still waiting",
        Text("尚未到达该步的企业数", "Firms that have not reached the step"), "batons.waiting",
    ),
    _entry(
        "baton.days", Unit.COUNT, Scope.BATON, "接力中位天数", "Median days to the step",
        Text("首笔天使出资至该步的天数中位数，仅计已到达的企业",
             "Median days from the first angel money to the step, over the firms that reached it"),
        "batons.days",
    ),
)  # fmt: skip
