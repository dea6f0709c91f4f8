"""What holds for the waterfall of any fund."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tasks.engine.returns import xnfv
from tasks.engine.waterfall import (
    Deal,
    Event,
    Kind,
    Party,
    Terms,
    Tier,
    american,
    european,
    hypothetical,
    whole_fund_events,
)
from tests.engine.flows import START
from tests.engine.waterfalls import CENT, DAYS, DEALS, EVENTS, FEN, agreements, called, money, paid_out, total

END = START + timedelta(days=3_650)
RICH = Decimal(10) ** 12


def _half_down(amount: Decimal) -> Decimal:
    """To the cent, half a cent to the investors; amounts here are not negative."""
    cents, rest = divmod(amount, CENT)
    return (cents + (rest > CENT / 2)) * CENT


def _share_at_last(payments: Any, agreed: Terms, *, profit: Decimal) -> bool:
    return total(payments, to=Party.MANAGER) == _half_down(Decimal(agreed.carry) * profit)


@given(events=EVENTS, agreed=agreements())
def test_parts_add_up_to_every_distribution(events: list[Event], agreed: Terms) -> None:
    payments = european(events, terms=agreed)
    assert all(row.amount > 0 and row.amount == round(row.amount, 2) for row in payments)
    tiers, parties = list(Tier), list(Party)
    keys = [(row.on, tiers.index(row.tier), parties.index(row.to)) for row in payments]
    assert keys == sorted(set(keys))
    for day in {each.on for each in events} | {row.on for row in payments}:
        cash = sum(row.amount for row in payments if row.on == day)
        assert cash == sum(
            each.amount for each in events if each.on == day and each.kind is Kind.DISTRIBUTION
        )


@given(deals=DEALS, agreed=agreements())
def test_parts_add_up_deal_by_deal(deals: list[Deal], agreed: Terms) -> None:
    payments = american(deals, terms=agreed)
    assert all(row.amount > 0 and row.amount == round(row.amount, 2) for row in payments)
    events = whole_fund_events(deals)
    for day in {each.on for each in events} | {row.on for row in payments}:
        cash = sum(row.amount for row in payments if row.on == day)
        assert cash == sum(
            each.amount for each in events if each.on == day and each.kind is Kind.DISTRIBUTION
        )


@given(events=EVENTS, agreed=agreements(compounding="annually", day_count="ACT/365F"))
def test_no_carry_before_capital_and_its_return(events: list[Event], agreed: Terms) -> None:
    """By the day of a carry, the investors' own flows are worth nothing less than nothing at the preferred rate."""
    payments = european([*events, paid_out(END, 10**9)], terms=agreed)
    for day in {row.on for row in payments if row.to is Party.MANAGER}:
        flows = [(each.on, -Decimal(each.amount)) for each in events if each.kind is Kind.CONTRIBUTION]
        flows += [(row.on, row.amount) for row in payments if row.to is Party.INVESTORS]
        known = [(on, amount) for on, amount in flows if on <= day] + [(day, Decimal(0))]
        worth = xnfv(float(agreed.preferred_return), *zip(*known, strict=True))
        assert worth >= -0.05 * len(known)


@given(events=EVENTS, agreed=agreements())
def test_no_carry_on_capital(events: list[Event], agreed: Terms) -> None:
    payments = european(events, terms=agreed)
    returned = [row for row in payments if row.tier is Tier.RETURN_OF_CAPITAL]
    for day in {row.on for row in payments if row.tier is not Tier.RETURN_OF_CAPITAL}:
        assert total(returned, until=day) == money(events, Kind.CONTRIBUTION, until=day)


@given(events=EVENTS, agreed=agreements(), enough=st.integers(0, 10**6))
def test_after_a_full_catch_up_the_manager_has_exactly_its_share(
    events: list[Event], agreed: Terms, enough: int
) -> None:
    full = Terms(agreed.carry, agreed.preferred_return, agreed.compounding, agreed.day_count, catch_up=1)
    rich = [*events, paid_out(END, str(RICH + enough * CENT))]
    profit = money(rich, Kind.DISTRIBUTION) - money(rich, Kind.CONTRIBUTION)
    assert _share_at_last(european(rich, terms=full), full, profit=profit)


@given(events=EVENTS, agreed=agreements())
def test_the_manager_never_has_more_than_its_share(events: list[Event], agreed: Terms) -> None:
    payments = european(events, terms=agreed)
    beyond = [row for row in payments if row.tier is not Tier.RETURN_OF_CAPITAL]
    for day in {row.on for row in payments}:
        share = Decimal(agreed.carry) * total(beyond, until=day)
        assert total(payments, to=Party.MANAGER, until=day) <= share + CENT / 2


@given(deals=DEALS, agreed=agreements(preferred_return=Decimal(0)))
def test_without_a_preferred_return_deal_by_deal_is_never_behind(deals: list[Deal], agreed: Terms) -> None:
    """The pool of realised deals is never more than the fund's capital, so its profit is never less."""
    events = whole_fund_events(deals)
    by_deal, by_fund = american(deals, terms=agreed), european(events, terms=agreed)
    for day in {each.on for each in events}:
        assert total(by_deal, to=Party.MANAGER, until=day) >= total(by_fund, to=Party.MANAGER, until=day)


@given(deals=DEALS, agreed=agreements(), rich=DAYS)
def test_wherever_it_has_its_full_share_deal_by_deal_is_not_behind(
    deals: list[Deal], agreed: Terms, rich: date
) -> None:
    full = Terms(agreed.carry, agreed.preferred_return, agreed.compounding, agreed.day_count, catch_up=1)
    deals = [*deals, Deal([(START, Decimal(1))], [(rich, RICH)])]
    by_deal, by_fund = american(deals, terms=full), european(whole_fund_events(deals), terms=full)
    beyond = [row for row in by_deal if row.tier is not Tier.RETURN_OF_CAPITAL]
    compared = 0
    for day in {row.on for row in by_deal}:
        carry = total(by_deal, to=Party.MANAGER, until=day)
        if carry == _half_down(Decimal(full.carry) * total(beyond, until=day)):
            compared += day >= rich
            assert carry >= total(by_fund, to=Party.MANAGER, until=day)
    assert compared


@given(deals=DEALS, agreed=agreements())
def test_the_whole_fund_never_pays_more_than_the_full_share_deal_by_deal(
    deals: list[Deal], agreed: Terms
) -> None:
    """The widest that holds for any terms and at every date.

    Deal by deal the investors have been given back no more capital, so no less of the cash was profit. Deal by deal
    is behind the whole fund by no more, then, than its own preferred return and catch-up hold back of its share.
    """
    by_deal, by_fund = american(deals, terms=agreed), european(whole_fund_events(deals), terms=agreed)
    beyond = [row for row in by_deal if row.tier is not Tier.RETURN_OF_CAPITAL]
    for day in {row.on for row in (*by_deal, *by_fund)}:
        share = Decimal(agreed.carry) * total(beyond, until=day)
        assert total(by_fund, to=Party.MANAGER, until=day) <= share + CENT / 2
        held_back = share - total(by_deal, to=Party.MANAGER, until=day)
        behind = total(by_fund, to=Party.MANAGER, until=day) - total(by_deal, to=Party.MANAGER, until=day)
        assert behind <= held_back + CENT / 2


@given(deal=DEALS.filter(bool), agreed=agreements(day_count="ACT/365F"))
def test_a_fund_of_one_deal_is_a_whole_fund(deal: list[Deal], agreed: Terms) -> None:
    first = Deal(deal[0].investments, deal[0].proceeds, deal[0].expenses)
    assert american([first], terms=agreed) == european(whole_fund_events([first]), terms=agreed)


@given(deals=DEALS, agreed=agreements(day_count="ACT/365F"))
def test_deals_written_off_at_once_are_a_whole_fund(deals: list[Deal], agreed: Terms) -> None:
    failed = [Deal(each.investments, each.proceeds, each.expenses, written_off=START) for each in deals]
    assert american(failed, terms=agreed) == european(whole_fund_events(failed), terms=agreed)


@given(events=EVENTS, agreed=agreements(catch_up=1), times=st.integers(2, 1_000))
def test_scaled_money_gives_scaled_results(events: list[Event], agreed: Terms, times: int) -> None:
    scaled = [Event(each.on, each.kind, each.amount * times) for each in events]
    before, after = european(events, terms=agreed), european(scaled, terms=agreed)
    # Half a cent of each preferred return, which the catch-up may double, and half a cent of carry.
    tolerance = CENT * times * (len(events) + 1)
    for party in Party:
        assert abs(total(before, to=party) * times - total(after, to=party)) <= tolerance


@given(
    events=EVENTS,
    agreed=agreements(),
    random=st.randoms(use_true_random=False),
    zeros=st.lists(st.builds(Event, DAYS, st.sampled_from(Kind), st.just(Decimal(0))), max_size=3),
)
def test_zero_events_and_the_order_of_rows_change_nothing(
    events: list[Event], agreed: Terms, random: Any, zeros: list[Event]
) -> None:
    mixed = events + zeros
    random.shuffle(mixed)
    assert european(mixed, terms=agreed) == european(events, terms=agreed)


@given(
    deals=DEALS,
    agreed=agreements(),
    random=st.randoms(use_true_random=False),
    days=st.lists(DAYS, max_size=3),
)
def test_zero_flows_and_the_order_of_deals_change_nothing(
    deals: list[Deal], agreed: Terms, random: Any, days: list[date]
) -> None:
    zeros = [(day, Decimal(0)) for day in days]
    mixed = [
        Deal(
            [*zeros, *reversed(each.investments)],
            [*zeros, *reversed(each.proceeds)],
            each.expenses,
            each.written_off,
        )
        for each in deals
    ]
    random.shuffle(mixed)
    assert american(mixed, terms=agreed) == american(deals, terms=agreed)


@given(events=EVENTS, agreed=agreements(), day=DAYS, amount=FEN, part=st.integers(0, 100))
def test_a_distribution_in_two_rows_is_one(
    events: list[Event], agreed: Terms, day: date, amount: Decimal, part: int
) -> None:
    some = round(amount * part / 100, 2)
    rows = [paid_out(day, str(some)), paid_out(day, str(amount - some))]
    assert european([*events, *rows], terms=agreed) == european(
        [*events, paid_out(day, str(amount))], terms=agreed
    )


@given(events=EVENTS, agreed=agreements(), nav=FEN)
def test_realising_a_fund_is_one_more_distribution(events: list[Event], agreed: Terms, nav: Decimal) -> None:
    extra = hypothetical(events, nav=nav, on=END, terms=agreed)
    assert (
        european([*events, paid_out(END, str(nav))], terms=agreed) == european(events, terms=agreed) + extra
    )


@given(amount=FEN, agreed=agreements())
def test_a_call_after_the_last_distribution_changes_no_payment(amount: Decimal, agreed: Terms) -> None:
    events = [called(START, 100), paid_out(START + timedelta(days=100), 150)]
    assert european([*events, called(END, str(amount))], terms=agreed) == european(events, terms=agreed)
