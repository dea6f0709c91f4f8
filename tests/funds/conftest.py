"""A founded angel fund with two investors, and the managers who see it or do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel.models import Person
from finance_hub.kernel.scoping import within
from funds import operations
from tests.cast import Api

CITY, COMPANY = "市财政局", "城投集团"
FUND = {
    "code": "angel",
    "name": "青桐天使基金",
    "name_en": "Qingtong Angel Fund",
    "tier": "angel",
    "manager": "angel-manager",
    "planned_size": "100000000.00",
    "established_on": "2022-06-01",
}
FIRM = "91330483MA2B9PTN02"
OTHER_FIRM = "91330483MA28AQK513"


@dataclass
class Desk:
    """What a manager does with one fund, over HTTP. Every call gives the response."""

    api: Api
    fund: str

    def event(self, kind: str, amount: str, on: str, *, investor: str | None = None, **more: Any) -> Any:
        named = {"investor": investor} if investor else {}
        body = {"kind": kind, "amount": amount, "effective_date": on, **named, **more}
        return self.api.post(f"/funds/{self.fund}/events", body)

    def reverse(self, event: str, on: str) -> Any:
        return self.api.post(f"/funds/{self.fund}/events/{event}/reverse", {"effective_date": on})

    def notice(self, kind: str, amount: str, on: str, **more: Any) -> Any:
        body = {"kind": kind, "amount": amount, "effective_date": on, **more}
        return self.api.post(f"/funds/{self.fund}/notices", body)

    def transfer(self, amount: str, on: str, *, seller: str, buyer: str) -> Any:
        body = {"seller": seller, "buyer": buyer, "amount": amount, "effective_date": on}
        return self.api.post(f"/funds/{self.fund}/transfers", body)

    def correct(self, event: str, amount: str, on: str, **more: Any) -> Any:
        body = {"amount": amount, "effective_date": on, "note": "录入有误", **more}
        return self.api.post(f"/funds/{self.fund}/events/{event}/correct", body)

    def accounts(self, **query: str) -> dict[str, dict[str, Any]]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        shown = self.api.get(f"/funds/{self.fund}/accounts?{asked}")
        assert shown.status_code == 200, shown.content
        return {account["investor"]: account for account in shown.json()["data"]}

    def rolled(self, start: str, end: str) -> dict[str, Any]:
        shown = self.api.get(f"/funds/{self.fund}/roll-forward?start={start}&as_of={end}")
        assert shown.status_code == 200, shown.content
        rolled: dict[str, Any] = shown.json()
        return rolled

    def invest(self, amount: str, on: str, **whom: str) -> Any:
        investee = whom or {"uscc": FIRM, "firm_name": "桐乡示例科技有限公司"}
        body = {"amount": amount, "effective_date": on, **investee}
        return self.api.post(f"/funds/{self.fund}/investments", body)

    def exit(self, holding: str, *, cash: str, cost: str, on: str) -> Any:
        body = {"holding": holding, "cash": cash, "cost": cost, "effective_date": on}
        return self.api.post("/exits", body)

    def write_off(self, holding: str, *, cost: str, on: str) -> Any:
        return self.api.post("/write-offs", {"holding": holding, "cost": cost, "effective_date": on})

    def receive(self, holding: str, kind: str, cash: str, *, on: str) -> Any:
        body = {"holding": holding, "kind": kind, "cash": cash, "effective_date": on}
        return self.api.post("/receipts", body)

    def value(self, holding: str, *, at: str, on: str, method: str = "latest_round") -> Any:
        body = {"holding": holding, "fair_value": at, "method": method, "effective_date": on}
        return self.api.post("/valuations", body)

    def reverse_deal(self, event: str, on: str) -> Any:
        return self.api.post(f"/holding-events/{event}/reverse", {"effective_date": on})

    def position(self, **query: str) -> dict[str, str]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        shown = self.api.get(f"/funds/{self.fund}?{asked}")
        assert shown.status_code == 200, shown.content
        position: dict[str, str] = shown.json()["position"]
        return position

    def holding(self, holding: str, **query: str) -> dict[str, Any]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        shown: dict[str, Any] = self.api.get(f"/holdings/{holding}?{asked}").json()
        return shown


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


def found_fund(api: Callable[[str], Api], **changes: str) -> Desk:
    """The centre registers a fund, its manager adds both investors: straight away, nearly every test begins so."""
    facts: dict[str, Any] = {**FUND, **changes}
    facts["planned_size"] = Decimal(facts["planned_size"])
    facts["established_on"] = date.fromisoformat(facts["established_on"])
    name = {"angel-manager": "manager_angel", "industry-manager": "manager_industry"}[facts["manager"]]
    centre, manager = (Person.objects.get(username=username) for username in ("maker", name))
    with within(centre.scope):
        operations.create_fund(**facts, by=centre, now=timezone.now())
    with within(manager.scope):
        for investor, capital in ((CITY, "fiscal"), (COMPANY, "state")):
            whom = {"fund": facts["code"], "name": investor, "capital": capital}
            operations.add_investor(**whom, by=manager, now=timezone.now())
    return Desk(api(name), facts["code"])


@pytest.fixture
def angel(api: Callable[[str], Api]) -> Desk:
    """The angel fund, founded 2022-06-01, with nothing in its ledger."""
    return found_fund(api)


@pytest.fixture
def funded(angel: Desk) -> Desk:
    """The city committed 100, was called for 60 and paid 50 (million)."""
    made(angel.event("commitment", "100000000.00", "2022-06-01", investor=CITY))
    made(angel.event("call", "60000000.00", "2022-06-10", investor=CITY))
    made(angel.event("contribution", "50000000.00", "2022-06-20", investor=CITY))
    return angel
