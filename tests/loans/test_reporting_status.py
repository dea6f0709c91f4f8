"""Who has not reported: every reporter, every data set, one state; nothing reported is never a zero."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import NoScope, within
from loans.models import LoanReportBatch
from loans.queries import reporting_status
from tests.cast import NOW, Api, Cast
from tests.loans.bank import URL as BATCHES
from tests.loans.bank import declare, disbursement, position, send, upload
from tests.loans.test_confirmations import OWN, confirm, report
from tests.loans.test_guarantees import NEW as GUARANTEE

Speak = Callable[[str], Api]
OCTOBER = Month(2026, 10)
DUE = datetime(2026, 11, 10, 10, tzinfo=UTC)  # 18:00 in Shanghai


def rows(api: Api, period: str = "2026-10") -> dict[tuple[str, str], Any]:
    answer = api.get(f"/reporting-status?period={period}")
    assert answer.status_code == 200, answer.content
    return {(row["reporter"]["code"], row["dataset"]): row for row in answer.json()["data"]}


def state(now: datetime, bank: str = "bank-a", dataset: str = "flow") -> tuple[str, int]:
    """(state, days late) as the centre would see it at a moment."""
    with within(EVERYTHING):
        found = reporting_status.status(OCTOBER, now=now)
    return next(
        (row.state, row.days_late) for row in found if (row.reporter.code, row.dataset) == (bank, dataset)
    )


def test_the_centre_sees_all_who_owe_and_a_reporter_itself(api: Speak) -> None:
    both = [("bank-a", "flow"), ("bank-a", "stock"), ("bank-b", "flow"), ("bank-b", "stock"),
            ("guarantor-a", "guarantees"), ("guarantor-b", "guarantees"), ("insurer-a", "guarantees")]  # fmt: skip
    assert list(rows(api("maker"))) == list(rows(api("auditor"))) == both
    assert list(rows(api("bank_b"))) == both[2:4]
    assert list(rows(api("guarantor_b"))) == both[5:6]
    assert {row["state"] for row in rows(api("maker")).values()} == {"not_started"}


def test_each_step_of_the_road_has_its_state(api: Speak) -> None:
    bank, maker = api("bank_a"), api("maker")
    declare(bank, b"")
    row = rows(maker)["bank-a", "flow"]
    assert (row["state"], row["last_batch"]["state"], row["last_batch"]["accepted"]) == (
        "declared",
        "uploading",
        None,
    )
    batch = upload(bank, b"")
    assert rows(maker)["bank-a", "flow"]["last_batch"]["id"] == batch
    bank.post(f"{BATCHES}/{batch}/submit")
    assert rows(maker)["bank-a", "flow"]["state"] == "submitted"
    sent = send(bank, [disbursement()], control_totals={"rows": 9, "disbursed": "0.00", "repaid": "0.00"})
    assert (sent.state, rows(maker)["bank-a", "flow"]["state"]) == ("rejected", "rejected")
    good = send(bank, [disbursement(), disbursement("E-2", "x")])
    row = rows(maker)["bank-a", "flow"]
    counts = {
        name: row["last_batch"][name] for name in ("rows", "accepted", "unchanged", "rejected", "warnings")
    }
    assert (row["state"], row["batches"], row["accepted"], row["days_late"]) == ("applied", 1, 1, 0)
    assert counts == {"rows": 2, "accepted": 1, "unchanged": 0, "rejected": 1, "warnings": 0}
    assert (row["last_batch"]["id"], row["first_reported_at"][:10]) == (good.batch["id"], "2026-11-05")
    assert rows(maker)["bank-a", "stock"]["state"] == "not_started"


def test_an_applied_report_stays_one_whatever_is_sent_after_it(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [disbursement()])
    last = declare(bank, b"")
    row = rows(bank)["bank-a", "flow"]
    assert (row["state"], row["last_batch"]["id"]) == ("applied", last)


@pytest.mark.parametrize("dataset", ["flow", "stock"])
def test_a_report_without_rows_is_a_report(api: Speak, dataset: str) -> None:
    send(api("bank_a"), [], dataset=dataset)
    assert rows(api("bank_a"))["bank-a", dataset]["state"] == "applied"


def test_a_dry_run_and_a_batch_given_up_are_none(api: Speak) -> None:
    bank = api("bank_a")
    send(bank, [disbursement()], dry_run=True)
    bank.post(f"{BATCHES}/{declare(bank, b'')}/cancel")
    row = rows(bank)["bank-a", "flow"]
    assert (row["state"], row["last_batch"]) == ("not_started", None)


class TestLateness:
    @pytest.mark.parametrize(
        ("after", "said"),
        [(timedelta(0), ("not_started", 0)), (timedelta(seconds=1), ("overdue", 1)), (timedelta(days=1), ("overdue", 1)),
         (timedelta(days=1, seconds=1), ("overdue", 2)), (timedelta(days=30), ("overdue", 30))],
    )  # fmt: skip
    def test_is_counted_in_begun_days_from_the_due_moment(
        self, cast: Cast, after: timedelta, said: Any
    ) -> None:
        assert state(DUE + after) == said

    def test_a_rejected_or_unsent_report_is_overdue_too(self, api: Speak) -> None:
        declare(api("bank_a"), b"")
        bad = {"rows": 9, "disbursed": "0.00", "repaid": "0.00"}
        send(api("bank_b"), [disbursement()], control_totals=bad)
        assert [state(DUE, bank)[0] for bank in ("bank-a", "bank-b")] == ["declared", "rejected"]
        assert [state(DUE + timedelta(hours=1), bank)[0] for bank in ("bank-a", "bank-b")] == ["overdue"] * 2

    def test_what_is_being_worked_on_is_not_overdue(self, api: Speak) -> None:
        bank = api("bank_a")
        bank.post(f"{BATCHES}/{upload(bank, b'')}/submit")
        assert state(DUE + timedelta(hours=1)) == ("submitted", 1)

    def test_a_late_report_stays_late(self, api: Speak) -> None:
        send(api("bank_a"), [disbursement()])
        with within(EVERYTHING):
            LoanReportBatch.objects.update(finished_at=DUE + timedelta(days=2, hours=3))
        assert state(DUE + timedelta(days=40)) == ("applied", 3)


class TestConfirmed:
    def test_is_what_the_bank_says_matches(self, api: Speak) -> None:
        bank = api("bank_a")
        report(bank)
        assert rows(bank)["bank-a", "flow"]["state"] == "applied"
        confirm(bank, {"closing": "1.00"})
        assert rows(bank)["bank-a", "flow"]["state"] == "applied"
        confirm(bank)
        found = rows(api("maker"))
        assert [found["bank-a", dataset]["state"] for dataset in ("flow", "stock")] == ["confirmed"] * 2
        assert found["bank-b", "flow"]["state"] == "not_started"

    def test_ends_with_the_next_row_that_is_applied(self, api: Speak) -> None:
        bank = api("bank_a")
        report(bank)
        assert bank.post("/reconciliations/2026-10/confirm", {"totals": OWN}).status_code == 201
        send(bank, [position("700.00")], dataset="stock")
        assert rows(bank)["bank-a", "stock"]["state"] == "confirmed"
        send(bank, [position("600.00", revision=2)], dataset="stock")
        assert rows(bank)["bank-a", "stock"]["state"] == "applied"


class TestGuarantors:
    def test_have_reported_once_something_of_the_month_is_recorded(self, api: Speak) -> None:
        assert api("guarantor_a").post("/guarantees", GUARANTEE).status_code == 201
        found = rows(api("maker"))
        row = found["guarantor-a", "guarantees"]
        assert (row["state"], row["accepted"], row["batches"], row["last_batch"]) == (
            "applied",
            1,
            None,
            None,
        )
        assert found["guarantor-b", "guarantees"]["state"] == "not_started"
        assert rows(api("maker"), "2026-11")["guarantor-a", "guarantees"]["state"] == "not_started"
        assert state(DUE + timedelta(days=1), "guarantor-b", "guarantees") == ("overdue", 1)

    def test_owe_only_from_a_month_that_is_set(self, cast: Cast) -> None:
        Organisation.objects.filter(kind__in=["guarantor", "insurer"]).update(reports_since=None)
        Organisation.objects.filter(code="bank-b").update(reports_since=date(2026, 11, 1))
        with within(EVERYTHING):
            found = reporting_status.status(OCTOBER, now=NOW)
        assert {row.reporter.code for row in found} == {"bank-a"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "required"),
        ("?period=", "required"),
        ("?period=2026-13", "month-format"),
        ("?period=now", "month-format"),
    ],
)
def test_the_month_is_asked_for(api: Speak, query: str, code: str) -> None:
    answer = api("maker").get(f"/reporting-status{query}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


@pytest.mark.parametrize("who", ["manager_angel", "department", "admin"])
def test_others_are_refused(api: Speak, who: str) -> None:
    assert api(who).get("/reporting-status?period=2026-10").status_code == 403


def test_nothing_is_read_without_a_scope(cast: Cast) -> None:
    with pytest.raises(NoScope):
        reporting_status.status(OCTOBER, now=NOW)


def test_the_number_of_queries_does_not_grow_with_the_reporters(
    api: Speak, django_assert_max_num_queries: Any
) -> None:
    speaker = api("maker")
    rows(speaker)
    with django_assert_max_num_queries(14):
        rows(speaker)
