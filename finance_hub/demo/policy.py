"""The tolerance rules of the funds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from finance_hub.demo.people import People
from finance_hub.demo.timeline import Timeline, moment
from tasks import limits
from tasks.models import ToleranceRule

#: Invented documents: no published rule of this city is known.
RULES: tuple[dict[str, Any], ...] = (
    {
        "fund_code": "qingtong-angel", "base": "principal-paid", "netting": False,
        "timing": "realised-and-impaired", "limit_pct": Decimal("40.00"), "owner": "市财政局",
        "document": "《青桐天使基金风险容忍办法（示例）》示例〔2024〕7号", "valid_from": date(2024, 11, 1), "valid_to": None,
    },
    {
        "fund_code": "chanye-industry", "base": "principal-paid", "netting": True, "timing": "realised",
        "limit_pct": Decimal("15.00"), "owner": "市财政局", "document": "《产业基金尽职免责办法（示例）》示例〔2025〕3号",
        "valid_from": date(2025, 3, 1), "valid_to": None,
    },
)  # fmt: skip


def limit(*, people: People, timeline: Timeline) -> None:
    """Each rule is proposed by the maker and approved by the approver two days later."""
    for rule in RULES:
        begins = rule["valid_from"].toordinal()
        timeline.add(moment(date.fromordinal(begins - 9), hour=10), _propose(rule, people))
        timeline.add(moment(date.fromordinal(begins - 7), hour=15), _approve(rule, people))


def _propose(rule: dict[str, Any], people: People) -> Callable[[datetime], object]:
    return lambda now: limits.propose(**rule, by=people["maker"], now=now)


def _approve(rule: dict[str, Any], people: People) -> Callable[[datetime], object]:
    def act(now: datetime) -> None:
        proposed = ToleranceRule.objects.get(fund__code=rule["fund_code"], valid_from=rule["valid_from"])
        limits.approve(proposed.public_id, by=people["approver"], now=now)

    return act
