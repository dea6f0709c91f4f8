"""A fund's pipeline on a day, and what its firms got: looked back at, as known then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from finance_hub.kernel.scoping import NoScope, within
from funds import queries
from funds.models import Fund
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM, OTHER_FIRM, Desk, found_fund, made
from tests.funds.following import DECISION, Follower

Speak = Callable[[str], Api]


@pytest.fixture
def follower(funded: Desk) -> Follower:
    return Follower(funded)


def places(as_of: date = date(2026, 1, 1), *, known_at: datetime | None = None) -> dict[str, int]:
    with within(EVERYTHING):
        return queries.deals_by_place(
            Fund.objects.get(code="angel"), as_of=as_of, known_at=known_at or timezone.now()
        )


class TestDealsByPlace:
    def test_stand_where_their_last_step_before_the_day_says(self, follower: Follower) -> None:
        deal = made(follower.open())["id"]
        made(follower.step(deal, "screening"))
        made(follower.open(title="另一轮"))
        assert places() == {"screening": 1, "met": 1}
        assert places(date(2022, 6, 10)) == {"met": 2}
        assert places(date(2022, 6, 11)) == {"screening": 1, "met": 1}
        assert places(date(2022, 6, 5)) == {}

    def test_are_given_up_and_reopened(self, follower: Follower) -> None:
        deal = made(follower.open())["id"]
        made(follower.step(deal, "withdrawn", "2022-06-08", reason="对方撤回"))
        assert places() == {"withdrawn": 1}
        made(follower.step(deal, "reopened", "2022-06-09", reason="对方改变主意"))
        assert places() == {"met": 1}
        assert places(date(2022, 6, 9)) == {"withdrawn": 1}

    def test_are_declined_by_a_decision(self, follower: Follower) -> None:
        deal = made(follower.open())["id"]
        made(follower.step(deal, "declined", "2022-06-08", reason="估值过高", decision=DECISION))
        assert places() == {"declined": 1}

    def test_are_those_that_were_known_then(self, follower: Follower) -> None:
        deal = made(follower.open())["id"]
        before = timezone.now()
        made(follower.step(deal, "screening"))
        assert places(known_at=before) == {"met": 1}
        assert places() == {"screening": 1}

    def test_are_of_the_fund_alone(self, follower: Follower, api: Speak) -> None:
        made(follower.open())
        found_fund(api, code="second")
        with within(EVERYTHING):
            second = Fund.objects.get(code="second")
            assert queries.deals_by_place(second, as_of=date(2026, 1, 1), known_at=timezone.now()) == {}


class TestEntriesOfAFirm:
    def test_are_what_was_paid_and_got_and_not_taken_back(self, funded: Desk) -> None:
        kept = made(funded.invest("3000000.00", "2022-07-01"))
        wrong = made(funded.invest("1000000.00", "2022-07-02"))["id"]
        made(funded.invest("2000000.00", "2022-07-03", uscc=OTHER_FIRM, firm_name="他企"))
        before = timezone.now()
        made(funded.reverse_deal(wrong, "2022-08-01"))
        made(funded.exit(kept["holding"], cash="500000.00", cost="400000.00", on="2023-01-01"))
        firm = Firm.objects.get(uscc=FIRM).pk

        def entries(as_of: date, known_at: datetime) -> list[tuple[str, str]]:
            with within(EVERYTHING):
                found = queries.entries_of_firm(firm, as_of=as_of, known_at=known_at)
                return [(entry.kind, f"{entry.cash:.2f}") for entry in found]

        now = timezone.now()
        assert entries(date(2026, 1, 1), now) == [("investment", "3000000.00"), ("exit", "500000.00")]
        both = [("investment", "3000000.00"), ("investment", "1000000.00")]
        assert entries(date(2026, 1, 1), before) == both
        assert entries(date(2022, 8, 1), now) == both
        assert entries(date(2022, 7, 1), now) == []

    def test_are_those_of_ones_own_funds(self, funded: Desk, cast: Cast) -> None:
        made(funded.invest("3000000.00", "2022-07-01"))
        firm, when = Firm.objects.get(uscc=FIRM).pk, {"as_of": date(2026, 1, 1), "known_at": timezone.now()}
        for name, count in (("manager_angel", 1), ("manager_industry", 0)):
            with within(cast[name].scope):
                assert len(queries.entries_of_firm(firm, **when)) == count  # type: ignore[arg-type]
        with pytest.raises(NoScope):
            queries.entries_of_firm(firm, **when)  # type: ignore[arg-type]
