"""Who would get what if the fund were realised on a day, by its terms, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, Desk, found_fund, made, refused

Speak = Callable[[str], Api]
TERMS = {
    "valid_from": "2022-06-01", "document": "合伙协议", "preferred_return_pct": "8", "compounding": "annually",
    "carried_interest_pct": "20", "order": "european", "catch_up_pct": "100",
}  # fmt: skip


@pytest.fixture
def fund(api: Speak) -> Desk:
    """1,000 paid in on 2023-01-01, all of it invested in one firm, which is worth 1,300 a year later."""
    angel = found_fund(api)
    made(angel.event("commitment", "1000.00", "2022-06-01", investor=CITY))
    for kind in ("call", "contribution"):
        made(angel.event(kind, "1000.00", "2023-01-01", investor=CITY))
    holding = made(angel.invest("1000.00", "2023-01-01"))["holding"]
    made(angel.value(holding, at="1300.00", on="2024-01-01"))
    return angel


def agree(desk: Desk, **changes: Any) -> None:
    body = {name: value for name, value in {**TERMS, **changes}.items() if value is not None}
    made(desk.api.post(f"/funds/{desk.fund}/terms", body))


def ask(desk: Desk, on: str = "2024-01-01") -> Any:
    return desk.api.get(f"/funds/{desk.fund}/waterfall?as_of={on}")


def tiers(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(paid["tier"], paid["to"], paid["amount"]) for paid in answer.json()["payments"]]


def test_a_full_catch_up(fund: Desk) -> None:
    """300 of profit: 80 preferred, 20 to the manager until it has a fifth of 100, then 200 split 160 : 40."""
    agree(fund)
    answer = ask(fund)
    assert tiers(answer) == [
        ("return_of_capital", "investors", "1000.00"),
        ("preferred_return", "investors", "80.00"),
        ("catch_up", "manager", "20.00"),
        ("split", "investors", "160.00"),
        ("split", "manager", "40.00"),
    ]
    shown = answer.json()
    assert (shown["nav"], shown["investors"], shown["manager"]) == ("1300.00", "1240.00", "60.00")


def test_what_was_distributed_before_counts(fund: Desk) -> None:
    """A quarter sold for 400 and paid out on 2024-01-01: 80 preferred and 320 of capital are behind.

    The rest is worth 900 on the same day: 680 of capital, then 220 of profit: 20 to catch up, 160 and 40.
    """
    agree(fund)
    holding = fund.api.get(f"/funds/{fund.fund}/holdings").json()["data"][0]["id"]
    made(fund.exit(holding, cash="400.00", cost="250.00", on="2024-01-01"))
    made(fund.value(holding, at="900.00", on="2024-01-01"))
    made(fund.event("distribution", "400.00", "2024-01-01", investor=CITY))
    answer = ask(fund)
    shown = answer.json()
    assert (shown["nav"], shown["manager"]) == ("900.00", "60.00")
    assert sum(Decimal(amount) for _, to, amount in tiers(answer) if to == "investors") == 840


def test_a_call_that_was_taken_back_and_a_transfer_change_nothing(fund: Desk) -> None:
    agree(fund)
    before = tiers(ask(fund))
    made(fund.event("commitment", "10.00", "2023-02-01", investor=COMPANY))
    for kind in ("call", "contribution"):
        wrong = made(fund.event(kind, "10.00", "2023-02-01", investor=COMPANY))
    made(fund.reverse(wrong["id"], "2023-03-01"))
    made(fund.transfer("500.00", "2023-06-01", seller=CITY, buyer=COMPANY))
    assert tiers(ask(fund)) == before


@pytest.mark.parametrize(
    ("changes", "manager"),
    [
        ({"catch_up_pct": None}, "44.00"),  # a fifth of the 220 above the preferred return
        ({"catch_up_pct": "50"}, "60.00"),  # caught up: at half of each yuan after 26.67 of 53.33
        ({"preferred_return_pct": None, "compounding": None, "catch_up_pct": None}, "60.00"),
        ({"preferred_return_pct": "30"}, "0.00"),
    ],
)
def test_other_terms(fund: Desk, changes: dict[str, Any], manager: str) -> None:
    agree(fund, **changes)
    assert ask(fund).json()["manager"] == manager


def test_the_terms_of_the_day_decide(fund: Desk) -> None:
    agree(fund)
    agree(fund, valid_from="2024-01-01", carried_interest_pct="10", catch_up_pct="100")
    assert ask(fund, "2023-12-31").json()["terms"] != ask(fund).json()["terms"]
    assert ask(fund).json()["manager"] == "30.00"


def test_without_terms_or_deal_by_deal_there_is_no_answer(fund: Desk) -> None:
    refused(ask(fund), 409, "terms-not-agreed")
    agree(fund, order="american")
    refused(ask(fund), 409, "waterfall-deal-by-deal")
    agree(fund, carried_interest_pct=None, order=None, catch_up_pct=None)
    refused(ask(fund), 409, "terms-not-agreed")


def test_another_manager_has_no_answer(fund: Desk, api: Speak) -> None:
    agree(fund)
    stranger = found_fund(api, code="other", manager="industry-manager")
    refused(stranger.api.get("/funds/angel/waterfall"), 404, "not-found")
    assert api("maker").get("/funds/angel/waterfall?as_of=2024-01-01").status_code == 200
