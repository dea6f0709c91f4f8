"""Two people who report or decide on a target at the same time."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.kernel.scoping import within
from tasks import targets
from tests.cast import NOW, Api, Cast
from tests.database import as_owner


def test_two_people_who_decide_at_once_are_told_apart(committed: Cast) -> None:
    """One of them decides, the other hears that it is decided."""
    with within(EVERYTHING):
        made = targets.report(
            "S3-3-02",
            as_of=date(2026, 9, 30),
            value=Decimal(40),
            evidence="x",
            by=committed["maker"],
            now=NOW,
        )
    heard: list[str] = []
    ready = threading.Barrier(2)

    def decide(name: str) -> None:
        try:
            ready.wait()
            with within(EVERYTHING):
                if name == "approver":
                    targets.approve(made.public_id, by=committed[name], now=NOW)
                else:
                    targets.reject(made.public_id, reason="x", by=committed[name], now=NOW)
            heard.append("decided")
        except Problem as refused:
            heard.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=(name,)) for name in ("approver", "second_approver")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == ["decided", "report-already-decided"]
    with as_owner() as owner:
        assert owner.execute("SELECT count(*) FROM tasks_targetdecision").fetchone() == (1,)


def test_of_two_that_waited_for_the_same_day_one_is_approved(committed: Cast) -> None:
    """As they may stand from before a day took one report alone."""

    def tell() -> str:
        with within(EVERYTHING):
            return targets.report(
                "S3-3-02", as_of=date(2026, 9, 30), value=Decimal(40), evidence="x", by=committed["maker"],
                now=NOW,
            ).public_id  # fmt: skip

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
    heard: list[str] = []
    ready = threading.Barrier(2)

    def tell(value: int) -> None:
        try:
            ready.wait()
            with within(EVERYTHING):
                targets.report(
                    "S3-3-02", as_of=date(2026, 9, 30), value=Decimal(value), evidence="x",
                    by=committed["maker"], now=NOW,
                )  # fmt: skip
            heard.append("recorded")
        except Problem as refused:
            heard.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell, args=(value,)) for value in (41, 42)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == ["day-reported-already", "recorded"]


def test_two_corrections_at_once_are_one(committed: Cast) -> None:
    with within(EVERYTHING):
        old = targets.report(
            "S3-3-02",
            as_of=date(2026, 9, 30),
            value=Decimal(40),
            evidence="x",
            by=committed["maker"],
            now=NOW,
        )
        targets.approve(old.public_id, by=committed["approver"], now=NOW)
    heard: list[str] = []
    ready = threading.Barrier(2)

    def correct(value: int) -> None:
        try:
            ready.wait()
            with within(EVERYTHING):
                targets.report(
                    "S3-3-02", as_of=date(2026, 9, 30), value=Decimal(value), evidence="x",
                    corrects=old.public_id, by=committed["maker"], now=NOW,
                )  # fmt: skip
            heard.append("recorded")
        except (Problem, NotFound) as refused:
            heard.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=correct, args=(value,)) for value in (41, 42)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == ["correction-under-way", "recorded"]
