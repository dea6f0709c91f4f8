"""The figures of the plan computed a second time, in SQL, over a city in which every rule has something to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from finance_hub.kernel import uscc
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, FirmClass
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks import snapshots, targets
from tasks.invariants import figures
from tasks.models import Figure, Snapshot, TargetReport
from tasks.records import SOURCES, Reading
from tasks.records.reading import totals
from tasks.records.recorded import Period, recorded
from tests.cast import NOW, Api, Cast
from tests.funds.conftest import CITY, FUND, Desk, made
from tests.funds.following import DAYS, Follower
from tests.tasks.targets.conftest import INSTITUTES, answer
from tests.tasks.test_month import OCTOBER

Tell = Callable[..., TargetReport]
RANK = "S3-1-01"


@pytest.fixture
def taken(bureau: Cast, tell: Tell) -> Snapshot:
    """Values over and under their line, of this year and of last year, corrected, sent back and waiting."""
    answer("deadline-inferred", bureau, deadline=date(2027, 12, 31))
    answer("registry-high-tech", bureau, complete=True)
    tell(INSTITUTES, "20", as_of="2021-12-31")
    first = tell(INSTITUTES, "31")
    tell(INSTITUTES, "33", corrects=first.public_id)
    tell(RANK, "40", as_of="2021-12-31")
    tell(RANK, "33")
    tell("S3-4-03", "180000000", as_of="2025-12-31")
    tell("S3-5-04", "1")
    late = tell("S3-1-02", "7", waits=True)
    targets.reject(late.public_id, reason="x", by=bureau["approver"], now=NOW)
    tell("S3-1-03", "9", waits=True)
    for number, days in enumerate((("2021-06-01", "2024-06-01"), ("2025-03-01",), ("2026-11-02",))):
        of = Firm.objects.create(
            uscc=uscc.complete(f"91330483MA2B{number:05d}"), name="企业", source="centre"
        )
        for day in days:
            FirmClass.objects.create(firm=of, code="high_tech", valid_from=day, recorded_at=NOW)
    with within(EVERYTHING):
        return snapshots.take(OCTOBER, known_at=NOW, taken_at=NOW)[0]


def test_both_computations_agree_on_every_target(taken: Snapshot) -> None:
    with within(EVERYTHING):
        assert [str(one) for one in figures.differences(taken)] == []
        told = Figure.objects.filter(snapshot=taken, code__startswith="target.")
        found = {(figure.code, figure.key): figure for figure in told}
    assert found["target.value", INSTITUTES].value == 33
    assert found["target.ahead", INSTITUTES].value == Decimal("0.9165")
    assert found["target.value", "S2-03"].value == found["target.counted", "S3-4-04"].value == 1
    assert found["target.value", "S3-4-03"].value is None
    assert found["target.progress", RANK].value is not None
    said = found["target.value", INSTITUTES]
    assert (said.label, said.label_en) == (
        "力争孵化机构总量达到35家",
        "Total number of incubation institutions reaches 35",
    )


def test_lines_lead_to_the_report_in_force_and_to_the_targets_that_are_owed(taken: Snapshot) -> None:
    reading = Reading(OCTOBER, taken.known_at)
    with within(EVERYTHING):
        for code, scope, key in (
            ("target.value", "target", INSTITUTES),
            ("target.by_status", "target_status", "on-track"),
            ("target.not_reported", "", ""),
            ("target.open_questions", "", ""),
            ("target.reports_overdue", "responsible_unit", "科技局"),
        ):
            figure = Figure.objects.get(snapshot=taken, code=code, scope=scope, key=key)
            assert figure.value
            assert totals(SOURCES[code, scope], reading, key=key).amount == figure.value


def test_a_roadshow_project_counts_until_its_payment_is_taken_back(
    cast: Cast, api: Callable[[str], Api]
) -> None:
    """Paid on 20 July 2022, and taken back as of 2 August: in July it was paid for, in August it is not."""
    made(api("maker").post("/funds", FUND))
    desk = Desk(api("manager_angel"), "angel")
    made(desk.api.post("/funds/angel/investors", {"name": CITY, "capital": "fiscal"}))
    for kind in ("commitment", "call", "contribution"):
        made(desk.event(kind, "9000000.00", "2022-06-02", investor=CITY))
    follower = Follower(desk)
    deal = follower.at("signed")
    paid = made(desk.invest("3000000.00", DAYS["paid"]))["id"]
    made(follower.step(deal, "paid", investment=paid))
    made(desk.reverse_deal(paid, "2022-08-02"))
    found = {}
    with within(EVERYTHING):
        for month in (Month(2022, 7), Month(2022, 8)):
            taken, _new = snapshots.take(month, known_at=timezone.now(), taken_at=timezone.now())
            assert [str(one) for one in figures.differences(taken)] == []
            found[month] = taken.figures.get(code="target.counted", key="S3-7-02").value
    assert found == {Month(2022, 7): 1, Month(2022, 8): 0}


def test_an_approval_is_named_though_the_report_was_known_before(bureau: Cast, tell: Tell) -> None:
    waiting = tell(INSTITUTES, "33", waits=True)
    targets.approve(waiting.public_id, by=bureau["approver"], now=NOW + timedelta(hours=2))
    with within(EVERYTHING):
        since = Period(NOW + timedelta(hours=1), NOW + timedelta(hours=3), OCTOBER)
        (row,) = recorded(since, limit=10)
    assert (row.record, row.ref, row.who, row.amount) == ("target_decision", INSTITUTES, "centre", 33)
    assert {"target.value", "target.by_status"} <= set(row.moves)
    assert "target.open_questions" not in row.moves
