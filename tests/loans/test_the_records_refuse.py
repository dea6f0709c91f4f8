"""Raw SQL against confirmations, findings and exports: what no code of ours could get past them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans.operations import findings
from tests.cast import Api, Cast
from tests.conftest import Build
from tests.loans.bank import disbursement, position, send
from tests.loans.test_confirmations import confirm, report
from tests.loans.test_exports import ask
from tests.loans.test_findings import LATER
from tests.loans.test_the_database_refuses import Bad, copied, each, refused

Speak = Callable[[str], Api]
TABLES = ("loans_confirmation", "loans_finding", "loans_holdingsexport")
SHA = "repeat('a', 64)"


def fill(api: Speak) -> None:
    """A confirmation that matches, a finding that is open, an export that waits."""
    bank = api("bank_a")
    report(bank)
    confirm(bank)
    send(bank, [disbursement("E-9", "5.00", contract_no="HT-9")])
    send(bank, [position("4.00", contract_no="HT-9")], dataset="stock")
    with within(EVERYTHING):
        findings.refresh(Month(2026, 10), now=LATER)
    ask(bank)


@pytest.fixture(scope="class")
def filled(build: Build) -> None:
    build(fill)


@pytest.fixture
def held(filled: None, db: None) -> Iterator[None]:
    with within(EVERYTHING):
        yield


_NEW = {"public_id": "'x'", "number": "2"}
_EXPORT = {"public_id": "'x'", "job_id": "NULL"}
_DONE = _EXPORT | {"file": "'f'", "sha256": SHA, "bytes": "1", "records": "'{}'", "finished_at": "now()"}
BAD: Bad = [
    ("loans_confirmation", {"public_id": "'x'"}, "confirmations_of_a_month_are_numbered"),
    ("loans_confirmation", {}, "loans_confirmation_public_id"),
    ("loans_confirmation", _NEW | {"number": "0"}, "confirmation_numbers_start_at_one"),
    ("loans_confirmation", _NEW | {"period": "'2026-10-02'"}, "confirmed_period_is_a_first"),
    ("loans_confirmation", _NEW | {"content_sha256": "'A'"}, "confirmed_content_is_a_sha256"),
    ("loans_confirmation", _NEW | {"matched": "false"}, "a_match_and_only_it_has_no_difference"),
    ("loans_confirmation", _NEW | {"differences": """'[{"name": "closing"}]'"""}, "a_match_and_only_it_has_no_difference"),
    ("loans_finding", {}, "one_open_finding_per_rule_and_subject"),
    ("loans_finding", {"rule": "'x'", "period": "'2026-10-02'"}, "finding_period_is_a_first"),
    ("loans_finding", {"rule": "'x'", "subject_kind": "'moon'"}, "finding_subject_kind_is_known"),
    ("loans_finding", {"rule": "'x'", "last_seen_at": "first_seen_at - interval '1 s'"},
     "finding_was_last_seen_when_or_after_it_was_first"),
    ("loans_finding", {"rule": "'x'", "resolved_at": "last_seen_at - interval '1 s'"},
     "finding_is_resolved_when_or_after_it_was_last_seen"),
    ("loans_holdingsexport", _EXPORT | {"period": "'2026-10-02'"}, "exported_period_is_a_first"),
    ("loans_holdingsexport", _EXPORT | {"expires_at": "requested_at"}, "export_expires_after_it_was_asked_for"),
    ("loans_holdingsexport", _EXPORT | {"sha256": SHA}, "a_finished_export_and_only_it_has_a_file"),
    ("loans_holdingsexport", _DONE | {"bytes": "NULL"}, "a_finished_export_and_only_it_has_a_file"),
    ("loans_holdingsexport", _DONE | {"records": "NULL"}, "a_finished_export_and_only_it_has_a_file"),
    ("loans_holdingsexport", _DONE | {"finished_at": "NULL"}, "a_finished_export_and_only_it_has_a_file"),
    ("loans_holdingsexport", _DONE | {"sha256": "''"}, "a_finished_export_and_only_it_has_a_file"),
    ("loans_holdingsexport", _DONE | {"file": "''"}, "a_finished_export_and_only_it_has_a_file"),
]  # fmt: skip


class TestWhatStands:
    """Each goes back to what was filled in."""

    @each(BAD)
    def test_a_row_that_breaks_a_rule_is_refused_by_name(
        self, held: None, table: str, changes: dict[str, str], constraint: str
    ) -> None:
        assert constraint in refused(copied(table, **changes))

    @pytest.mark.parametrize(
        ("table", "changes"),
        [("loans_confirmation", _NEW), ("loans_finding", {"rule": "'x'"}), ("loans_holdingsexport", _DONE),
         ("loans_finding", {"resolved_at": "last_seen_at"})],
    )  # fmt: skip
    def test_a_row_that_breaks_none_is_taken(self, held: None, table: str, changes: dict[str, str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(copied(table, **changes))
            assert cursor.rowcount == 1

    def test_what_a_bank_said_is_neither_changed_nor_deleted(self, held: None, owner_connection: Any) -> None:
        assert "permission denied" in refused("UPDATE loans_confirmation SET matched = matched")
        assert "permission denied" in refused("DELETE FROM loans_confirmation")
        with pytest.raises(psycopg.Error, match="append-only"):
            owner_connection.execute("UPDATE loans_confirmation SET matched = false")


@pytest.mark.parametrize("table", TABLES)
def test_a_bank_sees_no_row_of_another_whatever_it_asks(api: Speak, cast: Cast, table: str) -> None:
    fill(api)
    seen = []
    for code in ("bank-a", "bank-b"):
        with within(Scope(organisation_id=cast.organisation(code).pk)), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            seen.append(cursor.fetchone()[0])
    assert (seen[0] > 0, seen[1]) == (True, 0)


@pytest.mark.parametrize(
    ("table", "changes"),
    [("loans_confirmation", _NEW), ("loans_finding", {"rule": "'x'"}), ("loans_holdingsexport", _EXPORT)],
)
def test_a_bank_writes_no_row_for_another(
    api: Speak, cast: Cast, table: str, changes: dict[str, str]
) -> None:
    fill(api)
    other = str(cast.organisation("bank-b").pk)
    with within(Scope(organisation_id=cast.organisation("bank-a").pk)):
        assert "row-level security" in refused(copied(table, **changes, bank_id=other))
