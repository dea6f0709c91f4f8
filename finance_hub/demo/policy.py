"""The tolerance rules of the funds, and what departments report on the plan's targets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from finance_hub.demo.chance import Chance
from finance_hub.demo.people import People
from finance_hub.demo.timeline import Timeline, moment, recorded
from tasks import limits, targets
from tasks.models import ToleranceRule

#: Invented documents: no published rule of this city is known.
RULES: tuple[dict[str, Any], ...] = (
    {
        "fund_code": "qingtong-angel", "base": "principal-paid", "netting": False,
        "timing": "realised-and-impaired", "limit_pct": Decimal("40.00"),
        "document": "《青桐天使基金风险容忍办法（示例）》示例〔2024〕7号", "valid_from": date(2024, 11, 1), "valid_to": None,
    },
    {
        "fund_code": "chanye-industry", "base": "principal-paid", "netting": True, "timing": "realised",
        "limit_pct": Decimal("15.00"), "document": "《产业基金尽职免责办法（示例）》示例〔2025〕3号",
        "valid_from": date(2025, 3, 1), "valid_to": None,
    },
)  # fmt: skip
REPORTED_ON = (date(2024, 12, 31), date(2025, 6, 30), date(2025, 12, 31), date(2026, 6, 30))
#: Target → who reports, and the values of the four half-years. The other targets stay unreported.
REPORTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "S2-01": ("statistics", ("3.21", "3.30", "3.42", "3.47")),
    "S2-02": ("statistics", ("64.8", "66.1", "67.9", "69.2")),
    "S2-06": ("science", ("9", "14", "19", "23")),
    "S2-07": ("science", ("1", "2", "2", "3")),
    "S2-08": ("talent", ("3", "5", "8", "9")),
    "S2-10": ("talent", ("0", "1", "1", "2")),
    "S3-1-01": ("science", ("15", "13", "12", "11")),
    "S3-1-03": ("science", ("0", "0", "1", "1")),
    "S3-1-04": ("science", ("26", "29", "32", "34")),
    "S3-3-01": ("science", ("8", "9", "11", "11")),
    "S3-3-02": ("science", ("38", "61", "84", "103")),
    "S3-3-03": ("science", ("3", "5", "7", "8")),
    "S3-3-04": ("statistics", ("6120000000", "6950000000", "7830000000", "8410000000")),
    "S3-3-05": ("economy", ("81.5", "84.0", "86.7", "88.3")),
    "S3-3-06": ("economy", ("71.2", "74.4", "77.0", "79.1")),
    "S3-4-01": ("economy", ("20.4", "21.8", "23.5", "24.6")),
    "S3-4-02": ("economy", ("24.1", "26.0", "28.8", "30.6")),
    "S3-5-01": ("science", ("34", "57", "79", "96")),
    "S3-5-02": ("science", ("31", "52", "78", "101")),
    "S3-5-04": ("science", ("2480000000", "3120000000", "3790000000", "4230000000")),
    "S3-6-03": ("talent", ("41", "58", "77", "92")),
    "S3-6-05": ("talent", ("2", "3", "5", "6")),
    "S3-6-07": ("talent", ("11200", "16800", "22900", "27400")),
    "S3-7-01": ("talent", ("17", "27", "38", "46")),
    "S3-7-06": ("talent", ("0", "1", "1", "2")),
    "S4-2-01": ("finance", ("18.2", "20.6", "21.3", "20.4")),
}


def limit(*, people: People, timeline: Timeline) -> None:
    """Each rule is proposed by the maker and approved by the approver two days later."""
    for rule in RULES:
        begins = rule["valid_from"].toordinal()
        timeline.add(moment(date.fromordinal(begins - 9), hour=10), _propose(rule, people))
        timeline.add(moment(date.fromordinal(begins - 7), hour=15), _approve(rule, people))


def report(*, people: People, timeline: Timeline, dice: Chance) -> None:
    """Departments report half-yearly, some weeks late."""
    for code, (reporter, values) in REPORTS.items():
        for day, value in zip(REPORTED_ON, values, strict=True):
            at = recorded(day, dice, after=(8, 24))
            timeline.add(at, _report(code, day, Decimal(value), reporter, people))


def _propose(rule: dict[str, Any], people: People) -> Callable[[datetime], object]:
    return lambda now: limits.propose(**rule, by=people["maker"], now=now)


def _approve(rule: dict[str, Any], people: People) -> Callable[[datetime], object]:
    def act(now: datetime) -> None:
        proposed = ToleranceRule.objects.get(fund__code=rule["fund_code"], valid_from=rule["valid_from"])
        limits.approve(proposed.public_id, by=people["approver"], now=now)

    return act


def _report(
    code: str, day: date, value: Decimal, reporter: str, people: People
) -> Callable[[datetime], object]:
    author = people[reporter]
    evidence = f"{author.organisation.name}半年统计报表（示例）{day.year}年{day.month}月"
    return lambda now: targets.report(code, as_of=day, value=value, evidence=evidence, by=author, now=now)
