"""What the database itself refuses, tried by raw SQL with every operation left aside."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds.models import Fund, FundEvent, Holding, HoldingEvent, Investor
from tests.funds.conftest import CITY, COMPANY, Desk, found_fund, made


def _insert(table: str, **row: Any) -> None:
    names = ", ".join(row)
    marks = ", ".join(["%s"] * len(row))
    with scoping.within(EVERYTHING), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def event(funded: Desk) -> dict[str, Any]:
    """A row that the ledger accepts."""
    with scoping.within(EVERYTHING):
        fund, city = Fund.objects.get(code="angel"), Investor.objects.get(name=CITY)
        by = FundEvent.objects.all()[0].recorded_by_id
    return {
        "public_id": "fe_x", "fund_id": fund.pk, "investor_id": city.pk, "kind": "commitment",
        "amount": "5.00", "effective_date": "2022-07-01", "recorded_at": "2022-07-01 00:00:00+00",
        "recorded_by_id": by, "note": "", "reverses_id": None,
    }  # fmt: skip


@pytest.fixture
def deal(funded: Desk, event: dict[str, Any]) -> dict[str, Any]:
    """A row that a holding accepts."""
    made(funded.invest("3.00", "2022-07-01"))
    with scoping.within(EVERYTHING):
        holding = Holding.objects.get().pk
    return {
        "public_id": "he_x", "holding_id": holding, "kind": "exit", "cash": "2.00", "cost": "1.00",
        "effective_date": "2022-08-01", "recorded_at": "2022-08-01 00:00:00+00",
        "recorded_by_id": event["recorded_by_id"], "note": "", "reverses_id": None,
    }  # fmt: skip


def _first_event(kind: str) -> int:
    with scoping.within(EVERYTHING):
        return FundEvent.objects.filter(kind=kind).order_by("pk")[0].pk


def test_rows_as_they_should_be_are_taken(event: dict[str, Any], deal: dict[str, Any]) -> None:
    _insert("funds_fundevent", **event)
    _insert("funds_holdingevent", **deal)
    with scoping.within(EVERYTHING):
        assert FundEvent.objects.filter(public_id="fe_x").exists()
        assert HoldingEvent.objects.filter(public_id="he_x").exists()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"amount": "0.00"}, "fund_event_amount_is_positive"),
        ({"amount": "-1.00"}, "fund_event_amount_is_positive"),
        ({"amount": "NaN"}, "fund_event_amount_is_positive"),
        ({"kind": "gift", "investor_id": None}, "fund_event_kind_is_known"),
        ({"investor_id": None}, "capital_events_name_their_investor"),
        ({"kind": "fee"}, "capital_events_name_their_investor"),
        ({"kind": "release", "investor_id": None}, "capital_events_name_their_investor"),
        ({"nature": "gain"}, "only_a_distribution_has_a_nature"),
        ({"kind": "distribution", "nature": "gift"}, "only_a_distribution_has_a_nature"),
        ({"recallable": True}, "only_a_distribution_is_recallable"),
        ({"outside_commitment": True}, "only_calls_and_contributions_stand_outside_the_commitment"),
        ({"moved": "out"}, "a_transfer_moves_capital_under_a_notice"),
        ({"moved": "up", "notice": "fn_x"}, "a_transfer_moves_capital_under_a_notice"),
    ],
)
def test_an_event_that_breaks_its_row(event: dict[str, Any], change: dict[str, Any], name: str) -> None:
    with pytest.raises(DatabaseError, match=name):
        _insert("funds_fundevent", **{**event, **change})


def test_an_investor_of_another_fund(event: dict[str, Any], api: Any) -> None:
    found_fund(api, code="second")
    with scoping.within(EVERYTHING):
        stranger = Investor.objects.get(fund__code="second", name=CITY).pk
    with pytest.raises(DatabaseError, match="investor_is_of_the_same_fund"):
        _insert("funds_fundevent", **{**event, "investor_id": stranger})


@pytest.mark.parametrize("change", [{"amount": "4.99"}, {"kind": "call"}])
def test_a_reversal_of_another_kind_or_amount(event: dict[str, Any], change: dict[str, Any]) -> None:
    first = _first_event("commitment")
    same = {**event, "amount": "100000000.00", "reverses_id": first}
    with pytest.raises(DatabaseError, match="reversal_repeats_the_fund_event"):
        _insert("funds_fundevent", **{**same, **change})
    _insert("funds_fundevent", **same)


def test_a_reversal_for_another_investor(event: dict[str, Any]) -> None:
    with scoping.within(EVERYTHING):
        other = Investor.objects.get(name=COMPANY).pk
    first = _first_event("commitment")
    wrong = {**event, "amount": "100000000.00", "reverses_id": first, "investor_id": other}
    with pytest.raises(DatabaseError, match="reversal_repeats_the_investor"):
        _insert("funds_fundevent", **wrong)


def test_a_second_reversal_and_one_of_a_reversal(event: dict[str, Any]) -> None:
    same = {**event, "amount": "100000000.00", "reverses_id": _first_event("commitment")}
    _insert("funds_fundevent", **same)
    with pytest.raises(DatabaseError, match="reverses_id"):
        _insert("funds_fundevent", **{**same, "public_id": "fe_y"})
    with scoping.within(EVERYTHING):
        reversal = FundEvent.objects.get(public_id="fe_x").pk
    with pytest.raises(DatabaseError, match="a reversal is not reversed"):
        _insert("funds_fundevent", **{**same, "public_id": "fe_y", "reverses_id": reversal})


def test_a_transfer_taken_back_or_corrected_row_by_row(event: dict[str, Any]) -> None:
    _insert("funds_fundevent", **{**event, "moved": "out", "notice": "fn_x"})
    with scoping.within(EVERYTHING):
        moved = FundEvent.objects.get(public_id="fe_x").pk
    for column in ("reverses_id", "corrects_id"):
        with pytest.raises(DatabaseError, match="a transfer is not taken back row by row"):
            _insert("funds_fundevent", **{**event, "public_id": "fe_y", column: moved})


def test_a_correction_of_what_stands_or_of_another_kind(event: dict[str, Any]) -> None:
    first = _first_event("commitment")
    with pytest.raises(DatabaseError, match="what is corrected has been taken back"):
        _insert("funds_fundevent", **{**event, "corrects_id": first})
    with pytest.raises(DatabaseError, match="a correction is of the same fund, investor and kind"):
        _insert("funds_fundevent", **{**event, "kind": "call", "corrects_id": first})


def test_a_row_that_takes_back_and_corrects_at_once(event: dict[str, Any], funded: Desk) -> None:
    call = made(funded.event("call", "1.00", "2022-06-11", investor=CITY))
    made(funded.reverse(call["id"], "2022-06-11"))
    back = {**event, "amount": "100000000.00", "reverses_id": _first_event("commitment")}
    with scoping.within(EVERYTHING):
        corrected = FundEvent.objects.get(public_id=call["id"]).pk
    with pytest.raises(DatabaseError, match="a_correction_is_no_reversal"):
        _insert("funds_fundevent", **{**back, "corrects_id": corrected})


def test_a_reversal_that_says_something_else_of_itself(event: dict[str, Any], funded: Desk) -> None:
    made(funded.event("distribution", "1.00", "2022-07-01", investor=CITY, recallable=True))
    back = {**event, "kind": "distribution", "amount": "1.00", "reverses_id": _first_event("distribution")}
    with pytest.raises(DatabaseError, match="says the same of itself"):
        _insert("funds_fundevent", **back)
    _insert("funds_fundevent", **{**back, "recallable": True})


def test_a_reversal_before_its_event(event: dict[str, Any]) -> None:
    early = {"amount": "100000000.00", "reverses_id": _first_event("commitment")}
    with pytest.raises(DatabaseError, match="does not precede"):
        _insert("funds_fundevent", **{**event, **early, "effective_date": "2022-05-31"})


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kind": "investment"}, "cash_and_cost_fit_the_kind"),
        ({"kind": "write_off"}, "cash_and_cost_fit_the_kind"),
        ({"cost": "0.00"}, "cash_and_cost_fit_the_kind"),
        ({"kind": "dividend"}, "cash_and_cost_fit_the_kind"),
        ({"kind": "income"}, "cash_and_cost_fit_the_kind"),
        ({"kind": "recovery", "cash": "0.00", "cost": "0.00"}, "cash_and_cost_fit_the_kind"),
        ({"cash": "-1.00"}, "holding_cash_is_not_negative"),
        ({"cash": "NaN"}, "holding_cash_is_not_negative"),
        ({"cost": "NaN"}, "holding_cost_is_not_negative"),
    ],
)
def test_a_deal_that_breaks_its_row(deal: dict[str, Any], change: dict[str, Any], name: str) -> None:
    with pytest.raises(DatabaseError, match=name):
        _insert("funds_holdingevent", **{**deal, **change})


def test_a_deals_reversal_of_another_amount(deal: dict[str, Any]) -> None:
    with scoping.within(EVERYTHING):
        bought = HoldingEvent.objects.get().pk
    same = {**deal, "kind": "investment", "cash": "3.00", "cost": "3.00", "reverses_id": bought}
    with pytest.raises(DatabaseError, match="reversal_repeats_the_holding_event"):
        _insert("funds_holdingevent", **{**same, "cash": "2.00", "cost": "2.00"})
    _insert("funds_holdingevent", **same)


def test_two_holdings_in_one_firm_one_in_nobody_and_a_fund_in_itself(deal: dict[str, Any]) -> None:
    with scoping.within(EVERYTHING):
        held = Holding.objects.get()
    row = {"public_id": "ho_x", "fund_id": held.fund_id, "firm_id": held.firm_id, "sub_fund_id": None}
    for change, name in (
        ({}, "one_holding_per_investee"),
        ({"firm_id": None}, "holding_is_in_a_firm_or_a_sub_fund"),
        ({"firm_id": None, "sub_fund_id": held.fund_id}, "fund_does_not_hold_itself"),
    ):
        with pytest.raises(DatabaseError, match=name):
            _insert("funds_holding", **{**row, **change})


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"fair_value": "-0.01"}, "fair_value_is_not_negative"),
        ({"fair_value": "NaN"}, "fair_value_is_not_negative"),
        ({"method": "guess"}, "valuation_method_is_known"),
    ],
)
def test_a_value_that_is_not_one(deal: dict[str, Any], change: dict[str, Any], name: str) -> None:
    row = {key: deal[key] for key in ("holding_id", "effective_date", "recorded_at", "recorded_by_id")}
    row |= {"public_id": "va_x", "fair_value": "1.00", "method": "cost"}
    with pytest.raises(DatabaseError, match=name):
        _insert("funds_valuation", **{**row, **change})


@pytest.mark.parametrize("table", ["funds_fundevent", "funds_holdingevent", "funds_valuation"])
def test_facts_are_not_rewritten_even_by_the_owner(
    deal: dict[str, Any], owner_connection: Any, table: str
) -> None:
    import psycopg

    for statement in (f"UPDATE {table} SET effective_date = '2022-01-01'", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(psycopg.Error, match="append-only"):
            owner_connection.execute(statement)
