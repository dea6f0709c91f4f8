"""What the database itself refuses of rounds, rights and shares, tried by raw SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds.models import Holding, HoldingEvent, Round, Security, Units
from tests.cast import Api
from tests.funds.conftest import OTHER_FIRM, Desk, found_fund, made
from tests.funds.raw import insert
from tests.funds.shares import ANGEL, A, Book

TABLES = {"rounds": Round, "securities": Security, "units": Units}


@pytest.fixture
def scene(funded: Desk, api: Callable[[str], Api]) -> dict[str, Any]:
    """Rounds, shares, a convertible and a warrant that the database has taken; and things of others."""
    book = Book(funded)
    angel = made(book.round(ANGEL))
    bought = made(book.buy("1000000.00", "2022-07-01", shares=500_000, round=angel["id"]))
    made(book.round(A))
    plain, lent = (made(book.buy("1000000.00", "2023-09-01")) for _ in range(2))
    made(book.convertible(lent["id"]))
    made(book.warrant())
    sold = made(book.sell(bought["holding"], cash="1.00", on="2023-10-01", cost="1.00"))
    made(book.desk.receive(bought["holding"], "income", "1.00", on="2023-10-01"))
    elsewhere = made(book.desk.invest("5.00", "2023-09-01", uscc=OTHER_FIRM, firm_name="另一家企业"))
    found_fund(api, code="seed", tier="sub", name="种子")
    made(book.desk.invest("5.00", "2023-09-01", sub_fund="seed"))
    with scoping.within(EVERYTHING):
        return {
            "angel": Round.objects.get(name="天使轮"), "a": Round.objects.get(name="A 轮"),
            "holding": Holding.objects.get(public_id=bought["holding"]),
            "other": Holding.objects.get(public_id=elsewhere["holding"]),
            "sub": Holding.objects.get(sub_fund__code="seed"),
            "plain": HoldingEvent.objects.get(public_id=plain["id"]),
            "lent": HoldingEvent.objects.get(public_id=lent["id"]),
            "bought": HoldingEvent.objects.get(public_id=bought["id"]),
            "sold": HoldingEvent.objects.get(public_id=sold["id"]),
            "income": HoldingEvent.objects.get(kind="income"),
            "convertible": Security.objects.get(kind="convertible"),
            "warrant": Security.objects.get(kind="warrant"),
        }  # fmt: skip


def row_of(one: Any, **change: Any) -> dict[str, Any]:
    columns = [field.attname for field in type(one)._meta.concrete_fields if field.attname != "id"]
    return {column: getattr(one, column) for column in columns} | {"public_id": "xx_x", **change}


def refuses(one: Any, rule: str, /, **change: Any) -> None:
    with pytest.raises(DatabaseError, match=rule):
        insert(type(one)._meta.db_table, **row_of(one, **change))


def test_rounds_that_do_not_add_up(scene: dict[str, Any]) -> None:
    fresh = {"name": "B 轮"}
    for change, name in (
        ({"post_money": "50000000.01"}, "post_money_is_pre_money_and_raised"),
        ({"pre_money": "0.00", "post_money": "10000000.00"}, "pre_money_is_positive"),
        ({"raised": "NaN", "post_money": "NaN"}, "post_money_is_positive|raised_is_positive"),
        ({"new_shares": 0}, "price_is_what_was_raised|round_issues_a_part"),
        ({"shares_after": 1_250_000}, "round_issues_a_part_of_the_shares"),
        ({"shares_after": 10**14}, "round_issues_a_part_of_the_shares"),
        ({"price": "0"}, "price_is_what_was_raised|round_has_a_price"),
        ({"price": "NaN"}, "price_is_what_was_raised|round_has_a_price"),
        ({"price": "8.000001"}, "price_is_what_was_raised_for_a_share"),
        ({"shares_after": 6_250_006}, "shares_and_money_agree_to_one_share"),
        ({"name": " "}, "round_has_a_name"),
        ({"document": ""}, "round_names_its_document"),
        ({"effective_date": "2099-01-01"}, "round_is_not_dated_in_the_future"),
    ):
        refuses(scene["a"], name, **fresh | change)
    refuses(scene["a"], "a_round_of_a_firm_is_recorded_once")
    insert("funds_round", **row_of(scene["a"], **fresh))


def test_reversals_of_rounds_that_are_none(scene: dict[str, Any]) -> None:
    of = {"reverses_id": scene["a"].pk}
    refuses(scene["a"], "a_reversal_repeats_its_round", **of, name="B 轮")
    refuses(scene["a"], "a_reversal_repeats_its_round", **of, effective_date="2023-07-02")
    refuses(scene["angel"], "a_round_with_shares_of_ours_stands", reverses_id=scene["angel"].pk)
    insert("funds_round", **row_of(scene["a"], **of))
    refuses(scene["a"], "reverses_id", **of, public_id="xx_y")


def test_rights_whose_terms_are_none(scene: dict[str, Any]) -> None:
    loan, right = scene["convertible"], scene["warrant"]
    for change, name in (
        ({"kind": "gift"}, "security_kind_is_known|terms_fit_the_kind_of_security"),
        ({"annual_rate_pct": None}, "terms_fit_the_kind_of_security"),
        ({"annual_rate_pct": "-1"}, "terms_fit_the_kind_of_security"),
        ({"event_id": None}, "terms_fit_the_kind_of_security"),
        ({"shares": 1}, "terms_fit_the_kind_of_security"),
        ({"cap": "0"}, "cap_is_positive"),
        ({"discount_pct": "0"}, "discount_is_a_part_of_the_price"),
        ({"ends_on": "2023-09-01"}, "security_ends_after_it_began"),
        ({"reference": "RG-1"}, "reference_is_of_a_bank"),
        ({"document": "\t"}, "security_names_its_document"),
        ({"effective_date": "2023-09-02"}, "a_convertible_is_what_an_investment_bought"),
        (
            {"event_id": scene["sold"].pk, "effective_date": "2023-10-01"},
            "a_convertible_is_what_an_investment",
        ),
        ({"firm_id": scene["other"].firm_id}, "a_convertible_is_what_an_investment_bought"),
        ({}, "an_investment_bought_one_thing"),
        ({"event_id": scene["bought"].pk, "effective_date": "2022-07-01"}, "an_investment_bought_one_thing"),
    ):
        refuses(loan, name, **{"event_id": scene["plain"].pk, **change} if change else {})
    for change in (
        {"strike": None}, {"strike": "0"}, {"strike": "NaN"}, {"share_pct": "1"}, {"shares": None}, {"cap": "1"},
        {"shares": None, "share_pct": "100"}, {"annual_rate_pct": "1"},
    ):  # fmt: skip
        refuses(right, "terms_fit_the_kind_of_security", **change)
    refuses(right, "warrant_is_for_some_shares", shares=0)
    refuses(right, "security_is_not_dated_in_the_future", effective_date="2099-01-01", ends_on="2100-01-01")
    refuses(right, "a_reversal_repeats_its_security", reverses_id=loan.pk, effective_date="2023-10-01")
    insert("funds_security", **row_of(right, public_id="xx_y"))
    insert("funds_security", **row_of(loan, event_id=scene["plain"].pk))


def test_shares_that_come_from_nowhere_or_go_twice(scene: dict[str, Any]) -> None:
    with scoping.within(EVERYTHING):
        first = Units.objects.get(event=scene["bought"])
    on = {"event_id": scene["plain"].pk, "round_id": None, "effective_date": "2023-09-01"}
    convert = {
        "kind": "converted", "event_id": None, "round_id": scene["a"].pk, "security_id": scene["convertible"].pk,
        "effective_date": "2023-09-02",
    }  # fmt: skip
    sell = {
        "kind": "released",
        "event_id": scene["sold"].pk,
        "round_id": None,
        "effective_date": "2023-10-01",
    }
    for change, name in (
        ({**on, "shares": 0}, "units_are_some_shares"),
        ({**on, "shares": -1}, "units_are_some_shares"),
        ({**on, "kind": "gift"}, "units_name_what_they_come_from"),
        ({**on, "kind": "exercised"}, "units_name_what_they_come_from"),
        ({**on, "kind": "converted"}, "units_name_what_they_come_from"),
        ({**convert, "round_id": None}, "units_name_what_they_come_from"),
        ({**on, "holding_id": scene["other"].pk}, "units_are_of_an_entry_of_their_holding"),
        ({**on, "effective_date": "2023-09-02"}, "units_are_of_an_entry_of_their_holding"),
        ({**on, "event_id": scene["sold"].pk, "effective_date": "2023-10-01"}, "units_are_of_an_entry"),
        ({**on, "event_id": scene["income"].pk, "effective_date": "2023-10-01"}, "units_are_of_an_entry"),
        ({**on, "holding_id": scene["sub"].pk}, "shares_are_of_a_firm"),
        ({}, "units_are_entered_once"),
        ({**on, "event_id": scene["lent"].pk}, "units_are_entered_once"),
        ({**convert, "effective_date": "2023-06-30"}, "units_are_of_a_round_of_their_firm"),
        ({**convert, "effective_date": "2023-08-31"}, "units_are_of_a_security_of_their_holding"),
        ({**convert, "security_id": scene["warrant"].pk}, "units_are_of_a_security_of_their_holding"),
        ({**convert, "holding_id": scene["other"].pk, "round_id": scene["a"].pk}, "units_are_of_a_round"),
        ({**sell, "shares": 500_001}, "no_more_shares_go_than_are_held"),
        ({"reverses_id": first.pk, "shares": 499_999}, "reversal_repeats_the_units"),
        ({"reverses_id": first.pk, "round_id": None}, "a_reversal_repeats_its_units"),
        ({"reverses_id": first.pk, "effective_date": "2022-06-30"}, "a reversal does not precede its event"),
        ({**on, "effective_date": "2099-01-01"}, "units_are_of_an_entry|units_is_not_dated_in_the_future"),
    ):
        refuses(first, name, **change)
    insert("funds_units", **row_of(first, **convert))
    refuses(first, "units_are_entered_once", **convert, public_id="xx_y")
    refuses(scene["convertible"], "a_security_that_was_used_stands", reverses_id=scene["convertible"].pk)
    insert("funds_units", **row_of(first, **sell, public_id="xx_z"))


def test_shares_of_a_round_in_anothers_book(scene: dict[str, Any], cast: Any) -> None:
    with scoping.within(EVERYTHING):
        own = {"organisation_id": cast.organisation("industry-manager").pk, "public_id": "xx_z"}
        theirs = Round.objects.create(**row_of(scene["a"], **own))
        row = row_of(Units.objects.get(event=scene["bought"]), kind="converted", event_id=None, round_id=theirs.pk,
                     security_id=scene["convertible"].pk, effective_date="2023-09-02")  # fmt: skip
    for scope in (EVERYTHING, cast["manager_angel"].scope):
        with pytest.raises(DatabaseError, match="units_are_of_a_round_of_their_firm"), scoping.within(scope):
            Units.objects.create(**row)


def test_only_an_exit_has_a_route(scene: dict[str, Any]) -> None:
    refuses(scene["plain"], "only_an_exit_has_a_route", route="buy_back")
    refuses(scene["sold"], "only_an_exit_has_a_route", route="gift")
    insert("funds_holdingevent", **row_of(scene["sold"], route="buy_back"))


def test_facts_are_not_rewritten_even_by_the_owner(scene: dict[str, Any], owner_connection: Any) -> None:
    for table in ("funds_round", "funds_security", "funds_units"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(psycopg.Error, match="append-only"):
                owner_connection.execute(statement)


def test_rows_of_another_house_are_hidden_by_the_database_itself(scene: dict[str, Any], cast: Any) -> None:
    def seen(name: str) -> list[bool]:
        with scoping.within(cast[name].scope), connection.cursor() as cursor:
            found = []
            for model in TABLES.values():
                cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")  # noqa: S608
                found.append(cursor.fetchone()[0] > 0)
        return found

    assert seen("manager_angel") == seen("auditor") == [True] * len(TABLES)
    assert seen("manager_industry") == seen("admin") == seen("bank_a") == [False] * len(TABLES)


def test_nobody_writes_into_anothers_book(scene: dict[str, Any], cast: Any) -> None:
    stranger, row = cast["manager_industry"], row_of(scene["a"], name="B 轮")
    with pytest.raises(DatabaseError, match="row-level security"), scoping.within(stranger.scope):
        Round.objects.create(**row)
