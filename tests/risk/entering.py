"""Assumptions and scenarios as the tests of runs and pages enter them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tasks.models import RiskAssumptions
from tasks.risk import assume
from tasks.risk.parameters import Assumed
from tests.cast import NOW, Cast
from tests.risk.city import NUMBERS

DAY = date(2026, 1, 1)
SHOCKS: tuple[dict[str, Any], ...] = (
    {
        "code": "industry", "name": "制造业冲击", "name_en": "Shock to manufacturing", "document": "测试",
        "valid_from": DAY, "industry": "C", "pd_factor": Decimal(3),
    },
    {
        "code": "largest-group", "name": "最大集团破产", "name_en": "The largest group fails", "document": "测试",
        "valid_from": DAY, "failing": "largest_group",
    },
)  # fmt: skip


def rows(**lgds: str) -> list[Assumed]:
    """The test city's numbers; LGDs may be given others."""
    numbers = {**NUMBERS, "lgd": NUMBERS["lgd"] | {key: float(value) for key, value in lgds.items()}}
    return [
        Assumed(kind, key, Decimal(str(value)), "测试所定", True)
        for kind, values in numbers.items()
        for key, value in values.items()
    ]


def assumed(cast: Cast, **lgds: str) -> RiskAssumptions:
    return assume.assume(
        valid_from=DAY, document="测试假设", parameters=rows(**lgds), by=cast["maker"], now=NOW
    )
