"""What the database itself refuses of deals, tried by raw SQL with every operation left aside."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds.models import Deal, DealChange, DealDocument, DealPayment, DealStep, Fund
from tests.funds.conftest import Desk, made
from tests.funds.following import NAME, Follower
from tests.funds.raw import DECIDED, NOON, add_step, header, insert, run, step_pk


@pytest.fixture
def follower(funded: Desk) -> Follower:
    return Follower(funded)


def test_rows_as_they_should_be_are_taken(follower: Follower) -> None:
    deal = follower.at("met")
    add_step(deal)
    add_step(deal, public_id="ds_y", place=3, stage="declined", reason="x", **DECIDED)
    assert follower.shown(deal)["stage"] == "declined"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"planned_amount": "0.00"}, "planned_amount_is_positive"),
        ({"planned_amount": "NaN"}, "planned_amount_is_positive"),
        ({"source": "dream"}, "deal_source_is_known"),
        ({"instrument": "loan"}, "deal_instrument_is_known"),
        ({"firm_id": None, "firm_name": " "}, "deal_names_whom_it_is_with"),
        ({"title": ""}, "deal_has_a_title"),
        ({"lead": "\t"}, "deal_has_a_lead"),
        ({"source": "bank", "referred_by": ""}, "referral_names_who_referred"),
    ],
)
def test_a_deal_that_breaks_its_row(follower: Follower, change: dict[str, Any], name: str) -> None:
    held = header(follower.at("met"))
    columns = [field.attname for field in Deal._meta.concrete_fields if field.attname != "id"]
    row = {column: getattr(held, column) for column in columns} | {"public_id": "dl_x"}
    with pytest.raises(DatabaseError, match=name):
        insert("funds_deal", **{**row, **change})
    insert("funds_deal", **row)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("version = version", "a_change_of_a_deal_makes_the_next_version"),
        ("version = version + 2", "a_change_of_a_deal_makes_the_next_version"),
        ("version = version + 1, public_id = 'dl_x'", "a_deal_stays_with_its_fund"),
        ("version = version + 1, fund_id = fund_id + 1", "a_deal_stays_with_its_fund"),
        ("version = version + 1, firm_id = NULL", "a_deal_keeps_its_firm_from_screening_on"),
    ],
)
def test_a_header_that_changes_too_much(follower: Follower, change: str, name: str) -> None:
    deal = follower.at("screening")
    with pytest.raises(DatabaseError, match=name):
        run(f"UPDATE funds_deal SET {change} WHERE public_id = %s", [deal])  # noqa: S608


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"version": 1}, "change_follows_the_first_version"),
        ({"version": 2}, "one_change_per_deal_version"),
        ({"version": 3, "changes": "{}"}, "deal_change_changes_something"),
    ],
)
def test_a_change_that_is_not_one(follower: Follower, change: dict[str, Any], name: str) -> None:
    held = header(follower.at("met"))
    assert follower.edit(held.public_id, 1, lead="李某").status_code == 200
    row = {
        "deal_id": held.pk, "changes": '{"lead": {}}', "recorded_at": NOON,
        "recorded_by_id": held.recorded_by_id,
    }  # fmt: skip
    with pytest.raises(DatabaseError, match=name):
        insert("funds_dealchange", **{**row, **change})


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"stage": "married", "at": "met"}, "the_stages_of_a_deal_go_forward_one_by_one"),
        ({"at": "met"}, "the_stages_of_a_deal_go_forward_one_by_one"),
        ({"stage": "due_diligence", "at": "due_diligence"}, "the_stages_of_a_deal_go_forward_one_by_one"),
        ({"stage": "met", "at": "met"}, "the_stages_of_a_deal_go_forward_one_by_one"),
        ({"stage": "reopened", "at": "met", "reason": "x"}, "the_stages_of_a_deal_go_forward_one_by_one"),
        (
            {"stage": "withdrawn", "at": "screening", "reason": "x"},
            "the_stages_of_a_deal_go_forward_one_by_one",
        ),
        ({"place": 3}, "the_stages_of_a_deal_go_forward_one_by_one"),
        ({"place": 0}, "the_stages_of_a_deal_go_forward_one_by_one"),
        ({"effective_date": "2022-06-04"}, "a_step_does_not_precede_the_one_before_it"),
        ({"effective_date": "2022-08-02"}, "step_is_not_dated_in_the_future"),
        ({"skipped": True}, "skips_and_ends_give_their_reason"),
        ({"skipped": True, "reason": " "}, "skips_and_ends_give_their_reason"),
        ({"stage": "withdrawn", "at": "met"}, "skips_and_ends_give_their_reason"),
        (
            {"stage": "withdrawn", "at": "met", "reason": "x", "skipped": True},
            "only_stages_between_are_skipped",
        ),
        ({"stage": "declined", "at": "met", "reason": "x"}, "committee_and_decline_are_decided"),
        ({**DECIDED, "conflicts": " "}, "decision_is_recorded_whole"),
        ({**DECIDED, "grounds": ""}, "decision_is_recorded_whole"),
        ({**DECIDED, "votes_for": None}, "decision_is_recorded_whole"),
        ({**DECIDED, "votes_against": None}, "decision_is_recorded_whole"),
        ({**DECIDED, "decided_by": []}, "decision_is_recorded_whole"),
        ({**DECIDED, "decided_by": [""]}, "decision_is_recorded_whole"),
        ({**DECIDED, "votes_for": -1}, "votes_for"),
    ],
)
def test_a_step_that_breaks_its_row_or_its_turn(
    follower: Follower, change: dict[str, Any], name: str
) -> None:
    deal = follower.at("met")
    with pytest.raises(DatabaseError, match=name):
        add_step(deal, **change)


def test_a_deal_that_begins_elsewhere_than_with_the_meeting(follower: Follower) -> None:
    held = header(follower.at("met"))
    columns = [field.attname for field in Deal._meta.concrete_fields if field.attname != "id"]
    row = {column: getattr(held, column) for column in columns} | {"public_id": "dl_x", "firm_id": None}
    insert("funds_deal", **row)
    with pytest.raises(DatabaseError, match="the_stages_of_a_deal_go_forward_one_by_one"):
        add_step("dl_x", place=1)
    add_step("dl_x", place=1, stage="met", at="met")
    with pytest.raises(DatabaseError, match="a_deal_names_its_firm_from_screening_on"):
        add_step("dl_x", public_id="ds_y")


def test_two_steps_at_one_place(follower: Follower) -> None:
    deal = follower.at("screening")
    with pytest.raises(DatabaseError, match="one_step_at_a_place"):
        add_step(deal)


def test_going_on_or_ending_again_after_the_end(follower: Follower) -> None:
    deal = follower.at("screening")
    made(follower.decline(deal, "2022-07-01"))
    for change in (
        {"stage": "due_diligence", "at": "due_diligence"},
        {"stage": "withdrawn", "at": "screening", "reason": "x"},
        {"stage": "reopened", "at": "met", "reason": "x"},
    ):
        with pytest.raises(DatabaseError, match="the_stages_of_a_deal_go_forward_one_by_one"):
            add_step(deal, place=4, **change)
    add_step(deal, place=4, stage="reopened", at="screening", reason="x")


def test_giving_up_what_is_signed_and_signing_what_nobody_decided(follower: Follower) -> None:
    signed = follower.at("signed")
    with pytest.raises(DatabaseError, match="the_stages_of_a_deal_go_forward_one_by_one"):
        add_step(signed, place=6, stage="withdrawn", at="signed", reason="x")
    other = follower.at("due_diligence")
    add_step(other, place=4, stage="committee", at="committee", skipped=True, reason="x")
    past = {"public_id": "ds_y", "place": 5, "stage": "signed", "at": "signed"}
    with pytest.raises(DatabaseError, match="a_deal_is_not_signed_without_a_decision"):
        add_step(other, **past)
    add_step(other, **past, **DECIDED)


def test_corrections_out_of_place(follower: Follower) -> None:
    deal = follower.at("committee")
    met, screening, *_ = (step_pk(step["id"]) for step in follower.steps(deal))
    right = {"corrects_id": screening, "effective_date": "2022-06-12"}
    for change, name in (
        ({"corrects_id": met}, "a_correction_takes_the_place_of_what_it_corrects"),
        ({"place": 3}, "a_correction_takes_the_place_of_what_it_corrects"),
        (
            {"stage": "withdrawn", "at": "met", "reason": "x"},
            "a_correction_amid_the_steps_keeps_the_stage",
        ),
        ({"effective_date": "2022-06-21"}, "a_step_does_not_precede_the_one_before_it"),
        ({"effective_date": "2022-06-04"}, "a_step_does_not_precede_the_one_before_it"),
        ({"skipped": True, "reason": "x"}, "correction_is_no_skip"),
    ):
        with pytest.raises(DatabaseError, match=name):
            add_step(deal, **{**right, **change})
    add_step(deal, **right)
    with pytest.raises(DatabaseError, match="a_correction_takes_the_place_of_what_it_corrects"):
        add_step(deal, **right, public_id="ds_y")


@pytest.mark.parametrize(
    "table", ["funds_dealchange", "funds_dealstep", "funds_dealpayment", "funds_dealdocument"]
)
def test_facts_are_not_rewritten_even_by_the_owner(
    follower: Follower, owner_connection: Any, table: str
) -> None:
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(psycopg.Error, match="append-only"):
            owner_connection.execute(statement)


def test_rows_of_another_manager_are_hidden_by_the_database_itself(follower: Follower, cast: Any) -> None:
    deal = follower.at("paid")
    made(follower.upload(deal, follower.steps(deal)[0]["id"], b"x"))
    assert follower.edit(deal, 1, lead="李某").status_code == 200
    tables = [model._meta.db_table for model in (Deal, DealChange, DealStep, DealPayment, DealDocument)]

    def seen(name: str) -> list[bool]:
        with scoping.within(cast[name].scope), connection.cursor() as cursor:
            found = []
            for table in tables:
                cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
                found.append(cursor.fetchone()[0] > 0)
        return found

    assert seen("manager_angel") == seen("maker") == seen("auditor") == [True] * len(tables)
    assert seen("manager_industry") == seen("admin") == seen("bank_a") == [False] * len(tables)


def test_nobody_writes_a_deal_into_anothers_fund(follower: Follower, cast: Any) -> None:
    held = header(follower.at("met"))
    with scoping.within(EVERYTHING):
        fund = Fund.objects.get(code="angel").pk
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        scoping.within(cast["manager_industry"].scope),
    ):
        Deal.objects.create(
            public_id="dl_x", fund_id=fund, firm_name=NAME, title="x", source="roadshow",
            instrument="equity", planned_amount=1, lead="x", recorded_at=NOON,
            recorded_by_id=held.recorded_by_id,
        )  # fmt: skip
