"""The limits on concentration: proposed by the maker, approved by the approver; one of them replaced by a tighter one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from finance_hub.demo.people import People
from finance_hub.demo.timeline import Timeline, moment
from tasks import concentration_limits
from tasks.models import ConcentrationLimit

_OWNER = "市金融发展服务中心"
#: Invented documents: no published limit of this city is known.
_DOCUMENT = "《科创金融公共资金集中度管理办法（示例）》示例〔{year}〕{number}号"
LIMITS: tuple[dict[str, Any], ...] = (
    {"dimension": "firm", "measure": "top_share", "top_n": 10, "limit": Decimal(75), "warning": Decimal(65),
     "document": _DOCUMENT.format(year=2025, number=6), "valid_from": date(2025, 2, 1)},
    {"dimension": "firm", "measure": "top_share", "top_n": 10, "limit": Decimal(70), "warning": Decimal(60),
     "document": _DOCUMENT.format(year=2026, number=2), "valid_from": date(2026, 4, 1)},
    {"dimension": "industry", "measure": "hhi", "limit": Decimal("0.60"), "warning": Decimal("0.50"),
     "document": _DOCUMENT.format(year=2025, number=6), "valid_from": date(2025, 2, 1)},
    {"dimension": "group", "measure": "amount", "limit": Decimal(400_000_000), "warning": Decimal(300_000_000),
     "document": _DOCUMENT.format(year=2025, number=6), "valid_from": date(2025, 2, 1)},
    {"dimension": "firm", "measure": "fund_share", "fund": "qingtong-angel", "limit": Decimal(20),
     "warning": Decimal(15), "document": _DOCUMENT.format(year=2025, number=7), "valid_from": date(2025, 3, 1)},
)  # fmt: skip
#: Proposed on the last day of the city, and not approved yet.
WAITING: dict[str, Any] = {
    "dimension": "bank", "measure": "top_share", "top_n": 1, "limit": Decimal(45), "warning": Decimal(40),
    "document": _DOCUMENT.format(year=2026, number=9), "valid_from": date(2026, 12, 1),
}  # fmt: skip
PROPOSED = date(2026, 11, 3)


def limit(*, people: People, timeline: Timeline) -> None:
    """Each limit is proposed nine days before it begins and approved two days later; one still waits."""
    for number, facts in enumerate(LIMITS):
        begins = facts["valid_from"].toordinal()
        timeline.add(moment(date.fromordinal(begins - 9), hour=11, minute=number), _propose(facts, people))
        timeline.add(moment(date.fromordinal(begins - 7), hour=16, minute=number), _approve(facts, people))
    timeline.add(moment(PROPOSED, hour=11), _propose(WAITING, people))


def _propose(facts: dict[str, Any], people: People) -> Callable[[datetime], object]:
    return lambda now: concentration_limits.propose(**facts, owner_unit=_OWNER, by=people["maker"], now=now)


def _approve(facts: dict[str, Any], people: People) -> Callable[[datetime], object]:
    def act(now: datetime) -> None:
        own = {name: facts[name] for name in ("dimension", "measure", "valid_from")}
        proposed = ConcentrationLimit.objects.get(**own)
        concentration_limits.approve(proposed.public_id, by=people["approver"], now=now)

    return act
