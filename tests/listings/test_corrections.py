"""A stage recorded wrongly: another day for it, or taken back; what was known before stays as it was known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry
from listings import queries
from tests.listings.conftest import FIRM, Desk, made, refused

LATE = date(2100, 1, 1)


@pytest.fixture
def walked(desk: Desk) -> dict[str, Any]:
    """In the inquiry since 1 March 2022, by three stages a month apart."""
    attempt = made(desk.start("applied", "2022-01-01"))["id"]
    made(desk.enter(attempt, "accepted", "2022-02-01"))
    return made(desk.enter(attempt, "inquiry", "2022-03-01"))


def _correct(desk: Desk, of: dict[str, Any], place: int, **body: str) -> Any:
    said = {"effective_date": "2022-02-10", "evidence": "受理通知", "reason": "日期误录", **body}
    return desk.api.post(f"/ipo-candidates/{of['id']}/stages/{of['stages'][place]['id']}/correct", said)


def _take_back(desk: Desk, of: dict[str, Any], place: int, *, reason: str = "误录") -> Any:
    path = f"/ipo-candidates/{of['id']}/stages/{of['stages'][place]['id']}/take-back"
    return desk.api.post(path, {"reason": reason})


def _days(of: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["stage"], one["effective_date"]) for one in of["stages"]]


def test_a_corrected_day_takes_the_place_of_the_one_recorded(desk: Desk, walked: dict[str, Any]) -> None:
    corrected = made(_correct(desk, walked, 1))
    assert _days(corrected) == [
        ("applied", "2022-01-01"),
        ("accepted", "2022-02-10"),
        ("inquiry", "2022-03-01"),
    ]
    assert corrected["stage"] == "inquiry"
    first, again = walked["stages"][1], corrected["stages"][1]
    assert (again["corrects"], again["reason"], again["evidence"]) == (first["id"], "日期误录", "受理通知")
    # A correction of the correction names what was first recorded, whichever of both it is asked for by.
    third = made(_correct(desk, corrected, 1, effective_date="2022-02-05"))["stages"][1]
    assert (third["corrects"], third["effective_date"]) == (first["id"], "2022-02-05")
    ever = desk.api.get(f"/ipo-candidates/{walked['id']}/stages").json()["data"]
    assert [one["effective_date"] for one in ever if one["stage"] == "accepted"] == [
        "2022-02-05", "2022-02-10", "2022-02-01",
    ]  # fmt: skip
    entry = AuditEntry.objects.order_by("-seq")[0]
    assert (entry.action, entry.detail["was"]) == ("listing.correct_stage", "2022-02-10")


def test_two_stages_of_one_day_keep_their_order_whichever_is_corrected(
    desk: Desk, walked: dict[str, Any]
) -> None:
    same = made(_correct(desk, walked, 1, effective_date="2022-03-01"))
    assert same["stage"] == "inquiry"
    assert [stage for stage, _ in _days(same)] == ["applied", "accepted", "inquiry"]


def test_what_was_known_before_the_correction_stays_known_so(desk: Desk, walked: dict[str, Any]) -> None:
    before = timezone.now()
    made(_correct(desk, walked, 1))
    with scoping.within(EVERYTHING):
        then, now = (queries.stages_frame(LATE, known) for known in (before, timezone.now()))
        # Between both days the attempt had, as known now, not been accepted.
        stood = [
            queries.pipeline_frame(date(2022, 2, 5), known)[0].stage for known in (before, timezone.now())
        ]
    assert [row.entered_on.isoformat() for row in then] == ["2022-01-01", "2022-02-01", "2022-03-01"]
    assert [row.entered_on.isoformat() for row in now] == ["2022-01-01", "2022-02-10", "2022-03-01"]
    assert stood == ["accepted", "applied"]


@pytest.mark.parametrize(
    ("place", "body", "code"),
    [
        (1, {"effective_date": "2021-12-31"}, "date-out-of-order"),
        (1, {"effective_date": "2022-03-02"}, "date-out-of-order"),
        (0, {"effective_date": "2022-02-02"}, "date-out-of-order"),
        (2, {"effective_date": "2022-01-31"}, "date-out-of-order"),
        (2, {"effective_date": "2099-01-01"}, "date-in-future"),
        (2, {"effective_date": "1979-12-31"}, "date-too-early"),
        (1, {"reason": ""}, "blank"),
        (1, {"reason": "  "}, "blank"),
        (1, {"evidence": " "}, "blank"),
        (1, {"stage": "committee"}, "unknown-field"),
    ],
)
def test_a_correction_that_is_none(
    desk: Desk, walked: dict[str, Any], place: int, body: dict[str, str], code: str
) -> None:
    refused(_correct(desk, walked, place, **body), 422, code)


def test_the_last_stage_is_taken_back_and_may_be_entered_again(desk: Desk, walked: dict[str, Any]) -> None:
    back = made(_take_back(desk, walked, 2))
    assert (back["stage"], len(back["stages"])) == ("accepted", 2)
    refused(_correct(desk, walked, 2, effective_date="2022-02-20"), 409, "stage-taken-back")
    refused(_take_back(desk, walked, 2), 409, "stage-taken-back")
    assert made(desk.enter(walked["id"], "inquiry", "2022-02-20"))["stage"] == "inquiry"
    with scoping.within(EVERYTHING):
        assert [row.stage for row in queries.stages_frame(LATE, timezone.now())] == [
            "applied", "accepted", "inquiry",
        ]  # fmt: skip


def test_an_end_that_never_was_opens_the_attempt_again(desk: Desk, walked: dict[str, Any]) -> None:
    ended = made(desk.enter(walked["id"], "withdrawn", "2022-04-01"))
    refused(_take_back(desk, ended, 3, reason=" "), 422, "blank")
    assert made(_take_back(desk, ended, 3))["stage"] == "inquiry"
    refused(desk.start("cultivation", "2022-05-01"), 409, "attempt-still-open")


def test_what_others_rest_on_is_not_taken_back(desk: Desk, walked: dict[str, Any]) -> None:
    refused(_take_back(desk, walked, 1), 409, "only-the-last-stage")
    refused(_take_back(desk, walked, 0), 409, "only-the-last-stage")
    ended = made(desk.enter(walked["id"], "withdrawn", "2022-04-01"))
    second = made(desk.start("cultivation", "2022-06-01"))
    refused(_take_back(desk, ended, 3), 409, "only-the-last-stage")
    # Nor does an end move behind the beginning of the next attempt, or that one before it.
    refused(_correct(desk, ended, 3, effective_date="2022-06-02"), 422, "date-out-of-order")
    refused(_correct(desk, second, 0, effective_date="2022-03-31"), 422, "date-out-of-order")
    made(_correct(desk, ended, 3, effective_date="2022-06-01"))


def test_an_entry_of_another_attempt_is_none(desk: Desk, walked: dict[str, Any]) -> None:
    other = made(desk.start("cultivation", "2022-01-01", uscc=FIRM, board="beijing"))
    refused(_correct(desk, {**walked, "id": other["id"]}, 1), 404, "not-found")
    refused(_take_back(desk, {**walked, "id": "la_missing"}, 2), 404, "not-found")


def test_only_the_maker_corrects(desk: Desk, walked: dict[str, Any], api: Any) -> None:
    for name in ("approver", "auditor", "bank_a"):
        refused(_correct(Desk(api(name)), walked, 1), 403, "forbidden")
        refused(_take_back(Desk(api(name)), walked, 2), 403, "forbidden")


def test_a_stage_moves_up_to_today(desk: Desk, walked: dict[str, Any]) -> None:
    today = timezone.localdate()
    made(_correct(desk, walked, 2, effective_date=today.isoformat()))
    refused(
        _correct(desk, walked, 2, effective_date=(today + timedelta(days=1)).isoformat()),
        422,
        "date-in-future",
    )
