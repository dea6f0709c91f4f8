"""Late data after the close: the closed snapshot and its paper stay, and the restatement says what changed and why."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from finance_hub.kernel import jobs, months
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from finance_hub.web.presenters.figures.lines import RECORDS
from tasks import inputs, publication, queries, restatement
from tasks.models import Briefing, Figure, Snapshot
from tasks.records.recorded import TABLES, moves
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM
from tests.loans.bank import disbursement, send
from tests.tasks import issuing
from tests.tasks.conftest import make_snapshot
from tests.tasks.test_month import OCTOBER, make_city, run_due

Speak = Callable[[str], Api]


@pytest.fixture
def closed(cast: Cast, api: Speak) -> Snapshot:
    """October computed, drafted, approved, published and closed by two people."""
    make_city(cast, api)
    run_due()
    (draft,) = api("maker").get("/briefings").json()["data"]
    api("maker").post(f"/briefings/{draft['id']}/take")
    with within(EVERYTHING):
        issuing.answered(publication.find(draft["id"]))
    assert api("approver").post(f"/briefings/{draft['id']}/review").status_code == 200
    assert api("approver").post(f"/briefings/{draft['id']}/approve").status_code == 202
    _work("publish")
    months.propose_close(OCTOBER, by=cast["maker"], now=timezone.now())
    months.close(OCTOBER, by=cast["approver"], now=timezone.now())
    with within(EVERYTHING):
        return Snapshot.objects.get()


def _work(kind: str) -> None:
    for job in jobs.recorded(kind=kind, state="queued"):
        assert jobs.run(str(job.pk)) == "succeeded"


def late(api: Speak) -> None:
    """The bank corrects its disbursement from 1000.00 to 1250.00 and reports another loan of 500.00."""
    corrected = disbursement(amount="1250.00", revision=2, reason_code="input-error")
    other = disbursement("E-9", "500.00", contract_no="HT-9", drawdown_no="JJ-9")
    assert send(api("bank_a"), [corrected, other]).state == "applied"


def restated(api: Speak) -> tuple[str, str]:
    """(the snapshot of the close, the one as known now), as the maker asks for it."""
    asked = api("maker").post("/restatements", {"period": "2026-10"})
    assert asked.status_code == 202, asked.content
    assert jobs.run(asked.json()["id"]) == "succeeded"
    newest, oldest = api("maker").get("/snapshots?month=2026-10").json()["data"]
    return oldest["id"], newest["id"]


def test_the_closed_snapshot_and_its_paper_keep_their_hashes(closed: Snapshot, api: Speak) -> None:
    with within(EVERYTHING):
        briefing = Briefing.objects.get(state="published")
        before = list(Figure.objects.filter(snapshot=closed).order_by("pk").values_list())
    paper = (settings.FILES_DIR / briefing.file).read_bytes()
    late(api)
    assert run_due() == []
    old, new = restated(api)
    with within(EVERYTHING):
        assert Briefing.objects.get(state="published").sha256 == briefing.sha256
        assert (
            hashlib.sha256((settings.FILES_DIR / briefing.file).read_bytes()).hexdigest() == briefing.sha256
        )
        assert (settings.FILES_DIR / briefing.file).read_bytes() == paper
        assert list(Figure.objects.filter(snapshot=closed).order_by("pk").values_list()) == before
        assert queries.snapshot_of(OCTOBER) == closed
        assert Briefing.objects.count() == 1
    assert (old, new != old) == (closed.public_id, True)
    assert (
        api("maker").get("/metrics/2026-10?code=loans.balance&scope=").json()["figures"][0]["value"] == "700"
    )


def test_the_restatement_names_figures_amounts_and_rows(closed: Snapshot, api: Speak) -> None:
    late(api)
    old, new = restated(api)
    said = api("maker").get(f"/restatements?from={old}&to={new}&limit=200").json()
    changed = {(one["code"], one["scope"], one["key"]): one for one in said["data"]}
    assert said["count"] == len(said["data"])
    balance = changed["loans.balance", "bank", "bank-a"]
    assert (balance["old"], balance["new"], balance["difference"]) == ("700", "1450", "750")
    assert {code for code, _, _ in changed} >= {"loans.disbursed", "loans.firms", "exposure.finance"} - {
        "loans.firms"
    }
    assert not {code for code, _, _ in changed} & {"fund.nav", "loans.repaid", "guarantees.outstanding"}

    path = f"/restatements/loans.balance/records?from={old}&to={new}&scope=bank&key=bank-a"
    effects = api("auditor").get(path).json()
    assert [(one["ref"], one["amount"], one["reporter"]) for one in effects["data"]] == [
        ("E-1 r2", "1250", "bank-a"), ("E-1 r1", "-1000", "bank-a"), ("E-9 r1", "500", "bank-a"),
    ]  # fmt: skip
    assert (effects["total"], effects["count"], effects["adds"]) == ("750", 3, "sum")
    assert effects["figure"]["difference"] == "750"

    recorded = api("maker").get(f"/restatements/records?from={old}&to={new}").json()
    assert recorded["count"] == 2
    assert {one["ref"] for one in recorded["data"]} == {"E-1 r2", "E-9 r1"}
    assert "loans.balance" in recorded["data"][0]["moves"]
    assert "fund.nav" not in recorded["data"][0]["moves"]


def test_the_effects_of_every_plain_sum_add_up_to_its_difference(closed: Snapshot, api: Speak) -> None:
    late(api)
    old, new = restated(api)
    with within(EVERYTHING):
        first, second = queries.snapshot(old), queries.snapshot(new)
        changes = restatement.changes(first, second, limit=1_000)
        summed = 0
        for one in changes:
            source = restatement.source_of(one.code, one.scope)
            if source.is_sum and one.difference is not None:
                place = (one.code, one.scope, one.key)
                assert restatement.effect_totals(first, second, place).amount == one.difference, place
                summed += 1
    assert summed >= 10


def test_a_bank_that_reports_late_makes_values_appear(closed: Snapshot, api: Speak) -> None:
    row = disbursement("E-77", "80.00", contract_no="HT-77", drawdown_no="JJ-77")
    assert send(api("bank_b"), [row]).state == "applied"
    old, new = restated(api)
    said = api("maker").get(f"/restatements?from={old}&to={new}&code=loans.balance&limit=200").json()
    found = {(one["scope"], one["key"]): one for one in said["data"]}
    appeared = found["bank", "bank-b"]
    assert (appeared["kind"], appeared["old_reason"], appeared["new"]) == ("appeared", "not-reported", "80")
    assert appeared["difference"] is None


def test_nothing_new_makes_no_new_snapshot_and_no_restatement(closed: Snapshot, api: Speak) -> None:
    asked = api("maker").post("/restatements", {"period": "2026-10"})
    again = api("approver").post("/restatements", {"period": "2026-10"})
    assert asked.json()["id"] == again.json()["id"]
    assert jobs.run(asked.json()["id"]) == "succeeded"
    (only,) = api("maker").get("/snapshots").json()["data"]
    assert only["id"] == closed.public_id
    said = api("maker").get(f"/restatements?from={only['id']}&to={only['id']}").json()
    assert (said["count"], said["data"]) == (0, [])


def test_the_next_month_is_compared_with_the_closed_one_as_known_by_then(
    closed: Snapshot, api: Speak
) -> None:
    from tasks import jobs as handlers

    late(api)
    with within(EVERYTHING):
        handlers.snapshots.as_known_now(OCTOBER + 1, now=timezone.now())
        earlier = queries.history([OCTOBER], codes=["loans.balance"], known_at=timezone.now())
        assert earlier[OCTOBER].value("loans.balance") == Decimal("1450")
        assert queries.snapshot_of(OCTOBER) == closed


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/restatements?from=ss_x&to=ss_y", 404),
        ("/restatements?from=ss_x", 422),
        ("/restatements/loans.balance/records?from=ss_x&to=ss_y", 404),
        ("/figures/loans.balance/records?snapshot=ss_x", 404),
        ("/figures/loans.balance/records", 422),
        ("/snapshots?month=October", 404),
    ],
)
def test_what_is_not_there_is_not_found(cast: Cast, api: Speak, path: str, code: int) -> None:
    assert api("maker").get(path).status_code == code


@pytest.mark.parametrize("name", ["bank_a", "manager_angel", "guarantor_a", "department", "admin"])
def test_restatements_are_for_the_centre(cast: Cast, api: Speak, name: str) -> None:
    for path in ("/snapshots", "/restatements?from=a&to=b", "/figures/fund.nav/records?snapshot=a"):
        assert api(name).get(path).status_code == 403
    assert api(name).post("/restatements", {"period": "2026-10"}).status_code == 403


def test_an_open_month_is_not_restated_and_an_auditor_asks_for_none(cast: Cast, api: Speak) -> None:
    for period in ("2026-10", "1999-01", "2030-01"):
        unknown = api("maker").post("/restatements", {"period": period})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "no-figures-yet")
    with within(EVERYTHING):
        make_snapshot(OCTOBER.first, balance="1.00")
    refused = api("maker").post("/restatements", {"period": "2026-10"})
    assert (refused.status_code, refused.json()["code"]) == (409, "month-is-open")
    assert api("auditor").post("/restatements", {"period": "2026-10"}).status_code == 403


class TestFiguresKnowWhatTheyLack:
    def figure(self, api: Speak, code: str, scope: str = "", key: str = "") -> dict[str, Any]:
        said = api("maker").get(f"/metrics/2026-10?code={code}&scope={scope}").json()["figures"]
        return next(one for one in said if one["key"] == key)

    def test_a_total_names_the_silent_bank_and_the_other_bank_does_not(self, cast: Cast, api: Speak) -> None:
        make_city(cast, api)
        run_due()
        assert self.figure(api, "loans.balance")["not_reported"] == ["bank-b"]
        assert self.figure(api, "loans.balance", "bank", "bank-a")["not_reported"] == []
        assert self.figure(api, "loans.balance", "bank", "bank-b")["not_reported"] == ["bank-b"]
        assert self.figure(api, "fund.nav")["not_reported"] == []
        assert self.figure(api, "guarantees.outstanding")["not_reported"] == [
            "guarantor-a", "guarantor-b", "insurer-a",
        ]  # fmt: skip
        assert set(self.figure(api, "exposure.largest_line", "firm_line", f"{FIRM}|equity")["not_reported"]) == {
            "bank-b", "guarantor-a", "guarantor-b", "insurer-a",
        }  # fmt: skip

    def test_open_contradictions_stand_beside_the_figures_they_touch(self, cast: Cast, api: Speak) -> None:
        """Bank A's position is of another amount than its events give: an error of its October."""
        from loans.operations import findings

        make_city(cast, api)
        late(api)
        with within(EVERYTHING):
            findings.refresh(OCTOBER, now=timezone.now())
        run_due()
        assert self.figure(api, "loans.balance", "bank", "bank-a")["open_errors"] >= 1
        assert self.figure(api, "loans.balance", "bank", "bank-b")["open_errors"] == 0
        assert self.figure(api, "loans.balance")["open_errors"] >= 1
        assert self.figure(api, "fund.nav")["open_errors"] == 0


def test_the_records_of_a_figure_over_http(cast: Cast, api: Speak) -> None:
    make_city(cast, api)
    run_due()
    (snapshot,) = api("maker").get("/snapshots").json()["data"]
    path = f"/figures/loans.balance/records?snapshot={snapshot['id']}&scope=bank&key=bank-a"
    said = api("auditor").get(f"{path}&limit=1").json()
    assert (said["total"], said["figure"]["value"], said["count"], said["has_more"]) == (
        "700",
        "700",
        2,
        True,
    )
    following = api("auditor").get(f"{path}&limit=1&cursor={said['next_cursor']}").json()
    assert [one["amount"] for one in said["data"] + following["data"]] == ["1000", "-300"]
    assert api("maker").get(f"{path}&cursor=made-up").json()["code"] == "invalid-cursor"
    assert api("maker").get(f"/figures/no.such/records?snapshot={snapshot['id']}").status_code == 404


def test_whatever_makes_a_month_due_again_is_named_and_moves_figures() -> None:
    """Every table of facts that frames read, and what two people set; the page has a word for each."""
    approved = ("tasks_tolerancerule", "tasks_concentrationlimit", "loans_agreementterms", "loans_poollimits")
    read = {model._meta.db_table for model in inputs.fact_models()} | set(approved)
    assert read <= {table.name for table in TABLES}
    for table in TABLES:
        assert table.record in RECORDS
        assert moves(table.record), table.name
