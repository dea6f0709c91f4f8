"""An attempt entered under the wrong firm: its only stage is taken back, and it counts nowhere; what was known stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry
from listings import queries
from listings.models import ListingAttempt
from tests.cast import Api
from tests.listings.conftest import FIRM, OTHER_FIRM, Desk, made, refused

LATE = date(2100, 1, 1)
PARTY = {"role": "sponsor", "name": "甲证券", "effective_date": "2022-01-05", "source": "公示"}
PAPER = {
    "kind": "figures_audited",
    "effective_date": "2022-01-05",
    "period_end": "2021-12-31",
    "source": "公示",
}


@pytest.fixture
def wrong(desk: Desk) -> dict[str, Any]:
    """Listed on STAR since 1 January 2022, which was another firm's listing."""
    return made(desk.start("listed", "2022-01-01"))


def undo(desk: Desk, of: dict[str, Any], *, place: int = 0, reason: str = "登记到了另一家企业名下") -> Any:
    path = f"/ipo-candidates/{of['id']}/stages/{of['stages'][place]['id']}/take-back"
    return desk.api.post(path, {"reason": reason})


def listed(desk: Desk, query: str = "") -> list[str]:
    return [row["id"] for row in desk.api.get(f"/ipo-candidates?{query}").json()["data"]]


def test_an_attempt_without_a_stage_is_read_by_its_id_and_says_so(desk: Desk, wrong: dict[str, Any]) -> None:
    assert (wrong["note"], wrong["note_en"]) == (None, None)
    gone = made(undo(desk, wrong))
    assert (gone["stage"], gone["stages"], gone["attempt"]) == (None, [], 1)
    assert "已全部撤销" in gone["note"]
    assert "taken back" in gone["note_en"]
    assert desk.api.get(f"/ipo-candidates/{wrong['id']}").json() == gone
    ever = desk.api.get(f"/ipo-candidates/{wrong['id']}/stages").json()["data"]
    assert [(one["stage"], one["taken_back"], one["reason"]) for one in ever] == [
        ("listed", True, "登记到了另一家企业名下"), ("listed", False, "此前阶段未登记"),
    ]  # fmt: skip
    assert desk.api.get(f"/ipo-candidates/{wrong['id']}/time-limits").json()["limits"] == []
    entry = AuditEntry.objects.order_by("-seq")[0]
    assert (entry.action, entry.subject) == ("listing.take_back_stage", f"listing:{wrong['id']}")


def test_it_counts_nowhere_and_what_was_known_before_stays(desk: Desk, wrong: dict[str, Any]) -> None:
    before = timezone.now()
    made(undo(desk, wrong))
    for query in ("", f"uscc={FIRM}", "stage=listed", "board=star"):
        assert listed(desk, query) == []
    frames: tuple[Callable[..., list[Any]], ...] = (
        queries.pipeline_frame, queries.listed_frame, queries.stages_frame,
    )  # fmt: skip
    with scoping.within(EVERYTHING):
        for frame in frames:
            assert [row.firm_id for row in frame(LATE, before)] == [ListingAttempt.objects.get().firm_id]
            assert frame(LATE, timezone.now()) == []


def test_it_takes_nothing_more(desk: Desk, wrong: dict[str, Any]) -> None:
    path = f"/ipo-candidates/{wrong['id']}"
    made(undo(desk, wrong))
    refused(desk.enter(wrong["id"], "withdrawn", "2022-02-01"), 409, "attempt-taken-back")
    refused(desk.enter(wrong["id"], "cultivation", "2022-02-01"), 409, "attempt-taken-back")
    refused(desk.api.post(f"{path}/parties", PARTY), 409, "attempt-taken-back")
    refused(desk.api.post(f"{path}/filings", PAPER), 409, "attempt-taken-back")
    refused(undo(desk, wrong), 409, "stage-taken-back")
    said = {"effective_date": "2022-01-02", "evidence": "公告", "reason": "误录"}
    first = wrong["stages"][0]["id"]
    refused(desk.api.post(f"{path}/stages/{first}/correct", said), 409, "stage-taken-back")


def test_it_blocks_no_other_attempt_and_numbers_go_on(desk: Desk, wrong: dict[str, Any]) -> None:
    refused(desk.start("cultivation", "2021-06-01"), 409, "already-listed")
    made(undo(desk, wrong))
    # Nor does its day stand before the next one.
    second = made(desk.start("cultivation", "2021-06-01"))
    assert (second["attempt"], listed(desk)) == (2, [second["id"]])
    refused(desk.start("cultivation", "2021-07-01"), 409, "attempt-still-open")
    assert made(desk.start("listed", "2022-01-01", uscc=OTHER_FIRM))["attempt"] == 1


def test_the_attempts_beside_it_are_each_others_neighbours(desk: Desk) -> None:
    first = made(desk.start("inquiry", "2022-01-01"))
    ended = made(desk.enter(first["id"], "withdrawn", "2022-04-01"))
    second = made(desk.start("cultivation", "2022-06-01"))
    refused(undo(desk, ended, place=1), 409, "only-the-last-stage")
    made(undo(desk, second))
    third = made(desk.start("cultivation", "2022-05-01"))
    assert third["attempt"] == 3
    said = {"evidence": "公告", "reason": "误录"}
    path = f"/ipo-candidates/{third['id']}/stages/{third['stages'][0]['id']}/correct"
    refused(desk.api.post(path, {**said, "effective_date": "2022-03-31"}), 422, "date-out-of-order")
    path = f"/ipo-candidates/{first['id']}/stages/{ended['stages'][1]['id']}/correct"
    refused(desk.api.post(path, {**said, "effective_date": "2022-05-02"}), 422, "date-out-of-order")
    # Without a later attempt the end itself may go, and the first attempt is open again.
    made(undo(desk, third))
    assert made(undo(desk, ended, place=1))["stage"] == "inquiry"


def test_only_the_last_stage_goes_and_then_the_one_before_it(desk: Desk) -> None:
    made(desk.start("cultivation", "2022-01-01"))
    held = made(desk.enter(listed(desk)[0], "share_reform", "2022-02-01"))
    refused(undo(desk, held), 409, "only-the-last-stage")
    made(undo(desk, held, place=1))
    assert made(undo(desk, held))["stage"] is None


def test_it_is_taken_back_with_a_reason_and_by_the_maker_only(
    desk: Desk, wrong: dict[str, Any], api: Callable[[str], Api]
) -> None:
    for reason in ("", "  "):
        refused(undo(desk, wrong, reason=reason), 422, "blank")
    for name in ("approver", "auditor", "manager_angel", "bank_a", "guarantor_a", "department", "admin"):
        refused(undo(Desk(api(name)), wrong), 403, "forbidden")
    refused(undo(desk, {**wrong, "id": "la_missing"}), 404, "not-found")
    assert listed(desk) == [wrong["id"]]


def test_its_parties_go_with_it_and_are_still_read(desk: Desk) -> None:
    held = made(desk.start("applied", "2022-01-01"))
    made(desk.api.post(f"/ipo-candidates/{held['id']}/parties", PARTY))
    made(desk.api.post(f"/ipo-candidates/{held['id']}/filings", PAPER))
    made(undo(desk, held))
    for part in ("parties", "filings"):
        assert len(desk.api.get(f"/ipo-candidates/{held['id']}/{part}").json()["data"]) == 1


@pytest.mark.parametrize(
    "stage", ["share_reform", "tutoring_filed", "applied", "inquiry", "registered", "listed"]
)
@pytest.mark.parametrize("reason", ["", "  "])
def test_who_begins_late_says_why(desk: Desk, stage: str, reason: str) -> None:
    problem = refused(desk.start(stage, "2022-01-01", reason=reason), 422, "skipped-stage-needs-a-reason")
    assert [error["pointer"] for error in problem["errors"]] == ["#/reason"]
    with scoping.within(EVERYTHING):
        assert not ListingAttempt.objects.exists()


def test_a_second_attempt_that_begins_late_says_why_too(desk: Desk) -> None:
    first = made(desk.start("cultivation", "2022-01-01"))
    made(desk.enter(first["id"], "withdrawn", "2022-03-01"))
    refused(desk.start("share_reform", "2022-05-01", reason=""), 422, "skipped-stage-needs-a-reason")
    second = made(desk.start("share_reform", "2022-05-01", reason="股改已在上次申报中完成"))
    assert second["stages"][0]["reason"] == "股改已在上次申报中完成"
    assert made(desk.start("cultivation", "2022-01-01", uscc=OTHER_FIRM))["stages"][0]["reason"] == ""
