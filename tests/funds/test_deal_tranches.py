"""A deal pays what it plans, tranche by tranche: planned less paid is left, and no more is tied to it."""

from __future__ import annotations

import pytest

from tests.funds.conftest import Desk, made, refused
from tests.funds.following import DAYS, Follower


@pytest.fixture
def follower(funded: Desk) -> Follower:
    return Follower(funded)


def left(follower: Follower, deal: str) -> tuple[str, str, str]:
    shown = follower.shown(deal)
    return shown["planned_amount"], shown["paid_amount"], shown["unpaid_amount"]


def test_what_is_left_is_paid_to_the_fen_and_then_the_plan_is_raised(follower: Follower) -> None:
    deal = follower.at("paid", planned_amount="5000000.00")
    assert left(follower, deal) == ("5000000.00", "3000000.00", "2000000.00")
    above = made(follower.desk.invest("2000000.01", "2022-08-01"))["id"]
    problem = refused(follower.pay(deal, above), 422, "payment-above-planned")
    assert problem["errors"][0]["pointer"] == "#/investment"
    assert "2000000.00" in problem["detail"]
    assert follower.edit(deal, 1, planned_amount="5000000.01").status_code == 200
    made(follower.pay(deal, above))
    assert left(follower, deal) == ("5000000.01", "5000000.01", "0.00")
    assert follower.shown(deal)["stage"] == "held"


def test_a_payment_taken_back_leaves_its_amount_again(follower: Follower) -> None:
    deal = follower.at("paid")
    first = follower.api.get(f"/deals/{deal}/payments").json()["data"][0]["investment"]
    more = made(follower.desk.invest("1.00", "2022-08-01"))["id"]
    refused(follower.pay(deal, more), 422, "payment-above-planned")
    made(follower.desk.reverse_deal(first, "2022-08-02"))
    made(follower.pay(deal, more))
    assert left(follower, deal) == ("3000000.00", "1.00", "2999999.00")


def test_a_deal_plans_no_less_than_it_has_paid(follower: Follower) -> None:
    deal = follower.at("paid")
    refused(follower.edit(deal, 1, planned_amount="2999999.99"), 409, "planned-below-paid")
    assert follower.edit(deal, 1, title="示例科技 A 轮（首期）").status_code == 200


def test_the_first_payment_is_held_to_the_plan_too(follower: Follower) -> None:
    deal = follower.at("signed", planned_amount="2999999.99")
    bought = made(follower.desk.invest("3000000.00", DAYS["paid"]))["id"]
    refused(follower.step(deal, "paid", investment=bought), 422, "payment-above-planned")
    assert follower.shown(deal)["stage"] == "signed"
