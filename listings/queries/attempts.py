"""Attempts and their stages: for people and the API, and frames for the figures.

`as_of` is exclusive, `known_at` inclusive. The stage in force is the last one entered; on one day, the
last recorded. A corrected entry is read as it was corrected by then. Everything reads the scope in force;
NoScope without one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from finance_hub.kernel.models import Firm
from finance_hub.kernel.problems import NotFound
from listings.models import ListingAttempt, Stage, StageEvent
from listings.queries.counting import counting

#: The order of time among stages that count, and its reverse.
_ORDER, _LAST = ("effective_date", "first"), ("-effective_date", "-first")


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
    last = _known(as_of, known_at).filter(attempt=OuterRef("pk")).order_by(*_LAST)
    attempts = ListingAttempt.objects.annotate(
        stage=Subquery(last.values("stage")[:1]), since=Subquery(last.values("effective_date")[:1])
    )
    begun = attempts.filter(stage__isnull=False).order_by("pk")
    return [AttemptRow(*row) for row in begun.values_list("pk", "firm_id", "board", "stage", "since")]


def listed_frame(as_of: date, known_at: datetime) -> list[StageRow]:
    """Listings that had happened, by day and attempt; the day is that of the listing."""
    rows = _known(as_of, known_at).filter(stage=Stage.LISTED)
    return _stage_rows(rows.order_by("effective_date", "attempt_id"))


def stages_frame(as_of: date, known_at: datetime, *, attempt: ListingAttempt | None = None) -> list[StageRow]:
    """Every stage ever entered, or those of one attempt, by attempt and then by time."""
    known = _known(as_of, known_at)
    if attempt is not None:
        known = known.filter(attempt=attempt)
    return _stage_rows(known.order_by("attempt_id", *_ORDER))


def attempts(
    *, board: str = "", stage: str = "", uscc: str = "", text: str = ""
) -> QuerySet[ListingAttempt, Any]:
    """Attempts of which a stage counts, as `_told` tells them; filtered where given.

    `text` is part of the firm's name or how its credit code begins.
    """
    wanted = {"board": board, "firm__uscc": uscc, "current": stage}
    found = _told().filter(current__isnull=False, **{name: value for name, value in wanted.items() if value})
    if text:
        found = found.filter(Q(firm__name__icontains=text) | Q(firm__uscc__startswith=text.upper()))
    return found


def attempt(public_id: str) -> ListingAttempt:
    """One attempt in scope as `_told` tells it, also one that was taken back. Raises NotFound."""
    found: ListingAttempt | None = _told().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def standing(of: Firm | int, board: str) -> QuerySet[ListingAttempt, Any]:
    """The attempts of a firm on a board of which a stage counts."""
    counted = counting(StageEvent.objects.filter(attempt=OuterRef("pk")))
    return ListingAttempt.objects.filter(Exists(counted), firm=of, board=board)


def stages_of(held: ListingAttempt) -> list[StageEvent]:
    """The stages of an attempt that count, oldest first."""
    return list(counting(StageEvent.objects.filter(attempt=held)).order_by(*_ORDER))


def ever_recorded(held: ListingAttempt) -> QuerySet[StageEvent]:
    """Every entry and correction of the stages of an attempt, with its author and what it corrects."""
    return StageEvent.objects.filter(attempt=held).select_related("recorded_by", "corrects")


def _told() -> QuerySet[Any, Any]:
    """With their firm and, under `stages_in_order`, the stages that count.

    `current` is the stage in force now and `since` the day it was entered; None where every stage was taken back.
    """
    last = counting(StageEvent.objects.filter(attempt=OuterRef("pk"))).order_by(*_LAST)
    found = ListingAttempt.objects.annotate(
        current=Subquery(last.values("stage")[:1]), since=Subquery(last.values("effective_date")[:1])
    )
    in_order = counting(StageEvent.objects.select_related("recorded_by", "corrects")).order_by(*_ORDER)
    return found.select_related("firm").prefetch_related(
        Prefetch("stages", queryset=in_order, to_attr="stages_in_order")
    )


def _known(as_of: date, known_at: datetime) -> QuerySet[StageEvent, Any]:
    return counting(StageEvent.objects.all(), known_at=known_at).filter(effective_date__lt=as_of)


def _stage_rows(events: QuerySet[StageEvent, Any]) -> list[StageRow]:
    rows = events.values_list("attempt_id", "attempt__firm_id", "attempt__board", "stage", "effective_date")
    return [StageRow(*row) for row in rows]
