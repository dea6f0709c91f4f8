"""Another manager's fund answers like one that does not exist; roles do only what is theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Api
from tests.funds.conftest import CITY, FUND, Desk, found_fund, made, refused

EVENT = {"kind": "fee", "amount": "1.00", "effective_date": "2023-01-01"}
REVERSAL = {"effective_date": "2023-01-01"}
INVESTMENT = {"uscc": "91330483MA2B9PTN02", "amount": "1.00", "effective_date": "2023-01-01"}


def _without_id(response: Any) -> tuple[int, bytes]:
    said = json.loads(response.content)
    said.pop("request_id")
    return response.status_code, json.dumps(said, sort_keys=True).encode()


@pytest.fixture
def stranger(api: Callable[[str], Api]) -> Api:
    return api("manager_industry")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/funds/{fund}", None),
        ("/funds/{fund}/investors", None),
        ("/funds/{fund}/events", None),
        ("/funds/{fund}/investments", None),
        ("/funds/{fund}/holdings", None),
        ("/funds/{fund}/terms", None),
        ("/funds/{fund}/terms/in-force", None),
        ("/funds/{fund}/terms", {"valid_from": "2022-06-01", "document": "协议"}),
        ("/funds/{fund}/investors", {"name": CITY, "capital": "fiscal"}),
        ("/funds/{fund}/events", EVENT),
        ("/funds/{fund}/events/{event}/reverse", REVERSAL),
        ("/funds/{fund}/investments", INVESTMENT),
    ],
)
def test_a_foreign_fund_answers_like_a_missing_one(
    funded: Desk, stranger: Api, path: str, body: dict[str, str] | None
) -> None:
    event = made(funded.event("fee", "1.00", "2022-07-01"))["id"]

    def ask(fund: str) -> Any:
        where = path.format(fund=fund, event=event)
        return stranger.get(where) if body is None else stranger.post(where, body)

    foreign, missing = ask("angel"), ask("no-such-fund")
    assert _without_id(foreign) == _without_id(missing)
    refused(foreign, 404, "not-found")
    assert len(foreign.content) - len(missing.content) == 0


def test_a_foreign_holding_answers_like_a_missing_one(funded: Desk, stranger: Api) -> None:
    deal = made(funded.invest("3.00", "2022-09-15"))
    desk = Desk(stranger, "angel")
    for holding, event in ((deal["holding"], deal["id"]), ("ho_missing", "he_missing")):
        refused(stranger.get(f"/holdings/{holding}"), 404, "not-found")
        refused(desk.exit(holding, cash="1.00", cost="1.00", on="2023-01-01"), 404, "not-found")
        refused(desk.write_off(holding, cost="1.00", on="2023-01-01"), 404, "not-found")
        refused(desk.value(holding, at="1.00", on="2023-01-01"), 404, "not-found")
        refused(desk.reverse_deal(event, "2023-01-01"), 404, "not-found")


def test_an_event_is_reversed_under_its_own_fund_only(funded: Desk, api: Callable[[str], Api]) -> None:
    second = found_fund(api, code="second")
    event = made(funded.event("fee", "1.00", "2022-07-01"))["id"]
    refused(second.reverse(event, "2023-01-01"), 404, "not-found")


def test_a_foreign_fund_is_no_sub_fund(funded: Desk, api: Callable[[str], Api]) -> None:
    found_fund(api, code="industry", manager="industry-manager", tier="industry")
    refused(funded.invest("1.00", "2023-01-01", sub_fund="industry"), 404, "not-found")


def test_lists_hold_own_rows_only(funded: Desk, stranger: Api) -> None:
    deal = made(funded.invest("3.00", "2022-09-15"))
    made(funded.exit(deal["holding"], cash="1.00", cost="1.00", on="2023-01-01"))
    made(funded.write_off(deal["holding"], cost="1.00", on="2023-01-01"))
    made(funded.value(deal["holding"], at="1.00", on="2023-01-01"))
    for path in ("/funds", "/investments", "/exits", "/write-offs", "/holdings", "/valuations"):
        assert len(funded.api.get(path).json()["data"]) == 1, path
        assert stranger.get(path).json()["data"] == [], path


@pytest.mark.parametrize("name", ["maker", "approver", "auditor"])
def test_the_centre_reads_every_fund_and_enters_nothing(
    funded: Desk, api: Callable[[str], Api], name: str
) -> None:
    assert api(name).get("/funds/angel").json()["position"]["cash"] == "50000000.00"
    refused(api(name).post("/funds/angel/events", EVENT), 403, "forbidden")


@pytest.mark.parametrize("name", ["bank_a", "guarantor_a", "department", "admin"])
def test_others_have_no_business_with_funds(funded: Desk, api: Callable[[str], Api], name: str) -> None:
    refused(api(name).get("/funds/angel"), 403, "forbidden")
    refused(api(name).get("/funds"), 403, "forbidden")


@pytest.mark.parametrize("name", ["manager_angel", "approver", "auditor"])
def test_only_the_maker_registers_funds(api: Callable[[str], Api], name: str) -> None:
    refused(api(name).post("/funds", FUND), 403, "forbidden")


def test_nobody_without_a_key(api: Callable[[str], Api]) -> None:
    assert api("").get("/funds").status_code == 401


def test_a_repeated_post_enters_once(funded: Desk) -> None:
    first = funded.api.post("/funds/angel/events", EVENT, key="july-fee")
    again = funded.api.post("/funds/angel/events", EVENT, key="july-fee")
    assert (first.json()["id"], again["Idempotent-Replayed"]) == (again.json()["id"], "true")
    assert funded.position()["fees"] == "1.00"


def test_the_etag_changes_with_the_money(funded: Desk) -> None:
    before, same = (funded.api.get("/funds/angel")["ETag"] for _ in range(2))
    made(funded.event("fee", "1.00", "2022-07-01"))
    assert before == same != funded.api.get("/funds/angel")["ETag"]
