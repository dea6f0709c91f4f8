"""Scenarios beside the base case: what each does to the answers, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tasks.models import StressScenario

Content = dict[str, Any]


def comparison(parts: Sequence[tuple[StressScenario | None, Content]]) -> list[dict[str, Any]]:
    """A row for each part of a run, the base case first; differences are against it.

    Amounts are yuan in text, probabilities numbers. `limits` holds those of the base case in its order.
    """
    base = next(content for scenario, content in parts if scenario is None)
    return [_row(scenario, content, base) for scenario, content in parts]


def _row(scenario: StressScenario | None, content: Content, base: Content) -> dict[str, Any]:
    whole, before = content["books"][0], base["books"][0]
    chances = {(one["kind"], one["code"]): one["probability"] for one in content["limits"]}
    return {
        "scenario": scenario.code if scenario else None,
        "label": {"zh": scenario.name, "en": scenario.name_en}
        if scenario
        else {"zh": "基准情形", "en": "Base case"},
        "failing": content["failing"],
        "expected": whole["expected"],
        "expected_change": _less(whole["expected"], before["expected"]),
        "quantiles": whole["quantiles"],
        "quantile_changes": {
            q: _less(amount, before["quantiles"][q]) for q, amount in whole["quantiles"].items()
        },
        "shortfall": whole["shortfall"]["0.99"],
        "all_hold": content["all_hold"],
        "all_hold_change": content["all_hold"] - base["all_hold"],
        "limits": [
            {
                "kind": one["kind"],
                "code": one["code"],
                "label": one["label"],
                "probability": chances.get((one["kind"], one["code"])),
            }
            for one in base["limits"]
        ],
    }


def _less(amount: str, before: str) -> str:
    return f"{Decimal(amount) - Decimal(before):.2f}"
