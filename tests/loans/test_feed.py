"""The feed: every change once, numbered without gaps, in the order in which the changes took effect."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from finance_hub.kernel import months
from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans import feed
from loans.models import FeedEvent
from loans.operations import periods
from tasks import invariants
from tests.cast import NOW, Api, Cast
from tests.kernel.threads import at_once

Speak = Callable[[str], Api]
APPLIED = "loan_report_batch.applied"


def record(cast: Cast, subject: str = "lb_1", *, bank: str = "bank-a", type: str = APPLIED) -> FeedEvent:
    house = cast.organisation(bank)
    with within(Scope(organisation_id=house.pk)):
        return feed.record(type, organisation_id=house.pk, subject=subject, now=NOW)


def read(speaker: Api, query: str = "") -> Any:
    answer = speaker.get(f"/events{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def sequences(cast: Cast, bank: str = "bank-a") -> list[int]:
    with within(EVERYTHING):
        rows = FeedEvent.objects.filter(organisation=cast.organisation(bank))
        return list(rows.order_by("sequence").values_list("sequence", flat=True))


class TestRecording:
    def test_each_organisation_counts_from_one(self, cast: Cast) -> None:
        made = [record(cast, bank=bank).sequence for bank in ("bank-a", "bank-b", "bank-a", "bank-a")]
        assert made == [1, 1, 2, 3]

    def test_what_is_taken_back_leaves_no_gap(self, cast: Cast) -> None:
        record(cast)
        with transaction.atomic():
            record(cast)
            transaction.set_rollback(True)
        assert record(cast).sequence == 2
        assert sequences(cast) == [1, 2]

    def test_a_type_that_nobody_declared_is_a_defect(self, cast: Cast) -> None:
        with pytest.raises(ValueError, match=r"loan_report_batch\.vanished"):
            record(cast, type="loan_report_batch.vanished")
        assert sequences(cast) == []

    def test_a_bank_cannot_be_told_by_another(self, cast: Cast) -> None:
        from django.db import ProgrammingError

        other = cast.organisation("bank-b").pk
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            within(Scope(organisation_id=cast.organisation("bank-a").pk)),
        ):
            feed.record(APPLIED, organisation_id=other, subject="x", now=NOW)

    @pytest.mark.parametrize("spoil", ["SET sequence = 3", "SET sequence = 1"])
    def test_a_head_that_does_not_fit_is_named(self, cast: Cast, spoil: str) -> None:
        record(cast)
        record(cast)
        name = "a feed is numbered 1 to n, as its head says"
        with within(EVERYTHING), connection.cursor() as cursor:
            assert {one.name: one.holds for one in invariants.check()}[name]
            cursor.execute(f"UPDATE loans_feedhead {spoil}")
            assert {one.name: one.offenders for one in invariants.check()}[name] == ("bank-a",)


class TestManyAtOnce:
    def test_eight_writers_some_of_whom_fail_leave_no_gap(self, committed: Cast) -> None:
        def write(number: int) -> int:
            kept = 0
            for turn in range(10):
                try:
                    with transaction.atomic():
                        record(committed, f"lb_{number}_{turn}")
                        if (number + turn) % 3 == 0:
                            raise ZeroDivisionError
                    kept += 1
                except ZeroDivisionError:
                    continue
            return kept

        kept = sum(at_once(8, write))
        assert 0 < kept < 80
        assert sequences(committed) == list(range(1, kept + 1))

    def test_a_reader_never_sees_a_number_before_a_lower_one(self, committed: Cast) -> None:
        """Commits are in the order of the numbers: whoever reads up to n will find nothing new below."""
        over, torn = threading.Event(), []

        def watch() -> None:
            try:
                while not over.is_set():
                    found = sequences(committed)
                    if found != list(range(1, len(found) + 1)):
                        torn.append(found)
            finally:
                connection.close()

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            at_once(6, lambda number: [record(committed, f"lb_{number}_{turn}") for turn in range(15)])
        finally:
            over.set()
            watcher.join()
        assert torn == []
        assert len(sequences(committed)) == 90

    def test_banks_do_not_wait_for_each_other(self, committed: Cast) -> None:
        with transaction.atomic():
            record(committed)
            [made] = at_once(1, lambda _: record(committed, bank="bank-b"))
            assert made.sequence == 1


class TestReading:
    def test_is_in_order_and_goes_on_where_it_ended(self, api: Speak, cast: Cast) -> None:
        for number in range(1, 6):
            record(cast, f"lb_{number}")
        first = read(api("bank_a"), "?limit=2")
        assert [(event["sequence"], event["data"]["id"]) for event in first["data"]] == [
            (1, "lb_1"),
            (2, "lb_2"),
        ]
        assert (first["next_cursor"], first["has_more"]) == ("2", True)
        then = read(api("bank_a"), "?cursor=2&limit=200")
        assert [event["sequence"] for event in then["data"]] == [3, 4, 5]
        assert (then["next_cursor"], then["has_more"]) == ("5", False)
        later = read(api("bank_a"), f"?cursor={then['next_cursor']}")
        assert later == {"data": [], "next_cursor": "5", "has_more": False}
        record(cast, "lb_6")
        assert [event["data"]["id"] for event in read(api("bank_a"), "?cursor=5")["data"]] == ["lb_6"]

    def test_an_empty_feed_begins_at_nought(self, api: Speak) -> None:
        assert read(api("bank_a")) == {"data": [], "next_cursor": "0", "has_more": False}

    def test_says_what_and_when_and_only_the_id_of_it(self, api: Speak, cast: Cast) -> None:
        event = record(cast, "2026-10", type="reconciliation.confirmed")
        assert read(api("bank_a"))["data"] == [
            {
                "id": event.public_id, "type": "reconciliation.confirmed", "sequence": 1,
                "recorded_at": "2026-11-05T09:30:00+08:00", "data": {"id": "2026-10"},
            }
        ]  # fmt: skip

    def test_a_bank_reads_its_own(self, api: Speak, cast: Cast) -> None:
        record(cast)
        assert read(api("bank_b"))["data"] == []
        assert read(api("bank_b"), "?organisation=bank-a") == read(api("bank_b"), "?organisation=nobody")

    def test_the_centre_says_whose(self, api: Speak, cast: Cast) -> None:
        record(cast)
        assert len(read(api("maker"), "?organisation=bank-a")["data"]) == 1
        assert read(api("maker"), "?organisation=bank-b")["data"] == []
        said = api("maker").get("/events")
        assert (said.status_code, said.json()["errors"][0]["pointer"]) == (422, "#/organisation")

    @pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "１", "1e3", "9" * 19, "evt_1", " 1"])
    def test_a_cursor_that_is_none_is_refused(self, api: Speak, cursor: str) -> None:
        said = api("bank_a").get(f"/events?cursor={cursor}")
        assert (said.status_code, said.json()["code"]) == (422, "invalid-cursor")

    @pytest.mark.parametrize("limit", ["0", "201", "x"])
    def test_a_limit_that_is_none_is_refused(self, api: Speak, limit: str) -> None:
        assert api("bank_a").get(f"/events?limit={limit}").status_code == 422

    @pytest.mark.parametrize("name", ["guarantor_a", "manager_angel", "admin", "department"])
    def test_is_not_for_others(self, api: Speak, name: str) -> None:
        assert api(name).get("/events").status_code == 403


class TestPeriods:
    """bank-a reports since 2026-10; it is 2026-11-05."""

    @pytest.fixture
    def told(self, cast: Cast) -> Callable[..., list[tuple[str, str]]]:
        def announced(bank: str = "bank-a") -> list[tuple[str, str]]:
            with within(EVERYTHING):
                rows = FeedEvent.objects.filter(organisation=cast.organisation(bank)).order_by("sequence")
                return list(rows.values_list("type", "subject"))

        return announced

    def close(self, cast: Cast, month: str) -> None:
        at = datetime(2026, 12, 20, tzinfo=UTC)
        months.propose_close(Month.parse(month), by=cast["maker"], now=at)
        months.close(Month.parse(month), by=cast["approver"], now=at)

    def test_the_present_month_opens_once(self, told: Any) -> None:
        assert [periods.announce(now=NOW), periods.announce(now=NOW)] == [2, 0]
        assert told() == told("bank-b") == [("period.opened", "2026-11")]
        assert periods.announce(now=NOW + timedelta(days=30)) == 2
        assert told() == [("period.opened", "2026-11"), ("period.opened", "2026-12")]

    def test_a_closed_month_is_told_once(self, cast: Cast, told: Any) -> None:
        periods.announce(now=NOW)
        self.close(cast, "2026-10")
        assert [periods.announce(now=NOW), periods.announce(now=NOW)] == [2, 0]
        assert told() == [("period.opened", "2026-11"), ("period.closed", "2026-10")]

    def test_months_before_a_bank_reports_are_none_of_its_business(self, cast: Cast, told: Any) -> None:
        Organisation.objects.filter(code="bank-b").update(reports_since=date(2026, 12, 1))
        Organisation.objects.filter(code="guarantor-a").update(reports_since=date(2026, 9, 1))
        self.close(cast, "2026-09")
        self.close(cast, "2026-10")
        periods.announce(now=NOW)
        assert told() == [("period.closed", "2026-10"), ("period.opened", "2026-11")]
        assert told("bank-b") == []

    def test_months_that_take_nothing_any_more_are_not_told(self, cast: Cast, told: Any) -> None:
        Organisation.objects.update(reports_since=None)
        self.close(cast, "2025-10")
        self.close(cast, "2025-11")
        periods.announce(now=NOW)
        assert told() == [("period.closed", "2025-11"), ("period.opened", "2026-11")]

    def test_nobody_but_banks_is_told(self, cast: Cast, told: Any) -> None:
        periods.announce(now=NOW)
        assert told("guarantor-a") == []

    def test_two_clocks_tell_nobody_twice(self, committed: Cast) -> None:
        at_once(4, lambda _: periods.announce(now=NOW))
        assert sequences(committed) == sequences(committed, "bank-b") == [1]
