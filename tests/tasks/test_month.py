"""The whole road over HTTP: a manager records a deal, a bank reports, the month's job computes what a clerk would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from finance_hub.kernel import jobs, months
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks import publication, schedule, snapshots
from tasks.models import Briefing, Figure, Snapshot
from tests.cast import NOW, Api, Cast
from tests.funds.conftest import FUND, Desk, made
from tests.loans.bank import disbursement, position, repayment, send
from tests.tasks import issuing
from tests.tasks.exposing import enter_delivered

Speak = Callable[[str], Api]
OCTOBER = Month(2026, 10)


def run_due() -> list[str]:
    """Record what is due and do it as a worker would; the outcomes."""
    schedule.enqueue_due(now=NOW)
    waiting = Job.objects.filter(state="queued").order_by("created_at").values_list("pk", flat=True)
    return [jobs.run(str(pk)) for pk in list(waiting)]


def figures(api: Speak, code: str, scope: str = "") -> dict[str, str | None]:
    answer = api("maker").get(f"/metrics/2026-10?code={code}&scope={scope}")
    assert answer.status_code == 200, answer.content
    return {figure["key"]: figure["value"] or figure["reason"] for figure in answer.json()["figures"]}


def make_city(cast: Cast, api: Speak) -> Cast:
    """10 million committed, called and paid in, 3 invested; bank A lent 1000.00 and got 300.00 back."""
    made(api("maker").post("/funds", FUND))
    manager = api("manager_angel")
    made(manager.post("/funds/angel/investors", {"name": "市财政局", "capital": "fiscal"}))
    desk = Desk(manager, "angel")
    for kind in ("commitment", "call", "contribution"):
        made(desk.event(kind, "10000000.00", "2026-09-01", investor="市财政局"))
    made(desk.invest("3000000.00", "2026-10-12"))
    assert send(api("bank_a"), [disbursement(), repayment()]).state == "applied"
    assert send(api("bank_a"), [position()], dataset="stock").state == "applied"
    return cast


@pytest.fixture
def city(cast: Cast, api: Speak) -> Cast:
    return make_city(cast, api)


def test_the_figures_are_what_a_clerk_would_reach(city: Cast, api: Speak) -> None:
    assert run_due() == ["succeeded"]
    assert figures(api, "fund.paid_in") == {"": "10000000"}
    assert figures(api, "fund.invested", "fund") == {"angel": "3000000"}
    assert figures(api, "loans.balance", "bank") == {"bank-a": "700", "bank-b": "not-reported"}
    assert figures(api, "loans.npl_ratio", "bank") == {"bank-a": "0", "bank-b": "not-reported"}
    assert figures(api, "loans.overdue_ratio", "bank") == {"bank-a": "0", "bank-b": "not-reported"}
    assert figures(api, "loans.subsidy") == {"": "0"}
    assert set(figures(api, "loans.migration", "migration").values()) == {"not-reported"}
    # A bank's own loan is no public money.
    assert figures(api, "exposure.public") == {"": "3000000"}
    assert figures(api, "exposure.finance") == {"": "3000700"}


def test_the_month_has_one_draft_for_which_nobody_answers_yet(city: Cast, api: Speak) -> None:
    run_due()
    (row,) = api("maker").get("/briefings").json()["data"]
    assert (row["state"], row["drafted_by"], row["period"]) == ("draft", None, "2026-10")


def test_nothing_is_due_twice(city: Cast) -> None:
    run_due()
    assert run_due() == []
    with within(EVERYTHING):
        assert (Snapshot.objects.count(), Briefing.objects.count()) == (1, 1)


def test_new_facts_make_the_month_due_again_and_supersede_the_draft(city: Cast, api: Speak) -> None:
    run_due()
    send(api("bank_a"), [disbursement("E-9", "500.00", contract_no="HT-9", drawdown_no="JJ-9")])
    assert run_due() == ["succeeded"]
    assert figures(api, "loans.balance", "bank")["bank-a"] == "1200"
    states = [row["state"] for row in api("maker").get("/briefings").json()["data"]]
    assert states == ["draft", "superseded"]


def test_a_figure_that_the_catalogue_no_longer_has_stays_unsaid(city: Cast, api: Speak) -> None:
    run_due()
    with within(EVERYTHING):
        Figure.objects.create(snapshot=Snapshot.objects.get(), code="loans.forgotten", value=1, position=0)
    answer = api("maker").get("/metrics/2026-10")
    assert answer.status_code == 200
    assert "loans.forgotten" not in {figure["code"] for figure in answer.json()["figures"]}


def test_a_new_set_of_assumptions_makes_the_month_due_again(city: Cast, api: Speak) -> None:
    """90 % of the 3 million of equity; a set of the day after the month changes nothing in it."""
    run_due()
    assert figures(api, "exposure.public_loss") == {"": "no-assumptions"}
    enter_delivered(api, valid_from="2026-11-01")
    run_due()
    with within(EVERYTHING):
        assert Snapshot.objects.count() == 1
    enter_delivered(api, valid_from="2026-10-31")
    run_due()
    assert figures(api, "exposure.public_loss") == {"": "2700000"}


def test_the_same_rows_again_change_no_figure(city: Cast, api: Speak) -> None:
    run_due()
    again = send(api("bank_a"), [disbursement(), repayment()])
    assert again.result == {"accepted": 0, "unchanged": 2, "rejected": 0, "warnings": 0}
    assert run_due() == []


def test_an_empty_report_makes_the_month_due_again(city: Cast, api: Speak) -> None:
    """Bank B has nothing to report: that is a report, and its zero is a zero."""
    run_due()
    assert figures(api, "loans.balance", "bank")["bank-b"] == "not-reported"
    assert send(api("bank_b"), []).state == "applied"
    assert run_due() == ["succeeded"]
    assert figures(api, "loans.balance", "bank")["bank-b"] == "0"


def test_a_month_waits_for_the_one_before_it(city: Cast) -> None:
    """September is owed too: its figures come first, October's briefing compares with them."""
    Organisation.objects.filter(kind="bank").update(reports_since=OCTOBER.first - timedelta(days=30))
    first, second = run_due(), run_due()
    assert (first, second) == (["succeeded"], ["succeeded"])
    with within(EVERYTHING):
        taken = Snapshot.objects.order_by("pk").values_list("month", flat=True)
        assert [Month.of(day) for day in taken] == [Month(2026, 9), OCTOBER]


def test_a_closed_month_is_not_computed_again(city: Cast, api: Speak) -> None:
    run_due()
    months.propose_close(OCTOBER, by=city["maker"], now=NOW)
    months.close(OCTOBER, by=city["approver"], now=NOW)
    send(api("bank_a"), [disbursement("E-9", "500.00", contract_no="HT-9", drawdown_no="JJ-9")])
    assert run_due() == []


def test_a_month_can_be_computed_as_it_was_known(city: Cast, api: Speak) -> None:
    before = datetime(2026, 10, 1, tzinfo=UTC)
    with within(EVERYTHING):
        early, _ = snapshots.take(OCTOBER, known_at=before, taken_at=NOW)
        invested = Figure.objects.get(snapshot=early, code="fund.invested", scope="")
    assert invested.value == 0


def test_a_maker_who_asks_answers_for_the_draft(city: Cast, api: Speak) -> None:
    asked = api("maker").post("/briefings", {"period": "2026-10"})
    assert asked.status_code == 202, asked.content
    assert jobs.run(asked.json()["id"]) == "succeeded"
    (row,) = api("maker").get("/briefings").json()["data"]
    assert row["drafted_by"] == "maker"
    with within(EVERYTHING):
        issuing.answered(publication.find(row["id"]))
    assert api("approver").post(f"/briefings/{row['id']}/review").status_code == 200
    assert api("approver").post(f"/briefings/{row['id']}/approve").status_code == 202


def test_a_month_without_figures_says_so(cast: Cast, api: Speak) -> None:
    answer = api("maker").get("/metrics/2026-10")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-figures-yet")


@pytest.mark.parametrize("name", ["bank_a", "manager_angel", "guarantor_a", "department", "admin"])
def test_figures_are_for_the_centre(city: Cast, api: Speak, name: str) -> None:
    assert api(name).get("/metrics/2026-10").status_code == 403


def test_every_invariant_holds_afterwards(city: Cast, api: Speak) -> None:
    from tasks import invariants

    run_due()
    with within(EVERYTHING):
        broken: list[Any] = [finding for finding in invariants.check() if not finding.holds]
    assert broken == []
