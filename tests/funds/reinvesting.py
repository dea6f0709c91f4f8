"""What the centre's maker does with the reinvestment of a fund, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Api
from tests.funds.conftest import FIRM, Desk, made

Speak = Callable[[str], Api]
RULES = {
    "valid_from": "2022-06-01", "document": "返投认定办法（示例）", "invested": "1", "own_input": "1", "introduced": "0.3",
    "relocated": "1.5", "taxes_and_fees": "0",
}  # fmt: skip


class Centre:
    """What the centre's maker does with the reinvestment of one fund."""

    def __init__(self, api: Api, fund: str = "angel") -> None:
        self.api, self.fund = api, fund

    def rule(self, **changes: Any) -> Any:
        return self.api.post(f"/funds/{self.fund}/reinvestment-rules", {**RULES, **changes})

    def recognise(self, route: str, base: str, on: str = "2024-03-31", **more: str) -> Any:
        body = {
            "uscc": FIRM,
            "firm_name": "桐乡示例科技有限公司",
            "reference": "审〔2024〕1号",
            "evidence": "审计报告",
        }
        return self.api.post(
            f"/funds/{self.fund}/recognitions",
            {**body, "route": route, "base": base, "effective_date": on, **more},
        )

    def reverse(self, case: str, on: str) -> Any:
        body = {"effective_date": on, "evidence": "撤回"}
        return self.api.post(f"/funds/{self.fund}/recognitions/{case}/reverse", body)

    def correct(self, case: str, route: str, base: str, on: str = "2024-03-31") -> Any:
        body = {"route": route, "base": base, "effective_date": on, "evidence": "更正"}
        return self.api.post(f"/funds/{self.fund}/recognitions/{case}/correct", body)

    def stands(self, **asked: str) -> dict[str, Any]:
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        answer = self.api.get(f"/funds/{self.fund}/reinvestment?{query}")
        assert answer.status_code == 200, answer.content
        shown: dict[str, Any] = answer.json()
        return shown

    def counted(self, on: str = "2026-01-01") -> str:
        return str(self.stands(as_of=on)["recognised"])


@pytest.fixture
def centre(funded: Desk, api: Speak) -> Centre:
    """50 million of fiscal money are paid in of 100 committed; the rules are published."""
    desk = Centre(api("maker"))
    made(desk.rule())
    return desk
