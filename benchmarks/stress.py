"""A stress run fanned out over one and over two worker processes, as real jobs of a city of 150 firms.

The same month, scenarios and draws; new assumptions each time, so that nothing is found computed. Workers take jobs
as Celery's do, by lease, each as soon as it is free, until none is left; who finishes last joins. What is measured is
the time from the first job to the join, against 0.8 of what one more worker could save at best.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

import numpy as np

from benchmarks import Result
from benchmarks._city import database_alone

FIRMS, SCENARIOS, WORKERS, ROUNDS = 150, 9, (1, 2), 2
#: Of the speed-up that k workers could bring on k cores.
LEAST = 0.8
MONTH = date(2026, 10, 1)

_WORKER = """
import sys, django
django.setup()
from finance_hub.kernel import jobs
from finance_hub.kernel.models import Job
import tasks.risk.working
print("ready", flush=True)
sys.stdin.readline()
left = lambda: list(Job.objects.filter(kind__in=["loss", "stress_join"], state="queued").order_by("created_at", "pk")[:50])
while waiting := left():
    for job in waiting:
        if jobs.run(str(job.pk)) == "succeeded":
            break
"""


def measure() -> Iterator[Result]:
    """The speed-up of two workers over one, as a part of the least that is wanted."""
    with database_alone() as runtime:
        _found()
        seconds = {k: median(_run(k, runtime) for _ in range(ROUNDS)) for k in WORKERS}
    for k in WORKERS[1:]:
        speed_up = seconds[1] / seconds[k]
        yield Result(
            name=f"stress run, {k} workers", ratio=LEAST * k / speed_up, limit=1.0, peer="one worker",
            seconds=seconds[k], details={"speed_up": speed_up, "cores": os.cpu_count(), "one": seconds[1]},
        )  # fmt: skip


def _run(workers: int, runtime: dict[str, str]) -> float:
    """Seconds of a whole run, from the first job to the join. The workers have started before."""
    _ask()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER], env=runtime, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(workers)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    begin = time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.close()
    for process in processes:
        assert process.wait() == 0
    took = time.perf_counter() - begin
    _require_joined()
    return took


def _found() -> None:
    """A fund with a stake in each of some firms of every stage and industry, and the month's figures."""
    from django.utils import timezone

    from finance_hub.kernel import ids, uscc
    from finance_hub.kernel.access import EVERYTHING
    from finance_hub.kernel.models import Firm, Organisation, Person
    from finance_hub.kernel.models.firms import FirmStage
    from finance_hub.kernel.periods import Month
    from finance_hub.kernel.scoping import within
    from funds.models import Fund, Holding, HoldingEvent
    from tasks import snapshots

    draw, now = np.random.default_rng(42), timezone.now()
    with within(EVERYTHING):
        house = Organisation.objects.create(code="centre", kind="centre", name="centre", name_en="centre")
        person = Person.objects.create(username="maker", full_name="maker", organisation=house, role="maker")
        manager = Organisation.objects.create(code="manager", kind="fund_manager", name="m", name_en="m")
        fund = Fund.objects.create(
            code="fund", name="基金", name_en="Fund", tier="angel", manager=manager, planned_size=Decimal(10**10),
            established_on=date(2024, 1, 1),
        )  # fmt: skip
        stages, sections = draw.choice(FirmStage.values, FIRMS), draw.choice(["C39", "I65", "M73"], FIRMS)
        firms = Firm.objects.bulk_create(
            Firm(
                uscc=uscc.complete(f"91330483MA{at:07d}"),
                name=f"企业{at}",
                source="centre",
                stage=stage,
                industry=industry,
            )
            for at, (stage, industry) in enumerate(zip(stages.tolist(), sections.tolist(), strict=True))
        )
        holdings = Holding.objects.bulk_create(
            Holding(public_id=ids.new("ho"), fund=fund, firm=firm) for firm in firms
        )
        costs = [Decimal(int(cost)) for cost in draw.lognormal(14, 1, FIRMS)]
        HoldingEvent.objects.bulk_create(
            HoldingEvent(
                public_id=ids.new("he"), holding=holding, kind="investment", cash=cost, cost=cost,
                effective_date=date(2026, 1, 5), recorded_at=now, recorded_by=person,
            )
            for holding, cost in zip(holdings, costs, strict=True)
        )  # fmt: skip
        snapshots.take(Month.of(MONTH), known_at=timezone.now(), taken_at=now)
        _define(person, now)


def _define(person: Any, now: Any) -> None:
    from tasks.risk import assume

    for at in range(SCENARIOS):
        assume.define_scenario(
            code=f"shock-{at}", name=f"冲击{at}", name_en=f"Shock {at}", document="benchmark",
            valid_from=date(2026, 1, 1), pd_factor=Decimal(2) + Decimal(at) / 10, by=person, now=now,
        )  # fmt: skip


def _ask() -> None:
    """A run of the month under assumptions entered for it."""
    from django.utils import timezone

    from finance_hub.kernel.access import EVERYTHING
    from finance_hub.kernel.models import Person
    from finance_hub.kernel.periods import Month
    from finance_hub.kernel.scoping import within
    from tasks.risk import assume, runs
    from tasks.risk.parameters import delivered

    with within(EVERYTHING):
        person, now = Person.objects.get(username="maker"), timezone.now()
        assume.assume(
            valid_from=date(2026, 1, 1), document="benchmark", parameters=delivered()[1], by=person, now=now
        )
        runs.start(Month.of(MONTH), by=person, now=now)


def _require_joined() -> None:
    from finance_hub.kernel.access import EVERYTHING
    from finance_hub.kernel.scoping import within
    from tasks.models import StressRun

    with within(EVERYTHING):
        assert not StressRun.objects.filter(finished_at=None).exists()
