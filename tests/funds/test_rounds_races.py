"""Sixteen at once: shares go once, a round is recorded once, and nobody holds more than the whole."""

from __future__ import annotations

import pytest

from finance_hub.kernel.audit import verify
from tests.cast import Api, Cast
from tests.funds.conftest import CITY, found_fund, made
from tests.funds.shares import ANGEL, Book
from tests.funds.test_races import THREADS, at_once


@pytest.fixture
def books(committed: Cast) -> list[Book]:
    """Two managers, each with a fund and the angel round in a book of its own."""
    found = []
    for code, manager in (("angel", "angel-manager"), ("industry", "industry-manager")):
        desk = found_fund(lambda name: Api(committed.key(name)), code=code, manager=manager, name=code)
        for kind in ("commitment", "call", "contribution"):
            made(desk.event(kind, "9000000.00", "2022-06-20", investor=CITY))
        made(Book(desk).round(ANGEL))
        found.append(Book(desk))
    return found


def test_the_same_shares_are_sold_once(books: list[Book]) -> None:
    book = books[0]
    holding = made(book.buy("10.00", "2022-07-01", shares=10))["holding"]
    answers = at_once(lambda: book.sell(holding, cash="1.00", on="2022-08-01", shares=4))
    assert answers == {201: 2, 422: THREADS - 2}
    assert book.owned(holding)["shares"] == 2
    assert book.desk.holding(holding)["remaining_cost"] == "2.00"
    assert verify() is None


def test_funds_of_two_managers_do_not_buy_more_than_there_is(books: list[Book]) -> None:
    turns = iter(range(2 * THREADS))

    def buy() -> object:
        return books[next(turns) % 2].buy("1.00", "2022-07-01", shares=1_000_000)

    assert at_once(buy) == {201: 5, 422: THREADS - 5}


def test_a_round_of_a_book_is_recorded_once(books: list[Book]) -> None:
    later = {**ANGEL, "name": "A 轮"}
    assert at_once(lambda: books[0].round(later)) == {201: 1, 409: THREADS - 1}
