"""What stands against publishing a month: each must be answered by a written reason, or the issue is not approved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from finance_hub.kernel import months
from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from loans import queries as loans
from tasks import rules
from tasks.models import Briefing, Snapshot, ToleranceRule

MONTH_OPEN, NOT_REPORTED, TOLERANCE_LAPSED = "month-open", "not-reported", "tolerance-lapsed"
_DATASETS = {
    "flow": Text("发生额", "loan events"),
    "stock": Text("月末存量", "month-end positions"),
    "guarantees": Text("担保业务", "guarantees"),
}
#: Of a kept reason: what it is given against, in both languages, why, who gave it and when.
Reasons = Mapping[str, Mapping[str, Any]]


class Lack(NamedTuple):
    """A reporter and the data set of it that had not come."""

    code: str
    name: str
    name_en: str
    dataset: str


class Obstacle(NamedTuple):
    """`name` stays the same as long as it is the same obstacle."""

    name: str
    text: Text


def against(snapshot: Snapshot, *, now: datetime) -> list[Obstacle]:
    """In a fixed order: the month open, reporters missing, tolerance rules that ended without a successor."""
    return list(_against(snapshot, now))


def unanswered(briefing: Briefing, *, now: datetime) -> list[Obstacle]:
    """Those for which the edition gives no reason."""
    return [one for one in against(briefing.snapshot, now=now) if one.name not in briefing.reasons]


def lacks_of(snapshot: Snapshot) -> list[Lack]:
    """Banks first, then guarantors of whom nothing was recorded; one query, wants full scope."""
    banks = [Lack(one["code"], one["name"], one["name_en"], one["dataset"]) for one in snapshot.not_reported]
    others = loans.silent_guarantors(Month.of(snapshot.month), known_at=snapshot.known_at)
    return [*banks, *(Lack(one.code, one.name, one.name_en, "guarantees") for one in others)]


def _against(snapshot: Snapshot, now: datetime) -> Iterator[Obstacle]:
    month = Month.of(snapshot.month)
    if not months.is_closed(month):
        yield Obstacle(MONTH_OPEN, Text(f"{month.year}年{month.number}月尚未关账", f"{month} is not closed"))
    missing: dict[str, list[Lack]] = {}
    for lack in lacks_of(snapshot):
        missing.setdefault(lack.code, []).append(lack)
    for code, lacks in missing.items():
        yield Obstacle(f"{NOT_REPORTED}|{code}", _silent(lacks))
    ended = rules.lapsed(month.end, now)
    named = {
        rule.public_id: rule
        for rule in ToleranceRule.objects.filter(public_id__in=[e.public_id for e in ended])
    }
    for rule in ended:
        document, day = named[rule.public_id].document, rule.ended_on
        yield Obstacle(
            f"{TOLERANCE_LAPSED}|{rule.public_id}",
            Text(
                f"风险容忍度规则（{document}）已于{day.year}年{day.month}月{day.day}日到期，无后续规则",
                f"the tolerance rule of {document} ended on {day.isoformat()} and has no successor",
            ),
        )


def _silent(lacks: list[Lack]) -> Text:
    said = [_DATASETS[one.dataset] for one in lacks]
    zh, en = "、".join(one.zh for one in said), " and ".join(one.en for one in said)
    return Text(f"{lacks[0].name}未报送{zh}", f"{lacks[0].name_en} has not reported its {en}")
