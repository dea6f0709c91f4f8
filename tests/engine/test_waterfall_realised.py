"""A fund reckoned deal by deal as if sold on a day, and what fiscal capital gives up of its gain; by hand."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.engine.waterfall import (
    Clawback,
    Concession,
    Deal,
    Event,
    Party,
    Terms,
    allot,
    american,
    concession,
    realised,
)
from tests.engine.flows import START
from tests.engine.waterfalls import (
    DEALS,
    EVENTS,
    FEN,
    Y2021,
    Y2022,
    Y2023,
    Y2024,
    agreements,
    called,
    paid_out,
    terms,
    told,
    total,
)

END = START + timedelta(days=3_650)


class TestRealised:
    def test_a_gain_before_and_a_loss_today(self) -> None:
        """100 became 200 after a year: 8 preferred, 2 to catch up, 90 split 72 : 18. Another 100 are worth 60
        today, all of it capital. Of 60 of profit a fifth is 12: of 20 the manager gives 8 back."""
        won = Deal([(Y2021, 100)], proceeds=[(Y2022, 200)])
        sale = realised([won, Deal([(Y2021, 100)])], worth=[0, 60], on=Y2023, terms=terms())
        assert told(sale.earlier) == [
            (Y2022, "return_of_capital", "investors", "100.00"),
            (Y2022, "preferred_return", "investors", "8.00"),
            (Y2022, "catch_up", "manager", "2.00"),
            (Y2022, "split", "investors", "72.00"),
            (Y2022, "split", "manager", "18.00"),
        ]
        assert told(sale.payments) == [(Y2023, "return_of_capital", "investors", "60.00")]
        assert (sale.carry_before, sale.carry_now) == (Decimal("20.00"), Decimal("0.00"))
        assert sale.clawback == Clawback(Decimal("8.00"), excess=Decimal("8.00"), shortfall=Decimal("0.00"))

    def test_what_is_worth_nothing_today_is_lost_today(self) -> None:
        """The loss of 100 and its 8 come before the 192 of another firm: 100 + 8 + 84 of its 108."""
        sale = realised([Deal([(Y2021, 100)]), Deal([(Y2021, 100)])], worth=[0, 192], on=Y2022, terms=terms())
        assert told(sale.payments) == [(Y2022, "return_of_capital", "investors", "192.00")]
        assert sale.clawback.amount == 0

    def test_proceeds_of_the_day_and_the_sale_are_one_distribution(self) -> None:
        deals = [Deal([(Y2021, 100)], proceeds=[(Y2022, 50)])]
        sale = realised(deals, worth=[58], on=Y2022, terms=terms())
        assert (sale.earlier, total(sale.payments), sale.carry_now) == ([], 108, 0)

    @pytest.mark.parametrize(
        "deal",
        [
            Deal([(Y2023, 1)]),
            Deal([(Y2021, 1)], proceeds=[(Y2023, 1)]),
            Deal([(Y2021, 1)], expenses=[(Y2023, 1)]),
            Deal([(Y2021, 1)], written_off=Y2023),
        ],
    )
    def test_what_is_later_than_the_day_is_refused(self, deal: Deal) -> None:
        with pytest.raises(ValueError, match="on: flows after"):
            realised([deal], worth=[1], on=Y2022, terms=terms())

    def test_every_deal_has_its_worth(self) -> None:
        for worth in ([], [1, 2], [Decimal("0.001")], [-1]):
            with pytest.raises(ValueError, match=r"zip\(\)|worth"):
                realised([Deal([(Y2021, 1)])], worth=worth, on=Y2022, terms=terms())

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(deals=DEALS, agreed=agreements(), data=st.data())
    def test_all_that_was_got_and_is_sold_is_shared_out(
        self, deals: list[Deal], agreed: Terms, data: st.DataObject
    ) -> None:
        worth = data.draw(st.lists(FEN, min_size=len(deals), max_size=len(deals)))
        sale = realised(deals, worth=worth, on=END, terms=agreed)
        got = sum((Decimal(amount) for deal in deals for _, amount in deal.proceeds), Decimal(0))
        assert total([*sale.earlier, *sale.payments]) == got + sum(worth)
        # What was paid before does not depend on what is sold today.
        assert sale.earlier == american(deals, terms=agreed)
        assert 0 <= sale.clawback.amount <= sale.carry_before + sale.carry_now


class TestAllot:
    def test_a_fee_goes_by_cost_and_the_largest_remainder_has_the_fen(self) -> None:
        assert allot([(Y2021, Decimal("1.00"))], weights=[100, 100, 100]) == [
            [(Y2021, Decimal("0.34"))], [(Y2021, Decimal("0.33"))], [(Y2021, Decimal("0.33"))],
        ]  # fmt: skip
        assert allot([(Y2021, Decimal("0.01"))], weights=[1, 3]) == [[], [(Y2021, Decimal("0.01"))]]

    def test_without_a_deal_there_is_nobody_to_bear_it(self) -> None:
        assert allot([(Y2021, 1)], weights=[]) == []
        assert allot([(Y2021, 1)], weights=[0]) == [[]]

    @given(
        costs=st.lists(st.tuples(st.just(Y2021), FEN), max_size=5),
        weights=st.lists(FEN, min_size=1, max_size=5),
    )
    def test_the_parts_are_the_costs(self, costs: list[Any], weights: list[Decimal]) -> None:
        parts = allot(costs, weights=weights)
        whole = sum((amount for _, amount in costs), Decimal(0)) if any(weights) else 0
        assert sum((amount for flows in parts for _, amount in flows), Decimal(0)) == whole


FLOOR = terms(preferred_return=Decimal("0.03"), carry=0, catch_up=0)
FIFTH = Decimal("0.2")


class TestConcession:
    def test_a_fifth_of_what_is_above_three_per_cent_a_year(self) -> None:
        """100 in; 20 back after a year leave 80 and 3; a year later 2.49 more: of 150, 64.51 are above."""
        events = [called(Y2021, 100), paid_out(Y2022, 20)]
        assert concession(events, receipt=150, on=Y2023, share=FIFTH, floor=FLOOR) == Concession(
            Decimal("64.51"), Decimal("12.90")
        )

    def test_up_to_the_floor_nothing_is_given_up(self) -> None:
        for receipt, above in (("103.00", "0.00"), ("103.01", "0.01")):
            found = concession([called(Y2021, 100)], receipt=Decimal(receipt), on=Y2022, share=1, floor=FLOOR)
            assert found == Concession(Decimal(above), Decimal(above))

    def test_what_was_had_beyond_counts_against_what_is_lacking_later(self) -> None:
        """130 for 100 after a year are 27 above; of 50 called later 20 come back: 30 and 1.50 are lacking."""
        events = [called(Y2021, 100), paid_out(Y2022, 130), called(Y2023, 50)]
        assert concession(events, receipt=20, on=Y2024, share=1, floor=FLOOR) == Concession(
            Decimal("0.00"), Decimal("0.00")
        )
        assert concession(events, receipt=30, on=Y2024, share=1, floor=FLOOR).above_floor == Decimal("5.50")

    def test_no_more_is_given_up_than_is_received(self) -> None:
        events = [called(Y2021, 100), paid_out(Y2022, 203)]
        assert concession(events, receipt=10, on=Y2022, share=FIFTH, floor=FLOOR) == Concession(
            Decimal("110.00"), Decimal("10.00")
        )

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"share": Decimal("1.1")}, "share"),
            ({"share": -1}, "share"),
            ({"share": 0.2}, "share"),
            ({"receipt": Decimal("-0.01")}, "receipt"),
            ({"receipt": Decimal("0.001")}, "receipt"),
            ({"on": Y2021 - timedelta(days=1)}, "on"),
        ],
    )
    def test_what_is_refused(self, change: dict[str, Any], said: str) -> None:
        asked: dict[str, Any] = {"receipt": 1, "on": Y2022, "share": FIFTH, "floor": FLOOR, **change}
        with pytest.raises(ValueError, match=said):
            concession([called(Y2021, 1)], **asked)

    @given(events=EVENTS, receipt=FEN, share=st.integers(0, 100))
    def test_is_never_more_than_its_share_nor_than_the_receipt(
        self, events: list[Event], receipt: Decimal, share: int
    ) -> None:
        asked: dict[str, Any] = {"receipt": receipt, "on": END, "floor": FLOOR}
        found = concession(events, share=Decimal(share) / 100, **asked)
        assert 0 <= found.given_up <= receipt
        assert found.given_up <= found.above_floor * share / 100 + Decimal("0.005")


def test_the_day_of_a_sale_is_a_day() -> None:
    with pytest.raises(ValueError, match="on"):
        realised([], worth=[], on="2021-01-01", terms=terms())  # type: ignore[arg-type]
    empty = realised([], worth=[], on=date(2021, 1, 1), terms=terms())
    assert (empty.payments, empty.carry_before) == ([], Decimal("0.00"))
    assert [row for row in empty.earlier if row.to is Party.MANAGER] == []
