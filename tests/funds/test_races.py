"""Sixteen at once: the fund's row makes them queue, so that no limit is passed between two looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from finance_hub.kernel.audit import verify
from tests.cast import Api, Cast
from tests.funds.conftest import CITY, Desk, found_fund, made
from tests.kernel import threads

THREADS = 16


def at_once(act: Callable[[], Any]) -> Counter[int]:
    """How often each status was answered."""
    return Counter(threads.at_once(THREADS, lambda _: int(act().status_code)))


@pytest.fixture
def desk(committed: Cast) -> Desk:
    desk = found_fund(lambda name: Api(committed.key(name)))
    made(desk.event("commitment", "100.00", "2022-06-01", investor=CITY))
    made(desk.event("call", "70.00", "2022-06-02", investor=CITY))
    return desk


def test_contributions_never_pass_what_was_called(desk: Desk) -> None:
    answers = at_once(lambda: desk.event("contribution", "10.00", "2022-06-03", investor=CITY))
    assert answers == {201: 7, 422: 9}
    assert desk.position()["contributed"] == "70.00"
    assert verify() is None


def test_fees_and_investments_never_pass_the_cash(desk: Desk) -> None:
    made(desk.event("contribution", "70.00", "2022-06-03", investor=CITY))
    turns = iter(range(2 * THREADS))

    def spend() -> Any:
        if next(turns) % 2:
            return desk.event("fee", "10.00", "2022-06-04")
        return desk.invest("10.00", "2022-06-04")

    assert at_once(spend) == {201: 7, 422: 9}
    assert desk.position()["cash"] == "0.00"


def test_one_event_is_reversed_once(desk: Desk) -> None:
    event = made(desk.event("commitment", "5.00", "2022-06-03", investor=CITY))["id"]
    assert at_once(lambda: desk.reverse(event, "2022-06-04")) == {201: 1, 409: 15}
    assert desk.position()["committed"] == "100.00"


def test_a_firm_met_by_all_at_once_is_registered_once_and_held_once(desk: Desk) -> None:
    made(desk.event("contribution", "70.00", "2022-06-03", investor=CITY))
    assert at_once(lambda: desk.invest("1.00", "2022-06-04")) == {201: THREADS}
    held = desk.api.get("/holdings").json()["data"]
    assert [row["invested"] for row in held] == ["16.00"]
