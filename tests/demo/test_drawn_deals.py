"""The deals that are drawn: behind every stake one, some open at each stage, some that came to nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from finance_hub.demo.capital import prospects
from finance_hub.demo.capital.ledger import FundPlan
from finance_hub.demo.capital.prospects import ROAD, Prospect
from finance_hub.demo.chance import chance
from finance_hub.demo.registry import Enterprise


@pytest.fixture(scope="module")
def drawn(firms: list[Enterprise], funds: list[FundPlan]) -> list[tuple[FundPlan, list[Prospect]]]:
    return [(fund, prospects.look(fund, firms, dice=chance(42, fund.charter.code))) for fund in funds]


def test_every_round_of_every_firm_is_paid_once(drawn: list[tuple[FundPlan, list[Prospect]]]) -> None:
    for fund, deals in drawn:
        rounds = Counter(
            (stake.firm.uscc, day) for stake in fund.stakes if stake.firm for day, _ in stake.rounds
        )
        paid = Counter((deal.firm.uscc, day) for deal in deals for day in deal.tranches)
        paid += Counter(
            (deal.firm.uscc, move.day) for deal in deals for move in deal.moves if move.stage == "paid"
        )
        assert paid == rounds


def test_days_and_stages_go_forward(drawn: list[tuple[FundPlan, list[Prospect]]]) -> None:
    for fund, deals in drawn:
        for deal in deals:
            days = [move.day for move in deal.moves]
            assert days == sorted(days)
            assert days[0] > max(fund.charter.established_on, deal.firm.known_on) - timedelta(days=1)
            passed = [
                stage
                for move in deal.moves
                for stage in [*(skipped for skipped, _ in move.skipped), move.stage]
                if stage in ROAD
            ]
            assert passed == list(ROAD[: len(passed)])


def test_there_is_something_at_every_stage_and_titles_tell_deals_apart(
    drawn: list[tuple[FundPlan, list[Prospect]]],
) -> None:
    last = Counter(deal.moves[-1].stage for _, deals in drawn for deal in deals)
    assert set(last) >= {*ROAD, "declined", "withdrawn", "reopened"}
    for _, deals in drawn:
        titles = Counter(deal.title for deal in deals)
        assert max(titles.values()) == 1
