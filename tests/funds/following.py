"""What a manager does with one deal, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.cast import Api
from tests.funds.conftest import FIRM, Desk, made

NAME = "桐乡示例科技有限公司"
DECISION = {
    "decided_by": ["陈某", "李某"],
    "grounds": "技术领先，估值合理",
    "conflicts": "无利益冲突",
    "votes_for": 4,
    "votes_against": 1,
}
#: Day of each stage of a deal that goes straight on.
DAYS = {
    "met": "2022-06-05",
    "screening": "2022-06-10",
    "due_diligence": "2022-06-20",
    "committee": "2022-07-01",
    "signed": "2022-07-10",
    "paid": "2022-07-20",
}
NEW = {
    "fund": "angel",
    "uscc": FIRM,
    "firm_name": NAME,
    "title": "示例科技 A 轮",
    "source": "roadshow",
    "instrument": "equity",
    "planned_amount": "3000000.00",
    "lead": "陈某",
    "effective_date": DAYS["met"],
}


@dataclass
class Follower:
    """Every call gives the response; `at` gives the id of a deal that stands at a stage."""

    desk: Desk

    @property
    def api(self) -> Api:
        return self.desk.api

    def open(self, **changes: Any) -> Any:
        return self.api.post("/deals", {**NEW, **changes})

    def step(self, deal: str, stage: str, on: str = "", **more: Any) -> Any:
        body = {"stage": stage, "effective_date": on or DAYS[stage], **more}
        return self.api.post(f"/deals/{deal}/steps", body)

    def at(self, stage: str, **changes: Any) -> str:
        deal: str = made(self.open(**changes))["id"]
        for passed in list(DAYS)[1 : list(DAYS).index(stage) + 1]:
            made(self.pass_through(deal, passed))
        return deal

    def pass_through(self, deal: str, stage: str) -> Any:
        if stage == "committee":
            return self.step(deal, stage, decision=DECISION)
        if stage == "paid":
            bought = made(self.desk.invest("3000000.00", DAYS["paid"]))
            return self.step(deal, stage, investment=bought["id"])
        return self.step(deal, stage)

    def decline(self, deal: str, on: str) -> Any:
        return self.step(deal, "declined", on, reason="估值分歧", decision=DECISION)

    def pay(self, deal: str, investment: str) -> Any:
        return self.api.post(f"/deals/{deal}/payments", {"investment": investment})

    def shown(self, deal: str) -> dict[str, Any]:
        answer = self.api.get(f"/deals/{deal}")
        assert answer.status_code == 200, answer.content
        body: dict[str, Any] = answer.json()
        return body

    def steps(self, deal: str) -> list[dict[str, Any]]:
        """All steps, the one recorded first first."""
        rows: list[dict[str, Any]] = self.api.get(f"/deals/{deal}/steps").json()["data"]
        return rows[::-1]

    def edit(self, deal: str, version: int, **changes: Any) -> Any:
        return self.api.patch(f"/deals/{deal}", changes, If_Match=f'"{version}"')

    def upload(
        self, deal: str, step: str, content: bytes, *, name: str = "纪要.pdf", kind: str = "application/pdf",
        key: str = "", **headers: str,
    ) -> Any:  # fmt: skip
        said = {"Idempotency-Key": key or str(uuid.uuid4()), **headers}
        return self.api.client.post(
            f"/api/v1/deals/{deal}/documents?{urlencode({'name': name, 'step': step})}",
            content,
            content_type=kind,
            headers=self.api._headers(said),
        )

    def board(self) -> dict[str, tuple[int, str]]:
        """Stage → (deals, planned sum), stages without a deal left out."""
        stages = self.api.get(f"/funds/{self.desk.fund}/pipeline").json()["stages"]
        return {row["stage"]: (row["deals"], row["planned_amount"]) for row in stages if row["deals"]}


def digest_of(content: bytes) -> str:
    """The value of Content-Digest."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"
