"""One firm from its angel round to the buy-back, to the share and the cent.

The fund takes half of the angel round: 500,000 of 5,000,000 shares, 10 %. The A round dilutes it to 8 %. A
convertible of 1,000,000 at 6 % runs 366 days: 60,000 × 366 ÷ 365 = 60,164.38 of interest. In the B round
(12.00) the discount makes 9.60, the cap 60,000,000 ÷ 6,362,420 = 9.430374: 1,060,164.38 ÷ that is 112,420.18
shares, of which 112,420 are whole. A third of 612,420 is sold, the rest is bought back.
"""

from __future__ import annotations

import pytest

from finance_hub.kernel.models import AuditEntry
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM, Desk, made, refused
from tests.funds.shares import ANGEL, A, B, Book, path_of


@pytest.fixture
def book(funded: Desk) -> Book:
    return Book(funded)


def _angel_and_a(book: Book) -> str:
    angel = made(book.round(ANGEL))
    assert (angel["post_money"], angel["price"]) == ("10000000.00", "2.000000")
    bought = made(book.buy("1000000.00", "2022-07-01", shares=500_000, round=angel["id"]))
    later = made(book.round(A))
    assert (later["pre_money"], later["post_money"]) == ("40000000.00", "50000000.00")
    return str(bought["holding"])


def test_from_an_angel_round_to_the_buy_back(book: Book, cast: Cast) -> None:
    holding = _angel_and_a(book)
    owned = book.owned(holding, as_of="2023-07-01")
    assert path_of(owned) == [
        ("2022-07-01", "bought", 500_000, 5_000_000, "10.0000"),
        ("2023-07-01", "diluted", 500_000, 6_250_000, "8.0000"),
    ]
    assert (owned["shares"], owned["pct"], owned["reason"]) == (500_000, "8.0000", None)

    lent = made(book.buy("1000000.00", "2023-09-01"))
    loan = made(book.convertible(lent["id"]))
    assert loan["principal"] == "1000000.00"
    assert book.securities(as_of="2023-09-01")[0]["state"] == "outstanding"
    assert book.owned(holding, as_of="2023-09-01")["shares"] == 500_000

    in_b = made(book.round(B))
    assert (in_b["price"], in_b["post_money"]) == ("12.000000", "100349040.00")
    tried = book.api.get(f"/securities/{loan['id']}/conversion?round={in_b['id']}&as_of=2024-09-01")
    assert tried.json() == {
        "principal": "1000000.00", "interest": "60164.38", "price": "9.430374", "shares": 112_420,
    }  # fmt: skip
    became = made(book.convert(loan["id"], in_b["id"], "2024-09-01"))
    assert (became["kind"], became["shares"], became["event"]) == ("converted", 112_420, None)
    assert [one["state"] for one in book.securities()] == ["converted"]

    sold = made(book.sell(holding, cash="2449680.00", on="2025-03-01", shares=204_140, route="transfer"))
    assert (sold["cost"], sold["route"]) == ("666666.67", "transfer")
    back = made(book.sell(holding, cash="5000000.00", on="2025-09-01", shares=408_280, route="buy_back"))
    assert (back["cost"], back["route"]) == ("1333333.33", "buy_back")

    owned = book.owned(holding)
    assert path_of(owned)[2:] == [
        ("2024-09-01", "converted", 612_420, 8_362_420, "7.3235"),
        ("2025-03-01", "released", 408_280, 8_362_420, "4.8823"),
        ("2025-09-01", "released", 0, 8_362_420, "0.0000"),
    ]
    assert (owned["shares"], owned["pct"]) == (0, "0.0000")
    shown = book.desk.holding(holding)
    assert (shown["invested"], shown["remaining_cost"], shown["proceeds"]) == (
        "2000000.00", "0.00", "7449680.00",
    )  # fmt: skip
    trail = AuditEntry.objects.filter(action__regex="^(round|security|holding)").order_by("seq")
    assert list(trail.values_list("action", flat=True)) == [
        "round.record", "holding.investment", "round.record", "holding.investment", "security.record",
        "round.record", "security.convert", "holding.exit", "holding.exit",
    ]  # fmt: skip


def test_the_value_by_the_last_round_is_offered_and_not_entered(book: Book) -> None:
    holding = _angel_and_a(book)
    offered = book.owned(holding)["proposal"]
    assert (offered["fair_value"], offered["method"], offered["price"]) == (
        "4000000.00", "latest_round", "8.000000",
    )  # fmt: skip
    assert book.desk.holding(holding)["fair_value"] is None
    assert book.owned(holding, as_of="2023-06-30")["proposal"]["fair_value"] == "1000000.00"


def test_all_holders_of_a_firm_add_up_to_its_shares(book: Book) -> None:
    _angel_and_a(book)
    whole = book.api.get(f"/firms/{FIRM}/ownership").json()
    assert (whole["shares"], whole["others"], whole["total_shares"], whole["pct"]) == (
        500_000, 5_750_000, 6_250_000, "8.0000",
    )  # fmt: skip
    assert [(part["fund"], part["pct"]) for part in whole["data"]] == [("angel", "8.0000")]


def test_a_warrant_costs_nothing_until_it_is_exercised_to_the_fen(book: Book) -> None:
    holding = _angel_and_a(book)
    right = made(book.warrant())
    assert (right["state"], right["used_shares"]) == ("lapsed", 0)
    assert [one["state"] for one in book.securities(as_of="2026-07-31")] == ["live"]
    assert book.desk.holding(holding)["invested"] == "1000000.00"
    bought = made(book.exercise(right["id"], 33_333, "2024-01-15"))
    # 33,333 × 8.000001 = 266,664.033333
    assert (bought["cash"], bought["cost"], bought["kind"]) == ("266664.03", "266664.03", "investment")
    assert path_of(book.owned(holding))[-1] == (
        "2024-01-15", "exercised", 533_333, 6_250_000, "8.5333",
    )  # fmt: skip
    states = [book.securities(as_of=day)[0]["state"] for day in ("2023-12-31", "2024-01-15", "2026-08-01")]
    assert states == ["live", "part_exercised", "lapsed"]
    refused(book.exercise(right["id"], 66_668, "2024-01-16"), 422, "more-than-the-warrant")
    made(book.exercise(right["id"], 66_667, "2024-01-16"))
    assert [one["state"] for one in book.securities()] == ["exercised"]
    made(book.desk.reverse_deal(bought["id"], "2024-02-01"))
    assert book.owned(holding)["shares"] == 566_667
    assert [one["used_shares"] for one in book.securities()] == [66_667]


def test_a_warrant_for_a_part_counts_the_shares_of_the_day_and_lapses(book: Book) -> None:
    right = made(book.warrant(shares=None, share_pct="2", strike="1.5", ends_on="2024-06-30"))
    refused(book.exercise(right["id"], 1, "2023-09-01"), 422, "no-round-recorded")
    _angel_and_a(book)
    refused(book.exercise(right["id"], 125_001, "2023-09-01"), 422, "more-than-the-warrant")
    made(book.exercise(right["id"], 1, "2023-09-01"))
    refused(book.exercise(right["id"], 1, "2024-07-01"), 409, "warrant-lapsed")
    states = [book.securities(as_of=day)[0]["state"] for day in ("2024-06-30", "2024-07-01")]
    assert states == ["part_exercised", "lapsed"]


def test_a_convertible_is_paid_back_and_its_cost_goes_with_it(book: Book) -> None:
    holding = _angel_and_a(book)
    lent = made(book.buy("1000000.00", "2023-09-01"))
    loan = made(book.convertible(lent["id"]))
    # The shares stand for the other million alone: a half of them for 500,000.00.
    assert made(book.sell(holding, cash="0.00", on="2023-10-01", shares=250_000))["cost"] == "500000.00"
    paid = made(book.sell(holding, cash="1060000.00", on="2024-09-01", convertible=loan["id"]))
    assert (paid["cost"], paid["cash"]) == ("1000000.00", "1060000.00")
    assert [one["state"] for one in book.securities()] == ["redeemed"]
    assert [one["state"] for one in book.securities(as_of="2024-08-31")] == ["outstanding"]
    assert book.desk.holding(holding)["remaining_cost"] == "500000.00"
    assert book.owned(holding)["shares"] == 250_000
    refused(book.convert(loan["id"], "ro_none", "2024-09-02"), 409, "security-ended")
    made(book.desk.reverse_deal(paid["id"], "2024-10-01"))
    states = [book.securities(as_of=day)[0]["state"] for day in ("2024-09-30", "2025-08-31", "2025-09-01")]
    assert states == ["redeemed", "outstanding", "matured"]


def test_what_is_reversed_is_gone_from_its_day_and_known_as_it_was_before(book: Book) -> None:
    holding = _angel_and_a(book)
    rows = book.api.get(f"/holdings/{holding}/units").json()["data"]
    known = rows[0]["recorded_at"].replace("+", "%2B")
    made(book.take_back(f"units/{rows[0]['id']}", "2023-01-01"))
    assert path_of(book.owned(holding))[-1] == ("2023-01-01", "reversed", 0, 5_000_000, "0.0000")
    assert book.owned(holding, known_at=known)["shares"] == 500_000
    # What was taken back may be said anew, of the same entry.
    made(book.api.post(f"/holding-events/{rows[0]['event']}/units", {"shares": 400_000}))
    assert book.owned(holding)["shares"] == 400_000


def test_a_round_taken_back_is_as_if_it_had_never_been(book: Book) -> None:
    holding = _angel_and_a(book)
    (last, first) = book.api.get(f"/firms/{FIRM}/rounds").json()["data"]
    refused(book.take_back(f"rounds/{first['id']}"), 409, "round-in-use")
    made(book.take_back(f"rounds/{last['id']}"))
    assert path_of(book.owned(holding)) == [("2022-07-01", "bought", 500_000, 5_000_000, "10.0000")]
    refused(book.take_back(f"rounds/{last['id']}"), 409, "already-reversed")
    made(book.round(A, shares_after=12_500_000, new_shares=2_500_000, price="4.00"))
    assert book.owned(holding)["pct"] == "4.0000"


def test_where_nobody_recorded_shares_there_is_a_reason_and_no_zero(book: Book) -> None:
    holding = made(book.buy("1000000.00", "2022-07-01"))["holding"]
    owned = book.owned(holding)
    assert (owned["shares"], owned["pct"], owned["reason"]) == (None, None, "no-shares-recorded")
    assert owned["proposal"] is None
    made(book.buy("1.00", "2022-07-02", shares=10))
    owned = book.owned(holding)
    assert (owned["shares"], owned["pct"], owned["reason"]) == (10, None, "no-round-recorded")
    assert path_of(owned) == [("2022-07-02", "bought", 10, None, None)]


def test_the_centre_records_a_round_in_a_book_of_its_own(book: Book, cast: Cast) -> None:
    holding = _angel_and_a(book)
    centre = Book(Desk(Api(cast.key("maker")), "angel"))
    made(centre.round(B))
    assert [one["organisation"] for one in centre.api.get(f"/firms/{FIRM}/rounds").json()["data"]] == [
        "centre", "angel-manager", "angel-manager",
    ]  # fmt: skip
    # The manager neither sees it nor is measured by it.
    assert len(book.api.get(f"/firms/{FIRM}/rounds").json()["data"]) == 2
    assert book.owned(holding)["pct"] == centre.owned(holding)["pct"] == "8.0000"
