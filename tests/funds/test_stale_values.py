"""Why a value is no longer fresh: told with the holding, from the day on which it is so."""

from __future__ import annotations

import pytest

from tests.funds.conftest import Desk, made
from tests.funds.shares import A, Book


@pytest.fixture
def valued(funded: Desk) -> tuple[Book, str]:
    """Bought on 2023-03-01 and valued on 2023-06-30, one day before the A round."""
    book = Book(funded)
    holding = str(made(book.buy("1000000.00", "2023-03-01"))["holding"])
    made(book.desk.value(holding, at="1200000.00", on="2023-06-30"))
    made(book.round(A))
    return book, holding


def stale(book: Book, holding: str, day: str) -> list[str]:
    reasons: list[str] = book.desk.holding(holding, as_of=day)["stale"]
    return reasons


def test_a_value_is_fresh_until_a_round_a_deal_or_half_a_year_makes_it_old(
    valued: tuple[Book, str],
) -> None:
    book, holding = valued
    assert stale(book, holding, "2023-06-29") == ["not-valued"]
    assert stale(book, holding, "2023-06-30") == []
    assert stale(book, holding, "2023-07-01") == ["older-than-last-round"]
    assert stale(book, holding, "2023-12-31") == ["older-than-last-round"]
    assert stale(book, holding, "2024-01-01") == ["older-than-last-round", "too-old"]
    made(book.buy("1.00", "2023-08-01"))
    assert stale(book, holding, "2023-08-01") == ["older-than-last-deal", "older-than-last-round"]
    made(book.desk.value(holding, at="1200001.00", on="2023-08-01"))
    assert stale(book, holding, "2023-08-01") == []
    made(book.sell(holding, cash="1.00", cost="1000001.00", on="2023-09-01"))
    assert stale(book, holding, "2026-01-01") == []


def test_the_terms_of_the_fund_say_for_how_many_days_a_value_is_fresh(valued: tuple[Book, str]) -> None:
    book, holding = valued
    terms = {"valid_from": "2023-01-01", "document": "估值办法", "valuation_days": 90}
    made(book.api.post("/funds/angel/terms", terms))
    assert "too-old" not in stale(book, holding, "2023-09-28")
    assert "too-old" in stale(book, holding, "2023-09-29")
    assert book.api.post("/funds/angel/terms", {**terms, "valuation_days": 0}).status_code == 422


def test_a_round_taken_back_makes_the_value_fresh_again(valued: tuple[Book, str]) -> None:
    book, holding = valued
    shown = book.desk.holding(holding, as_of="2023-07-01")
    assert shown["last_round_on"] == "2023-07-01"
    (last,) = book.api.get(f"/firms/{shown['investee']['uscc']}/rounds").json()["data"]
    made(book.take_back(f"rounds/{last['id']}"))
    assert stale(book, holding, "2023-07-01") == []
