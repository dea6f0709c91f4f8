"""The jobs: one portfolio under one shock, and the joining of a run."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from finance_hub.kernel.jobs import report_progress
from finance_hub.kernel.models import Job
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from tasks import catalogue, frames
from tasks.exposure.assumed import assumed, assumptions
from tasks.models import LossResult, RiskAssumptions, Snapshot, StressRun, StressScenario
from tasks.risk import VERSION, entered, runs
from tasks.risk.comparing import comparison
from tasks.risk.joint import DRAWS, SEED, NothingAtRisk, Step, compute
from tasks.risk.parameters import Parameters
from tasks.risk.shocks import Shock


class NothingToLose(Problem):
    code = "nothing-at-risk"
    status = 409
    title = Text("该月没有任何敞口", "The month has no exposure at all")


class Stopped(Exception):
    """The run was cancelled while this part was under way."""


def compute_loss(job: Job) -> dict[str, Any]:
    """One scenario of a month: computed, or found where it was computed before; then the run is told."""
    said = job.payload
    snapshot = Snapshot.objects.get(public_id=said["snapshot"])
    held = assumptions().get(public_id=said["assumptions"])
    scenario = StressScenario.objects.get(public_id=said["scenario"]) if said["scenario"] else None
    same = {"snapshot": snapshot, "assumptions": held, "scenario": scenario, "version": VERSION}
    result = LossResult.objects.filter(**same).first()
    fresh = result is None
    if result is None:

        def step(name: str) -> None:
            report_progress(job, step=name)
            if said["run"] and runs.is_cancelled(said["run"]):
                raise Stopped

        try:
            result = _computed(snapshot, held, scenario, step=step)
        except NothingAtRisk as nothing:
            raise NothingToLose from nothing
        except Stopped:
            return {"cancelled": True}
    if said["run"] and not runs.mark_done(
        said["run"], scenario=scenario.pk if scenario else None, result=result
    ):
        return {"cancelled": True}
    return {"result": result.pk, "new_result": fresh}


def base_case(snapshot: Snapshot, *, step: Step) -> LossResult | None:
    """The joint loss of a snapshot by the assumptions in force at the end of its month, computed or found.

    None where there are no assumptions, or nothing is at risk.
    """
    held = assumed(as_of=Month.of(snapshot.month).end)
    if held is None:
        return None
    same = LossResult.objects.filter(snapshot=snapshot, assumptions=held, scenario=None, version=VERSION)
    try:
        return same.first() or _computed(snapshot, held, None, step=step)
    except NothingAtRisk:
        return None


def join(job: Job) -> dict[str, Any]:
    """Set every scenario of a run beside its base case. Runs once all parts are done."""
    run = entered.run(job.payload["run"])
    told = comparison([(part.scenario, part.result.content) for part in run.parts.all() if part.result])
    waiting = StressRun.objects.filter(pk=run.pk, finished_at=None, cancelled_at=None)
    joined = waiting.update(comparison=told, finished_at=timezone.now())
    return {"run": run.public_id, "joined": bool(joined)}


def _computed(
    snapshot: Snapshot, assumptions: RiskAssumptions, scenario: StressScenario | None, *, step: Step
) -> LossResult:
    """Raises NothingAtRisk, and what `step` raises to stop."""
    step("frames")
    read = frames.read(Month.of(snapshot.month), known_at=snapshot.known_at)
    content = compute(
        read,
        by=Parameters.of(assumptions.parameters.all()),
        shock=Shock.of(scenario),
        with_sensitivity=scenario is None,
        step=step,
    )
    # What is not dated (names, stages, the catalogue) may have changed since the figures were computed.
    content["same_inputs"] = read.fingerprint(catalogue=catalogue.VERSION) == snapshot.fingerprint
    made = LossResult(
        snapshot=snapshot, assumptions=assumptions, scenario=scenario, version=VERSION, seed=SEED, draws=DRAWS, content=content,
        computed_at=timezone.now(),
    )  # fmt: skip
    # Two workers that reach this line together: one inserts, the other waits and finds it.
    LossResult.objects.bulk_create([made], ignore_conflicts=True)
    return LossResult.objects.get(
        snapshot=snapshot, assumptions=assumptions, scenario=scenario, version=VERSION
    )
