"""Two at once on one deal: its row makes them queue, and one of them hears that the other was first."""

from __future__ import annotations

from typing import Any

import pytest

from finance_hub.kernel.audit import verify
from tests.cast import Api, Cast
from tests.funds.conftest import CITY, found_fund, made
from tests.funds.following import DAYS, Follower
from tests.kernel.threads import at_once


@pytest.fixture
def follower(committed: Cast) -> Follower:
    desk = found_fund(lambda name: Api(committed.key(name)))
    for kind in ("commitment", "call", "contribution"):
        made(desk.event(kind, "50000000.00", "2022-06-01", investor=CITY))
    return Follower(desk)


def _statuses(follower: Follower, act: Any) -> list[int]:
    return sorted(at_once(2, lambda number: act(number).status_code))


def test_of_two_steps_of_one_deal_one_is_taken(follower: Follower) -> None:
    deal = follower.at("screening")
    assert _statuses(follower, lambda _: follower.step(deal, "due_diligence")) == [201, 409]
    assert [step["stage"] for step in follower.steps(deal)] == ["met", "screening", "due_diligence"]
    assert verify() is None


def test_of_two_edits_of_one_version_one_is_taken(follower: Follower) -> None:
    deal = follower.at("met")
    assert _statuses(follower, lambda number: follower.edit(deal, 1, note=f"{number}")) == [200, 412]
    assert follower.shown(deal)["version"] == 2


def test_of_two_corrections_of_one_step_one_is_taken(follower: Follower) -> None:
    deal = follower.at("screening")
    wrong = follower.steps(deal)[-1]["id"]
    assert _statuses(follower, lambda _: follower.step(deal, "screening", "2022-06-11", corrects=wrong)) == [
        201,
        409,
    ]


def test_one_investment_does_not_pay_two_deals_at_once(follower: Follower) -> None:
    deals = [follower.at("signed"), follower.at("signed")]
    bought = made(follower.desk.invest("1.00", DAYS["paid"]))["id"]
    assert _statuses(follower, lambda number: follower.step(deals[number], "paid", investment=bought)) == [
        201,
        409,
    ]


def test_a_document_sent_twice_at_once_is_kept_once(follower: Follower) -> None:
    deal = follower.at("met")
    step = follower.steps(deal)[0]["id"]
    assert _statuses(follower, lambda _: follower.upload(deal, step, b"same")) == [201, 409]
    assert len(follower.api.get(f"/deals/{deal}/documents").json()["data"]) == 1
