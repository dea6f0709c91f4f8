"""Who may ask for an exposure, and what is no question; a firm without public money; a group; a bank that is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from finance_hub.kernel.models import ControlGroup, Firm
from tests.cast import Api, Cast
from tests.funds.conftest import FIRM, OTHER_FIRM, Desk, found_fund, made, refused
from tests.loans.bank import disbursement, send
from tests.tasks.exposing import enter_delivered, exposure, public

Speak = Callable[[str], Api]
NOBODY = "91330483MA2CU2609U"


@pytest.fixture
def firm(cast: Cast) -> Firm:
    return Firm.objects.create(uscc=FIRM, name="示例", source="centre", verified=True)


@pytest.mark.parametrize("path", [f"/firms/{FIRM}/exposure", f"/firms/{FIRM}/baton", "/groups/1/exposure"])
@pytest.mark.parametrize("name", ["bank_a", "manager_angel", "guarantor_a", "department", "admin"])
def test_it_is_for_the_centres_readers_alone(firm: Firm, api: Speak, name: str, path: str) -> None:
    refused(api(name).get(path), 403, "forbidden")


@pytest.mark.parametrize(
    "path",
    [f"/firms/{NOBODY}/exposure", "/firms/x/exposure", f"/firms/{NOBODY}/baton", "/groups/0/exposure",
     "/groups/x/exposure", "/groups/-1/exposure", "/groups/１/exposure", "/groups/99999999999999999999/exposure"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(firm: Firm, api: Speak, path: str) -> None:
    refused(api("maker").get(path), 404, "not-found")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("as_of=2026-02-30", "#/as_of"),
        ("as_of=9999-12-31", "#/as_of"),
        ("known_at=2026-11-05T09:30:00", "#/known_at"),
        ("known_at=now", "#/known_at"),
        ("basis=market", "#/basis"),
        ("basis=paid_in%00", "#"),
    ],
)
def test_what_is_no_question_names_its_part(firm: Firm, api: Speak, query: str, pointer: str) -> None:
    answer = api("auditor").get(f"/firms/{FIRM}/exposure?{query}")
    assert answer.status_code == 422, answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_firm_without_public_money_has_zeros_and_says_what_is_assumed(firm: Firm, api: Speak) -> None:
    before = datetime.now(UTC)
    enter_delivered(api)
    shown = exposure(api)
    assert set(public(shown).values()) == {"0.00"}
    assert (shown["borne_by"], shown["not_reported"]) == ([], [])
    held = shown["assumed"]
    assert {row["key"]: row["value"] for row in held["parameters"]} == {
        "equity": "0.9", "loan": "0.4", "patent": "0.6", "trademark": "0.65", "copyright": "0.7", "layout_design": "0.65",
        "data_ip": "0.75", "guarantee": "0.6", "claim": "0.75",
    }  # fmt: skip
    assert {row["key"] for row in held["parameters"] if not row["is_invented"]} == {"equity", "loan", "claim"}
    assert held["valid_from"] == "2026-01-01"
    # Not before its first day, and not before it was entered.
    entered = before.isoformat().replace("+", "%2B")
    for early in ("as_of=2025-12-31", f"as_of=2026-10-31&known_at={entered}"):
        shown = api("maker").get(f"/firms/{FIRM}/exposure?{early}").json()
        assert (shown["assumed"], shown["totals"]["public"]["loss"]) == (None, None)


def test_the_first_day_of_the_calendar_is_a_day_like_any_other(firm: Firm, api: Speak) -> None:
    assert api("maker").get(f"/firms/{FIRM}/exposure?as_of=1900-01-01").status_code in (200, 422)


def test_words_come_in_the_language_that_is_asked_for(firm: Firm, api: Speak) -> None:
    answer = api("maker").get(f"/firms/{FIRM}/exposure", Accept_Language="en")
    assert [line["name"] for line in answer.json()["lines"]][:2] == ["Direct equity", "Look-through equity"]
    assert all(line["counts"].isascii() and line["leaves_out"].isascii() for line in answer.json()["lines"])


def test_a_late_bank_is_named_and_what_is_known_of_it_counts(firm: Firm, api: Speak) -> None:
    sent = send(api("bank_a"), [disbursement("E-1", "500.00", uscc=FIRM)])
    assert sent.result["accepted"] == 1
    shown = exposure(api)
    assert (public(shown, part="finance")["loans"], shown["not_reported"]) == ("500.00", [])
    november = api("maker").get(f"/firms/{FIRM}/exposure?as_of=2026-11-30").json()
    assert (public(november, part="finance")["loans"], november["not_reported"]) == ("500.00", ["bank-a"])


def test_a_group_is_its_firms_of_today(firm: Firm, api: Speak) -> None:
    desk = found_fund(api)
    _paid_in(desk)
    for code, amount in ((FIRM, "100.01"), (OTHER_FIRM, "200.02")):
        made(desk.invest(amount, "2026-09-10", uscc=code, firm_name="企业"))
    group = ControlGroup.objects.create(name="示例集团")
    Firm.objects.filter(uscc__in=[FIRM, OTHER_FIRM]).update(control_group=group)
    shown = api("maker").get(f"/groups/{group.pk}/exposure?as_of=2026-10-31").json()
    assert (shown["group"], {one["uscc"] for one in shown["firms"]}) == ("示例集团", {FIRM, OTHER_FIRM})
    assert shown["totals"]["public"]["cost"] == "300.03"
    empty = ControlGroup.objects.create(name="空集团")
    assert set(public(api("maker").get(f"/groups/{empty.pk}/exposure").json()).values()) == {"0.00"}


def test_the_same_answer_has_the_same_tag(firm: Firm, api: Speak) -> None:
    query = "?as_of=2026-10-31&known_at=2026-11-05T09:30:00%2B08:00"
    first, second = (api("maker").get(f"/firms/{FIRM}/exposure{query}") for _ in range(2))
    assert first["ETag"] == second["ETag"]


class TestTheBaton:
    def test_steps_count_from_the_angel_money_on(self, api: Speak) -> None:
        desk = found_fund(api)
        _paid_in(desk)
        made(desk.invest("1000.00", "2026-10-06"))
        earlier = disbursement("E-0", uscc=FIRM, value_date="2026-10-05")
        later = disbursement(
            "E-1", uscc=FIRM, value_date="2026-10-16", drawdown_no="JJ-2", maturity_date="2027-10-04"
        )
        assert send(api("bank_a"), [earlier, later]).result["accepted"] == 2
        assert _steps(api) == [("angel", "2026-10-06", 0), ("loan", "2026-10-16", 10), ("round", None, 25),
                               ("listing", None, 25)]  # fmt: skip

    def test_the_day_of_the_angel_money_itself_counts_for_a_loan(self, api: Speak) -> None:
        desk = found_fund(api)
        _paid_in(desk)
        made(desk.invest("1000.00", "2026-10-05"))
        assert send(api("bank_a"), [disbursement("E-0", uscc=FIRM)]).result["accepted"] == 1
        assert _steps(api)[1] == ("loan", "2026-10-05", 0)

    def test_angel_money_that_was_taken_back_started_nothing(self, api: Speak) -> None:
        desk = found_fund(api)
        _paid_in(desk)
        event = made(desk.invest("1000.00", "2026-10-06"))
        made(desk.reverse_deal(event["id"], "2026-10-20"))
        assert _steps(api) == []

    def test_other_funds_start_nothing(self, api: Speak) -> None:
        desk = found_fund(api, code="industry", tier="industry")
        _paid_in(desk)
        made(desk.invest("1000.00", "2026-10-06"))
        assert _steps(api) == []


def _paid_in(desk: Desk) -> None:
    for kind in ("commitment", "call", "contribution"):
        made(desk.event(kind, "10000.00", "2026-09-01", investor="市财政局"))


def _steps(api: Speak) -> list[Any]:
    answer = api("maker").get(f"/firms/{FIRM}/baton?as_of=2026-10-31")
    assert answer.status_code == 200, answer.content
    return [(step["step"], step["date"], step["days"]) for step in answer.json()["steps"]]
