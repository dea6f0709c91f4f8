"""Risk tolerance: budgets of every rule in force, on funds, tiers, categories, vintages and projects."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

_LIMIT = (
    "limit", Unit.YUAN, Text("容忍额度", "Tolerance"),
    Text("规则比例 × 基数（实缴投资本金或认缴规模）", "The rule's share x its base (principal paid or size)"),
)  # fmt: skip
_USED = (
    "used", Unit.YUAN, Text("已用额度", "Tolerance used"),
    Text(
        "已实现损失，按规则抵减收益、计入减值；未估值的按成本，视为未减值",
        "Realised losses, net of gains and with impairments where the rule says so; at cost where never valued",
    ),
)  # fmt: skip
_SHARE = (
    "used_share", Unit.RATIO, Text("已用比例", "Share used"),
    Text("已用额度 ÷ 容忍额度", "Tolerance used / tolerance"),
)  # fmt: skip
_OF_BUDGETS = (
    (
        "realised", Unit.YUAN, Text("已实现损失", "Realised losses"),
        Text("按规则的抵减与时点计入的已实现损失", "Realised losses that count by the rule's netting and timing"),
    ),
    (
        "impaired", Unit.YUAN, Text("减值", "Impaired"),
        Text("剩余成本高于估值之差额；仅在规则计入时占用额度",
             "Remaining cost above value; it uses the tolerance only where the rule says so"),
    ),
    (
        "left", Unit.YUAN, Text("剩余额度", "Tolerance left"),
        Text("容忍额度 － 已用额度，超限时为负", "Tolerance less what is used; negative where it is exceeded"),
    ),
    (
        "committed", Unit.YUAN, Text("已签约未出资", "Signed and not paid"),
        Text("已签约项目的计划金额 － 已付金额；出资后成为本金", "Planned less paid of the deals signed; principal once paid"),
    ),
    (
        "typical", Unit.YUAN, Text("核销额中位数", "Median write-off"),
        Text("范围内各项目累计核销成本的中位数，附项目数", "Median of the cost written off by project, with how many"),
    ),
    (
        "losses_left", Unit.COUNT, Text("可再承受的核销笔数", "Write-offs that still fit"),
        Text("剩余额度 ÷ 核销额中位数，向下取整", "Tolerance left / median write-off, rounded down"),
    ),
)  # fmt: skip


def _entry(code: str, unit: Unit, name: Text, definition: Text, *, scope: Scope) -> Entry:
    where = "budget_" if scope is Scope.BUDGET else ""
    return Entry(
        f"tolerance.{code}", unit, scope, name, definition, f"budgets.{where}{code}", "holding_events"
    )


TOLERANCE: tuple[Entry, ...] = (
    *(_entry(*said, scope=Scope.FUND) for said in (_LIMIT, _USED, _SHARE)),
    *(_entry(*said, scope=Scope.BUDGET) for said in (_LIMIT, _USED, _SHARE, *_OF_BUDGETS)),
    Entry(
        "tolerance.lapsed", Unit.COUNT, Scope.CITY, Text("到期未续的容忍度规则", "Tolerance rules that lapsed"),
        Text("已到期且无后续规则的容忍度规则数", "Rules that have ended and that no other has followed"),
        "budgets.lapsed", "tolerance_rules",
    ),
)  # fmt: skip
