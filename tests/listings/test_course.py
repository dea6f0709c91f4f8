"""Parties and papers lie in the course of their attempt, whichever of both is entered or put right last."""

from __future__ import annotations

from typing import Any

import pytest

from tests.listings.conftest import OTHER_FIRM, Desk, made, refused

#: Begun at the tutoring of March, filed in May, accepted in June.
ROAD = (("tutoring_filed", "2022-03-01"), ("applied", "2022-05-09"), ("accepted", "2022-06-01"))


@pytest.fixture
def attempt(desk: Desk) -> str:
    (stage, on), *rest = ROAD
    held = str(made(desk.start(stage, on))["id"])
    for stage, on in rest:
        made(desk.enter(held, stage, on, reason="补录"))
    return held


def party(desk: Desk, attempt: str, on: str, **more: str) -> Any:
    said = {"role": "sponsor", "name": "甲证券", "effective_date": on, "source": "公示", **more}
    return desk.api.post(f"/ipo-candidates/{attempt}/parties", said)


def paper(desk: Desk, attempt: str, kind: str, on: str, **more: str) -> Any:
    period = {"period_end": "2021-12-31"} if kind == "figures_audited" else {}
    said = {"kind": kind, "effective_date": on, "source": "公示", **period, **more}
    return desk.api.post(f"/ipo-candidates/{attempt}/filings", said)


def refused_day(response: Any, code: str) -> None:
    problem = refused(response, 422, code)
    assert [error["pointer"] for error in problem["errors"]] == ["#/effective_date"]


def put_right(desk: Desk, attempt: str, place: int, on: str) -> Any:
    stages = desk.api.get(f"/ipo-candidates/{attempt}").json()["stages"]
    said = {"effective_date": on, "evidence": "公告", "reason": "误录"}
    return desk.api.post(f"/ipo-candidates/{attempt}/stages/{stages[place]['id']}/correct", said)


@pytest.mark.parametrize("kind", ["inquiry_letter", "inquiry_reply", "figures_audited", "figures_extended"])
def test_a_firm_that_has_not_applied_gets_no_paper(desk: Desk, kind: str) -> None:
    held = made(desk.start("cultivation", "2022-01-01"))["id"]
    refused_day(paper(desk, held, kind, "2022-02-01"), "paper-before-its-stage")
    made(desk.enter(held, "share_reform", "2022-03-01"))
    refused_day(paper(desk, held, kind, "2022-03-01"), "paper-before-its-stage")


@pytest.mark.parametrize(
    ("kind", "before", "since"),
    [
        ("figures_audited", "2022-05-08", "2022-05-09"),
        ("figures_extended", "2022-05-08", "2022-05-09"),
        ("inquiry_letter", "2022-05-31", "2022-06-01"),
    ],
)
def test_a_paper_comes_from_the_day_of_its_stage_on(
    desk: Desk, attempt: str, kind: str, before: str, since: str
) -> None:
    refused_day(paper(desk, attempt, kind, before), "paper-before-its-stage")
    held = made(paper(desk, attempt, kind, since))["data"][0]["id"]
    # Nor does a correction move it there.
    refused_day(paper(desk, attempt, kind, before, corrects=held), "paper-before-its-stage")


def test_whoever_came_to_the_inquiry_late_gets_letters_from_there_on(desk: Desk) -> None:
    held = made(desk.start("committee", "2022-01-10", uscc=OTHER_FIRM))["id"]
    refused_day(paper(desk, held, "inquiry_letter", "2022-01-09"), "date-before-attempt")
    made(paper(desk, held, "inquiry_letter", "2022-01-10"))


def test_nothing_is_from_before_the_attempt(desk: Desk, attempt: str) -> None:
    refused_day(party(desk, attempt, "2022-02-28"), "date-before-attempt")
    refused_day(paper(desk, attempt, "figures_audited", "2022-02-28"), "date-before-attempt")
    first = made(party(desk, attempt, "2022-03-01"))["data"][0]["id"]
    refused_day(party(desk, attempt, "2022-02-28", corrects=first), "date-before-attempt")


@pytest.mark.parametrize("end", ["withdrawn", "rejected", "listed"])
def test_nothing_is_from_after_the_end(desk: Desk, attempt: str, end: str) -> None:
    made(desk.enter(attempt, end, "2022-08-01", reason="公告所述"))
    refused_day(party(desk, attempt, "2022-08-02"), "date-after-attempt")
    refused_day(paper(desk, attempt, "inquiry_letter", "2022-08-02"), "date-after-attempt")
    refused_day(paper(desk, attempt, "figures_audited", "2022-09-01"), "date-after-attempt")
    # What is only recorded after it is of its own day; the last day is in the course.
    made(party(desk, attempt, "2022-08-01"))
    made(paper(desk, attempt, "inquiry_letter", "2022-07-31"))


def test_a_suspended_attempt_has_not_ended(desk: Desk, attempt: str) -> None:
    made(desk.enter(attempt, "suspended", "2022-07-01"))
    made(paper(desk, attempt, "figures_audited", "2022-08-01"))
    made(party(desk, attempt, "2022-08-01"))


def test_stages_do_not_leave_what_is_recorded_outside(desk: Desk, attempt: str) -> None:
    made(party(desk, attempt, "2022-03-01"))
    letter = made(paper(desk, attempt, "inquiry_letter", "2022-06-20"))["data"][0]["id"]
    problem = refused(desk.enter(attempt, "withdrawn", "2022-06-19"), 409, "entry-outside-course")
    assert letter in problem["detail"]
    refused(put_right(desk, attempt, 0, "2022-03-02"), 409, "entry-outside-course")
    refused(put_right(desk, attempt, 2, "2022-06-21"), 409, "entry-outside-course")
    accepted = desk.api.get(f"/ipo-candidates/{attempt}").json()["stages"][2]["id"]
    back = f"/ipo-candidates/{attempt}/stages/{accepted}/take-back"
    refused(desk.api.post(back, {"reason": "误录"}), 409, "entry-outside-course")
    assert len(desk.api.get(f"/ipo-candidates/{attempt}/stages").json()["data"]) == 3
    # The paper first, then the stage that it rested on.
    made(desk.api.post(f"/listing-entries/{letter}/take-back", {"reason": "误录"}))
    assert made(desk.api.post(back, {"reason": "误录"}))["stage"] == "applied"
    made(desk.enter(attempt, "withdrawn", "2022-06-19"))


def test_the_same_party_is_recorded_once(desk: Desk, attempt: str) -> None:
    first = made(party(desk, attempt, "2022-03-01"))["data"][0]["id"]
    refused(party(desk, attempt, "2022-03-01"), 409, "party-already-recorded")
    refused(party(desk, attempt, "2022-03-01", name=" 甲证券 ", source="他处"), 409, "party-already-recorded")
    second = made(party(desk, attempt, "2022-03-02"))["data"][1]["id"]
    refused(party(desk, attempt, "2022-03-01", corrects=second), 409, "party-already-recorded")
    # Another role, another name, the same entry with another source, and what was taken back are none of it.
    made(party(desk, attempt, "2022-03-01", role="auditor"))
    made(party(desk, attempt, "2022-03-01", name="乙证券"))
    made(party(desk, attempt, "2022-03-01", source="辅导协议", corrects=first))
    made(desk.api.post(f"/listing-entries/{first}/take-back", {"reason": "误录"}))
    again = made(party(desk, attempt, "2022-03-01"))["data"]
    refused(party(desk, attempt, "2022-03-01", corrects=first), 409, "party-already-recorded")
    assert len(again) == 4
