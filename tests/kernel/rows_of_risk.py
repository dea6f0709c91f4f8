"""One row of every model of the joint loss; all are the centre's own."""

from __future__ import annotations

from finance_hub.kernel import ids
from finance_hub.kernel.models import Job
from tasks.models import (
    LossResult,
    RiskAssumptions,
    RiskParameter,
    Snapshot,
    StressPart,
    StressRun,
    StressScenario,
)
from tests.cast import NOW, Cast
from tests.kernel.rows_made import DAY, ONE, Rows


def risk_rows(cast: Cast, snapshot: Snapshot) -> Rows:
    said = {"valid_from": DAY, "document": "x", "recorded_at": NOW, "recorded_by": cast["maker"]}
    assumptions = RiskAssumptions.objects.create(public_id=ids.new("ra"), **said)
    scenario = StressScenario.objects.create(
        public_id=ids.new("sc"), code="shock", name="冲击", name_en="Shock", **said
    )
    result = LossResult.objects.create(
        snapshot=snapshot, assumptions=assumptions, version="1", seed=1, draws=1, content={}, computed_at=NOW
    )
    run = StressRun.objects.create(
        public_id=ids.new("sr"), snapshot=snapshot, assumptions=assumptions, inputs="0" * 64, attempt=1,
        requested_by=cast["maker"], requested_at=NOW,
    )  # fmt: skip
    job = Job.objects.create(kind="loss", dedupe_key="loss:x")
    return {
        RiskAssumptions: assumptions,
        RiskParameter: RiskParameter.objects.create(
            assumptions=assumptions, kind="lgd", key="equity", value=ONE, source="x", is_invented=True
        ),
        StressScenario: scenario,
        LossResult: result,
        StressRun: run,
        StressPart: StressPart.objects.create(run=run, scenario=scenario, position=1, job=job),
    }
