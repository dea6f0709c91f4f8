"""Stress runs: asked for once, a job a scenario, joined by a job of their own, cancelled as a whole.

The run row is the gate: whoever finishes a part marks it under the row's lock, and who marks the last one records
the joining job in the same transaction. A killed worker's part is rolled back and done again; nothing is polled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from finance_hub.kernel import audit, ids, jobs
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from tasks import queries
from tasks.exposure.assumed import assumed
from tasks.models import LossResult, RiskAssumptions, Snapshot, StressPart, StressRun, StressScenario
from tasks.risk import VERSION, entered

BASE = "base"


class NoAssumptions(Problem):
    code = "no-risk-assumptions"
    status = 409
    title = Text("该月末尚无生效的风险假设", "No risk assumptions are in force at the end of the month")


class NoScenarios(Problem):
    code = "no-stress-scenarios"
    status = 409
    title = Text("该月末尚无生效的压力情景", "No stress scenario is in force at the end of the month")


class RunIsOver(Problem):
    code = "stress-run-is-over"
    status = 409
    title = Text("该次压力测试已结束", "This stress run is over")


def start(month: Month, *, by: Person, now: datetime) -> tuple[StressRun, bool]:
    """The run of a month's newest figures, and whether it is new: the same inputs are not computed twice.

    One that was cancelled, or that failed, is begun again. Raises NoFigures, NoAssumptions, NoScenarios.
    """
    snapshot = queries.snapshot_of(month)
    assumptions, scenarios = assumed(as_of=month.end), entered.scenarios_in_force(as_of=month.end)
    if assumptions is None:
        raise NoAssumptions
    if not scenarios:
        raise NoScenarios
    inputs = _inputs(snapshot, assumptions, scenarios)
    with transaction.atomic():
        before = entered.runs().filter(inputs=inputs).order_by("-attempt").first()
        if before and state(before) not in {"cancelled", "failed"}:
            return before, False
        fresh = StressRun(
            public_id=ids.new("sr"), snapshot=snapshot, assumptions=assumptions, inputs=inputs,
            attempt=before.attempt + 1 if before else 1, requested_by=by, requested_at=now,
        )  # fmt: skip
        # Two people that reach this line together: one inserts, the other waits and finds that run.
        StressRun.objects.bulk_create([fresh], ignore_conflicts=True)
        run = entered.runs().get(inputs=inputs, attempt=fresh.attempt)
        if run.public_id != fresh.public_id:
            return run, False
        _fan_out(run, scenarios, by=by)
        audit.record(
            "stress.run", actor=by, subject=f"stress-run:{run.public_id}", at=now, month=str(month),
            snapshot=snapshot.public_id, assumptions=assumptions.public_id, scenarios=len(scenarios),
        )  # fmt: skip
    return entered.run(run.public_id), True


def cancel(public_id: str, *, by: Person, now: datetime) -> StressRun:
    """No part is begun any more, those under way stop at their next step, and nothing is joined.

    Raises NotFound, RunIsOver.
    """
    found = entered.run(public_id)
    with transaction.atomic():
        held = StressRun.objects.select_for_update().get(pk=found.pk)
        if held.finished_at or held.cancelled_at or state(found) == "failed":
            raise RunIsOver
        StressRun.objects.filter(pk=held.pk).update(cancelled_at=now)
        for part in found.parts.all():
            jobs.cancel(part.job)
        if held.joined_by:
            jobs.cancel(held.joined_by)
        audit.record("stress.cancel", actor=by, subject=f"stress-run:{public_id}", at=now)
    return entered.run(public_id)


def state(run: StressRun) -> str:
    """queued, running, succeeded, failed or cancelled, read from the run's jobs. Wants `entered.runs`."""
    if run.cancelled_at:
        return "cancelled"
    if run.finished_at:
        return "succeeded"
    states = {part.job.state for part in run.parts.all()}
    states |= {run.joined_by.state} if run.joined_by else set()
    if states & {"failed", "cancelled"}:
        return "failed"
    return "queued" if states == {"queued"} else "running"


def is_cancelled(run: str) -> bool:
    return StressRun.objects.filter(public_id=run, cancelled_at__isnull=False).exists()


def mark_done(public_id: str, *, scenario: int | None, result: LossResult) -> bool:
    """Mark a part; whoever marks the last one records the joining job. False where the run was cancelled.

    Call last in a transaction: it holds the run's row to its end.
    """
    run = StressRun.objects.select_for_update().get(public_id=public_id)
    if run.cancelled_at:
        return False
    StressPart.objects.filter(run=run, scenario=scenario, result=None).update(result=result)
    if not run.joined_by_id and not StressPart.objects.filter(run=run, result=None).exists():
        job, _ = jobs.enqueue(
            "stress_join",
            dedupe_key=f"stress_join:{public_id}",
            payload={"month": str(Month.of(run.snapshot.month)), "run": public_id},
        )
        StressRun.objects.filter(pk=run.pk, joined_by=None).update(joined_by=job)
    return True


def _inputs(snapshot: Snapshot, assumptions: RiskAssumptions, scenarios: Sequence[StressScenario]) -> str:
    said = [
        VERSION,
        snapshot.public_id,
        assumptions.public_id,
        *sorted(scenario.public_id for scenario in scenarios),
    ]
    return hashlib.sha256("|".join(said).encode()).hexdigest()


def _fan_out(run: StressRun, scenarios: Sequence[StressScenario], *, by: Person) -> None:
    for position, scenario in enumerate([None, *scenarios]):
        job, _ = jobs.enqueue(
            "loss",
            dedupe_key=f"loss:{run.public_id}:{scenario.public_id if scenario else BASE}",
            payload=payload(run.snapshot, run.assumptions, scenario=scenario, run=run),
            requested_by=by,
        )
        StressPart.objects.create(run=run, scenario=scenario, position=position, job=job)


def payload(
    snapshot: Snapshot, assumptions: RiskAssumptions, *, scenario: StressScenario | None = None,
    run: StressRun | None = None,
) -> dict[str, str | None]:  # fmt: skip
    """What a job of kind "loss" computes."""
    return {
        "month": str(Month.of(snapshot.month)),
        "snapshot": snapshot.public_id,
        "assumptions": assumptions.public_id,
        "scenario": scenario.public_id if scenario else None,
        "run": run.public_id if run else None,
    }
