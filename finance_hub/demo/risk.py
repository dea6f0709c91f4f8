"""Tolerances on more than funds, what the centre assumes of failures, and the scenarios that it looks at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from finance_hub.demo.people import People
from finance_hub.demo.timeline import Timeline, moment
from tasks import limits
from tasks.models import ToleranceRule
from tasks.risk import assume
from tasks.risk.parameters import delivered

_DOCUMENT = "《科创基金分类容错细则（示例）》示例〔2025〕9号"
_COMMON: dict[str, Any] = {
    "base": "principal-paid", "netting": False, "document": _DOCUMENT, "owner": "市财政局", "valid_to": None,
    "valid_from": date(2025, 6, 1),
}  # fmt: skip
#: Invented like the rules on funds: no published rule of this city is known.
RULES: tuple[dict[str, Any], ...] = (
    {**_COMMON, "fund_code": None, "scope": "category", "key": "seed", "timing": "realised-and-impaired",
     "limit_pct": Decimal(50)},
    {**_COMMON, "fund_code": None, "scope": "tier", "key": "angel", "timing": "realised", "limit_pct": Decimal(30),
     "warning_pct": Decimal(70)},
    {**_COMMON, "fund_code": None, "scope": "vintage", "key": "", "timing": "realised-and-impaired", "limit_pct": Decimal(25),
     "netting": True},
    {**_COMMON, "fund_code": "qingtong-angel", "scope": "project", "key": "", "timing": "liquidation",
     "limit_pct": Decimal(100)},
)  # fmt: skip
_SCENARIO = {"document": "《年度压力测试方案（示例）》", "valid_from": date(2025, 1, 1)}
SCENARIOS: tuple[dict[str, Any], ...] = (
    {**_SCENARIO, "code": "manufacturing", "name": "制造业景气下行", "name_en": "Downturn of manufacturing", "industry": "C",
     "pd_factor": Decimal(3)},
    {**_SCENARIO, "code": "contagion", "name": "相关性上升", "name_en": "Failures hang together more",
     "loading_factor": Decimal("1.6")},
    {**_SCENARIO, "code": "window-closed", "name": "上市窗口关闭", "name_en": "The listing window closes",
     "listing_pd_factor": Decimal(4), "listing_lgd_factor": Decimal("1.1")},
    {**_SCENARIO, "code": "largest-group", "name": "最大关联集团破产", "name_en": "The largest group is insolvent",
     "failing": "largest_group"},
)  # fmt: skip


def look_ahead(*, people: People, timeline: Timeline) -> None:
    """Rules by two people; the delivered assumptions and the scenarios by one."""
    for rule in RULES:
        begins = rule["valid_from"].toordinal()
        timeline.add(moment(date.fromordinal(begins - 9), hour=11), _propose(rule, people))
        timeline.add(moment(date.fromordinal(begins - 6), hour=15), _approve(rule, people))
    timeline.add(moment(date(2025, 1, 6), hour=10), _assume(people))
    for scenario in SCENARIOS:
        timeline.add(moment(date(2025, 1, 7), hour=10), _define(scenario, people))


def _propose(rule: dict[str, Any], people: People) -> Callable[[datetime], object]:
    return lambda now: limits.propose(**rule, by=people["maker"], now=now)


def _approve(rule: dict[str, Any], people: People) -> Callable[[datetime], object]:
    def act(now: datetime) -> None:
        proposed = ToleranceRule.objects.get(
            scope=rule["scope"], fund__code=rule["fund_code"], key=rule["key"], valid_from=rule["valid_from"]
        )
        limits.approve(proposed.public_id, by=people["approver"], now=now)

    return act


def _assume(people: People) -> Callable[[datetime], object]:
    document, parameters = delivered()
    return lambda now: assume.assume(
        valid_from=date(2024, 11, 1), document=document, parameters=parameters, by=people["maker"], now=now
    )


def _define(scenario: dict[str, Any], people: People) -> Callable[[datetime], object]:
    return lambda now: assume.define_scenario(**scenario, by=people["maker"], now=now)
