"""What a manager does with rounds, rights to shares, and shares, over HTTP. Every call gives the response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.cast import Api
from tests.funds.conftest import FIRM, Desk

NAME = "桐乡示例科技有限公司"
#: 2 million for a fifth of 5 million shares at 2.00; then 10 million for a fifth of 6.25 million at 8.00.
ANGEL = {
    "name": "天使轮", "effective_date": "2022-07-01", "raised": "2000000.00", "pre_money": "8000000.00",
    "new_shares": 1_000_000, "shares_after": 5_000_000,
}  # fmt: skip
A = {
    "name": "A 轮", "effective_date": "2023-07-01", "raised": "10000000.00", "price": "8.00",
    "new_shares": 1_250_000, "shares_after": 6_250_000,
}  # fmt: skip
#: 24 million at 12.00; 112,420 of the shares before the new money are converted ones.
B = {
    "name": "B 轮", "effective_date": "2024-09-01", "raised": "24000000.00", "pre_money": "76349040.00",
    "new_shares": 2_000_000, "shares_after": 8_362_420,
}  # fmt: skip
TERMS = {
    "annual_rate_pct": "6", "cap": "60000000.00", "discount_pct": "20", "ends_on": "2025-08-31",
    "document": "可转债投资协议",
}  # fmt: skip
WARRANT = {
    "uscc": FIRM, "firm_name": NAME, "effective_date": "2023-08-01", "ends_on": "2026-07-31", "shares": 100_000,
    "strike": "8.000001", "document": "认股选择权协议",
}  # fmt: skip


@dataclass
class Book:
    """One organisation's rounds of the firm, and one fund's stake in it."""

    desk: Desk

    @property
    def api(self) -> Api:
        return self.desk.api

    def round(self, of: dict[str, Any], **changes: Any) -> Any:
        body = {"uscc": FIRM, "firm_name": NAME, "document": "增资协议", **of, **changes}
        return self.api.post("/rounds", {name: value for name, value in body.items() if value is not None})

    def buy(self, amount: str, on: str, **bought: Any) -> Any:
        return self.desk.invest(amount, on, uscc=FIRM, firm_name=NAME, **bought)

    def sell(self, holding: str, *, cash: str, on: str, **more: Any) -> Any:
        return self.api.post("/exits", {"holding": holding, "cash": cash, "effective_date": on, **more})

    def convertible(self, investment: str, **changes: Any) -> Any:
        return self.api.post("/securities/convertibles", {"investment": investment, **TERMS, **changes})

    def convert(self, security: str, in_round: str, on: str, **more: Any) -> Any:
        body = {"round": in_round, "effective_date": on, **more}
        return self.api.post(f"/securities/{security}/conversion", body)

    def warrant(self, **changes: Any) -> Any:
        body = {"fund": self.desk.fund, **WARRANT, **changes}
        return self.api.post(
            "/securities/warrants", {name: value for name, value in body.items() if value is not None}
        )

    def exercise(self, security: str, shares: int, on: str) -> Any:
        return self.api.post(f"/securities/{security}/exercise", {"shares": shares, "effective_date": on})

    def take_back(self, path: str, on: str = "") -> Any:
        return self.api.post(f"/{path}/reverse", {"effective_date": on} if on else {})

    def owned(self, holding: str, **when: str) -> dict[str, Any]:
        asked = "&".join(f"{name}={value}" for name, value in when.items())
        answer = self.api.get(f"/holdings/{holding}/ownership?{asked}")
        assert answer.status_code == 200, answer.content
        body: dict[str, Any] = answer.json()
        return body

    def securities(self, **when: str) -> list[dict[str, Any]]:
        asked = "&".join(f"{name}={value}" for name, value in when.items())
        answer = self.api.get(f"/securities?{asked}")
        assert answer.status_code == 200, answer.content
        rows: list[dict[str, Any]] = answer.json()["data"]
        return rows


def path_of(owned: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (step["effective_date"], *step["what"], step["shares"], step["total_shares"], step["pct"])
        for step in owned["path"]
    ]
