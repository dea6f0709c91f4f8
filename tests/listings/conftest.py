"""Two registered firms, and the maker's desk for their attempts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from finance_hub.kernel import firms
from tests.cast import NOW, Api, Cast

FIRM, OTHER_FIRM, STRANGER = "91330483MA2B9PTN02", "91330483MA28AQK513", "91330483MA2CU2609U"


@dataclass
class Desk:
    """What the centre's maker records, over HTTP. Every call gives the response."""

    api: Api

    def start(self, stage: str, on: str, *, uscc: str = FIRM, board: str = "star", **more: str) -> Any:
        body = {"uscc": uscc, "board": board, "stage": stage, "effective_date": on, "evidence": "公告"}
        if stage != "cultivation":
            body["reason"] = "此前阶段未登记"
        return self.api.post("/ipo-candidates", {**body, **more})

    def enter(self, attempt: str, stage: str, on: str, **more: str) -> Any:
        body = {"stage": stage, "effective_date": on, "evidence": "公告", **more}
        if stage in ("suspended", "withdrawn", "rejected"):
            body.setdefault("reason", "财务资料已过有效期")
        return self.api.post(f"/ipo-candidates/{attempt}/stages", body)


def made(response: Any) -> dict[str, Any]:
    """The body of a creation that must have worked."""
    assert response.status_code == 201, response.content
    body: dict[str, Any] = response.json()
    return body


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem, whose own code or one of whose fields' codes is `code`."""
    problem: dict[str, Any] = response.json()
    codes = {problem["code"], *(error["code"] for error in problem.get("errors", []))}
    assert (response.status_code, code in codes) == (status, True), problem
    return problem


def register(cast: Cast) -> None:
    for code in (FIRM, OTHER_FIRM):
        firms.register(
            code=code, name=f"企业{code[-4:]}", source="centre", known_from=date(2020, 1, 1),
            by=cast["maker"], now=NOW,
        )  # fmt: skip


@pytest.fixture
def desk(cast: Cast, api: Callable[[str], Api]) -> Desk:
    register(cast)
    return Desk(api("maker"))
