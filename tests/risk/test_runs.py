"""A stress run over real jobs: fanned out, joined once, cancelled as a whole, begun again, and never done twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, Job, Organisation, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from tasks import queries, schedule, snapshots
from tasks.briefing.editions import issue_of
from tasks.briefing.layout import Table
from tasks.models import Briefing, LossResult, StressRun
from tasks.risk import assume, due, entered, joint, runs, working
from tests.cast import NOW, Api, Cast
from tests.funds.conftest import CITY, FUND, Desk, made
from tests.kernel.threads import at_once
from tests.risk.entering import SHOCKS, assumed

OCTOBER = Month(2026, 10)


@pytest.fixture
def angel(cast: Cast, api: Any) -> Cast:
    """One holding of 3 million, and October's figures."""
    held(api)
    return cast


def held(api: Any) -> None:
    made(api("maker").post("/funds", FUND))
    made(api("manager_angel").post("/funds/angel/investors", {"name": CITY, "capital": "fiscal"}))
    desk = Desk(api("manager_angel"), "angel")
    for kind in ("commitment", "call", "contribution"):
        made(desk.event(kind, "10000000.00", "2026-09-01", investor=CITY))
    made(desk.invest("3000000.00", "2026-10-12"))
    with within(EVERYTHING):
        snapshots.take(OCTOBER, known_at=timezone.now(), taken_at=timezone.now())


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    compute = joint.compute
    monkeypatch.setattr(working, "compute", lambda *a, **k: compute(*a, **{**k, "draws": 500}))


def prepare(cast: Cast) -> None:
    with within(EVERYTHING):
        assumed(cast)
        for shock in SHOCKS:
            assume.define_scenario(**shock, by=cast["maker"], now=NOW)


def start(by: Person) -> tuple[StressRun, bool]:
    with within(EVERYTHING):
        return runs.start(OCTOBER, by=by, now=NOW)


def work(kind: str = "loss") -> list[str]:
    waiting = (
        Job.objects.filter(state="queued", kind=kind).order_by("created_at").values_list("pk", flat=True)
    )
    return [jobs.run(str(pk)) for pk in list(waiting)]


def state(run: StressRun) -> str:
    with within(EVERYTHING):
        return runs.state(entered.run(run.public_id))


def test_an_open_month_is_drafted_with_its_joint_loss(angel: Cast) -> None:
    prepare(angel)
    with within(EVERYTHING):
        schedule.enqueue_month(OCTOBER, version="1")
    assert work("month") == ["succeeded"]
    with within(EVERYTHING):
        draft = Briefing.objects.get(month=OCTOBER.first)
        assert LossResult.objects.get().snapshot == draft.snapshot
        blocks = (block for section in issue_of(draft).sections for block in section.blocks)
        (table,) = (one for one in blocks if isinstance(one, Table) and "突破限额" in one.caption)
        assert (table.rows, table.empty_text) == ((), "尚无批准的限额")
        # What is computed is not computed again by the job that looks for losses that are due.
        Organisation.objects.update(reports_since=date(2026, 10, 1))
        assert due.enqueue_due(now=timezone.now()) == 0


def test_a_run_is_fanned_out_and_joined_by_whoever_is_last(angel: Cast) -> None:
    prepare(angel)
    run, is_new = start(angel["maker"])
    assert is_new
    assert state(run) == "queued"
    assert work() == ["succeeded"] * 3
    # The joining job was recorded by the last part, and by it alone.
    assert Job.objects.filter(kind="stress_join").count() == 1
    assert state(run) == "queued" or state(run) == "running"
    assert work("stress_join") == ["succeeded"]
    with within(EVERYTHING):
        found = entered.run(run.public_id)
        assert runs.state(found) == "succeeded"
        assert [row["scenario"] for row in found.comparison] == [None, "industry", "largest-group"]
        base, _industry, group = found.comparison
    assert base["expected_change"] == "0.00"
    # 3 million of a firm whose stage nobody has said, at 90 %; certain to fail where its group does.
    assert Decimal(base["expected"]) == Decimal("3000000") * Decimal("0.9") * Decimal("0.12")
    assert Decimal(group["expected"]) == Decimal("2700000.00")
    assert group["failing"][0]["uscc"] == Firm.objects.get(name=group["failing"][0]["name"]).uscc


def test_the_same_inputs_are_not_computed_twice(angel: Cast) -> None:
    prepare(angel)
    first, _ = start(angel["maker"])
    work()
    work("stress_join")
    again, is_new = start(angel["approver"])
    assert (again.public_id, is_new) == (first.public_id, False)
    assert Job.objects.filter(kind="loss").count() == 3


def test_new_assumptions_make_a_new_run_that_recomputes(angel: Cast) -> None:
    prepare(angel)
    start(angel["maker"])
    work()
    with within(EVERYTHING):
        assumed(angel, equity="0.5")
    _run, is_new = start(angel["maker"])
    assert is_new
    work()
    with within(EVERYTHING):
        assert LossResult.objects.count() == 6


def test_a_result_that_is_there_is_found(angel: Cast) -> None:
    """The base case of the month was computed by the clock: the run's own part finds it."""
    prepare(angel)
    assert due.enqueue_due(now=NOW) == 1
    assert work() == ["succeeded"]
    assert due.enqueue_due(now=NOW) == 0
    run, _ = start(angel["maker"])
    work()
    with within(EVERYTHING):
        base = entered.run(run.public_id).parts.get(scenario=None)
        assert base.job.output["new_result"] is False
        assert LossResult.objects.count() == 3


def test_cancelling_stops_every_part(angel: Cast) -> None:
    prepare(angel)
    run, _ = start(angel["maker"])
    first = Job.objects.filter(kind="loss").order_by("created_at").first()
    assert first
    assert jobs.run(str(first.pk)) == "succeeded"
    with within(EVERYTHING):
        runs.cancel(run.public_id, by=angel["maker"], now=NOW)
    assert state(run) == "cancelled"
    assert work() == []
    assert not Job.objects.filter(kind="stress_join").exists()
    with within(EVERYTHING), pytest.raises(runs.RunIsOver):
        runs.cancel(run.public_id, by=angel["maker"], now=NOW)
    again, is_new = start(angel["maker"])
    assert (is_new, again.attempt) == (True, 2)
    work()
    assert work("stress_join") == ["succeeded"]
    assert state(again) == "succeeded"


def test_a_part_under_way_stops_at_its_next_step(angel: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(angel)
    run, _ = start(angel["maker"])
    monkeypatch.setattr(runs, "is_cancelled", lambda public_id: public_id == run.public_id)
    assert work() == ["succeeded"] * 3
    assert [job.output for job in Job.objects.filter(kind="loss")] == [{"cancelled": True}] * 3
    with within(EVERYTHING):
        assert not LossResult.objects.exists()


def test_a_part_that_failed_fails_the_run_which_can_be_begun_again(
    angel: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(angel)
    run, _ = start(angel["maker"])
    with monkeypatch.context() as broken:
        broken.setattr(working, "compute", _raise)
        assert "failed" in work()
    assert state(run) == "failed"
    again, is_new = start(angel["maker"])
    assert is_new
    work()
    work("stress_join")
    assert state(again) == "succeeded"


def _raise(*_: Any, **__: Any) -> None:
    raise joint.NothingAtRisk


def test_a_killed_worker_s_part_is_done_again(angel: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after its work and before its end: nothing of it is there, and the run is joined once."""
    prepare(angel)
    run, _ = start(angel["maker"])
    with monkeypatch.context() as killed:
        killed.setattr(jobs, "_finish", _die)
        killed.setattr(jobs, "_release", lambda job, **_: "lost")
        assert work() == ["lost"] * 3
    with within(EVERYTHING):
        assert not LossResult.objects.exists()
    Job.objects.filter(kind="loss").update(state="queued", lease_until=NOW)
    assert work() == ["succeeded"] * 3
    assert work("stress_join") == ["succeeded"]
    assert state(run) == "succeeded"


def _die(*_: Any, **__: Any) -> None:
    raise RuntimeError("killed")


def test_what_is_lacking_is_said(angel: Cast) -> None:
    with within(EVERYTHING):
        with pytest.raises(runs.NoAssumptions):
            runs.start(OCTOBER, by=angel["maker"], now=NOW)
        assumed(angel)
        with pytest.raises(runs.NoScenarios):
            runs.start(OCTOBER, by=angel["maker"], now=NOW)
        with pytest.raises(queries.NoFigures):
            runs.start(OCTOBER - 1, by=angel["maker"], now=NOW)
    assert not Job.objects.filter(kind="loss").exists()


def test_a_dropped_scenario_is_no_part_of_a_run(angel: Cast) -> None:
    prepare(angel)
    with within(EVERYTHING):
        assume.define_scenario(
            **{**SHOCKS[0], "valid_from": date(2026, 2, 1)}, is_dropped=True, by=angel["maker"], now=NOW
        )
    run, _ = start(angel["maker"])
    with within(EVERYTHING):
        parts = [part.scenario and part.scenario.code for part in entered.run(run.public_id).parts.all()]
    assert parts == [None, "largest-group"]


@pytest.fixture
def together(committed: Cast) -> Iterator[Cast]:
    held(lambda name: Api(committed.key(name)))
    prepare(committed)
    yield committed
    connections.close_all()


def test_two_who_ask_at_once_get_one_run_and_its_parts_are_joined_once(together: Cast) -> None:
    people = [together["maker"], together["approver"]]
    found = at_once(2, lambda at: start(people[at]))
    assert sorted(is_new for _run, is_new in found) == [False, True]
    assert len({run.public_id for run, _ in found}) == 1
    waiting = list(Job.objects.filter(kind="loss").values_list("pk", flat=True))
    assert len(waiting) == 3
    outcomes = at_once(3, lambda at: jobs.run(str(waiting[at])))
    assert outcomes == ["succeeded"] * 3
    assert Job.objects.filter(kind="stress_join").count() == 1
    assert work("stress_join") == ["succeeded"]
    assert state(found[0][0]) == "succeeded"
