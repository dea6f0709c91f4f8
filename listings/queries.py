"""Attempts and their stages: for people and the API, and frames for the figures.

`as_of` is exclusive, `known_at` inclusive. The stage in force is the last one entered; on one day,
the last recorded. Everything reads the scope in force; NoScope without one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from finance_hub.kernel.problems import NotFound
from listings.models import ListingAttempt, Stage, StageEvent


class AttemptRow(NamedTuple):
    """An attempt with the stage in force and the day it was entered; ended attempts stay."""

    id: int
    firm_id: int
    board: str
    stage: str
    since: date


class StageRow(NamedTuple):
    attempt_id: int
    firm_id: int
    board: str
    stage: str
    entered_on: date


def pipeline_frame(as_of: date, known_at: datetime) -> list[AttemptRow]:
    """Every attempt that had begun, by id."""
    last = _known(as_of, known_at).filter(attempt=OuterRef("pk")).order_by("-effective_date", "-pk")
    attempts = ListingAttempt.objects.annotate(
        stage=Subquery(last.values("stage")[:1]), since=Subquery(last.values("effective_date")[:1])
    )
    begun = attempts.filter(stage__isnull=False).order_by("pk")
    return [AttemptRow(*row) for row in begun.values_list("pk", "firm_id", "board", "stage", "since")]


def listed_frame(as_of: date, known_at: datetime) -> list[StageRow]:
    """Listings that had happened, by day and attempt; the day is that of the listing."""
    rows = _known(as_of, known_at).filter(stage=Stage.LISTED)
    return _stage_rows(rows.order_by("effective_date", "attempt_id"))


def stages_frame(as_of: date, known_at: datetime) -> list[StageRow]:
    """Every stage ever entered, by attempt and then by time: dwell times and conversions."""
    return _stage_rows(_known(as_of, known_at).order_by("attempt_id", "effective_date", "pk"))


def attempts(*, board: str = "", stage: str = "", uscc: str = "") -> QuerySet[ListingAttempt]:
    """Attempts with their firm and, under `stages_in_order`, their stages; filtered where given.

    `stage` is the stage in force now.
    """
    last = StageEvent.objects.filter(attempt=OuterRef("pk")).order_by("-effective_date", "-pk")
    wanted = {"board": board, "firm__uscc": uscc, "current": stage}
    in_order = StageEvent.objects.select_related("recorded_by").order_by("effective_date", "pk")
    return (
        ListingAttempt.objects.annotate(current=Subquery(last.values("stage")[:1]))
        .filter(**{name: value for name, value in wanted.items() if value})
        .select_related("firm")
        .prefetch_related(Prefetch("stages", queryset=in_order, to_attr="stages_in_order"))
    )


def attempt(public_id: str) -> ListingAttempt:
    """One attempt in scope with its firm and stages. Raises NotFound."""
    found = attempts().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def _known(as_of: date, known_at: datetime) -> QuerySet[StageEvent]:
    return StageEvent.objects.filter(effective_date__lt=as_of, recorded_at__lte=known_at)


def _stage_rows(events: QuerySet[StageEvent]) -> list[StageRow]:
    rows = events.values_list("attempt_id", "attempt__firm_id", "attempt__board", "stage", "effective_date")
    return [StageRow(*row) for row in rows]
