"""Positions in books: one a bank and month, bound at once, added to later, gone with a transaction that fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans.intake import apply
from loans.intake.apply import books
from loans.models import LoanPosition
from tests.cast import Api, Cast
from tests.loans.bank import URL, disbursement, ndjson, position, run, send, totals, upload, walk
from tests.loans.test_two_at_once import at_once

Speak = Callable[[str], Api]
OCTOBER = Month(2026, 10)
COUNT = 40


def _books() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.inhrelid::regclass::text FROM pg_inherits b JOIN pg_inherits s ON s.inhrelid = b.inhparent"
            " WHERE s.inhparent = 'loans_loanposition'::regclass ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def _loans(count: int = COUNT) -> list[Any]:
    return [disbursement(f"E-{at}", contract_no=f"HT-{at}") for at in range(count)]


def _positions(count: int = COUNT, **changes: Any) -> list[Any]:
    return [
        position("1000.00", contract_no=f"HT-{at}", client_row_id=f"p{at}", **changes) for at in range(count)
    ]


def test_a_month_has_one_book_and_a_correction_stands_in_it_too(api: Speak, cast: Cast) -> None:
    bank = cast.organisation("bank-a").pk
    send(api("bank_a"), _loans())
    assert not books.exists(bank=bank, month=OCTOBER)
    assert send(api("bank_a"), _positions(), dataset="stock").result["accepted"] == COUNT
    second = send(api("bank_a"), _positions(3, revision=2, overdue_days=5), dataset="stock")
    assert (second.state, second.result["accepted"]) == ("applied", 3)
    assert [name for name in _books() if f"_{bank}_" in name] == [f"loans_loanposition_{bank}_202610"]
    with within(EVERYTHING):
        held = LoanPosition.objects.filter(bank=bank, month=OCTOBER.first)
        assert [held.filter(revision=number).count() for number in (1, 2)] == [COUNT, 3]


def test_a_file_that_is_sent_again_is_unchanged_row_by_row_without_being_read(
    api: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(api("bank_a"), _loans())
    rows = _positions()
    first = send(api("bank_a"), rows, dataset="stock")
    monkeypatch.setattr("loans.intake.road.open_file", lambda *_a, **_k: pytest.fail("the file was read"))
    again = send(api("bank_a"), rows, dataset="stock")
    assert (again.state, again.result) == (
        "applied", {"accepted": 0, "unchanged": COUNT, "rejected": 0, "warnings": 0},
    )  # fmt: skip
    assert again.batch["control_totals"]["computed"] == first.batch["control_totals"]["computed"]
    assert again.batch["control_totals"]["applied"] == {"rows": 0, "balance": "0.00"}
    said = [(row["row_number"], row["client_row_id"], row["outcome"]) for row in again.rows("unchanged")]
    assert said == [(at + 1, f"p{at}", "unchanged") for at in range(COUNT)]
    assert again.rows("accepted") == again.rows("rejected") == []


def test_the_same_content_declared_with_other_totals_is_refused_all_the_same(api: Speak) -> None:
    rows = [disbursement()]
    send(api("bank_a"), rows)
    content = ndjson(rows)
    declared = totals(rows) | {"disbursed": "1000.01"}
    again = walk(api("bank_a"), upload(api("bank_a"), content, control_totals=declared))
    assert (again.state, again.error["code"]) == ("rejected", "control-total-mismatch")


def test_a_file_with_a_refused_row_is_read_again_because_the_row_may_fit_now(api: Speak) -> None:
    rows = [position("1000.00")]
    assert send(api("bank_a"), rows, dataset="stock", acceptance="valid_rows").result["rejected"] == 1
    send(api("bank_a"), [disbursement()])
    assert send(api("bank_a"), rows, dataset="stock", acceptance="valid_rows").result["accepted"] == 1


def test_the_first_snapshots_of_two_banks_and_new_loans_of_a_third_batch_at_once(committed: Cast) -> None:
    """Binding a book makes writers of loans wait; nobody waits in a circle."""
    banks = {name: Api(committed.key(name)) for name in ("bank_a", "bank_b")}
    for bank in banks.values():
        send(bank, _loans())
    batches = []
    for bank in banks.values():
        for dataset, rows in (
            ("stock", _positions()),
            ("flow", [disbursement(f"N-{at}", contract_no=f"N-{at}") for at in range(COUNT)]),
        ):
            batch = upload(
                bank, ndjson(rows), dataset=dataset, control_totals=totals(rows, dataset=dataset),
                acceptance="valid_rows",
            )  # fmt: skip
            assert bank.post(f"{URL}/{batch}/submit").status_code == 202
            batches.append(batch)
    assert at_once(*(lambda b=batch: run(b) for batch in batches)) == ["succeeded"] * 4
    assert set(Job.objects.values_list("state", "attempt")) == {("succeeded", 1)}
    assert len(_books()) == 2


def test_a_book_goes_with_the_transaction_that_opened_it(
    committed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Api(committed.key("bank_a"))
    send(bank, _loans())

    class Lost(Exception):
        """The worker dies between the book and the commit."""

    def lost(*_args: Any, **_facts: Any) -> None:
        raise Lost

    rows = _positions()
    batch = upload(bank, ndjson(rows), dataset="stock", control_totals=totals(rows, dataset="stock"))
    assert bank.post(f"{URL}/{batch}/submit").status_code == 202
    write = apply.stock.write
    with monkeypatch.context() as patch:
        patch.setattr(apply.stock, "write", lambda batch, *, now: (write(batch, now=now), lost()))
        assert run(batch) == "queued"
    assert _books() == []
    Job.objects.update(lease_until="2026-01-01T00:00:00Z")
    assert run(batch) == "succeeded"
    assert len(_books()) == 1
