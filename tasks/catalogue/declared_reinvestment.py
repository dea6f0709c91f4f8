"""What fiscal money brings along: leverage in both definitions, and local investment 返投."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

_OUTSIDE = Text(
    "全市口径只计来自本市各基金之外的资金：母基金投入子基金的部分已在母基金计过，不再计入；外部出资人投入子基金的部分计入",
    "for the city only money from outside our funds counts: what the mother fund puts into sub-funds was counted "
    "when it came into the mother fund, what others put into sub-funds is added",
)
_BY_KIND = Text(
    "按出资人登记的资金性质，本市基金作为出资人时按其登记的性质",
    "by the kind of capital entered for each investor, funds of ours included",
)


def _leverage(code: str, name: Text, meaning: Text) -> tuple[Entry, Entry]:
    """The same multiple per fund and for the city."""
    function = code.removeprefix("fund.leverage_")
    return (
        Entry(
            code, Unit.MULTIPLE, Scope.FUND, name,
            Text(f"{meaning.zh}；{_BY_KIND.zh}", f"{meaning.en}; {_BY_KIND.en}"),
            f"leverage.by_fund_{function}", "fund_events",
        ),
        Entry(
            code, Unit.MULTIPLE, Scope.CITY, name,
            Text(f"{meaning.zh}；{_OUTSIDE.zh}", f"{meaning.en}; {_OUTSIDE.en}"),
            f"leverage.city_{function}", "fund_events",
        ),
    )  # fmt: skip


REINVESTMENT: tuple[Entry, ...] = (
    *_leverage(
        "fund.leverage_total",
        Text("财政资金放大倍数（总规模口径）", "Fiscal leverage, by total size"),
        Text(
            "认缴总额 ÷ 财政资金认缴额，均为有效认缴；无财政资金则无值",
            "All commitments in force / those of fiscal capital; no value without fiscal money",
        ),
    ),
    *_leverage(
        "fund.leverage_social",
        Text("财政资金放大倍数（社会资本口径）", "Fiscal leverage, by social capital"),
        Text(
            "社会资本实缴额 ÷ 财政资金实缴额，国有资本两边都不计；无财政资金则无值",
            "Paid in by social capital / paid in by fiscal capital, state capital being neither; no value without "
            "fiscal money",
        ),
    ),
    Entry(
        "fund.reinvestment", Unit.YUAN, Scope.FUND,
        Text("返投认定额", "Recognised local investment"),
        Text(
            "按认定规则累计认定的本地投入；同一笔资金只计一次，多种情形取高，后来升级只补差额",
            "Local investment recognised so far; the same money counts once, of several cases the higher one, and a "
            "later better case adds the difference",
        ),
        "reinvestment.recognised", "recognitions",
    ),
    Entry(
        "fund.reinvestment_to_paid_in", Unit.MULTIPLE, Scope.FUND,
        Text("返投比例（财政实缴口径）", "Local investment to fiscal paid-in"),
        Text("返投认定额 ÷ 财政资金实缴额", "Recognised local investment / paid in by fiscal capital"),
        "reinvestment.to_fiscal_paid_in", "recognitions",
    ),
    Entry(
        "fund.reinvestment_to_committed", Unit.MULTIPLE, Scope.FUND,
        Text("返投比例（财政认缴口径）", "Local investment to fiscal commitment"),
        Text(
            "返投认定额 ÷ 财政资金有效认缴额",
            "Recognised local investment / commitments in force of fiscal capital",
        ),
        "reinvestment.to_fiscal_committed", "recognitions",
    ),
    Entry(
        "fund.reinvestment_due", Unit.YUAN, Scope.FUND, Text("应返投额", "Local investment due"),
        Text(
            "条款约定的倍数 × 基数：实缴、认缴为财政资金的，已投、净资产为全基金的；未约定则无值",
            "The multiple of the terms × its base: fiscal for paid-in and commitment, the whole fund's for invested and "
            "net assets; no value where none is agreed",
        ),
        "reinvestment.due", "recognitions",
    ),
    Entry(
        "fund.reinvestment_left", Unit.YUAN, Scope.FUND, Text("尚缺返投额", "Local investment left to do"),
        Text("应返投额减返投认定额，不小于零", "What is due less what is recognised, not below zero"),
        "reinvestment.left", "recognitions",
    ),
    Entry(
        "fund.reinvestment_points", Unit.COUNT, Scope.FUND,
        Text("返投要求评分（预测）", "Points for the ratio asked for, a forecast"),
        Text(
            "发改财金规〔2025〕1753号按条款约定的返投比例评分：无要求或不足50%得3分，150%及以上得0分；"
            "越高得分越低。据第三方转录，待核对原文",
            "Points of the NDRC evaluation (2025, no. 1753) for the ratio that the terms ask for: 3 for none or below 50 %, "
            "0 from 150 % on; a higher ratio scores lower. From a third-party copy, to be checked",
        ),
        "reinvestment.points", "recognitions",
    ),
)  # fmt: skip
