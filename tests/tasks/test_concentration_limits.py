"""Limits on concentration: two people, fields that name their fault, a history nobody edits, and one in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from finance_hub.kernel import ids
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks import frames
from tasks.inputs import inputs_version
from tasks.models import ConcentrationLimit
from tests.cast import Api, Cast
from tests.funds.conftest import found_fund, made, refused
from tests.kernel.threads import at_once
from tests.tasks.measuring import insert
from tests.tasks.test_month import OCTOBER

Speak = Callable[[str], Api]
URL = "/concentration-limits"
LIMIT: dict[str, Any] = {
    "dimension": "firm", "measure": "top_share", "top_n": 10, "limit": "40", "warning": "32.5",
    "owner_unit": "市金融发展服务中心", "document": "示例〔2026〕5号", "valid_from": "2026-01-01",
}  # fmt: skip


def propose(api: Speak, **changes: Any) -> str:
    body = {name: value for name, value in (LIMIT | changes).items() if value is not ...}
    return str(made(api("maker").post(URL, body))["id"])


def approve(api: Speak, limit: str, *, by: str = "approver") -> Any:
    return api(by).post(f"{URL}/{limit}/approve")


class TestTwoPeople:
    def test_one_proposes_another_approves_and_the_list_keeps_both(self, api: Speak) -> None:
        first, second = propose(api), propose(api, valid_from="2026-09-01", limit="35")
        answer = approve(api, first)
        assert (answer.status_code, answer.json()["approved_by"], answer.json()["warning"]) == (
            200,
            "approver",
            "32.5",
        )
        listed = api("auditor").get(URL).json()["data"]
        assert [(one["id"], one["approved_by"]) for one in listed] == [(second, None), (first, "approver")]

    def test_the_proposer_does_not_approve(self, cast: Cast, api: Speak) -> None:
        refused(approve(api, propose(api), by="maker"), 403, "forbidden")
        own = ids.new("cl")
        _insert(cast, public_id=own, proposed_by_id=cast["approver"].pk)
        refused(approve(api, own), 403, "self-approval")

    def test_a_limit_is_approved_once(self, api: Speak) -> None:
        limit = propose(api)
        approve(api, limit)
        refused(approve(api, limit, by="second_approver"), 409, "limit-already-approved")

    def test_two_of_the_same_from_one_day_are_refused(self, api: Speak) -> None:
        approve(api, propose(api))
        refused(approve(api, propose(api)), 409, "limit-overlaps")
        # Another n, another measure, another day: other limits.
        for changes in ({"top_n": 5}, {"measure": "hhi", "top_n": ..., "limit": "0.2", "warning": "0.1"},
                        {"valid_from": "2026-02-01"}):  # fmt: skip
            assert approve(api, propose(api, **changes)).status_code == 200

    def test_an_unknown_limit_is_not_found(self, cast: Cast, api: Speak) -> None:
        refused(approve(api, "cl_none"), 404, "not-found")

    @pytest.mark.parametrize("name", ["approver", "auditor", "bank_a", "manager_angel", "department"])
    def test_nobody_but_the_maker_proposes(self, cast: Cast, api: Speak, name: str) -> None:
        refused(api(name).post(URL, LIMIT), 403, "forbidden")

    @pytest.mark.parametrize("name", ["bank_a", "manager_angel", "guarantor_a", "department"])
    def test_nobody_but_the_centre_reads_them(self, cast: Cast, api: Speak, name: str) -> None:
        refused(api(name).get(URL), 403, "forbidden")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"dimension": "person"}, "#/dimension"),
        ({"measure": "gini"}, "#/measure"),
        ({"top_n": None}, "#/top_n"),
        ({"top_n": 0}, "#/top_n"),
        ({"top_n": 101}, "#/top_n"),
        ({"top_n": "10"}, "#/top_n"),
        ({"measure": "hhi", "limit": "0.2", "warning": "0.1"}, "#/top_n"),
        ({"measure": "hhi", "top_n": None, "limit": "1.0001", "warning": "0.1"}, "#/limit"),
        ({"measure": "amount", "top_n": None, "limit": "0", "warning": "0"}, "#/limit"),
        ({"limit": "100.01"}, "#/limit"),
        ({"limit": "-1"}, "#/limit"),
        ({"limit": 40}, "#/limit"),
        ({"limit": "NaN"}, "#/limit"),
        ({"warning": "40.01"}, "#/warning"),
        ({"warning": "0"}, "#/warning"),
        ({"fund": "angel"}, "#/fund"),
        ({"measure": "fund_share", "top_n": None}, "#/fund"),
        ({"measure": "fund_share", "top_n": None, "fund": "none"}, "#/fund"),
        ({"measure": "fund_share", "top_n": None, "fund": "angel", "dimension": "bank"}, "#/dimension"),
        ({"owner_unit": " "}, "#/owner_unit"),
        ({"document": ""}, "#/document"),
        ({"valid_from": "2026-1-1"}, "#/valid_from"),
        ({"valid_to": "2026-01-01"}, "#/valid_to"),
        ({"approved_by": "maker"}, "#/approved_by"),
    ],
)
def test_a_bad_limit_names_its_field(cast: Cast, api: Speak, changes: dict[str, Any], pointer: str) -> None:
    answer = api("maker").post(URL, LIMIT | changes)
    assert answer.status_code == 422, answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    with within(EVERYTHING):
        assert not ConcentrationLimit.objects.exists()


def _insert(cast: Cast, **changes: Any) -> None:
    facts: dict[str, Any] = {
        "public_id": ids.new("cl"), "dimension": "firm", "measure": "top_share", "top_n": 10, "fund_id": None,
        "limit": 40, "warning": 30, "owner_unit": "x", "document": "x", "valid_from": date(2026, 1, 1),
        "valid_to": None, "proposed_by_id": cast["maker"].pk, "proposed_at": datetime(2026, 1, 1, tzinfo=UTC),
        "approved_by_id": None, "approved_at": None,
    }  # fmt: skip
    insert("tasks_concentrationlimit", **{f'"{name}"': value for name, value in (facts | changes).items()})


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"dimension": "person"}, "concentration_dimension_is_known"),
        ({"measure": "gini", "top_n": None}, "concentration_limit_fits_its_measure"),
        ({"top_n": None}, "only_a_top_share_counts_parts"),
        ({"top_n": 101}, "only_a_top_share_counts_parts"),
        ({"measure": "amount"}, "only_a_top_share_counts_parts"),
        ({"measure": "fund_share", "top_n": None}, "only_a_share_of_a_fund_names_it"),
        ({"limit": 101}, "concentration_limit_fits_its_measure"),
        ({"limit": 0}, "a_warning_comes_before_its_limit"),
        ({"measure": "hhi", "top_n": None, "limit": 2, "warning": 1}, "concentration_limit_fits_its_measure"),
        ({"measure": "amount", "top_n": None, "limit": "NaN"}, "concentration_limit_fits_its_measure"),
        ({"warning": 41}, "a_warning_comes_before_its_limit"),
        ({"warning": 0}, "a_warning_comes_before_its_limit"),
        ({"owner_unit": " "}, "concentration_limit_has_its_owner"),
        ({"document": ""}, "concentration_limit_names_its_document"),
        ({"valid_to": date(2026, 1, 1)}, "concentration_limit_ends_after_it_begins"),
        (
            {"approved_at": datetime(2026, 1, 2, tzinfo=UTC)},
            "another_person_approves_the_concentration_limit",
        ),
    ],
)
def test_the_database_refuses(cast: Cast, changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule):
        _insert(cast, **changes)


def test_the_database_refuses_self_approval_and_a_second_one_from_a_day(cast: Cast) -> None:
    seal: dict[str, Any] = {"approved_at": datetime(2026, 1, 2, tzinfo=UTC)}
    with pytest.raises(IntegrityError, match="another_person_approves_the_concentration_limit"):
        _insert(cast, approved_by_id=cast["maker"].pk, **seal)
    _insert(cast, approved_by_id=cast["approver"].pk, **seal)
    with pytest.raises(IntegrityError, match="one_approved_concentration_limit_from_a_day"):
        _insert(cast, approved_by_id=cast["approver"].pk, **seal)


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE tasks_concentrationlimit SET "limit" = 99',
        "UPDATE tasks_concentrationlimit SET approved_by_id = NULL, approved_at = NULL",
        "DELETE FROM tasks_concentrationlimit",
    ],
)
def test_nobody_edits_a_limit_not_even_the_owner(
    committed: Cast, owner_connection: Any, statement: str
) -> None:
    _insert(committed, approved_by_id=committed["approver"].pk, approved_at=datetime(2026, 1, 2, tzinfo=UTC))
    owner_connection.execute("SELECT set_config('app.scope', 'everything', false)")
    with pytest.raises(psycopg.errors.CheckViolation, match="change_only_by_approval"):
        owner_connection.execute(statement)


def test_of_two_approvals_at_once_one_holds(committed: Cast) -> None:
    """Two versions from one day, approved by two people at the same moment."""
    keys = {name: committed.key(name) for name in ("maker", "approver", "second_approver")}
    limits = [made(Api(keys["maker"]).post(URL, LIMIT))["id"] for _ in range(2)]
    people = ("approver", "second_approver")
    answers = at_once(2, lambda at: Api(keys[people[at]]).post(f"{URL}/{limits[at]}/approve").status_code)
    assert sorted(answers) == [200, 409]


def test_the_limit_in_force_is_the_latest_that_was_approved_by_then(cast: Cast, api: Speak) -> None:
    found_fund(api)
    before = datetime.now(tz=UTC)
    old = propose(api)
    approve(api, old)
    new = propose(api, valid_from="2026-10-31", valid_to="2026-11-30", limit="35")
    approve(api, propose(api, valid_from="2026-11-01"))
    propose(api, valid_from="2026-10-01", limit="1", warning="1")
    now = datetime.now(tz=UTC)
    assert _in_force(now) == [old]
    approve(api, new)
    assert _in_force(datetime.now(tz=UTC)) == [new]
    assert _in_force(now) == [old]
    assert _in_force(before) == []


def _in_force(known_at: datetime) -> list[str]:
    with within(EVERYTHING), transaction.atomic():
        return [one.public_id for one in frames.read(OCTOBER, known_at=known_at).concentration_limits]


def test_an_approval_makes_the_month_due_again(cast: Cast, api: Speak) -> None:
    limit = propose(api)
    with within(EVERYTHING):
        before = inputs_version()
    approve(api, limit)
    with within(EVERYTHING):
        assert inputs_version() != before
