"""Who would get what if the fund were realised on a day, by its terms, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, OTHER_FIRM, Desk, found_fund, made, refused

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


def test_without_terms_there_is_no_answer(fund: Desk) -> None:
    refused(ask(fund), 409, "terms-not-agreed")
    agree(fund, carried_interest_pct=None, order=None, catch_up_pct=None)
    refused(ask(fund), 409, "terms-not-agreed")


def test_fiscal_capital_gives_up_a_fifth_of_what_is_above_three_per_cent(fund: Desk) -> None:
    """All of the investors' 1,240 is fiscal: 1,000 of capital and 30 stay, a fifth of 210 goes."""
    agree(fund)
    assert ask(fund).json()["concession"] is None
    agree(fund, concession_pct="20", concession_floor_pct="3")
    assert ask(fund).json()["concession"] == {
        "receives": "1240.00", "above_floor": "210.00", "given_up": "42.00", "share_pct": "20.0000",
        "floor_pct": "3.0000",
    }  # fmt: skip


def test_only_the_fiscal_part_of_the_receipt_is_asked(fund: Desk) -> None:
    """Half of the share goes to a state company after half a year: 500 of capital each, 620 received. What was
    taken over is had back on that day: 500 outstanding for the second half, 3 % a year on what was held."""
    agree(fund, concession_pct="100")
    made(fund.transfer("500.00", "2023-07-02", seller=CITY, buyer=COMPANY))
    shown = ask(fund).json()["concession"]
    assert (shown["receives"], shown["above_floor"], shown["given_up"]) == ("620.00", "120.00", "120.00")
    assert shown["floor_pct"] == "0.0000"


class TestDealByDeal:
    """210 paid in, 10 of a fee, 100 each for two firms; one is sold for 205 after a year, one is worth 50 after two.

    The fee is allotted by cost, 5 to each. The first deal: 105 of capital, 8.40 preferred, 2.10 to catch up, then
    89.50 split 71.60 : 17.90, so that the manager has 20. The second returns 50 of its 105.
    """

    LAST = "2024-12-31"  # 730 days after the first

    @pytest.fixture
    def deals(self, api: Speak) -> Desk:
        angel = found_fund(api)
        made(angel.event("commitment", "210.00", "2022-06-01", investor=CITY))
        for kind in ("call", "contribution"):
            made(angel.event(kind, "210.00", "2023-01-01", investor=CITY))
        made(angel.event("fee", "10.00", "2023-01-01"))
        wrong = made(angel.event("expense", "1.00", "2023-01-01"))["id"]
        made(angel.reverse(wrong, "2023-01-01"))
        won = made(angel.invest("100.00", "2023-01-01"))["holding"]
        lost = made(angel.invest("100.00", "2023-01-01", uscc=OTHER_FIRM, firm_name="另一家企业"))["holding"]
        made(angel.exit(won, cash="205.00", cost="100.00", on="2024-01-01"))
        made(angel.value(lost, at="50.00", on=self.LAST))
        return angel

    def test_the_manager_has_its_carry_of_the_past_and_owes_a_part_of_it(self, deals: Desk) -> None:
        """205 of cash and 50: 20 of them are the manager's. Of 45 of profit a fifth is 9: 11 are to be given back."""
        agree(deals, order="american", clawback=True)
        answer = ask(deals, self.LAST)
        shown = answer.json()
        assert tiers(answer) == [("return_of_capital", "investors", "50.00")]
        assert [shown[name] for name in ("order", "nav", "investors", "manager")] == [
            "american", "255.00", "235.00", "20.00",
        ]  # fmt: skip
        assert [shown[name] for name in ("carry_before", "carry_paid", "cash")] == ["20.00", "0.00", "205.00"]
        assert shown["clawback"] == {
            "amount": "11.00", "excess": "11.00", "shortfall": "0.00", "agreed": True,
        }  # fmt: skip

    def test_what_was_paid_of_it_is_not_due_again(self, deals: Desk) -> None:
        agree(deals, order="american")
        made(deals.event("distribution", "180.00", "2024-01-02", investor=CITY))
        made(deals.event("carry", "20.00", "2024-01-02"))
        shown = ask(deals, self.LAST).json()
        assert [shown[name] for name in ("nav", "investors", "manager", "carry_paid")] == [
            "55.00", "55.00", "0.00", "20.00",
        ]  # fmt: skip
        assert shown["clawback"]["agreed"] is False
        made(deals.event("carry", "3.00", "2024-02-02"))
        assert ask(deals, self.LAST).json()["manager"] == "-3.00"

    def test_on_the_day_of_the_exit_its_proceeds_are_shared_out_with_the_sale(self, deals: Desk) -> None:
        """205 and the other firm at its cost of 100: 210 of capital, 16.80 preferred, 78.20 of profit beyond: 4.20
        to catch up, 74 split 59.20 : 14.80."""
        agree(deals, order="american")
        shown = ask(deals, "2024-01-01").json()
        assert (shown["carry_before"], shown["manager"], shown["clawback"]["amount"]) == (
            "0.00", "19.00", "0.00",
        )  # fmt: skip

    def test_a_write_off_is_a_loss_of_the_day_and_its_recovery_are_proceeds(self, deals: Desk) -> None:
        """The loss of 105 is known before the sale: 105 + 105 + 16.80 come first, so of 205 nothing is carry."""
        agree(deals, order="american")
        held = deals.api.get(f"/funds/{deals.fund}/holdings").json()["data"]
        lost = next(one["id"] for one in held if one["investee"]["uscc"] == OTHER_FIRM)
        made(deals.write_off(lost, cost="100.00", on="2023-12-31"))
        made(deals.receive(lost, "recovery", "7.00", on="2024-06-01"))
        shown = ask(deals, self.LAST).json()
        assert (shown["nav"], shown["manager"], shown["payments"]) == ("212.00", "0.00", [])

    def test_a_fund_that_holds_nothing_gives_its_cash_back(self, api: Speak) -> None:
        angel = found_fund(api)
        for kind in ("commitment", "call", "contribution"):
            made(angel.event(kind, "10.00", "2023-01-01", investor=CITY))
        made(angel.event("fee", "1.00", "2023-01-01"))
        agree(angel, order="american")
        shown = ask(angel).json()
        assert (shown["investors"], shown["manager"], shown["payments"]) == ("9.00", "0.00", [])


def test_another_manager_has_no_answer(fund: Desk, api: Speak) -> None:
    agree(fund)
    stranger = found_fund(api, code="other", manager="industry-manager")
    refused(stranger.api.get("/funds/angel/waterfall"), 404, "not-found")
    assert api("maker").get("/funds/angel/waterfall?as_of=2024-01-01").status_code == 200
