"""Waterfalls worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tasks.engine.returns import xirr
from tasks.engine.waterfall import (
    Deal,
    Kind,
    Party,
    american,
    european,
    hypothetical,
    whole_fund_events,
)
from tests.engine.waterfalls import Y2021, Y2022, Y2023, Y2024, called, money, paid_out, terms, told, total

MILLION_AND_A_FIFTH = [called(Y2021, 1_000_000), paid_out(Y2022, 1_200_000)]


def test_a_whole_fund_with_full_catch_up() -> None:
    events = [called(Y2021, 1_000_000), paid_out(Y2022, 600_000), paid_out(Y2023, 1_000_000)]
    # 2022: 600,000 of capital come back; 400,000 are left, and 1,000,000 × 8 % = 80,000 are owed on top.
    # 2023: 480,000 × 1.08 = 518,400, of which 118,400 are preferred return. The manager has its 20 % once it has a
    # quarter of that, 29,600. Over are 1,000,000 - 400,000 - 118,400 - 29,600 = 452,000, shared 80 to 20.
    payments = european(events, terms=terms())
    assert told(payments) == [
        (Y2022, "return_of_capital", "investors", "600000.00"),
        (Y2023, "return_of_capital", "investors", "400000.00"),
        (Y2023, "preferred_return", "investors", "118400.00"),
        (Y2023, "catch_up", "manager", "29600.00"),
        (Y2023, "split", "investors", "361600.00"),
        (Y2023, "split", "manager", "90400.00"),
    ]
    # 29,600 + 90,400 = 120,000 are 20 % of the profit of 1,600,000 - 1,000,000.
    assert total(payments, to=Party.MANAGER) == 120_000


def test_half_a_catch_up_to_a_fifth_of_cumulative_profit() -> None:
    # x of the cash in the catch-up: x / 2 = 20 % × (80,000 + x), so x = 16,000 / 0.3 = 53,333.33.
    # Over are 120,000 - 53,333.33 = 66,666.67, of which 20 % are 13,333.33.
    payments = european(MILLION_AND_A_FIFTH, terms=terms(catch_up=Decimal("0.5")))
    assert told(payments)[2:] == [
        (Y2022, "catch_up", "investors", "26666.67"),
        (Y2022, "catch_up", "manager", "26666.67"),
        (Y2022, "split", "investors", "53333.33"),
        (Y2022, "split", "manager", "13333.33"),
    ]
    assert total(payments, to=Party.MANAGER) == 40_000


def test_half_a_catch_up_to_what_a_full_one_would_have_given() -> None:
    # A full catch-up would end at 20,000; paid half and half, it ends at 20,000 of 80,000 + 40,000: a sixth.
    # Over are 120,000 - 40,000 = 80,000, of which 20 % are 16,000.
    sixth = Decimal(1) / 6
    payments = european(MILLION_AND_A_FIFTH, terms=terms(catch_up=Decimal("0.5"), catch_up_target=sixth))
    assert told(payments)[2:] == [
        (Y2022, "catch_up", "investors", "20000.00"),
        (Y2022, "catch_up", "manager", "20000.00"),
        (Y2022, "split", "investors", "64000.00"),
        (Y2022, "split", "manager", "16000.00"),
    ]


def test_without_catch_up_the_preferred_return_bears_no_carry() -> None:
    # 1,200,000 - 1,000,000 - 80,000 = 120,000, of which 20 % are 24,000.
    assert told(european(MILLION_AND_A_FIFTH, terms=terms(catch_up=0)))[2:] == [
        (Y2022, "split", "investors", "96000.00"),
        (Y2022, "split", "manager", "24000.00"),
    ]


def test_a_catch_up_goes_on_in_the_next_distribution() -> None:
    events = [called(Y2021, 1_000_000), paid_out(Y2022, 1_090_000), paid_out(Y2023, 110_000)]
    # 1,090,000 leave 10,000 of the 20,000; the other 10,000 come next, and then 20 % of 100,000.
    assert told(european(events, terms=terms()))[2:] == [
        (Y2022, "catch_up", "manager", "10000.00"),
        (Y2023, "catch_up", "manager", "10000.00"),
        (Y2023, "split", "investors", "80000.00"),
        (Y2023, "split", "manager", "20000.00"),
    ]


def test_a_recallable_distribution_that_is_called_again() -> None:
    events = [called(Y2021, 1_000), paid_out(Y2022, 400), called(Y2023, 400), paid_out(Y2024, 2_000)]
    # 10 % simple: 100 on 1,000, then 60 on 600, then 100 on 1,000 again, 260 in all. A quarter of it is 65.
    # Over are 2,000 - 1,000 - 260 - 65 = 675. The manager's 65 + 135 are 20 % of 2,400 - 1,400.
    recycling = terms(preferred_return=Decimal("0.1"), compounding="simple")
    assert told(european(events, terms=recycling)) == [
        (Y2022, "return_of_capital", "investors", "400.00"),
        (Y2024, "return_of_capital", "investors", "1000.00"),
        (Y2024, "preferred_return", "investors", "260.00"),
        (Y2024, "catch_up", "manager", "65.00"),
        (Y2024, "split", "investors", "540.00"),
        (Y2024, "split", "manager", "135.00"),
    ]


@pytest.mark.parametrize(
    ("compounding", "rate", "day_count", "end", "owed"),
    [
        ("simple", "0.21", "ACT/360", date(2024, 6, 29), "105000.00"),  # 180 days: half of 21 %
        ("annually", "0.21", "ACT/360", date(2024, 6, 29), "100000.00"),  # the square root of 1.21 is 1.1
        ("simple", "0.365", "ACT/365F", date(2024, 1, 3), "2000.00"),  # two days of 0.1 %
        ("daily", "0.365", "ACT/365F", date(2024, 1, 3), "2001.00"),  # 1.001² = 1.002001
        # 31 days, of which January has 30: 1.001³⁰ - 1 = 0.03 + 435e-6 + 4060e-9 + 27405e-12 + 142506e-15 + …
        ("daily", "0.36", "30/360", date(2024, 2, 1), "30439.09"),
        ("simple", "0.073", "ACT/365F", date(2025, 1, 1), "73200.00"),  # 366 days of 0.02 %
        ("simple", "0.0732", "ACT/ACT", date(2025, 1, 1), "73200.00"),  # the whole of a leap year
        ("annually", "0", "ACT/365F", date(2025, 1, 1), "0"),
    ],
)
def test_what_is_owed_on_a_million(compounding: str, rate: str, day_count: str, end: date, owed: str) -> None:
    agreed = terms(compounding=compounding, preferred_return=Decimal(rate), day_count=day_count, carry=0)
    payments = european([called(Y2024, 1_000_000), paid_out(end, 2_000_000)], terms=agreed)
    assert sum(row.amount for row in payments if row.tier == "preferred_return") == Decimal(owed)


@pytest.mark.parametrize(("days", "owed"), [(1, "0"), (3, "0.02"), (13, "0.06"), (19, "0.10"), (35, "0.18")])
def test_half_a_cent_of_return_goes_to_the_even_cent(days: int, owed: str) -> None:
    # 36.50 × 5 % / 365 = 0.005 a day.
    agreed = terms(compounding="simple", preferred_return=Decimal("0.05"), carry=0)
    end = Y2021 + timedelta(days=days)
    payments = european([called(Y2021, "36.50"), paid_out(end, 100)], terms=agreed)
    assert sum(row.amount for row in payments if row.tier == "preferred_return") == Decimal(owed)


def test_a_day_that_the_day_count_does_not_count_earns_nothing() -> None:
    agreed = terms(compounding="daily", day_count="30E/360")
    events = [
        called(date(2021, 3, 30), 100),
        paid_out(date(2021, 3, 31), 100),
        paid_out(date(2021, 4, 1), 10),
    ]
    # From the 30th to the 31st is no day, and then there is no capital left to earn.
    assert [row.tier.value for row in european(events, terms=agreed)] == [
        "return_of_capital",
        "split",
        "split",
    ]


def test_a_simple_return_earns_nothing_while_it_waits() -> None:
    events = [called(Y2021, 1_000_000), paid_out(Y2022, 1_000_000), paid_out(Y2024, 80_100)]
    # 80,000 of 2022 are still 80,000; 100 go into the catch-up.
    assert told(european(events, terms=terms(compounding="simple")))[1:] == [
        (Y2024, "preferred_return", "investors", "80000.00"),
        (Y2024, "catch_up", "manager", "100.00"),
    ]


def test_investors_with_exactly_their_preferred_return_have_its_rate() -> None:
    # 1,000,000 × 1.08² - 500,000 × 1.08 = 626,400.
    events = [called(Y2021, 1_000_000), paid_out(Y2022, 500_000), paid_out(Y2023, 626_400)]
    payments = european(events, terms=terms())
    assert total(payments, to=Party.MANAGER) == 0
    rate = xirr([Y2021, *(row.on for row in payments)], [-1_000_000, *(row.amount for row in payments)])
    assert rate.value == pytest.approx(0.08, abs=1e-9)


def test_calls_come_before_distributions_of_their_day() -> None:
    events = [paid_out(Y2022, 300), called(Y2022, 100), called(Y2022, 100)]
    # 200 of capital, owed nothing yet on their first day; 100 are profit.
    assert told(european(events, terms=terms())) == [
        (Y2022, "return_of_capital", "investors", "200.00"),
        (Y2022, "split", "investors", "80.00"),
        (Y2022, "split", "manager", "20.00"),
    ]


def test_cash_before_any_call_is_profit_and_stays_so() -> None:
    events = [paid_out(Y2021, 500), called(Y2022, 1_000), paid_out(Y2022, 1_000)]
    assert told(european(events, terms=terms())) == [
        (Y2021, "split", "investors", "400.00"),
        (Y2021, "split", "manager", "100.00"),
        (Y2022, "return_of_capital", "investors", "1000.00"),
    ]


def test_cents_of_carry_do_not_add_up() -> None:
    # A fifth of 0.01, 0.02, … 0.05: a manager has its first cent at 0.03, and no second one by 0.05.
    fen = [paid_out(Y2021 + timedelta(days=day), "0.01") for day in range(5)]
    assert [row.to.value for row in european(fen, terms=terms())] == [
        "investors", "investors", "manager", "investors", "investors",
    ]  # fmt: skip


def test_half_a_cent_is_the_investors() -> None:
    halves = terms(carry=Decimal("0.5"))
    assert told(european([paid_out(Y2021, "0.01")], terms=halves)) == [(Y2021, "split", "investors", "0.01")]
    assert total(european([paid_out(Y2021, "0.03")], terms=halves), to=Party.MANAGER) == Decimal("0.01")


def test_half_a_cent_is_the_investors_though_the_catch_up_has_no_last_digit() -> None:
    # The catch-up ends after a quarter of 80,000.02 over 0.55 - 0.25: a number that three does not divide.
    # All profit is 300,000.02, a quarter of it 75,000.005.
    events = [called(Y2021, "1000000.19"), paid_out(Y2022, "1300000.21")]
    thirds = terms(carry=Decimal("0.25"), catch_up=Decimal("0.55"))
    assert total(european(events, terms=thirds), to=Party.MANAGER) == 75_000


def test_a_manager_may_be_promised_everything_or_nothing_of_the_split() -> None:
    for carry, catch_up, to in ((0, 1, "investors"), (1, 0, "manager")):
        rows = told(european(MILLION_AND_A_FIFTH, terms=terms(carry=carry, catch_up=catch_up)))[2:]
        assert rows == [(Y2022, "split", to, "120000.00")]


def test_who_would_get_what_if_the_fund_were_realised_today() -> None:
    events = [called(Y2021, 1_000_000), paid_out(Y2022, 600_000)]
    # The first example again: 1,000,000 of net asset value in place of its last distribution.
    rows = hypothetical(events, nav=Decimal(1_000_000), on=Y2023, terms=terms())
    assert told(rows) == [
        (Y2023, "return_of_capital", "investors", "400000.00"),
        (Y2023, "preferred_return", "investors", "118400.00"),
        (Y2023, "catch_up", "manager", "29600.00"),
        (Y2023, "split", "investors", "361600.00"),
        (Y2023, "split", "manager", "90400.00"),
    ]


def test_what_was_paid_on_the_day_itself_is_no_longer_hypothetical() -> None:
    rows = hypothetical(MILLION_AND_A_FIFTH, nav=Decimal(10), on=Y2022, terms=terms())
    assert told(rows) == [(Y2022, "split", "investors", "8.00"), (Y2022, "split", "manager", "2.00")]


def test_a_fund_worth_nothing_pays_nobody() -> None:
    assert hypothetical(MILLION_AND_A_FIFTH, nav=Decimal(0), on=Y2024, terms=terms()) == []


def test_deal_by_deal_the_manager_earns_on_an_early_winner() -> None:
    winner = Deal([(Y2021, Decimal(1_000_000))], [(Y2022, Decimal(4_000_000))])
    waiting = Deal([(Y2021, Decimal(1_000_000))])
    # 1,000,000 and 80,000 for the winner's capital alone; 20,000; then 580,000 of 2,900,000.
    assert told(american([waiting, winner], terms=terms())) == [
        (Y2022, "return_of_capital", "investors", "1000000.00"),
        (Y2022, "preferred_return", "investors", "80000.00"),
        (Y2022, "catch_up", "manager", "20000.00"),
        (Y2022, "split", "investors", "2320000.00"),
        (Y2022, "split", "manager", "580000.00"),
    ]


def test_a_loss_that_comes_first_is_made_good_first() -> None:
    loser = Deal([(Y2021, Decimal(500_000))], expenses=[(Y2022, Decimal(10_000))], written_off=Y2022)
    winner = Deal([(Y2022, Decimal(1_000_000))], [(Y2023, Decimal(2_000_000))])
    # By 2023, 1,510,000 of capital. Owed on it: 500,000 × (1.08² - 1) = 83,200; 8 % of 1,010,000 = 80,800.
    # A quarter of 164,000 is 41,000. Over are 2,000,000 - 1,510,000 - 164,000 - 41,000 = 285,000.
    assert told(american([winner, loser], terms=terms())) == [
        (Y2023, "return_of_capital", "investors", "1510000.00"),
        (Y2023, "preferred_return", "investors", "164000.00"),
        (Y2023, "catch_up", "manager", "41000.00"),
        (Y2023, "split", "investors", "228000.00"),
        (Y2023, "split", "manager", "57000.00"),
    ]


def test_a_deal_in_part_sold_has_all_its_capital_returned() -> None:
    deal = Deal(
        [(Y2021, Decimal(1_000)), (Y2022, Decimal(500))], [(Y2021, Decimal(0)), (Y2022, Decimal(300))]
    )
    other = Deal([(Y2021, Decimal(100))], [(Y2022, Decimal(1_000))])
    # 1,600 of capital are realised by 1,300 of proceeds.
    assert told(american([deal, other], terms=terms())) == [
        (Y2022, "return_of_capital", "investors", "1300.00")
    ]


def test_money_put_into_a_realised_deal_is_returned_before_more_carry() -> None:
    deal = Deal([(Y2021, Decimal(100)), (Y2023, Decimal(50))], [(Y2022, Decimal(200)), (Y2023, Decimal(60))])
    # 2023: 50 of capital, in for no day, then 8 and 2.
    assert told(american([deal], terms=terms()))[-3:] == [
        (Y2023, "return_of_capital", "investors", "50.00"),
        (Y2023, "split", "investors", "8.00"),
        (Y2023, "split", "manager", "2.00"),
    ]


def test_with_a_preferred_return_the_whole_fund_may_pay_more_carry_at_last() -> None:
    winner = Deal([(Y2021, Decimal(1_000_000))], [(Y2022, Decimal(10_000_000))])
    even = Deal([(Y2021, Decimal(1_000_000))], [(Y2023, Decimal(1_166_400))])
    events = whole_fund_events([winner, even])
    assert money(events, Kind.CONTRIBUTION) == 2_000_000
    by_deal, by_fund = american([winner, even], terms=terms()), european(events, terms=terms())
    # Early: 20 % of 9,000,000 against 20 % of 8,000,000.
    assert total(by_deal, to=Party.MANAGER, until=Y2022) == 1_800_000
    assert total(by_fund, to=Party.MANAGER, until=Y2022) == 1_600_000
    # Late: the second deal gives its capital and 8 % a year, not a cent over. The whole fund has long paid both.
    assert total(by_deal, to=Party.MANAGER) == 1_800_000
    assert total(by_fund, to=Party.MANAGER) == 1_600_000 + Decimal("0.2") * 1_166_400
