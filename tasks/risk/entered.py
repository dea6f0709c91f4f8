"""Reads of scenarios, of results and runs. `as_of` is exclusive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet

from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from tasks.models import (
    LossResult,
    Snapshot,
    StressPart,
    StressRun,
    StressScenario,
)


def scenarios() -> QuerySet[StressScenario]:
    return StressScenario.objects.select_related("recorded_by")


def scenarios_in_force(*, as_of: date) -> list[StressScenario]:
    """Of every code the one in force on the day before `as_of`, those dropped left out; in the order of entry."""
    begun = StressScenario.objects.filter(valid_from__lt=as_of).order_by("code", "-valid_from", "-pk")
    return sorted((s for s in begun.distinct("code") if not s.is_dropped), key=lambda scenario: scenario.pk)


def latest_result(month: Month) -> LossResult | None:
    """The base case computed last for a month, of whichever of its snapshots."""
    found = LossResult.objects.filter(snapshot__month=month.first, scenario=None)
    found = found.select_related("snapshot", "assumptions__recorded_by")
    return found.order_by("-snapshot__known_at", "-snapshot_id", "-pk").first()


def base_results(months: Iterable[Month]) -> dict[Month, LossResult]:
    """{month: its base case computed last} of those that have one; one query."""
    rows = LossResult.objects.filter(snapshot__month__in=[m.first for m in months], scenario=None)
    ordered = rows.select_related("snapshot").order_by(
        "snapshot__month", "-snapshot__known_at", "-snapshot_id", "-pk"
    )
    return {Month.of(row.snapshot.month): row for row in ordered.distinct("snapshot__month")}


def newest_snapshots(most: int) -> list[Snapshot]:
    """The newest snapshot of each of the last months that have figures, the last month first."""
    latest = Snapshot.objects.order_by("-month", "-known_at", "-pk").distinct("month")
    return list(latest[:most])


def runs() -> QuerySet[StressRun]:
    """With their parts in order, each with its scenario and its job."""
    parts = StressPart.objects.select_related("scenario", "job", "result").order_by("position")
    found = StressRun.objects.select_related("snapshot", "assumptions", "requested_by", "joined_by")
    return found.prefetch_related(Prefetch("parts", parts))


def run(public_id: str) -> StressRun:
    """Raises NotFound."""
    found = runs().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def latest_run(month: Month) -> StressRun | None:
    return runs().filter(snapshot__month=month.first).order_by("-requested_at", "-pk").first()
