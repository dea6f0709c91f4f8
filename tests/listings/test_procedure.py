"""Parties and papers of an attempt: changes, corrections, turns, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import AuditEntry
from listings import queries
from tests.listings.conftest import Desk, made, refused


@pytest.fixture
def attempt(desk: Desk) -> str:
    return str(made(desk.start("inquiry", "2022-01-01"))["id"])


def _party(desk: Desk, attempt: str, **body: str) -> Any:
    said = {
        "role": "sponsor",
        "name": "甲证券",
        "effective_date": "2022-01-05",
        "source": "辅导备案公示",
        **body,
    }
    return desk.api.post(f"/ipo-candidates/{attempt}/parties", said)


def _file(desk: Desk, attempt: str, kind: str, on: str, **body: Any) -> Any:
    said = {"kind": kind, "effective_date": on, "source": "交易所公示", **body}
    return desk.api.post(f"/ipo-candidates/{attempt}/filings", said)


def _sponsor(attempt: str, on: str) -> str:
    with scoping.within(EVERYTHING):
        found = queries.in_force(queries.attempt(attempt), on=date.fromisoformat(on))
        return found["sponsor"].name if "sponsor" in found else ""


def test_a_party_works_from_its_day_until_another_does(desk: Desk, attempt: str) -> None:
    made(_party(desk, attempt))
    made(_party(desk, attempt, role="auditor", name="丙会计师事务所"))
    data = made(_party(desk, attempt, name="乙证券", effective_date="2022-05-01", source="更换保荐机构公告"))[
        "data"
    ]
    assert [(one["role"], one["name"]) for one in data] == [
        ("auditor", "丙会计师事务所"), ("sponsor", "甲证券"), ("sponsor", "乙证券"),
    ]  # fmt: skip
    assert [_sponsor(attempt, day) for day in ("2022-01-04", "2022-01-05", "2022-04-30", "2022-05-01")] == [
        "", "甲证券", "甲证券", "乙证券",
    ]  # fmt: skip
    assert AuditEntry.objects.order_by("-seq")[0].action == "listing.record_party"


def test_a_corrected_party_takes_the_place_of_the_one_recorded(desk: Desk, attempt: str) -> None:
    first = made(_party(desk, attempt))["data"][0]
    again = made(_party(desk, attempt, name="甲证券股份有限公司", corrects=first["id"]))["data"]
    assert [(one["name"], one["corrects"]) for one in again] == [("甲证券股份有限公司", first["id"])]
    # The correction is of a sponsor: it makes no law firm of it.
    refused(_party(desk, attempt, role="law_firm", corrects=first["id"]), 422, "entry-unknown")
    refused(_party(desk, attempt, corrects="lp_missing"), 422, "entry-unknown")


def test_a_party_taken_back_works_no_more_and_may_be_corrected_back(desk: Desk, attempt: str) -> None:
    first = made(_party(desk, attempt))["data"][0]["id"]
    path = f"/listing-entries/{first}/take-back"
    refused(desk.api.post(path, {"reason": " "}), 422, "blank")
    assert made(desk.api.post(path, {"reason": "登记到了另一家企业"}))["corrects"] == first
    refused(desk.api.post(path, {"reason": "再次"}), 409, "entry-taken-back")
    assert desk.api.get(f"/ipo-candidates/{attempt}/parties").json() == {"data": []}
    assert len(made(_party(desk, attempt, corrects=first))["data"]) == 1
    for unknown in ("lp_missing", "se_1", "x", "la_1"):
        refused(desk.api.post(f"/listing-entries/{unknown}/take-back", {"reason": "x"}), 404, "not-found")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"role": "bank"}, "invalid_choice"),
        ({"name": " "}, "blank"),
        ({"source": " "}, "blank"),
        ({"effective_date": "2099-01-01"}, "date-in-future"),
        ({"until": "2022-01-01"}, "unknown-field"),
    ],
)
def test_a_party_that_is_none(desk: Desk, attempt: str, body: dict[str, str], code: str) -> None:
    refused(_party(desk, attempt, **body), 422, code)


def test_letters_and_replies_take_turns(desk: Desk, attempt: str) -> None:
    refused(_file(desk, attempt, "inquiry_reply", "2022-02-01"), 409, "letters-take-turns")
    letter = made(_file(desk, attempt, "inquiry_letter", "2022-02-01"))["data"][0]["id"]
    refused(_file(desk, attempt, "inquiry_letter", "2022-02-02"), 409, "letters-take-turns")
    # A reply before its letter answers nothing.
    refused(_file(desk, attempt, "inquiry_reply", "2022-01-31"), 409, "letters-take-turns")
    made(_file(desk, attempt, "inquiry_reply", "2022-03-01"))
    made(_file(desk, attempt, "inquiry_letter", "2022-03-01"))
    # Neither a correction nor a taking back leaves a reply without its letter.
    moved = _file(desk, attempt, "inquiry_letter", "2022-03-02", corrects=letter)
    refused(moved, 409, "letters-take-turns")
    refused(
        desk.api.post(f"/listing-entries/{letter}/take-back", {"reason": "误录"}), 409, "letters-take-turns"
    )
    assert len(desk.api.get(f"/ipo-candidates/{attempt}/filings").json()["data"]) == 3


@pytest.mark.parametrize(
    ("kind", "period_end", "code"),
    [
        ("figures_audited", None, "period-end-of-audited-figures"),
        ("inquiry_letter", "2021-12-31", "period-end-of-audited-figures"),
        ("figures_extended", "2021-12-31", "period-end-of-audited-figures"),
        ("figures_audited", "2022-02-02", "period-not-over"),
        ("prospectus", None, "invalid_choice"),
    ],
)
def test_a_paper_that_is_none(desk: Desk, attempt: str, kind: str, period_end: str | None, code: str) -> None:
    refused(_file(desk, attempt, kind, "2022-02-01", period_end=period_end), 422, code)


def test_an_attempt_that_does_not_exist_has_none_of_it(desk: Desk, api: Any) -> None:
    for part in ("parties", "filings", "time-limits"):
        refused(desk.api.get(f"/ipo-candidates/la_missing/{part}"), 404, "not-found")
        refused(api("bank_a").get(f"/ipo-candidates/la_missing/{part}"), 403, "forbidden")
    refused(_party(desk, "la_missing"), 404, "not-found")
    refused(_file(desk, "la_missing", "inquiry_letter", "2022-02-01"), 404, "not-found")


def test_the_limits_of_today_say_how_working_days_are_counted(desk: Desk, attempt: str) -> None:
    made(_file(desk, attempt, "figures_audited", "2022-02-01", period_end="2021-12-31"))
    found = desk.api.get(f"/ipo-candidates/{attempt}/time-limits").json()
    assert [(one["code"], one["state"], one["due_on"]) for one in found["limits"]] == [
        ("exchange-opinion", "unknown", None), ("figures-age", "overdue", "2022-06-30"),
    ]  # fmt: skip
    assert (found["note"], found["as_of"]) == (None, timezone.localdate().isoformat())
    filed = made(desk.start("applied", "2022-01-03", board="chinext"))["id"]
    limits = desk.api.get(f"/ipo-candidates/{filed}/time-limits").json()
    assert [(one["code"], one["due_on"]) for one in limits["limits"]] == [
        ("exchange-acceptance", "2022-01-10"), ("figures-age", None),
    ]  # fmt: skip
    assert "周一至周五" in limits["note"]
    assert "public holidays" in limits["note_en"]
