"""Two people who report or decide on a target at the same time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.scoping import within
from tasks import targets
from tasks.models import TargetReport
from tests.cast import NOW, Api, Cast
from tests.database import as_owner
from tests.kernel.threads import at_once


def heard(act: Callable[[int], str]) -> Callable[[int], str]:
    """What the act answers, or the code of its refusal."""

    def one(number: int) -> str:
        try:
            return act(number)
        except Problem as refused:
            return refused.code

    return one


def told(cast: Cast, value: int, *, corrects: str | None = None) -> TargetReport:
    return targets.report(
        "S3-3-02", as_of=date(2026, 9, 30), value=Decimal(value), evidence="x", corrects=corrects, by=cast["maker"], now=NOW,
    )  # fmt: skip


def test_two_people_who_decide_at_once_are_told_apart(committed: Cast) -> None:
    """One of them decides, the other hears that it is decided."""
    with within(EVERYTHING):
        made = told(committed, 40)

    def decide(number: int) -> str:
        with within(EVERYTHING):
            if number:
                targets.reject(made.public_id, reason="x", by=committed["second_approver"], now=NOW)
            else:
                targets.approve(made.public_id, by=committed["approver"], now=NOW)
        return "decided"

    assert sorted(at_once(2, heard(decide))) == ["decided", "report-already-decided"]
    with as_owner() as owner:
        assert owner.execute("SELECT count(*) FROM tasks_targetdecision").fetchone() == (1,)


def test_of_two_that_waited_for_the_same_day_one_is_approved(committed: Cast) -> None:
    """As they may stand from before a day took one report alone."""

    def tell() -> str:
        with within(EVERYTHING):
            return told(committed, 40).public_id

    rule = "ALTER TABLE tasks_targetreport {} TRIGGER check_target_report_of_a_day"
    with as_owner() as owner:
        owner.execute(rule.format("DISABLE"))
        try:
            first, second = tell(), tell()
        finally:
            owner.execute(rule.format("ENABLE"))

    approver = Api(committed.key("approver"))

    def approve(report: str) -> Any:
        return approver.post(f"/targets/S3-3-02/reports/{report}/approve")

    assert approve(second).status_code == 200
    refused = approve(first)
    assert (refused.status_code, refused.json()["code"]) == (409, "day-reported-already")
    assert refused.json()["errors"][0]["context"] == {"report": second}
    sent_back = approver.post(f"/targets/S3-3-02/reports/{first}/reject", {"reason": "重复"})
    assert sent_back.status_code == 200


def test_two_reports_of_a_day_at_once_are_one(committed: Cast) -> None:
    def tell(number: int) -> str:
        with within(EVERYTHING):
            told(committed, 41 + number)
        return "recorded"

    assert sorted(at_once(2, heard(tell))) == ["day-reported-already", "recorded"]


def test_two_corrections_at_once_are_one(committed: Cast) -> None:
    with within(EVERYTHING):
        old = told(committed, 40)
        targets.approve(old.public_id, by=committed["approver"], now=NOW)

    def correct(number: int) -> str:
        with within(EVERYTHING):
            told(committed, 41 + number, corrects=old.public_id)
        return "recorded"

    assert sorted(at_once(2, heard(correct))) == ["correction-under-way", "recorded"]
