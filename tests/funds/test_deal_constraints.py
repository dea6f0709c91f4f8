"""What the database itself refuses of deals, tried by raw SQL with every operation left aside."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds.models import Deal, DealChange, DealDocument, DealPayment, DealStep, Fund, HoldingEvent
from tests.funds.conftest import CITY, OTHER_FIRM, Desk, found_fund, made
from tests.funds.following import DAYS, NAME, Follower

NOON = "2022-08-01 04:00:00+00"
DECIDED = {
    "decided_by": ["陈某"], "grounds": "x", "conflicts": "无", "votes_for": 3, "votes_against": 0,
}  # fmt: skip


@pytest.fixture
def follower(funded: Desk) -> Follower:
    return Follower(funded)


def _run(statement: str, values: list[Any]) -> None:
    with scoping.within(EVERYTHING), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _insert(table: str, **row: Any) -> None:
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    _run(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608


def _deal(public_id: str) -> Deal:
    with scoping.within(EVERYTHING):
        return Deal.objects.get(public_id=public_id)


def _step_row(which: str, /, **change: Any) -> dict[str, Any]:
    """A row that takes the deal to screening, or what is asked of it instead."""
    deal = _deal(which)
    row = {
        "public_id": "ds_x", "deal_id": deal.pk, "place": 2, "stage": "screening", "at": "screening",
        "skipped": False, "reason": "", "effective_date": "2022-07-15", "recorded_at": NOON,
        "recorded_by_id": deal.recorded_by_id, "corrects_id": None, "payment_id": None, "decided_by": [],
        "grounds": "", "conflicts": "", "votes_for": None, "votes_against": None, "note": "",
    }  # fmt: skip
    return {**row, **change}


def _add_step(which: str, /, **change: Any) -> None:
    _insert("funds_dealstep", **_step_row(which, **change))


def _pk(step: str) -> int:
    with scoping.within(EVERYTHING):
        return DealStep.objects.get(public_id=step).pk


def test_rows_as_they_should_be_are_taken(follower: Follower) -> None:
    deal = follower.at("met")
    _add_step(deal)
    _add_step(deal, public_id="ds_y", place=3, stage="declined", reason="x", **DECIDED)
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
    held = _deal(follower.at("met"))
    columns = [field.attname for field in Deal._meta.concrete_fields if field.attname != "id"]
    row = {column: getattr(held, column) for column in columns} | {"public_id": "dl_x"}
    with pytest.raises(DatabaseError, match=name):
        _insert("funds_deal", **{**row, **change})
    _insert("funds_deal", **row)


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
        _run(f"UPDATE funds_deal SET {change} WHERE public_id = %s", [deal])  # noqa: S608


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"version": 1}, "change_follows_the_first_version"),
        ({"version": 2}, "one_change_per_deal_version"),
        ({"version": 3, "changes": "{}"}, "deal_change_changes_something"),
    ],
)
def test_a_change_that_is_not_one(follower: Follower, change: dict[str, Any], name: str) -> None:
    held = _deal(follower.at("met"))
    assert follower.edit(held.public_id, 1, lead="李某").status_code == 200
    row = {
        "deal_id": held.pk, "changes": '{"lead": {}}', "recorded_at": NOON,
        "recorded_by_id": held.recorded_by_id,
    }  # fmt: skip
    with pytest.raises(DatabaseError, match=name):
        _insert("funds_dealchange", **{**row, **change})


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
        _add_step(deal, **change)


def test_a_deal_that_begins_elsewhere_than_with_the_meeting(follower: Follower) -> None:
    held = _deal(follower.at("met"))
    columns = [field.attname for field in Deal._meta.concrete_fields if field.attname != "id"]
    row = {column: getattr(held, column) for column in columns} | {"public_id": "dl_x", "firm_id": None}
    _insert("funds_deal", **row)
    with pytest.raises(DatabaseError, match="the_stages_of_a_deal_go_forward_one_by_one"):
        _add_step("dl_x", place=1)
    _add_step("dl_x", place=1, stage="met", at="met")
    with pytest.raises(DatabaseError, match="a_deal_names_its_firm_from_screening_on"):
        _add_step("dl_x", public_id="ds_y")


def test_two_steps_at_one_place(follower: Follower) -> None:
    deal = follower.at("screening")
    with pytest.raises(DatabaseError, match="one_step_at_a_place"):
        _add_step(deal)


def test_going_on_or_ending_again_after_the_end(follower: Follower) -> None:
    deal = follower.at("screening")
    made(follower.decline(deal, "2022-07-01"))
    for change in (
        {"stage": "due_diligence", "at": "due_diligence"},
        {"stage": "withdrawn", "at": "screening", "reason": "x"},
        {"stage": "reopened", "at": "met", "reason": "x"},
    ):
        with pytest.raises(DatabaseError, match="the_stages_of_a_deal_go_forward_one_by_one"):
            _add_step(deal, place=4, **change)
    _add_step(deal, place=4, stage="reopened", at="screening", reason="x")


def test_giving_up_what_is_signed_and_signing_what_nobody_decided(follower: Follower) -> None:
    signed = follower.at("signed")
    with pytest.raises(DatabaseError, match="the_stages_of_a_deal_go_forward_one_by_one"):
        _add_step(signed, place=6, stage="withdrawn", at="signed", reason="x")
    other = follower.at("due_diligence")
    _add_step(other, place=4, stage="committee", at="committee", skipped=True, reason="x")
    past = {"public_id": "ds_y", "place": 5, "stage": "signed", "at": "signed"}
    with pytest.raises(DatabaseError, match="a_deal_is_not_signed_without_a_decision"):
        _add_step(other, **past)
    _add_step(other, **past, **DECIDED)


def test_corrections_out_of_place(follower: Follower) -> None:
    deal = follower.at("committee")
    met, screening, *_ = (_pk(step["id"]) for step in follower.steps(deal))
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
            _add_step(deal, **{**right, **change})
    _add_step(deal, **right)
    with pytest.raises(DatabaseError, match="a_correction_takes_the_place_of_what_it_corrects"):
        _add_step(deal, **right, public_id="ds_y")


class TestPayments:
    @pytest.fixture
    def row(self, follower: Follower) -> dict[str, Any]:
        """A row that ties an investment to a deal that is signed."""
        held = _deal(follower.at("signed"))
        bought = made(follower.desk.invest("3.00", DAYS["paid"]))
        with scoping.within(EVERYTHING):
            event = HoldingEvent.objects.get(public_id=bought["id"]).pk
        return {
            "public_id": "dp_x", "deal_id": held.pk, "event_id": event, "recorded_at": NOON,
            "recorded_by_id": held.recorded_by_id, "note": "",
        }  # fmt: skip

    def _event(self, public_id: str) -> int:
        with scoping.within(EVERYTHING):
            return HoldingEvent.objects.get(public_id=public_id).pk

    def test_one_investment_pays_one_deal(self, row: dict[str, Any]) -> None:
        _insert("funds_dealpayment", **row)
        with pytest.raises(DatabaseError, match="event_id"):
            _insert("funds_dealpayment", **{**row, "public_id": "dp_y"})

    def test_of_another_fund_firm_or_kind(self, row: dict[str, Any], follower: Follower, api: Any) -> None:
        name = "a_deal_is_paid_by_its_funds_investment_in_its_firm"
        second = found_fund(api, code="second", name="第二基金")
        for kind in ("commitment", "call", "contribution"):
            made(second.event(kind, "9.00", "2022-06-01", investor=CITY))
        wrong = [
            made(second.invest("1.00", DAYS["paid"]))["id"],
            made(follower.desk.invest("1.00", DAYS["paid"], uscc=OTHER_FIRM, firm_name="另一家"))["id"],
        ]
        bought = made(follower.desk.invest("1.00", DAYS["paid"]))
        wrong += [
            made(follower.desk.exit(bought["holding"], cash="1.00", cost="1.00", on=DAYS["paid"]))["id"],
            made(follower.desk.reverse_deal(bought["id"], DAYS["paid"]))["id"],
        ]
        for event in wrong:
            with pytest.raises(DatabaseError, match=name):
                _insert("funds_dealpayment", **{**row, "event_id": self._event(event)})
        with pytest.raises(DatabaseError, match="a_reversed_investment_pays_no_deal"):
            _insert("funds_dealpayment", **{**row, "event_id": self._event(bought["id"])})

    def test_before_the_deal_is_signed(self, row: dict[str, Any], follower: Follower) -> None:
        unsigned = _deal(follower.at("committee")).pk
        early = made(follower.desk.invest("1.00", "2022-07-09"))["id"]
        for change in ({"deal_id": unsigned}, {"event_id": self._event(early)}):
            with pytest.raises(DatabaseError, match="a_deal_is_paid_after_it_is_signed"):
                _insert("funds_dealpayment", **{**row, **change})

    def test_a_step_without_its_payment_or_with_a_strange_one(
        self, row: dict[str, Any], follower: Follower
    ) -> None:
        with scoping.within(EVERYTHING):
            deal = Deal.objects.get(pk=row["deal_id"]).public_id
        paid = {"place": 6, "stage": "paid", "at": "paid", "effective_date": DAYS["paid"]}
        with pytest.raises(DatabaseError, match="only_paid_names_a_payment"):
            _add_step(deal, **paid)
        _insert("funds_dealpayment", **row)
        with scoping.within(EVERYTHING):
            payment = DealPayment.objects.get(public_id="dp_x").pk
        with pytest.raises(DatabaseError, match="only_paid_names_a_payment"):
            _add_step(follower.at("met"), payment_id=payment, effective_date=DAYS["paid"])
        with pytest.raises(DatabaseError, match="a_deal_is_paid_on_the_day_of_its_investment"):
            _add_step(deal, **{**paid, "effective_date": "2022-07-21"}, payment_id=payment)
        with pytest.raises(DatabaseError, match="step_is_paid_by_a_payment_of_its_deal"):
            _add_step(follower.at("signed"), **paid, payment_id=payment)
        _add_step(deal, **paid, payment_id=payment)
        with pytest.raises(DatabaseError, match="what_was_paid_is_corrected_in_the_holding"):
            _add_step(deal, **paid, public_id="ds_y", payment_id=payment, corrects_id=_pk("ds_x"))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"sha256": "A" * 64}, "document_hash_is_a_sha256"),
        ({"sha256": "a" * 63}, "document_hash_is_a_sha256"),
        ({"size": 0}, "document_is_not_empty"),
        ({"name": ""}, "document_name_is_a_plain_name"),
        ({"name": "../x.pdf"}, "document_name_is_a_plain_name"),
        ({"name": "a\\b"}, "document_name_is_a_plain_name"),
        ({"name": "a\nb"}, "document_name_is_a_plain_name"),
        ({"name": "=1+1"}, "document_name_is_a_plain_name"),
        ({"name": "-rf"}, "document_name_is_a_plain_name"),
        ({"name": ".htaccess"}, "document_name_is_a_plain_name"),
        ({"media_type": "pdf"}, "media_type_is_one"),
        ({"media_type": "text/html\r\nX: y"}, "media_type_is_one"),
        ({"sha256": "b" * 64}, "one_copy_of_a_document_per_step"),
    ],
)
def test_a_document_that_is_not_one(follower: Follower, change: dict[str, Any], name: str) -> None:
    deal = follower.at("met")
    step = follower.steps(deal)[0]["id"]
    row = {
        "public_id": "dd_x", "step_id": _pk(step), "name": "纪要.pdf", "sha256": "b" * 64, "size": 1,
        "media_type": "application/pdf", "uploaded_at": NOON,
        "uploaded_by_id": _deal(deal).recorded_by_id,
    }  # fmt: skip
    _insert("funds_dealdocument", **row)
    with pytest.raises(DatabaseError, match=name):
        _insert("funds_dealdocument", **{**row, "public_id": "dd_y", "sha256": "a" * 64, **change})


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
    held = _deal(follower.at("met"))
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
