"""A clerk's file that was tried out: confirmed once, and looked at twice where its sums are out of proportion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import InvalidFields, NotFound
from finance_hub.kernel.scoping import within
from loans import queries
from loans.intake.receive import path_of
from loans.intake.refusals import ContentMissing
from loans.models import LoanReportBatch
from loans.operations import uploads
from tests.cast import Api, Cast
from tests.loans import bank
from tests.loans.clerk import confirmed, done, events, found, pointers, table, tried

Speak = Callable[[str], Api]


class TestConfirming:
    def test_applies_the_very_file_with_the_totals_of_the_trial(self, cast: Cast) -> None:
        trial = tried(cast, table(bank.disbursement(), bank.repayment()))
        batch = done(confirmed(cast, trial))

        assert (batch.state, batch.dry_run) == ("applied", False)
        assert batch.declared_totals == trial.computed_totals == batch.applied_totals
        assert batch.content_sha256 == trial.content_sha256
        assert path_of(batch.public_id).read_bytes() == path_of(trial.public_id).read_bytes()
        assert events() == [("E-1", 1, Decimal("1000.00")), ("E-2", 1, Decimal("300.00"))]

    def test_again_is_the_same_batch(self, cast: Cast) -> None:
        trial = tried(cast, table(bank.disbursement()))
        first = done(confirmed(cast, trial))

        assert confirmed(cast, trial).public_id == first.public_id
        assert len(events()) == 1

    def test_goes_on_where_a_crash_left_it(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        trial = tried(cast, table(bank.disbursement()))
        with monkeypatch.context() as broken:
            broken.setattr(uploads, "receive", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                confirmed(cast, trial)

        assert done(confirmed(cast, trial)).state == "applied"
        assert len(events()) == 1

    def test_takes_the_valid_rows_alone_where_that_is_wanted(self, cast: Cast) -> None:
        trial = tried(cast, table(bank.disbursement(), bank.repayment(amount="12.345")))
        batch = done(confirmed(cast, trial, acceptance="valid_rows"))

        assert (batch.state, (batch.result or {})["rejected"]) == ("applied", 1)
        assert [event for event, _revision, _amount in events()] == ["E-1"]

    @pytest.mark.parametrize("acceptance", ["", "some", "dry_run"])
    def test_needs_one_of_the_two_ways(self, cast: Cast, acceptance: str) -> None:
        trial = tried(cast, table(bank.disbursement()))
        with pytest.raises(InvalidFields) as refused:
            confirmed(cast, trial, acceptance=acceptance)

        assert pointers(refused) == [("#/acceptance", "required")]

    def test_refuses_all_or_nothing_where_it_would_be_nothing(self, cast: Cast) -> None:
        trial = tried(cast, table(bank.disbursement(), bank.repayment(amount="-1.00")))
        with pytest.raises(InvalidFields) as refused:
            confirmed(cast, trial, acceptance="all_or_nothing")

        assert pointers(refused) == [("#/acceptance", "rows-would-be-rejected")]

    def test_refuses_a_batch_that_is_no_trial_or_has_failed(self, api: Speak, cast: Cast) -> None:
        real = bank.send(api("bank_a"), [bank.disbursement()]).batch["id"]
        for public_id in (real, tried(cast, b"a,b\n1,2\n").public_id):
            with pytest.raises(uploads.NothingToConfirm):
                confirmed(cast, found(public_id))

    def test_refuses_a_preview_whose_time_is_over(self, cast: Cast) -> None:
        trial = tried(cast, table(bank.disbursement()))
        assert confirmed(cast, trial, now=trial.expires_at - timedelta(seconds=1)).state == "validating"
        with pytest.raises(uploads.PreviewExpired):
            confirmed(cast, trial, now=trial.expires_at)

    def test_refuses_a_preview_whose_file_is_gone_or_was_changed(self, cast: Cast) -> None:
        trial = tried(cast, table(bank.disbursement()))
        path_of(trial.public_id).write_bytes(table(bank.disbursement(amount="9.00")))
        with pytest.raises(Exception, match="content-hash-mismatch"):
            confirmed(cast, trial)
        path_of(trial.public_id).unlink()
        with pytest.raises(ContentMissing):
            confirmed(cast, trial)
        assert events() == []

    def test_of_anothers_trial_finds_none(self, cast: Cast) -> None:
        trial = tried(cast, table(bank.disbursement()))
        with pytest.raises(NotFound):
            confirmed(cast, trial, by=cast["bank_b"])

    def test_by_two_at_once_makes_one_batch(self, committed: Cast) -> None:
        trial = tried(committed, table(bank.disbursement()))
        barrier, said = Barrier(8), []

        def press() -> None:
            try:
                barrier.wait()
                said.append(confirmed(committed, trial).public_id)
            finally:
                connections.close_all()

        threads = [Thread(target=press) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(said) == 8
        assert len(set(said)) == 1
        assert done(found(said[0])).state == "applied"


class TestSumsOutOfProportion:
    @pytest.fixture
    def september(self, api: Speak, cast: Cast) -> datetime:
        organisation = cast.organisation("bank-a")
        organisation.reports_since = Month(2026, 9).first
        organisation.save()
        sent = bank.send(api("bank_a"), [bank.disbursement(value_date="2026-09-10")], period="2026-09")
        assert sent.state == "applied"
        return timezone.now()

    def october(self, cast: Cast, amount: str) -> LoanReportBatch:
        row = bank.disbursement("E-9", amount, contract_no="HT-9", drawdown_no="JJ-9")
        return tried(cast, table(row))

    @pytest.mark.usefixtures("september")
    def test_ask_for_a_second_look_above_ten_times_last_months(self, cast: Cast) -> None:
        trial = self.october(cast, "10000.01")
        with within(EVERYTHING):
            assert queries.out_of_proportion(trial) == [
                ("disbursed", Decimal("10000.01"), Decimal("1000.00"))
            ]
        with pytest.raises(InvalidFields) as refused:
            confirmed(cast, trial)
        assert pointers(refused) == [("#/sure", "out-of-proportion")]
        assert done(confirmed(cast, trial, sure=True)).state == "applied"

    @pytest.mark.usefixtures("september")
    def test_are_not_exactly_ten_times(self, cast: Cast) -> None:
        assert done(confirmed(cast, self.october(cast, "10000.00"))).state == "applied"

    def test_have_no_measure_in_a_month_without_sums(self, cast: Cast) -> None:
        with within(EVERYTHING):
            assert queries.out_of_proportion(self.october(cast, "99999999.00")) == []
