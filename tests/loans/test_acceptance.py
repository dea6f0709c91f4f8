"""What a batch does with its rows: all or nothing, dry, again, empty, and for which months."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import MonthState
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans.models import LoanEvent
from tests.cast import Api, Cast
from tests.loans.bank import (
    URL,
    declaration,
    disbursement,
    position,
    repayment,
    send,
)  # fmt: skip

Speak = Callable[[str], Api]


def _events() -> int:
    with within(EVERYTHING):
        return LoanEvent.objects.count()


def test_all_or_nothing_lists_every_bad_row_and_applies_none(api: Speak) -> None:
    rows = [disbursement(), repayment("E-2", "x"), repayment("E-3", "2000.00")]
    sent = send(api("bank_a"), rows, acceptance="all_or_nothing")
    assert (sent.state, sent.error["code"]) == ("rejected", "rows-rejected")
    assert sent.result == {"accepted": 0, "unchanged": 0, "rejected": 2, "warnings": 0}
    assert sent.codes() == [(2, ["amount-format"]), (3, ["repayment-exceeds-balance"])]
    assert _events() == 0


def test_a_snapshot_is_all_or_nothing_unless_it_says_otherwise(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [disbursement()])
    sent = send(bank, [position(), position(drawdown_no="JJ-404")], dataset="stock")
    assert (sent.state, sent.batch["acceptance"]) == ("rejected", "all_or_nothing")
    again = send(bank, [position(), position(drawdown_no="JJ-404")], dataset="stock", acceptance="valid_rows")
    assert (again.state, again.result["accepted"]) == ("applied", 1)


def test_a_dry_run_says_the_same_and_changes_nothing(api: Speak) -> None:
    bank = api("bank_a")
    rows = [disbursement(), repayment("E-2", "9999.00"), repayment("E-3", "1.00")]
    dry, wet = send(bank, rows, dry_run=True), send(bank, rows)
    assert (dry.state, wet.state) == ("validated", "applied")
    assert dry.result == wet.result
    assert dry.rows() == wet.rows()
    assert [row["row_number"] for row in dry.rows("accepted")] == [1, 3]
    assert dry.batch["control_totals"]["applied"] == {"rows": 0, "disbursed": "0.00", "repaid": "0.00"}


def test_a_file_that_is_sent_again_changes_nothing(api: Speak) -> None:
    bank = api("bank_a")
    rows = [disbursement(), repayment(), disbursement("E-3", contract_no="HT-3")]
    first = send(bank, rows)
    for format in ("ndjson", "csv", "xlsx"):
        again = send(bank, rows, format=format)
        assert again.result == {"accepted": 0, "unchanged": 3, "rejected": 0, "warnings": 0}
        assert [(r["row_number"], r["client_row_id"]) for r in again.rows("unchanged")] == [
            (1, "row-E-1"), (2, "row-E-2"), (3, "row-E-3"),
        ]  # fmt: skip
    assert (first.result["accepted"], _events()) == (3, 3)
    stock = [position("700.00"), position("1000.00", contract_no="HT-3")]
    assert [send(bank, stock, dataset="stock").result["unchanged"] for _ in range(2)] == [0, 2]


def test_an_empty_file_is_a_report_too(api: Speak) -> None:
    assert send(api("bank_a"), []).state == "applied"
    assert send(api("bank_a"), [], format="csv").state == "applied"
    assert send(api("bank_a"), [], format="xlsx").state == "applied"


PERIODS = [("2026-09", 422), ("2026-10", 201), ("2099-01", 422)]


@pytest.mark.parametrize(("period", "status"), PERIODS)
def test_a_bank_reports_the_months_it_owes_and_no_future_ones(api: Speak, period: str, status: int) -> None:
    answer = api("bank_a").post(URL, declaration(b"", period=period))
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] == "period-not-open"


def _close(month: str, cast: Cast) -> None:
    now = timezone.now()
    MonthState.objects.create(
        month=Month.parse(month).first, proposed_by=cast["maker"], proposed_at=now,
        closed_by=cast["approver"], closed_at=now,
    )  # fmt: skip


def test_a_closed_month_takes_restatements_for_a_year(api: Speak, cast: Cast) -> None:
    bank = api("bank_a")
    _close("2026-10", cast)
    assert send(bank, [disbursement()]).state == "applied"
    organisation = cast.organisation("bank-a")
    organisation.reports_since = Month.parse("2025-01").first
    organisation.save()
    _close("2025-11", cast)
    assert send(bank, [], period="2025-11").state == "applied"
    assert bank.post(URL, declaration(b"", period="2025-01")).status_code == 201


@pytest.mark.parametrize("person", ["maker", "auditor", "guarantor_a", "manager_angel", "admin"])
def test_only_a_bank_reports_loans(api: Speak, person: str) -> None:
    answer = api(person).post(URL, declaration(b""))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
