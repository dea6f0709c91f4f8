"""A clerk's file: tried out and compared; a month in which nothing happened, and how a month stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Forbidden, InvalidFields
from finance_hub.kernel.scoping import within
from loans import operations, queries
from loans.models import LoanReportBatch
from loans.operations import uploads
from loans.operations.batches import PeriodNotOpen
from tests.cast import Api, Cast
from tests.loans import bank
from tests.loans.clerk import OCTOBER, confirmed, done, events, pointers, table, tried

Speak = Callable[[str], Api]
FORM = "form-0001"


class TestATrial:
    def test_tells_rows_and_sums_that_nobody_declared_and_applies_nothing(self, cast: Cast) -> None:
        trial = tried(cast, table(bank.disbursement(), bank.repayment()))

        assert (trial.state, trial.dry_run, trial.declared_totals) == ("validated", True, {})
        assert trial.computed_totals == {"rows": 2, "disbursed": "1000.00", "repaid": "300.00"}
        assert (trial.format, trial.client_reference) == ("csv", "十月发生额.csv")
        assert events() == []

    def test_tells_new_changed_unchanged_and_rejected_rows_apart(self, api: Speak, cast: Cast) -> None:
        """100 + 200 are known; 100 comes again, 200 is raised to 250, 400 is new, one row is bad."""
        known = [
            bank.disbursement("E-1", "100.00"),
            bank.disbursement("E-2", "200.00", contract_no="HT-2", drawdown_no="JJ-2"),
        ]
        assert bank.send(api("bank_a"), known).state == "applied"
        raised = {**known[1], "amount": "250.00", "revision": 2, "reason_code": "input-error"}
        new = bank.disbursement("E-3", "400.00", contract_no="HT-3", drawdown_no="JJ-3")
        bad = bank.repayment("E-4", "99.00", drawdown_no="JJ-9")

        trial = tried(cast, table(known[0], raised, new, bad))

        assert trial.result is not None
        assert {name: trial.result[name] for name in ("accepted", "unchanged", "rejected")} == {
            "accepted": 2, "unchanged": 1, "rejected": 1,
        }  # fmt: skip
        assert trial.result["kinds"] == {
            "new": {"rows": 1, "disbursed": "400.00", "repaid": "0.00"},
            "changed": {"rows": 1, "disbursed": "250.00", "repaid": "0.00"},
            "unchanged": {"rows": 1, "disbursed": "100.00", "repaid": "0.00"},
        }
        assert trial.computed_totals == {"rows": 4, "disbursed": "750.00", "repaid": "99.00"}

    def test_of_a_snapshot_knows_what_the_month_holds_already(self, api: Speak, cast: Cast) -> None:
        lent = [
            bank.disbursement(f"E-{n}", "700.00", contract_no=f"HT-{n}", drawdown_no=f"JJ-{n}")
            for n in (1, 2, 3)
        ]
        stood = [bank.position("700.00", contract_no=f"HT-{n}", drawdown_no=f"JJ-{n}") for n in (1, 2, 3)]
        bank.send(api("bank_a"), lent)
        assert bank.send(api("bank_a"), stood[:2], dataset="stock").state == "applied"
        worse = {**stood[1], "revision": 2, "balance": "650.00"}

        trial = tried(cast, table(stood[0], worse, stood[2], dataset="stock"), dataset="stock")

        assert trial.result is not None
        assert trial.result["kinds"] == {
            "new": {"rows": 1, "balance": "700.00"},
            "changed": {"rows": 1, "balance": "650.00"},
            "unchanged": {"rows": 1, "balance": "700.00"},
        }

    def test_does_not_take_another_banks_event_for_a_known_one(self, api: Speak, cast: Cast) -> None:
        bank.send(api("bank_b"), [bank.disbursement("E-1", "100.00")])
        trial = tried(cast, table(bank.disbursement("E-1", "100.00")))

        assert trial.result is not None
        assert trial.result["kinds"]["new"]["rows"] == 1

    def test_of_a_file_that_is_no_report_says_so_in_the_batch(self, cast: Cast) -> None:
        trial = tried(cast, b"name,sum\nx,1\n")

        assert (trial.state, (trial.error or {})["code"]) == ("rejected", "wrong-columns")

    def test_is_shown_by_the_api_like_any_batch(self, api: Speak, cast: Cast) -> None:
        trial = tried(cast, table(bank.disbursement()))
        said = api("bank_a").get(f"{bank.URL}/{trial.public_id}").json()

        assert (said["dry_run"], said["control_totals"]["declared"]) == (True, {})
        assert said["result"] == {"accepted": 1, "unchanged": 0, "rejected": 0, "warnings": 0}
        assert api("bank_b").get(f"{bank.URL}/{trial.public_id}").status_code == 404

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "empty"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "not-a-table"),
            (b"\x1f\x8b\x08\x00", "not-a-table"),
            (b"%PDF-1.7", "not-a-table"),
        ],
    )
    def test_refuses_what_is_no_table_before_anything_is_recorded(
        self, cast: Cast, content: bytes, code: str
    ) -> None:
        with pytest.raises(InvalidFields) as refused:
            tried(cast, content)

        assert pointers(refused) == [("#/file", code)]
        with within(EVERYTHING):
            assert not LoanReportBatch.objects.exists()

    def test_refuses_a_file_above_its_limit(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        content = table(bank.disbursement())
        monkeypatch.setattr(uploads, "most_bytes", lambda format: len(content) - 1)
        with pytest.raises(InvalidFields) as refused:
            tried(cast, content)

        assert pointers(refused) == [("#/file", "too-large")]

    def test_refuses_a_month_that_takes_no_reports(self, cast: Cast) -> None:
        with pytest.raises(PeriodNotOpen):
            tried(cast, table(bank.disbursement()), period=Month(2026, 9))

    @pytest.mark.parametrize("name", ["guarantor_a", "manager_angel", "maker"])
    def test_is_for_banks(self, cast: Cast, name: str) -> None:
        with pytest.raises(Forbidden):
            tried(cast, table(bank.disbursement()), by=cast[name])

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("a\0b\x07c.csv", "a\\x00bc.csv"),
            ("x" * 100 + ".csv", "x" * 64),
            ("", ""),
            ("报表\u2028.csv", "报表.csv"),
        ],
    )
    def test_keeps_the_files_name_as_text_that_lists_can_show(self, cast: Cast, name: str, kept: str) -> None:
        assert tried(cast, table(bank.disbursement()), name=name).client_reference == kept


class TestNothing:
    def report(self, cast: Cast, *, dataset: str = "flow", token: str = FORM, **changes: Any) -> Any:
        facts: dict[str, Any] = {"period": OCTOBER, "by": cast["bank_a"], "now": timezone.now()} | changes
        return operations.report_nothing(dataset=dataset, token=token, **facts)

    @pytest.mark.parametrize("dataset", ["flow", "stock"])
    def test_is_a_report_without_rows(self, cast: Cast, dataset: str) -> None:
        batch = done(self.report(cast, dataset=dataset))

        assert (batch.state, (batch.computed_totals or {})["rows"]) == ("applied", 0)
        with within(EVERYTHING):
            assert ("bank-a", dataset) not in queries.not_reported(OCTOBER, timezone.now())

    def test_sent_twice_is_one_batch(self, cast: Cast) -> None:
        first, second = self.report(cast), self.report(cast)

        assert first.public_id == second.public_id

    @pytest.mark.parametrize("token", ["", "short", "x" * 65, "has space in it", "令牌令牌令牌令牌"])
    def test_needs_the_token_of_its_form(self, cast: Cast, token: str) -> None:
        with pytest.raises(InvalidFields):
            self.report(cast, token=token)

    def test_is_refused_for_a_month_that_takes_no_reports(self, cast: Cast) -> None:
        with pytest.raises(PeriodNotOpen):
            self.report(cast, period=Month(2027, 1))


class TestHowAMonthStands:
    def state(self, cast: Cast) -> str:
        with within(EVERYTHING):
            all_ = queries.standings([OCTOBER], bank=cast.organisation("bank-a"))
        standing = all_.get((cast.organisation("bank-a").pk, OCTOBER, "flow"))
        return standing.state if standing else "not_started"

    def test_goes_from_nothing_over_a_preview_to_a_report(self, cast: Cast) -> None:
        assert self.state(cast) == "not_started"
        trial = tried(cast, table(bank.disbursement()))
        assert self.state(cast) == "uploaded"
        batch = confirmed(cast, trial)
        assert self.state(cast) == "uploaded"
        done(batch)
        assert self.state(cast) == "reported"

    def test_asks_for_correction_until_the_rejected_rows_are_mended(self, api: Speak, cast: Cast) -> None:
        bank.send(api("bank_a"), [bank.disbursement(), bank.repayment(amount="-1.00")])
        assert self.state(cast) == "to_correct"
        bank.send(api("bank_a"), [bank.repayment(amount="1.00")])
        assert self.state(cast) == "reported"

    def test_is_not_made_worse_by_a_trial(self, api: Speak, cast: Cast) -> None:
        bank.send(api("bank_a"), [bank.disbursement()])
        tried(cast, b"no,report\n1,2\n")
        assert self.state(cast) == "reported"

    def test_knows_the_trial_that_can_still_be_confirmed(self, cast: Cast) -> None:
        trial = tried(cast, table(bank.disbursement()))
        bank_a = cast.organisation("bank-a")
        with within(EVERYTHING):
            (standing,) = queries.standings([OCTOBER], bank=bank_a).values()
            assert standing.waiting(now=timezone.now()) == trial
            assert standing.waiting(now=trial.expires_at) is None
        done(confirmed(cast, trial))
        with within(EVERYTHING):
            (standing,) = queries.standings([OCTOBER], bank=bank_a).values()
            assert standing.waiting(now=timezone.now()) is None

    def test_of_another_bank_is_not_seen(self, cast: Cast) -> None:
        tried(cast, table(bank.disbursement()))
        with within(cast["bank_b"].scope):
            assert queries.standings([OCTOBER]) == {}
