"""The board: attempts that somebody looks for, counted by the stage in force, and the newest of each."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from listings import stage_priors
from listings.models import ListingAttempt, Stage
from listings.stages import FINAL

#: A stay of so many times what is assumed of a stage is asked about; a suspension after so many days.
TIMES, SUSPENDED_DAYS = 2, 90


def counted(found: QuerySet[Any, Any]) -> dict[str, int]:
    """By every stage, how many of these attempts are in it; one statement."""
    rows = found.select_related(None).prefetch_related(None).order_by().values_list("current")
    held = dict(rows.annotate(count=Count("pk")))
    return {stage: held.get(stage, 0) for stage in Stage.values}


def newest(found: QuerySet[Any, Any], *, most: int) -> dict[str, list[ListingAttempt]]:
    """By stage, the `most` attempts that entered it last; one statement."""
    order = (F("since").desc(), F("pk").desc())
    turn = Window(RowNumber(), partition_by=F("current"), order_by=order)
    rows = found.prefetch_related(None).annotate(turn=turn).filter(turn__lte=most).order_by("current", "turn")
    cards: dict[str, list[ListingAttempt]] = {}
    for attempt in rows:
        cards.setdefault(attempt.current, []).append(attempt)
    return cards


def days_here(attempt: Any, *, today: date) -> int | None:
    """How many days an attempt has been in its stage; None where it waits for nothing, or was taken back."""
    return None if attempt.current in {*FINAL, None} else (today - attempt.since).days


def is_quiet(attempt: Any, *, today: date) -> bool:
    """Whether it has been there for much longer than is assumed of the stage."""
    days = days_here(attempt, today=today)
    return days is not None and days > _quiet_days()[attempt.current]


@cache
def _quiet_days() -> dict[str, float]:
    usual = {prior.stage: prior.mean_days * TIMES for prior in stage_priors.assumed()}
    return {**usual, Stage.SUSPENDED.value: SUSPENDED_DAYS}
