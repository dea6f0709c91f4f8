"""Raw SQL against the tables of loans: what no code of ours could get past them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans.intake.apply import books
from loans.models import LoanEvent
from tests.cast import Api, Cast
from tests.conftest import Build
from tests.loans.bank import disbursement, position, repayment, send

Speak = Callable[[str], Api]


def fill(api: Speak) -> None:
    send(api("bank_a"), [disbursement(), repayment()])
    send(api("bank_a"), [position()], dataset="stock")


Bad = list[tuple[str, dict[str, str], str]]


@pytest.fixture(scope="class")
def filled(build: Build) -> None:
    build(fill)


@pytest.fixture
def held(filled: None, db: None) -> Iterator[None]:
    """A loan with a repayment and a position, seen whole."""
    with within(EVERYTHING):
        yield


def refused(statement: str) -> str:
    """What the database says to a statement."""
    with pytest.raises(DatabaseError) as caught:
        _execute(statement)
    return str(caught.value)


def _execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def copied(table: str, *, into: str = "", **changes: str) -> str:
    """An insert of one of the table's rows with some columns changed to SQL expressions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attname <> 'id' ORDER BY attnum", [table],
        )  # fmt: skip
        columns = [name for (name,) in cursor.fetchall()]
    chosen = ", ".join(changes.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {into or table} ({names}) SELECT {chosen} FROM {table} ORDER BY ctid LIMIT 1"  # noqa: S608


def each(bad: Bad) -> pytest.MarkDecorator:
    """A test for each copy that breaks a rule: its table, what is changed, the constraint that refuses it."""
    return pytest.mark.parametrize(
        ("table", "changes", "constraint"), bad, ids=[f"{case[2]}-{n}" for n, case in enumerate(bad)]
    )


BAD: Bad = [
    ("loans_loanevent", {}, "one_fact_per_event_and_revision"),
    ("loans_loanevent", {"revision": "2", "amount": "'NaN'"}, "loan_amount_is_money"),
    ("loans_loanevent", {"revision": "2", "effect": "'NaN'"}, "loan_effect_is_money"),
    ("loans_loanevent", {"revision": "2", "amount": "-1"}, "only_adjustments_may_be_negative"),
    ("loans_loanevent", {"revision": "0"}, "event_revision_starts_at_one"),
    ("loans_loanevent", {"revision": "2", "record_type": "'gift'"}, "record_type_is_known"),
    ("loans_loanevent", {"revision": "2", "record_type": "'reversal'"}, "a_reversal_and_only_it_names_an_event"),
    ("loans_loanevent", {"revision": "2", "reverses": "'E-9'"}, "a_reversal_and_only_it_names_an_event"),
    ("loans_loanposition", {}, "one_position_per_month_and_revision"),
    ("loans_loanposition", {"revision": "2", "balance": "'NaN'"}, "balance_is_not_negative"),
    ("loans_loanposition", {"revision": "2", "balance": "-0.01"}, "balance_is_not_negative"),
    ("loans_loanposition", {"revision": "2", "month": "'2026-10-02'"}, "no partition of relation"),
    ("loans_loanposition", {"revision": "2", "overdue_days": "91"}, "five_tier_is_not_better_than_its_floor"),
    ("loans_loanposition", {"revision": "2", "five_tier": "'fine'"}, "five_tier_is_not_better_than_its_floor"),
    ("loans_contract", {}, "contract_is_bank_and_number"),
    ("loans_drawdown", {}, "drawdown_once_per_contract"),
    ("loans_drawdown", {"drawdown_no": "'X'", "maturity_date": "disbursed_on"}, "loan_matures_after_disbursement"),
    ("loans_drawdown", {"drawdown_no": "'X'", "annual_rate_pct": "100"}, "rate_is_a_percentage"),
    ("loans_drawdown", {"drawdown_no": "'X'", "firm_id": "firm_id + 1"}, "drawdown_is_of_its_contracts_bank_and_firm"),
    ("loans_drawdown", {"drawdown_no": "'X'", "firm_id": "NULL"}, 'null value in column "firm_id"'),
    ("loans_loanreportbatch", {"public_id": "'x'", "job_id": "NULL"}, "one_batch_per_idempotency_key"),
    ("loans_loanreportbatch", {"public_id": "'x'", "idempotency_key": "'x'", "job_id": "NULL", "state": "'lost'"},
     "batch_state_is_known"),
    ("loans_loanreportbatch", {"public_id": "'x'", "idempotency_key": "'x'", "job_id": "NULL",
                               "period": "'2026-10-02'"}, "batch_period_is_a_first"),
    *(("loans_loanreportbatch", {"public_id": "'x'", "idempotency_key": "'x'", "job_id": "NULL"} | changes, name)
      for changes, name in (
        ({"part_no": "1"}, "a_part_has_its_report_number_and_count"),
        ({"report_id": "'R'"}, "a_part_has_its_report_number_and_count"),
        ({"report_id": "'R'", "part_no": "1"}, "a_part_has_its_report_number_and_count"),
        ({"report_id": "'R'", "part_no": "0", "parts": "2"}, "a_part_has_its_report_number_and_count"),
        ({"report_id": "'R'", "part_no": "3", "parts": "2"}, "a_part_has_its_report_number_and_count"),
        ({"report_id": "'R'", "part_no": "51", "parts": "51"}, "a_part_has_its_report_number_and_count"),
        ({"decision": "'approved'"}, "a_decision_has_its_person_time_and_reason"),
        ({"decision_reason": "'x'"}, "a_decision_has_its_person_time_and_reason"),
        ({"decision": "'perhaps'", "decision_reason": "'x'", "decided_by_id": "declared_by_id",
          "decided_at": "now()"}, "a_decision_has_its_person_time_and_reason"),
        ({"decision": "'refused'", "decided_by_id": "declared_by_id", "decided_at": "now()"},
         "a_decision_has_its_person_time_and_reason"),
        ({"first_part_id": "0"}, "part_is_of_its_first_parts_bank"),
      )),
]  # fmt: skip


PARENTS = [
    ("loans_drawdown", {"drawdown_no": "'X'"}, "drawdown_is_of_its_contracts_bank"),
    ("loans_loanevent", {"revision": "2"}, "event_is_of_its_"),
    ("loans_loanposition", {"revision": "2"}, "position_is_of_its_"),
]


class TestWhatStands:
    """Each goes back to what was filled in."""

    @each(BAD)
    def test_a_row_that_breaks_a_rule_is_refused_by_name(
        self, held: None, table: str, changes: dict[str, str], constraint: str
    ) -> None:
        assert constraint in refused(copied(table, **changes))

    @pytest.mark.parametrize(
        ("table", "column"),
        [
            ("loans_loanevent", "amount"),
            ("loans_loanposition", "balance"),
            ("loans_rowoutcome", "outcome"),
            ("loans_guaranteeevent", "amount"),
        ],
    )
    def test_facts_are_neither_changed_nor_deleted(self, held: None, table: str, column: str) -> None:
        assert "permission denied" in refused(f"UPDATE {table} SET {column} = {column}")  # noqa: S608
        assert "permission denied" in refused(f"DELETE FROM {table}")  # noqa: S608

    @pytest.mark.parametrize(("table", "changes", "constraint"), PARENTS)
    def test_no_row_of_a_bank_hangs_on_a_row_of_another(
        self, held: None, cast: Cast, table: str, changes: dict[str, str], constraint: str
    ) -> None:
        other = cast.organisation("bank-b").pk
        with books.writing(bank=other, month=Month(2026, 10)):
            pass  # their own book is there, and empty
        assert constraint in refused(copied(table, **changes, bank_id=str(other)))

    def test_a_book_takes_only_its_own_bank_and_month_and_nobody_reaches_past_the_whole(
        self, held: None, cast: Cast, owner_connection: Any
    ) -> None:
        bank = cast.organisation("bank-a").pk
        assert "permission denied" in refused(f"SELECT count(*) FROM loans_loanposition_{bank}_202610")  # noqa: S608
        assert "must be owner" in refused(f"DROP TABLE loans_loanposition_{bank}_202610")
        with books.writing(bank=bank, month=Month(2026, 11)) as book:
            said = refused(copied("loans_loanposition", into=book, revision="2"))
        assert "position_is_in_its_book" in said

    def test_a_fact_names_a_drawdown_and_a_batch_that_are_there(self, held: None) -> None:
        assert "event_is_of_its_drawdowns_bank" in refused(
            copied("loans_loanevent", revision="2", drawdown_id="0")
        )
        assert "event_is_of_its_batchs_bank" in refused(copied("loans_loanevent", revision="2", batch_id="0"))

    def test_no_contract_goes_to_another_firm_without_its_drawdowns(self, held: None) -> None:
        said = refused("UPDATE loans_contract SET firm_id = firm_id + 1")
        assert "drawdown_is_of_its_contracts_bank_and_firm" in said

    def test_a_part_of_a_report_is_there_once_until_it_came_to_nothing(self, held: None) -> None:
        part = {"job_id": "NULL", "report_id": "'R'", "part_no": "1", "parts": "2"}
        _execute(copied("loans_loanreportbatch", **part, public_id="'x'", idempotency_key="'x'"))
        again = {**part, "public_id": "'y'", "idempotency_key": "'y'"}
        assert "one_batch_per_part_of_a_report" in refused(copied("loans_loanreportbatch", **again))
        _execute("UPDATE loans_loanreportbatch SET state = 'cancelled' WHERE public_id = 'x'")
        _execute(copied("loans_loanreportbatch", **again))

    def test_a_report_is_of_one_bank(self, held: None, cast: Cast) -> None:
        first = "(SELECT min(id) FROM loans_loanreportbatch)"
        other = {"bank_id": str(cast.organisation("bank-b").pk), "first_part_id": first}
        row = {"public_id": "'x'", "idempotency_key": "'x'", "job_id": "NULL"} | other
        assert "part_is_of_its_first_parts_bank" in refused(copied("loans_loanreportbatch", **row))


def test_not_even_the_owner_rewrites_a_fact(cast: Cast, owner_connection: Any) -> None:
    import psycopg

    with pytest.raises(psycopg.Error, match="append-only"):
        owner_connection.execute("UPDATE loans_loanevent SET amount = 1")


@pytest.mark.parametrize("table", ["loans_loanevent", "loans_contract", "loans_drawdown", "loans_loanposition",
                                   "loans_loanreportbatch"])  # fmt: skip
def test_a_bank_sees_no_row_of_another_whatever_it_asks(api: Speak, cast: Cast, table: str) -> None:
    send(api("bank_a"), [disbursement()])
    send(api("bank_a"), [position("1000.00")], dataset="stock")
    seen = []
    for code in ("bank-a", "bank-b"):
        scope = Scope(organisation_id=cast.organisation(code).pk)
        with within(scope), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            seen.append(cursor.fetchone()[0])
    assert (seen[0] > 0, seen[1]) == (True, 0)


def test_a_bank_cannot_write_a_row_for_another(api: Speak, cast: Cast) -> None:
    send(api("bank_a"), [disbursement()])
    other = str(cast.organisation("bank-b").pk)
    with within(Scope(organisation_id=cast.organisation("bank-a").pk)):
        assert LoanEvent.objects.count() == 1
        said = refused(copied("loans_contract", contract_no="'HT-9'", bank_id=other))
    assert "row-level security" in said
