"""What a manager gives back when a fund has ended."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given

from tasks.engine.returns import xnfv
from tasks.engine.waterfall import (
    Clawback,
    Deal,
    Kind,
    Party,
    Payment,
    Terms,
    Tier,
    american,
    clawback,
    european,
    whole_fund_events,
)
from tests.engine.flows import START
from tests.engine.waterfalls import (
    CENT,
    DEALS,
    Y2021,
    Y2022,
    Y2023,
    Y2024,
    agreements,
    called,
    money,
    paid_out,
    terms,
    total,
)

LOSER = Deal([(Y2021, Decimal(1_000_000))], written_off=Y2023)
END = START + timedelta(days=3_000)


def _after_a_winner(proceeds: int) -> Clawback:
    """One deal realised after a year, another written off after two."""
    deals = [Deal([(Y2021, Decimal(1_000_000))], [(Y2022, Decimal(proceeds))]), LOSER]
    payments = american(deals, terms=terms())
    assert total(payments, to=Party.MANAGER) == (proceeds - 1_000_000) // 5
    return clawback(payments, events=whole_fund_events(deals), terms=terms(), on=Y2023)


def test_what_is_above_the_share_of_all_profit_goes_back() -> None:
    # Carry 20 % of 3,000,000 = 600,000. Profit 4,000,000 - 2,000,000, of which 20 % are 400,000. Investors had
    # 3,400,000, more than their 2,000,000 and 160,000.
    assert _after_a_winner(4_000_000) == Clawback(Decimal(200_000), Decimal(200_000), Decimal(0))


def test_what_investors_lack_goes_back_where_that_is_more() -> None:
    # Carry 240,000; profit 200,000, of which 40,000 are the manager's: 200,000 too much.
    # Investors had 1,960,000 of 2,000,000 + 160,000; of the 200,000 they lacked, all earned 8 % for a year.
    assert _after_a_winner(2_200_000) == Clawback(Decimal(216_000), Decimal(200_000), Decimal(216_000))


def test_no_more_goes_back_than_was_received() -> None:
    # Carry 200,000, profit 0. Investors had 1,800,000 and lack 360,000 × 1.08 = 388,800.
    assert _after_a_winner(2_000_000) == Clawback(Decimal(200_000), Decimal(200_000), Decimal(388_800))


def test_nothing_goes_back_where_losses_came_first() -> None:
    deals = [LOSER, Deal([(Y2021, Decimal(1_000_000))], [(Y2023, Decimal(4_000_000))])]
    payments = american(deals, terms=terms())
    assert total(payments, to=Party.MANAGER) == 400_000
    assert clawback(payments, events=whole_fund_events(deals), terms=terms(), on=Y2024).amount == 0


def test_a_whole_fund_claws_back_what_a_last_call_lost() -> None:
    events = [called(Y2021, 1_000), paid_out(Y2022, 2_000), called(Y2022 + timedelta(days=1), 500)]
    # Carry 200 of a profit of 1,000; at last the profit is 500 and 100 are the manager's. Investors had 1,800:
    # 720 over their 1,080, against the 500 that they lost and not quite 40 on them.
    payments = european(events, terms=terms())
    assert clawback(payments, events=events, terms=terms(), on=Y2023) == Clawback(
        Decimal(100), Decimal(100), Decimal(0)
    )


def test_without_payments_nobody_gives_back() -> None:
    assert clawback([], events=[], terms=terms(), on=Y2021) == Clawback(Decimal(0), Decimal(0), Decimal(0))
    # 100 are lacking, and 8 on them, but there is no carry to take them from.
    assert clawback([], events=[called(Y2021, 100)], terms=terms(), on=Y2022) == Clawback(
        Decimal(0), Decimal(0), Decimal(108)
    )


PAID = Payment(Y2022, Tier.SPLIT, Party.MANAGER, Decimal(10))


@pytest.mark.parametrize(
    "payments",
    [
        [],
        [PAID, PAID],
        [Payment(Y2023, Tier.SPLIT, Party.MANAGER, Decimal(10))],
        [Payment(Y2022, Tier.SPLIT, Party.MANAGER, Decimal("10.001"))],
        [Payment(Y2022, Tier.SPLIT, "custodian", Decimal(10))],  # type: ignore[arg-type]
        [Payment(Y2022, Tier.SPLIT, Party.MANAGER, Decimal(-10))],
        [Payment(Y2022, Tier.SPLIT, Party.MANAGER, 10.0)],  # type: ignore[arg-type]
    ],
)
def test_payments_of_another_fund_are_refused(payments: list[Payment]) -> None:
    with pytest.raises(ValueError, match=r"^payments: "):
        clawback(payments, events=[paid_out(Y2022, 10)], terms=terms(), on=Y2024)


def test_a_fund_does_not_end_before_its_last_event() -> None:
    with pytest.raises(ValueError, match=r"^on: "):
        clawback([PAID], events=[paid_out(Y2022, 10)], terms=terms(), on=Y2021)
    with pytest.raises(ValueError, match=r"^on: "):
        clawback([], events=[called(Y2022, 10)], terms=terms(), on=Y2021)


@given(deals=DEALS, agreed=agreements(compounding="annually", day_count="ACT/365F"))
def test_after_it_the_manager_has_its_share_and_investors_lack_nothing(
    deals: list[Deal], agreed: Terms
) -> None:
    events = whole_fund_events(deals)
    payments = american(deals, terms=agreed)
    back = clawback(payments, events=events, terms=agreed, on=END).amount
    carry = total(payments, to=Party.MANAGER)
    assert 0 <= back <= carry
    if back == carry:
        return
    profit = money(events, Kind.DISTRIBUTION) - money(events, Kind.CONTRIBUTION)
    assert carry - back <= Decimal(agreed.carry) * profit + CENT / 2
    flows = [(each.on, -Decimal(each.amount)) for each in events if each.kind is Kind.CONTRIBUTION]
    flows += [(row.on, row.amount) for row in payments if row.to is Party.INVESTORS] + [(END, back)]
    worth = xnfv(float(agreed.preferred_return), *zip(*flows, strict=True))
    assert worth >= -0.05 * len(flows)
