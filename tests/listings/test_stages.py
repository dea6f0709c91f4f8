"""Firms on the road to a listing: where they may go next, and what is refused."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_hub.kernel.models import AuditEntry
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.problems import Problem
from listings.models import Stage
from listings.stages import FINAL, ROAD, require_next
from tests.listings.conftest import FIRM, OTHER_FIRM, STRANGER, Desk, made, refused


def test_a_firm_goes_from_the_reserve_list_to_its_listing(desk: Desk) -> None:
    attempt = made(desk.start("cultivation", "2022-01-01"))
    assert (attempt["attempt"], attempt["stage"], attempt["firm_name"]) == (1, "cultivation", "企业TN02")
    for month, stage in enumerate(ROAD[1:], start=2):
        made(desk.enter(attempt["id"], stage, f"2022-{month:02}-01"))
    shown = desk.api.get(f"/ipo-candidates/{attempt['id']}")
    assert shown.json()["stage"] == "listed"
    assert [entered["stage"] for entered in shown.json()["stages"]] == list(ROAD)
    assert shown["ETag"] == '"11"'
    refused(desk.enter(attempt["id"], "suspended", "2023-01-01"), 409, "attempt-ended")


def test_a_suspended_attempt_goes_back_to_its_stage_or_on_to_the_next(desk: Desk) -> None:
    for uscc, onward in ((FIRM, "inquiry"), (OTHER_FIRM, "committee")):
        attempt = made(desk.start("inquiry", "2022-01-01", uscc=uscc))["id"]
        made(desk.enter(attempt, "suspended", "2022-03-31"))
        refused(desk.enter(attempt, "suspended", "2022-04-01"), 409, "already-suspended")
        refused(desk.enter(attempt, "accepted", "2022-04-01"), 409, "stage-backward")
        # Whoever goes on without having returned has skipped the return.
        refused(desk.enter(attempt, "committee", "2022-06-30"), 422, "skipped-stage-needs-a-reason")
        reason = "" if onward == "inquiry" else "恢复审核日未公示"
        assert made(desk.enter(attempt, onward, "2022-06-30", reason=reason))["stage"] == onward


@pytest.mark.parametrize("stage", ["suspended", "withdrawn", "rejected"])
def test_a_suspension_and_an_end_say_their_reason(desk: Desk, stage: str) -> None:
    attempt = made(desk.start("inquiry", "2022-01-01"))["id"]
    refused(desk.enter(attempt, stage, "2022-03-31", reason=" "), 422, "stage-needs-a-reason")
    entered = made(desk.enter(attempt, stage, "2022-03-31", reason="财务资料已过有效期"))
    assert entered["stages"][-1]["reason"] == "财务资料已过有效期"


def test_stages_only_go_forward(desk: Desk) -> None:
    attempt = made(desk.start("applied", "2022-01-01"))["id"]
    problem = refused(desk.enter(attempt, "tutoring_filed", "2022-02-01"), 409, "stage-backward")
    assert "applied" in problem["detail"]
    refused(desk.enter(attempt, "applied", "2022-02-01"), 409, "stage-backward")


def test_a_skipped_stage_needs_a_reason(desk: Desk) -> None:
    attempt = made(desk.start("share_reform", "2022-01-01"))["id"]
    refused(desk.enter(attempt, "applied", "2022-02-01"), 422, "skipped-stage-needs-a-reason")
    only_one = desk.enter(attempt, "tutoring_accepted", "2022-02-01")
    refused(only_one, 422, "skipped-stage-needs-a-reason")
    refused(desk.enter(attempt, "applied", "2022-02-01", reason="  "), 422, "skipped-stage-needs-a-reason")
    made(desk.enter(attempt, "applied", "2022-02-01", reason="补录：辅导阶段未登记"))


@pytest.mark.parametrize("end", ["withdrawn", "rejected"])
def test_after_an_end_only_a_new_attempt_goes_on(desk: Desk, end: str) -> None:
    first = made(desk.start("inquiry", "2022-01-01"))["id"]
    refused(desk.start("cultivation", "2022-02-01"), 409, "attempt-still-open")
    made(desk.enter(first, end, "2022-03-01"))
    refused(desk.enter(first, "committee", "2022-04-01"), 409, "attempt-ended")
    refused(desk.start("tutoring_filed", "2022-02-28"), 422, "date-before-last-stage")
    second = made(desk.start("tutoring_filed", "2022-05-01"))
    assert (second["attempt"], second["id"] != first) == (2, True)


def test_a_listed_firm_is_not_listed_again_but_may_try_another_board(desk: Desk) -> None:
    made(desk.start("listed", "2022-01-01"))
    refused(desk.start("cultivation", "2023-01-01"), 409, "already-listed")
    assert made(desk.start("cultivation", "2023-01-01", board="hong_kong"))["attempt"] == 1


def test_two_boards_at_once_are_two_attempts(desk: Desk) -> None:
    made(desk.start("cultivation", "2022-01-01", board="star"))
    made(desk.start("cultivation", "2022-01-01", board="chinext"))
    rows = desk.api.get("/ipo-candidates").json()["data"]
    assert [row["board"] for row in rows] == ["chinext", "star"]


def test_dates_neither_in_the_future_nor_before_the_last_stage(desk: Desk) -> None:
    today = datetime.now(SHANGHAI).date()
    refused(desk.start("cultivation", str(today + timedelta(days=1))), 422, "date-in-future")
    attempt = made(desk.start("cultivation", "2022-02-02"))["id"]
    refused(desk.enter(attempt, "share_reform", str(today + timedelta(days=1))), 422, "date-in-future")
    refused(desk.enter(attempt, "share_reform", "2022-02-01"), 422, "date-before-last-stage")
    made(desk.enter(attempt, "share_reform", "2022-02-02"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uscc": STRANGER}, "firm-unknown"),
        ({"uscc": "91330483MA2B9PTN03"}, "uscc-check-character"),
        ({"board": "nasdaq"}, "invalid_choice"),
        ({"stage": "suspended"}, "invalid_choice"),
        ({"stage": "rejected"}, "invalid_choice"),
        ({"evidence": ""}, "blank"),
        ({"evidence": "  "}, "blank"),
        ({"effective_date": "2022-02-30"}, "date-format"),
        ({"public_id": "la_1"}, "unknown-field"),
    ],
)
def test_an_attempt_that_is_not_one(desk: Desk, change: dict[str, str], code: str) -> None:
    body = {"uscc": FIRM, "board": "star", "stage": "cultivation", "effective_date": "2022-01-01"}
    refused(desk.api.post("/ipo-candidates", {**body, "evidence": "公告", **change}), 422, code)


def test_an_attempt_that_does_not_exist(desk: Desk) -> None:
    refused(desk.api.get("/ipo-candidates/la_missing"), 404, "not-found")
    refused(desk.enter("la_missing", "applied", "2022-01-01"), 404, "not-found")


def test_a_refusal_writes_nothing_and_a_stage_is_in_the_audit_trail(desk: Desk) -> None:
    attempt = made(desk.start("cultivation", "2022-01-01"))["id"]
    entry = AuditEntry.objects.order_by("-seq")[0]
    assert (entry.action, entry.subject) == ("listing.enter_stage", f"listing:{attempt}")
    refused(desk.enter(attempt, "applied", "2022-02-01"), 422, "skipped-stage-needs-a-reason")
    assert AuditEntry.objects.order_by("-seq")[0].seq == entry.seq


def test_lists_are_filtered_by_board_stage_and_firm(desk: Desk) -> None:
    attempt = made(desk.start("cultivation", "2022-01-01"))["id"]
    made(desk.enter(attempt, "share_reform", "2022-02-01"))
    made(desk.start("cultivation", "2022-01-01", uscc=OTHER_FIRM, board="beijing"))

    def found(query: str) -> list[str]:
        return [row["uscc"] for row in desk.api.get(f"/ipo-candidates?{query}").json()["data"]]

    assert found("stage=share_reform") == [FIRM]
    assert found("stage=cultivation") == [OTHER_FIRM]
    assert found("board=beijing") == [OTHER_FIRM]
    assert found(f"uscc={FIRM}") == [FIRM]
    assert found("stage=listed") == []


@given(moves=st.lists(st.sampled_from(Stage.values), max_size=20))
def test_whatever_is_tried_the_road_is_never_walked_back(moves: list[str]) -> None:
    past: list[str] = [ROAD[0]]
    for stage in moves:
        try:
            require_next(past, stage, reason="补录")
        except Problem:
            continue
        past.append(stage)
    walked = [ROAD.index(stage) for stage in past if stage in ROAD]
    assert walked == sorted(walked)
    assert not FINAL & set(past[:-1])
    assert all((a, b) != ("suspended", "suspended") for a, b in itertools.pairwise(past))
    resumed = {b for a, b in itertools.pairwise(past) if a == "suspended"}
    repeated = {stage for stage in past if stage in ROAD and past.count(stage) > 1}
    assert repeated <= resumed
