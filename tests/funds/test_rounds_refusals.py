"""What is refused of rounds, rights and shares, with the code that says why. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from funds.models import HoldingEvent, Round, Security, Units
from tests.cast import Api
from tests.funds.conftest import CITY, FIRM, Desk, found_fund, made, refused
from tests.funds.shares import ANGEL, A, B, Book


@pytest.fixture
def book(funded: Desk) -> Book:
    return Book(funded)


@pytest.fixture
def stake(book: Book) -> dict[str, str]:
    """500,000 shares of the angel round on 2022-07-01, diluted by the A round: ids."""
    angel = made(book.round(ANGEL))["id"]
    bought = made(book.buy("1000000.00", "2022-07-01", shares=500_000, round=angel))
    return {
        "angel": angel,
        "a": made(book.round(A))["id"],
        "holding": bought["holding"],
        "event": bought["id"],
    }


def kept() -> tuple[int, ...]:
    with scoping.within(EVERYTHING):
        return tuple(model.objects.count() for model in (Round, Security, Units, HoldingEvent))


ODD_ROUNDS: list[tuple[dict[str, Any], str, str]] = [
    ({"price": "2.00"}, "#/pre_money", "one-of-pre-money-and-price"),
    ({"pre_money": None}, "#/pre_money", "one-of-pre-money-and-price"),
    ({"pre_money": "8000010.01"}, "#/new_shares", "shares-and-money-differ"),
    ({"pre_money": None, "price": "2.000001"}, "#/price", "price-differs"),
    ({"pre_money": None, "price": "0"}, "#/price", "amount-not-positive"),
    ({"pre_money": None, "price": 2}, "#/price", "amount-not-a-string"),
    ({"pre_money": None, "price": "2.0000001"}, "#/price", "invalid"),
    ({"pre_money": None, "price": "NaN"}, "#/price", "invalid"),
    ({"new_shares": 0}, "#/new_shares", "min_value"),
    ({"new_shares": 10**13 + 1}, "#/new_shares", "max_value"),
    ({"new_shares": 10**30}, "#/new_shares", "max_value"),
    ({"new_shares": -(10**30)}, "#/new_shares", "min_value"),
    ({"new_shares": "1000000"}, "#/new_shares", "not-an-integer"),
    ({"new_shares": 5_000_000}, "#/shares_after", "no-shares-before"),
    ({"new_shares": 1_000_002}, "#/new_shares", "shares-and-money-differ"),
    ({"raised": "0.00"}, "#/raised", "amount-not-positive"),
    ({"raised": "1000000000000.01"}, "#/raised", "amount-too-large"),
    ({"effective_date": "2099-01-01"}, "#/effective_date", "date-in-future"),
    ({"effective_date": "1979-12-31"}, "#/effective_date", "date-too-early"),
    ({"document": " "}, "#/document", "blank"),
    ({"name": ""}, "#/name", "blank"),
    ({"uscc": "91330483MA2B9PTN03"}, "#/uscc", "uscc-check-character"),
    ({"firm_name": None}, "#/uscc", "firm-unknown"),
    ({"post_money": "1.00"}, "#/post_money", "unknown-field"),
]


def test_a_round_whose_numbers_do_not_agree(book: Book) -> None:
    before = kept()
    for change, pointer, code in ODD_ROUNDS:
        problem = refused(book.round(ANGEL, **change), 422, code)
        assert pointer in [error["pointer"] for error in problem["errors"]], change
    assert kept() == before


def test_a_round_from_before_the_firm(book: Book) -> None:
    with scoping.within(EVERYTHING):
        Firm.objects.create(uscc=FIRM, name="企业", source="centre", founded_on=date(2023, 4, 1))
    problem = refused(book.round(A, effective_date="2023-03-31"), 422, "date-before-founding")
    assert problem["errors"][0]["pointer"] == "#/effective_date"
    made(book.round(A, effective_date="2023-04-01"))


def test_one_share_of_rounding_is_no_difference(book: Book) -> None:
    made(book.round(ANGEL, new_shares=1_000_001, shares_after=5_000_001))


def test_a_round_is_recorded_once_in_a_book(book: Book, stake: dict[str, str]) -> None:
    refused(book.round(A, effective_date="2023-08-01"), 409, "round-already-recorded")


def test_shares_that_nobody_issued_or_that_are_not_there(book: Book, stake: dict[str, str]) -> None:
    before = kept()
    holding = stake["holding"]
    for answer, status, code in (
        (book.buy("1.00", "2022-08-01", shares=500_001, round=stake["angel"]), 422, "more-than-the-round"),
        (book.buy("1.00", "2022-08-01", shares=1, round=stake["a"]), 422, "before-the-round"),
        (book.buy("1.00", "2022-08-01", shares=1, round="ro_none"), 422, "round-unknown"),
        (book.buy("1.00", "2022-08-01", round=stake["angel"]), 422, "required"),
        (book.buy("1.00", "2022-08-01", shares=5_000_000), 422, "stake-above-whole"),
        (book.sell(holding, cash="1.00", on="2022-08-01", shares=500_001), 422, "shares-above-held"),
        (book.sell(holding, cash="1.00", on="2022-06-30", shares=1), 422, "shares-above-held"),
        (book.sell(holding, cash="1.00", on="2022-08-01"), 422, "required"),
        (book.sell(holding, cash="1.00", on="2022-08-01", shares=1, cost="1000000.01"), 422, "cost-above-held"),
        (book.sell(holding, cash="1.00", on="2022-08-01", shares=0), 422, "min_value"),
        (book.sell(holding, cash="1.00", on="2022-08-01", cost="1.00", route="gift"), 422, "invalid_choice"),
        (
            book.sell(holding, cash="1.00", on="2022-08-01", shares=1, convertible="se_x"), 422,
            "shares-or-convertible",
        ),
        (
            book.sell(holding, cash="1.00", on="2022-08-01", convertible="se_x"), 422,
            "convertible-unknown",
        ),
        (book.api.post("/holding-events/he_none/units", {"shares": 1}), 404, "not-found"),
        (
            book.api.post(f"/holding-events/{stake['event']}/units", {"shares": 1}), 409,
            "units-already-recorded",
        ),
        (book.convertible(stake["event"]), 409, "units-already-recorded"),
    ):  # fmt: skip
        refused(answer, status, code)
    assert kept() == before


def test_a_round_that_leaves_fewer_shares_than_are_held(book: Book, stake: dict[str, str]) -> None:
    small = {
        "name": "缩股", "effective_date": "2024-01-01", "raised": "100.00", "pre_money": "399900.00",
        "new_shares": 100, "shares_after": 400_000,
    }  # fmt: skip
    problem = refused(book.round(small), 422, "stake-above-whole")
    assert "400000" in problem["detail"]


def test_stakes_of_all_funds_are_added_up_whoever_manages_them(
    book: Book, stake: dict[str, str], api: Callable[[str], Api]
) -> None:
    desk = found_fund(api, code="industry", tier="industry", manager="industry-manager", name="产业基金")
    for kind in ("commitment", "call", "contribution"):
        made(desk.event(kind, "9000000.00", "2022-06-20", investor=CITY))
    other = Book(desk)
    made(other.round(ANGEL))
    # Its own book knows of 5 million shares, the newest of all of 6.25 million since the A round.
    problem = refused(other.buy("1.00", "2023-08-01", shares=5_000_001), 422, "stake-above-whole")
    assert problem["errors"][0]["pointer"] == "#/shares"
    made(other.round(A))
    refused(other.buy("1.00", "2023-08-01", shares=5_750_001), 422, "stake-above-whole")
    made(other.buy("1.00", "2023-08-01", shares=5_750_000))
    assert other.api.get(f"/firms/{FIRM}/ownership").json()["shares"] == 5_750_000
    both = api("auditor").get(f"/firms/{FIRM}/ownership").json()
    assert (both["shares"], both["others"], both["pct"]) == (6_250_000, 0, "100.0000")


def test_terms_of_rights_that_are_none(book: Book, stake: dict[str, str]) -> None:
    lent = made(book.buy("1000000.00", "2023-09-01"))["id"]
    before = kept()
    for answer, pointer, code in (
        (book.convertible("he_none"), "#/investment", "investment-unknown"),
        (book.convertible(lent, ends_on="2023-09-01"), "#/ends_on", "ends-before-it-begins"),
        (book.convertible(lent, annual_rate_pct="-1"), "#/annual_rate_pct", "invalid"),
        (book.convertible(lent, cap="0.00"), "#/cap", "amount-not-positive"),
        (book.convertible(lent, discount_pct="100"), "#/discount_pct", "max_value"),
        (book.convertible(lent, bank="bank-a"), "#/reference", "bank-and-reference"),
        (book.convertible(lent, reference="RG-1"), "#/reference", "bank-and-reference"),
        (book.convertible(lent, bank="centre", reference="RG-1"), "#/bank", "bank-unknown"),
        (book.warrant(share_pct="1"), "#/shares", "one-of-shares-and-part"),
        (book.warrant(shares=None), "#/shares", "one-of-shares-and-part"),
        (book.warrant(shares=0), "#/shares", "min_value"),
        (book.warrant(strike="0.000000"), "#/strike", "amount-not-positive"),
        (book.warrant(ends_on="2023-08-01"), "#/ends_on", "ends-before-it-begins"),
        (book.warrant(effective_date="2022-05-31"), "#/effective_date", "date-before-establishment"),
        (book.warrant(bank="nobody", reference="RG-1"), "#/bank", "bank-unknown"),
    ):
        problem = refused(answer, 422, code)
        assert pointer in [error["pointer"] for error in problem["errors"]]
    refused(book.warrant(fund="none"), 404, "not-found")
    assert kept() == before


def test_nothing_is_converted_or_taken_back_twice_or_out_of_turn(book: Book, stake: dict[str, str]) -> None:
    lent = made(book.buy("1000000.00", "2023-09-01"))["id"]
    loan = made(book.convertible(lent))["id"]
    refused(book.convertible(lent), 409, "units-already-recorded")
    refused(book.api.post(f"/holding-events/{lent}/units", {"shares": 1}), 409, "units-already-recorded")
    refused(book.convert(loan, stake["a"], "2023-08-31"), 422, "date-before-the-right")
    refused(book.convert("se_none", stake["a"], "2023-09-02"), 404, "not-found")
    in_b = made(book.round(B))["id"]
    refused(book.convert(loan, in_b, "2024-08-31"), 422, "before-the-round")
    refused(book.convert(loan, in_b, "2024-09-01", shares=9_000_000), 422, "stake-above-whole")
    became = made(book.convert(loan, in_b, "2024-09-01"))["id"]
    refused(book.convert(loan, in_b, "2024-09-01"), 409, "security-ended")
    refused(book.desk.reverse_deal(lent, "2024-10-01"), 409, "security-in-use")
    refused(book.take_back(f"securities/{loan}", "2024-10-01"), 409, "security-in-use")
    refused(book.take_back(f"units/{became}", "2024-08-31"), 422, "reversal-before-its-event")
    back = made(book.take_back(f"units/{became}", "2024-10-01"))["id"]
    refused(book.take_back(f"units/{back}", "2024-10-01"), 409, "reversal-of-a-reversal")
    refused(book.take_back(f"units/{became}", "2024-10-01"), 409, "already-reversed")
    # With the conversion gone the investment goes, and its terms with it.
    made(book.desk.reverse_deal(lent, "2024-10-02"))
    assert book.securities() == []
    refused(book.take_back(f"securities/{loan}", "2024-10-03"), 409, "already-reversed")


def test_what_was_sold_holds_what_was_bought(book: Book, stake: dict[str, str]) -> None:
    made(book.sell(stake["holding"], cash="1.00", on="2023-08-01", shares=1, cost="0.01"))
    (sold, bought) = book.api.get(f"/holdings/{stake['holding']}/units").json()["data"]
    refused(book.take_back(f"units/{bought['id']}", "2023-08-02"), 422, "shares-above-held")
    refused(book.desk.reverse_deal(stake["event"], "2023-08-02"), 409, "reversal-breaks-later-state")
    made(book.take_back(f"units/{sold['id']}", "2023-08-02"))


def test_shares_of_an_exercise_go_with_their_investment(book: Book, stake: dict[str, str]) -> None:
    right = made(book.warrant())["id"]
    made(book.exercise(right, 10, "2023-09-01"))
    row = book.api.get(f"/holdings/{stake['holding']}/units").json()["data"][0]
    refused(book.take_back(f"units/{row['id']}", "2023-09-02"), 409, "units-stand")
    refused(book.take_back(f"securities/{right}", "2023-09-02"), 409, "security-in-use")
    refused(book.exercise(right, 10, "2023-07-31"), 422, "date-before-the-right")
    poor = made(book.warrant(strike="1000000", shares=100))["id"]
    refused(book.exercise(poor, 100, "2023-09-01"), 422, "cash-short")


def test_a_stake_in_a_fund_has_no_shares(book: Book, api: Callable[[str], Api]) -> None:
    found_fund(api, code="seed", tier="sub", name="种子")
    refused(book.desk.invest("1.00", "2022-07-01", sub_fund="seed", shares=1), 422, "no-shares-of-a-fund")
    bought = made(book.desk.invest("1.00", "2022-07-01", sub_fund="seed"))
    assert book.owned(bought["holding"])["reason"] == "not-a-firm"
    refused(book.convertible(bought["id"]), 422, "no-shares-of-a-fund")


def test_nobody_else_sees_or_touches_a_book(
    book: Book, stake: dict[str, str], api: Callable[[str], Api]
) -> None:
    right = made(book.warrant())["id"]
    units = book.api.get(f"/holdings/{stake['holding']}/units").json()["data"][0]["id"]
    other = Book(Desk(api("manager_industry"), "angel"))
    assert other.api.get(f"/firms/{FIRM}/rounds").json()["data"] == []
    assert other.api.get(f"/firms/{FIRM}/ownership").json()["data"] == []
    assert other.securities() == []
    day = {"effective_date": "2024-01-01"}
    for answer in (
        other.api.get(f"/holdings/{stake['holding']}/ownership"),
        other.api.get(f"/holdings/{stake['holding']}/units"),
        other.api.get(f"/securities/{right}/conversion?round={stake['a']}"),
        other.api.post(f"/rounds/{stake['a']}/reverse", {}),
        other.api.post(f"/units/{units}/reverse", day),
        other.api.post(f"/securities/{right}/reverse", day),
        other.exercise(right, 1, "2024-01-01"),
        other.warrant(),
        other.api.post(f"/holding-events/{stake['event']}/units", {"shares": 1}),
    ):
        refused(answer, 404, "not-found")
    refused(other.convertible(stake["event"]), 422, "investment-unknown")
    # The centre reads all and takes back its own rounds only.
    refused(api("maker").post(f"/rounds/{stake['a']}/reverse", {}), 403, "forbidden")
    for person in ("approver", "auditor", "bank_a"):
        assert Book(Desk(api(person), "angel")).round(B).status_code == 403
    assert api("bank_a").get(f"/firms/{FIRM}/rounds").status_code == 403
