"""All funds at a glance: the same numbers as fund by fund, in as many queries for many funds as for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds import queries
from tests.cast import Api, Cast
from tests.funds.conftest import Desk, found_fund, made

LATE: dict[str, Any] = {"as_of": date(2026, 1, 1), "known_at": datetime(2100, 1, 1, tzinfo=UTC)}


def glances(cast: Cast | None = None, name: str = "", **when: Any) -> dict[str, queries.Glance]:
    with scoping.within(cast[name].scope if cast else EVERYTHING):
        return {one.fund.code: one for one in queries.glances(**(when or LATE))}


def test_a_fund_at_a_glance_has_its_position_and_what_it_is_worth(funded: Desk) -> None:
    """50 paid in, 1 of fees, 30 invested and valued at 36, 5 invested and never valued: 14 + 36 + 5 = 55."""
    made(funded.event("fee", "1000000.00", "2022-07-01"))
    holding = made(funded.invest("30000000.00", "2022-09-15"))["holding"]
    made(funded.value(holding, at="36000000.00", on="2023-06-30"))
    made(funded.invest("5000000.00", "2022-10-01", uscc="91330483MA28AQK513", firm_name="另一家企业"))
    seen = glances()["angel"]
    with scoping.within(EVERYTHING):
        assert seen.position == queries.position(seen.fund, **LATE)
    assert (seen.nav, seen.holdings, seen.at_cost) == (Decimal("55000000.00"), 2, 1)


def test_a_value_from_before_the_last_deal_counts_as_cost(funded: Desk) -> None:
    holding = made(funded.invest("30000000.00", "2022-09-15"))["holding"]
    made(funded.value(holding, at="36000000.00", on="2023-06-30"))
    made(funded.invest("1000000.00", "2023-07-01", uscc="91330483MA2B9PTN02"))
    seen = glances()["angel"]
    assert (seen.nav, seen.at_cost) == (Decimal("50000000.00"), 1)


def test_a_holding_that_was_sold_is_no_holding_and_its_old_value_nothing(funded: Desk) -> None:
    holding = made(funded.invest("30000000.00", "2022-09-15"))["holding"]
    made(funded.exit(holding, cash="40000000.00", cost="30000000.00", on="2023-03-01"))
    made(funded.value(holding, at="36000000.00", on="2023-06-30"))
    seen = glances()["angel"]
    assert (seen.nav, seen.holdings, seen.at_cost) == (Decimal("60000000.00"), 0, 0)


def test_of_a_fund_without_entries_nothing_is_known(angel: Desk) -> None:
    seen = glances()["angel"]
    assert (seen.position, seen.nav, seen.holdings) == (None, None, 0)


def test_a_past_day_and_a_past_knowledge_leave_out_what_came_later(funded: Desk) -> None:
    early = glances(as_of=date(2022, 6, 20), known_at=LATE["known_at"])["angel"]
    assert early.position
    assert (early.position.called, early.nav) == (Decimal("60000000.00"), Decimal("0.00"))
    unknown = glances(as_of=LATE["as_of"], known_at=datetime(2022, 1, 1, tzinfo=UTC))["angel"]
    assert unknown.position is None


def test_managers_see_their_own_and_sub_funds_come_last(
    funded: Desk, api: Callable[[str], Api], cast: Cast
) -> None:
    found_fund(api, code="a-seed", tier="sub", name="种子子基金")
    found_fund(api, code="industry", tier="industry", manager="industry-manager", name="产业基金")
    assert list(glances()) == ["angel", "industry", "a-seed"]
    assert list(glances(cast, "manager_angel")) == ["angel", "a-seed"]
    assert list(glances(cast, "manager_industry")) == ["industry"]


def test_more_funds_take_no_more_queries(
    funded: Desk, api: Callable[[str], Api], django_assert_num_queries: Any
) -> None:
    with scoping.within(EVERYTHING):
        with django_assert_num_queries(5):
            assert len(queries.glances(**LATE)) == 1
        for number in range(5):
            found_fund(api, code=f"seed-{number}", tier="sub", name=f"种子 {number}")
        with django_assert_num_queries(5):
            assert len(queries.glances(**LATE)) == 6


def test_the_flows_of_one_fund_are_those_of_it_alone(funded: Desk, api: Callable[[str], Api]) -> None:
    other = found_fund(api, code="seed", tier="sub", name="种子")
    made(other.event("commitment", "9.00", "2022-06-01", investor="市财政局"))
    made(other.event("call", "9.00", "2022-06-01", investor="市财政局"))
    made(other.event("contribution", "9.00", "2022-06-02", investor="市财政局"))
    with scoping.within(EVERYTHING):
        rows = queries.flows_frame(**LATE, of=queries.fund("angel"))
    assert [(row.effective_date, row.contribution_fen) for row in rows] == [
        (date(2022, 6, 20), 5_000_000_000)
    ]


def test_a_measured_holding_tells_how_it_was_valued(funded: Desk) -> None:
    holding = made(funded.invest("30000000.00", "2022-09-15"))["holding"]
    made(funded.value(holding, at="36000000.00", on="2023-06-30", method="market"))
    with scoping.within(EVERYTHING):
        assert queries.holding(holding, **LATE).method == "market"
        assert queries.holding(holding, as_of=date(2023, 1, 1), known_at=LATE["known_at"]).method is None
