"""The frames of a small city, every row by hand; and what an earlier moment does not know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from finance_hub.kernel.scoping import NoScope
from funds import operations, queries
from funds.models import Fund, HoldingEvent
from tests.cast import NOW, Cast
from tests.funds.conftest import CITY, COMPANY, FIRM, FUND

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
LATER = NOW + timedelta(hours=1)


class Clerk:
    """Enters in yuan, at a moment of recording."""

    def __init__(self, by: Any) -> None:
        self.by = by
        self.now = NOW

    def found(self, code: str, tier: str) -> Fund:
        facts = {**FUND, "code": code, "tier": tier}
        facts |= {"planned_size": Decimal("1000.50"), "established_on": date(2026, 1, 1)}
        fund = operations.create_fund(**facts, by=self.by, now=self.now)
        for name, capital in ((CITY, "fiscal"), (COMPANY, "state")):
            operations.add_investor(fund=code, name=name, capital=capital, by=self.by, now=self.now)
        return fund

    def event(self, fund: str, kind: str, amount: str, on: date, investor: str | None = None) -> str:
        return operations.record_event(
            fund=fund, kind=kind, amount=Decimal(amount), effective_date=on, investor=investor,
            by=self.by, now=self.now,
        ).public_id  # fmt: skip

    def invest(self, amount: str, on: date, **whom: str) -> HoldingEvent:
        return operations.record_investment(
            fund="angel", amount=Decimal(amount), effective_date=on, by=self.by, now=self.now, **whom
        )

    def value(self, holding: str, at: str, on: date) -> None:
        operations.record_valuation(
            holding=holding, fair_value=Decimal(at), method="market", effective_date=on, by=self.by,
            now=self.now,
        )  # fmt: skip


@pytest.fixture
def clerk(cast: Cast) -> Iterator[Clerk]:
    """Committed 600.40 by the city and 400.10 by the company, all called, 500 and 300 paid."""
    with scoping.within(EVERYTHING):
        clerk = Clerk(cast["maker"])
        clerk.found("angel", "angel")
        for investor, committed, paid in ((CITY, "600.40", "500"), (COMPANY, "400.10", "300")):
            clerk.event("angel", "commitment", committed, date(2026, 2, 1), investor)
            clerk.event("angel", "call", committed, date(2026, 2, 2), investor)
            clerk.event("angel", "contribution", paid, date(2026, 3, 1), investor)
        yield clerk


def _angel() -> int:
    return Fund.objects.get(code="angel").pk


def test_funds_stand_in_order_of_their_ids_with_sizes_in_fen(clerk: Clerk) -> None:
    clerk.found("seed", "sub")
    rows = queries.funds_frame()
    assert [(r.code, r.tier, r.planned_size_fen) for r in rows] == [
        ("angel", "angel", 100050),
        ("seed", "sub", 100050),
    ]


def test_capital_is_summed_by_its_kind_and_netted(clerk: Clerk) -> None:
    clerk.event("angel", "fee", "10.01", date(2026, 4, 1))
    extra = clerk.event("angel", "commitment", "7", date(2026, 4, 1), CITY)
    operations.reverse_event(
        fund="angel", event=extra, effective_date=date(2026, 5, 1), by=clerk.by, now=clerk.now
    )
    angel = _angel()
    assert queries.capital_frame(as_of=NOVEMBER, known_at=NOW) == [
        (angel, "fiscal", "call", 60040),
        (angel, "fiscal", "commitment", 60040),
        (angel, "fiscal", "contribution", 50000),
        (angel, "state", "call", 40010),
        (angel, "state", "commitment", 40010),
        (angel, "state", "contribution", 30000),
        (angel, None, "fee", 1001),
    ]
    in_april = queries.capital_frame(as_of=date(2026, 5, 1), known_at=NOW)
    assert (angel, "fiscal", "commitment", 60740) in in_april


def test_the_day_named_as_of_is_not_counted(clerk: Clerk) -> None:
    assert queries.capital_frame(as_of=date(2026, 2, 1), known_at=NOW) == []
    assert len(queries.capital_frame(as_of=date(2026, 2, 2), known_at=NOW)) == 2


def test_flows_are_one_row_a_day_and_days_that_net_to_nothing_are_gone(clerk: Clerk) -> None:
    clerk.event("angel", "distribution", "25.50", date(2026, 6, 1), CITY)
    undone = clerk.event("angel", "contribution", "3", date(2026, 7, 1), CITY)
    operations.reverse_event(
        fund="angel", event=undone, effective_date=date(2026, 7, 1), by=clerk.by, now=clerk.now
    )
    angel = _angel()
    assert queries.flows_frame(as_of=NOVEMBER, known_at=NOW) == [
        (angel, date(2026, 3, 1), 80000, 0),
        (angel, date(2026, 6, 1), 0, 2550),
    ]


def test_holdings_carry_cost_proceeds_and_the_latest_value(clerk: Clerk) -> None:
    sub = clerk.found("seed", "sub")
    first = clerk.invest("100.50", date(2026, 4, 1), uscc=FIRM, firm_name="企业")
    clerk.invest("50", date(2026, 4, 2), sub_fund="seed")
    holding = first.holding.public_id
    operations.record_exit(
        holding=holding, cash=Decimal("70"), cost=Decimal("40"), effective_date=date(2026, 5, 1),
        by=clerk.by, now=clerk.now,
    )  # fmt: skip
    operations.record_write_off(
        holding=holding, cost=Decimal("10.50"), effective_date=date(2026, 6, 1), by=clerk.by,
        now=clerk.now,
    )  # fmt: skip
    clerk.value(holding, "88.88", date(2026, 6, 30))
    clerk.value(holding, "99.99", date(2026, 11, 1))
    firm, angel = Firm.objects.get(uscc=FIRM), _angel()
    in_firm, in_sub = queries.holdings_frame(as_of=NOVEMBER, known_at=NOW)
    assert in_firm == queries.HoldingRow(
        holding_id=first.holding.pk, fund_id=angel, firm_id=firm.pk, sub_fund_id=None,
        invested_fen=10050, cost_exited_fen=4000, cost_written_off_fen=1050, proceeds_fen=7000, income_fen=0,
        remaining_cost_fen=5000, fair_value_fen=8888, valued_on=date(2026, 6, 30),
        last_deal_on=date(2026, 6, 1), worth_fen=8888,
    )  # fmt: skip
    assert (in_sub.firm_id, in_sub.sub_fund_id, in_sub.fair_value_fen) == (None, sub.pk, None)
    assert queries.holdings_frame(as_of=date(2026, 4, 1), known_at=NOW) == []


@pytest.mark.parametrize("order", [(NOW, LATER), (LATER, NOW)])
def test_of_two_values_of_a_day_the_later_recorded_is_in_force_however_entered(
    clerk: Clerk, order: tuple[datetime, datetime]
) -> None:
    holding = clerk.invest("100", date(2026, 4, 1), uscc=FIRM, firm_name="企业").holding.public_id
    for clerk.now in order:
        clerk.value(holding, "130" if clerk.now == LATER else "120", date(2026, 6, 30))
    (row,) = queries.holdings_frame(as_of=NOVEMBER, known_at=LATER)
    assert row.fair_value_fen == 13000
    (row,) = queries.holdings_frame(as_of=NOVEMBER, known_at=NOW)
    assert row.fair_value_fen == 12000


def test_deals_of_a_period_are_half_open_and_reversals_negative(clerk: Clerk) -> None:
    inside = clerk.invest("100", OCTOBER, uscc=FIRM, firm_name="企业")
    clerk.invest("30", date(2026, 9, 30), uscc=FIRM)
    clerk.invest("40", NOVEMBER, uscc=FIRM)
    holding = inside.holding
    ids = (holding.pk, _angel(), holding.firm_id, None)
    operations.reverse_holding_event(
        event=inside.public_id, effective_date=date(2026, 10, 9), by=clerk.by, now=clerk.now
    )
    sold = {"cash": Decimal(5), "cost": Decimal(2), "effective_date": date(2026, 10, 20)}
    operations.record_exit(holding=holding.public_id, **sold, by=clerk.by, now=clerk.now)
    lost = {"cost": Decimal(3), "effective_date": date(2026, 10, 21)}
    operations.record_write_off(holding=holding.public_id, **lost, by=clerk.by, now=clerk.now)
    when: dict[str, Any] = {"start": OCTOBER, "end": NOVEMBER, "known_at": NOW}
    assert queries.investments_frame(**when) == [
        (*ids, 10000, 10000, OCTOBER),
        (*ids, -10000, -10000, date(2026, 10, 9)),
    ]
    assert queries.exits_frame(**when) == [(*ids, 200, 500, date(2026, 10, 20))]
    assert queries.write_offs_frame(**when) == [(*ids, 300, 0, date(2026, 10, 21))]


def _everything(known_at: datetime) -> list[list[Any]]:
    return [
        queries.capital_frame(as_of=NOVEMBER, known_at=known_at),
        queries.flows_frame(as_of=NOVEMBER, known_at=known_at),
        queries.holdings_frame(as_of=NOVEMBER, known_at=known_at),
        queries.investments_frame(start=OCTOBER, end=NOVEMBER, known_at=known_at),
    ]


def test_what_is_recorded_later_changes_nothing_as_known_before(clerk: Clerk) -> None:
    holding = clerk.invest("100", date(2026, 4, 1), uscc=FIRM, firm_name="企业").holding.public_id
    clerk.value(holding, "120", date(2026, 6, 30))
    fee = clerk.event("angel", "fee", "10", date(2026, 4, 1))
    before = _everything(NOW)
    clerk.now = LATER
    clerk.event("angel", "contribution", "50", date(2026, 3, 2), CITY)
    clerk.invest("20", date(2026, 10, 2), uscc=FIRM)
    clerk.value(holding, "130", date(2026, 6, 30))
    operations.reverse_event(fund="angel", event=fee, effective_date=date(2026, 4, 1), by=clerk.by, now=LATER)
    assert _everything(NOW) == before
    assert _everything(LATER - timedelta(microseconds=1)) == before
    after = _everything(LATER)
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert after[2][0].fair_value_fen == 13000


def test_a_frame_outside_a_scope_is_a_defect(cast: Cast) -> None:
    with pytest.raises(NoScope):
        queries.capital_frame(as_of=NOVEMBER, known_at=NOW)


def test_a_frame_takes_as_many_queries_however_many_funds(
    clerk: Clerk, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        clerk.found(f"fund-{number}", "sub")
    clerk.invest("1", date(2026, 4, 1), uscc=FIRM, firm_name="企业")
    with django_assert_num_queries(2):
        queries.holdings_frame(as_of=NOVEMBER, known_at=NOW)
    with django_assert_num_queries(1):
        queries.capital_frame(as_of=NOVEMBER, known_at=NOW)
