"""Only the fund's manager records deals; the centre reads; to another manager they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Api
from tests.funds.conftest import Desk, found_fund, made, refused
from tests.funds.following import DAYS, NEW, Follower
from tests.funds.test_who_sees_what import _without_id

STEP = {"stage": "due_diligence", "effective_date": DAYS["due_diligence"]}


@pytest.fixture
def follower(funded: Desk) -> Follower:
    return Follower(funded)


@pytest.fixture
def deal(follower: Follower) -> str:
    return follower.at("screening")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "", None),
        ("get", "/steps", None),
        ("get", "/payments", None),
        ("get", "/documents", None),
        ("get", "/documents/{document}/content", None),
        ("post", "/steps", STEP),
        ("post", "/payments", {"investment": "he_x"}),
        ("patch", "", {"lead": "李某"}),
        ("upload", "", None),
    ],
)
def test_a_foreign_deal_answers_like_a_missing_one(
    follower: Follower, deal: str, api: Callable[[str], Api], method: str, path: str, body: Any
) -> None:
    step = follower.steps(deal)[0]["id"]
    document = made(follower.upload(deal, step, b"x"))["id"]
    stranger = api("manager_industry")

    def ask(which: str) -> Any:
        where = f"/deals/{which}{path.format(document=document)}"
        if method == "get":
            return stranger.get(where)
        if method == "upload":
            return Follower(Desk(stranger, "angel")).upload(which, step, b"y")
        return getattr(stranger, method)(where, body)

    foreign, missing = ask(deal), ask("dl_missing")
    refused(foreign, 404, "not-found")
    assert _without_id(foreign) == _without_id(missing)


@pytest.mark.parametrize("path", ["/funds/{}/pipeline", "/deals?fund={}"])
def test_a_foreign_funds_board_and_list_answer_like_missing_ones(
    follower: Follower, deal: str, api: Callable[[str], Api], path: str
) -> None:
    foreign, missing = (api("manager_industry").get(path.format(code)) for code in ("angel", "no-such"))
    refused(foreign, 404, "not-found")
    assert _without_id(foreign) == _without_id(missing)


def test_a_stranger_opens_no_deal_in_the_fund_and_lists_none(
    follower: Follower, deal: str, api: Callable[[str], Api]
) -> None:
    stranger = api("manager_industry")
    refused(stranger.post("/deals", NEW), 404, "not-found")
    found_fund(api, code="industry", manager="industry-manager", tier="industry", name="产业基金")
    own = made(stranger.post("/deals", {**NEW, "fund": "industry"}))["id"]
    assert [row["id"] for row in stranger.get("/deals").json()["data"]] == [own]
    assert [row["id"] for row in follower.api.get("/deals").json()["data"]] == [deal]
    assert [row["id"] for row in api("maker").get("/deals").json()["data"]] == [own, deal]


@pytest.mark.parametrize("name", ["maker", "approver", "auditor"])
def test_the_centre_reads_and_records_nothing(
    follower: Follower, deal: str, api: Callable[[str], Api], name: str
) -> None:
    reader = api(name)
    for path in ("", "/steps", "/payments", "/documents"):
        assert reader.get(f"/deals/{deal}{path}").status_code == 200
    assert reader.get("/funds/angel/pipeline").status_code == 200
    before = follower.shown(deal)
    step = follower.steps(deal)[0]["id"]
    refused(reader.post("/deals", NEW), 403, "forbidden")
    refused(reader.post(f"/deals/{deal}/steps", STEP), 403, "forbidden")
    refused(reader.post(f"/deals/{deal}/payments", {"investment": "he_x"}), 403, "forbidden")
    refused(reader.patch(f"/deals/{deal}", {"lead": "李某"}, If_Match='"1"'), 403, "forbidden")
    refused(Follower(Desk(reader, "angel")).upload(deal, step, b"x"), 403, "forbidden")
    assert follower.shown(deal) == before


@pytest.mark.parametrize("name", ["bank_a", "guarantor_a", "department", "admin"])
def test_others_have_no_business_with_deals(deal: str, api: Callable[[str], Api], name: str) -> None:
    for path in ("/deals", f"/deals/{deal}", f"/deals/{deal}/steps", "/funds/angel/pipeline"):
        refused(api(name).get(path), 403, "forbidden")
