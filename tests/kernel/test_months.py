"""A month is closed by a second person, once, and never opened again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from finance_hub.kernel import months
from finance_hub.kernel.models import AuditEntry, MonthState, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import SelfApproval
from tests.cast import NOW, Cast
from tests.kernel.threads import at_once

OCTOBER = Month(2026, 10)


def propose(cast: Cast, who: str = "maker", month: Month = OCTOBER) -> MonthState:
    return months.propose_close(month, by=cast[who], now=NOW)


def close(cast: Cast, who: str = "approver", month: Month = OCTOBER) -> MonthState:
    return months.close(month, by=cast[who], now=NOW)


class TestClosing:
    def test_one_proposes_another_closes(self, cast: Cast) -> None:
        propose(cast)
        assert not months.is_closed(OCTOBER)
        state = close(cast)
        assert (state.proposed_by, state.closed_by, state.closed_at) == (cast["maker"], cast["approver"], NOW)
        assert months.is_closed(OCTOBER)
        assert months.closed_months() == {OCTOBER}
        acts = list(AuditEntry.objects.order_by("seq").values_list("action", "subject"))
        assert acts == [("month.propose_close", "month:2026-10"), ("month.close", "month:2026-10")]

    def test_nobody_closes_what_they_proposed(self, cast: Cast) -> None:
        propose(cast)
        with pytest.raises(SelfApproval):
            close(cast, "maker")

    def test_not_even_past_the_code(self, cast: Cast) -> None:
        state = propose(cast)
        with pytest.raises(IntegrityError, match="another_person_closes_the_month"), transaction.atomic():
            MonthState.objects.filter(pk=state.pk).update(closed_by=cast["maker"], closed_at=NOW)

    def test_a_month_is_kept_by_its_first_day(self, cast: Cast) -> None:
        state = propose(cast)
        with pytest.raises(IntegrityError, match="closed_month_is_a_first"), transaction.atomic():
            MonthState.objects.filter(pk=state.pk).update(month="2026-10-02")

    def test_without_a_proposal_there_is_nothing_to_close(self, cast: Cast) -> None:
        with pytest.raises(months.CloseNotProposed):
            close(cast)

    def test_it_is_closed_once(self, cast: Cast) -> None:
        propose(cast)
        close(cast)
        with pytest.raises(months.MonthClosed):
            close(cast, "second_approver")
        with pytest.raises(months.MonthClosed):
            propose(cast)
        assert MonthState.objects.get().proposed_by == cast["maker"]

    def test_of_two_approvers_at_once_one_closes(self, committed: Cast) -> None:
        propose(committed)
        people = ["approver", "second_approver"] * 4

        def one(number: int) -> bool:
            try:
                return bool(close(committed, people[number]))
            except months.MonthClosed:
                return False

        assert sum(at_once(8, one)) == 1
        assert AuditEntry.objects.filter(action="month.close").count() == 1

    def test_a_proposal_moves_to_the_latest_asker_who_then_may_not_close(self, cast: Cast) -> None:
        propose(cast)
        propose(cast, "approver")
        with pytest.raises(SelfApproval):
            close(cast)
        assert close(cast, "maker").closed_by == cast["maker"]

    @pytest.mark.parametrize("month", [Month(2026, 11), Month(2027, 1)])
    def test_a_month_that_is_not_over_is_not_closed(self, cast: Cast, month: Month) -> None:
        with pytest.raises(months.MonthNotOver):
            propose(cast, month=month)

    def test_a_month_is_over_at_midnight_in_shanghai(self, cast: Cast) -> None:
        with pytest.raises(months.MonthNotOver):
            months.propose_close(OCTOBER, by=cast["maker"], now=datetime(2026, 10, 31, 15, 59, tzinfo=UTC))
        assert months.propose_close(OCTOBER, by=cast["maker"], now=datetime(2026, 10, 31, 16, 0, tzinfo=UTC))


class TestInTurn:
    """Everybody who reports does so since October 2026."""

    AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)

    def test_no_month_is_closed_that_nobody_reports(self, cast: Cast) -> None:
        for month in (self.SEPTEMBER, Month(1999, 1)):
            with pytest.raises(months.MonthBeforeReports) as refused:
                propose(cast, month=month)
            assert refused.value.said.en == "The first month that anybody reports is 2026-10"
        assert not MonthState.objects.exists()

    def test_the_first_close_is_of_any_month_that_somebody_reports(self, cast: Cast) -> None:
        Organisation.objects.filter(code="bank-a").update(reports_since="2026-08-01")
        propose(cast, month=self.SEPTEMBER)
        close(cast, month=self.SEPTEMBER)
        for month in (self.AUGUST, Month(2023, 1)):
            with pytest.raises(months.MonthOutOfTurn) as refused:
                propose(cast, month=month)
            assert refused.value.said.zh == "须按月依次关账，下一个可关账的月份为2026-10"
        propose(cast)
        close(cast)
        assert months.closed_months() == {self.SEPTEMBER, OCTOBER}

    def test_no_month_is_left_out(self, cast: Cast) -> None:
        Organisation.objects.update(reports_since=None)
        propose(cast, month=self.AUGUST)
        close(cast, month=self.AUGUST)
        with pytest.raises(months.MonthOutOfTurn):
            propose(cast)

    def test_of_two_that_were_proposed_before_the_first_close_the_earlier_stays_open(
        self, cast: Cast
    ) -> None:
        Organisation.objects.update(reports_since=None)
        propose(cast, month=self.SEPTEMBER)
        propose(cast)
        close(cast)
        with pytest.raises(months.MonthOutOfTurn):
            close(cast, month=self.SEPTEMBER)

    def test_of_two_first_closes_at_once_one_is_done(self, committed: Cast) -> None:
        Organisation.objects.update(reports_since=None)
        asked = [Month(2026, 3), Month(2026, 7)]
        for month in asked:
            propose(committed, month=month)

        def one(number: int) -> bool:
            try:
                return bool(close(committed, month=asked[number]))
            except months.MonthOutOfTurn:
                return False

        assert sum(at_once(2, one)) == 1
        assert len(months.closed_months()) == 1


class TestTheOverview:
    def test_it_runs_from_the_present_back_to_the_first_report(self, cast: Cast) -> None:
        propose(cast)
        shown = [(str(one.month), one.state) for one in months.overview(now=NOW)]
        assert shown == [("2026-11", "open"), ("2026-10", "close_proposed")]

    def test_a_month_closed_before_that_is_shown_too(self, cast: Cast) -> None:
        Organisation.objects.update(reports_since=None)
        propose(cast, month=Month(2026, 8))
        close(cast, month=Month(2026, 8))
        shown = [(str(one.month), one.state) for one in months.overview(now=NOW)]
        assert shown == [("2026-11", "open"), ("2026-10", "open"), ("2026-09", "open"), ("2026-08", "closed")]

    def test_an_empty_installation_has_the_present_month(self, db: None) -> None:
        assert [str(one.month) for one in months.overview(now=NOW)] == ["2026-11"]
