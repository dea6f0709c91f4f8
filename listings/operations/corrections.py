"""Stages that were recorded wrongly: another day for an entry, or the last one taken back, and so a whole attempt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from listings.models import ListingAttempt, StageEvent
from listings.operations.procedure import require_course
from listings.operations.rules import lock_attempt, lock_firm, require_day, require_said
from listings.queries import ever_recorded, stages_of, standing


class OnlyTheLastStage(Problem):
    code = "only-the-last-stage"
    status = 409
    title = Text("只能撤销最后一个阶段", "Only the last stage can be taken back")
    detail = Text(
        "其后已有阶段或新一次申报的，只能更正日期",
        "A stage that another stage or attempt followed can only be given another date",
    )


class StageTakenBack(Problem):
    code = "stage-taken-back"
    status = 409
    title = Text("该阶段已被撤销", "This stage was taken back")


def correct_stage(
    *, attempt: str, event: str, effective_date: date, evidence: str, reason: str, by: Person, now: datetime
) -> StageEvent:
    """The entry `event` happened on another day, or rests on other evidence; `reason` says how that came.

    Raises NotFound, StageTakenBack, EntryOutsideCourse, InvalidFields.
    """
    require_said(evidence, "#/evidence")
    require_said(reason, "#/reason")
    with transaction.atomic():
        held = _locked(attempt)
        counted = stages_of(held)
        at = _place(held, counted, event)
        require_day(effective_date, of=held.firm, now=now)
        _require_between(effective_date, *_neighbours(held, counted, at))
        made = _append(
            counted[at], effective_date=effective_date, evidence=evidence, reason=reason, taken_back=False,
            by=by, now=now,
        )  # fmt: skip
        require_course(held)
    return made


def take_back_stage(*, attempt: str, event: str, reason: str, by: Person, now: datetime) -> StageEvent:
    """The attempt never entered its last stage; where that is its only one, there never was such an attempt.

    Raises NotFound, StageTakenBack, OnlyTheLastStage, EntryOutsideCourse, InvalidFields.
    """
    require_said(reason, "#/reason")
    with transaction.atomic():
        held = _locked(attempt)
        counted = stages_of(held)
        at = _place(held, counted, event)
        if at < len(counted) - 1 or _attempt_after(held):
            raise OnlyTheLastStage
        last = counted[at]
        made = _append(
            last, effective_date=last.effective_date, evidence=last.evidence, reason=reason, taken_back=True,
            by=by, now=now,
        )  # fmt: skip
        if at:
            require_course(held)
    return made


def _locked(attempt: str) -> ListingAttempt:
    """The attempt, and before it the firm's row: its other attempts neither begin nor change meanwhile."""
    named = ListingAttempt.objects.filter(public_id=attempt).values_list("firm__uscc", flat=True).first()
    if named is None:
        raise NotFound
    lock_firm(named)
    return lock_attempt(attempt)


def _place(held: ListingAttempt, counted: Sequence[StageEvent], event: str) -> int:
    named = ever_recorded(held).filter(public_id=event).first()
    if named is None:
        raise NotFound
    first = named.corrects_id or named.pk
    place = next((at for at, one in enumerate(counted) if (one.corrects_id or one.pk) == first), None)
    if place is None:
        raise StageTakenBack
    return place


def _neighbours(
    held: ListingAttempt, counted: Sequence[StageEvent], at: int
) -> tuple[date | None, date | None]:
    """The days between which an entry lies: those of the stages, or of the attempts, before and after it."""
    before: date | None
    if at:
        before = counted[at - 1].effective_date
    else:
        earlier = standing(held.firm_id, held.board).filter(sequence__lt=held.sequence)
        former = earlier.order_by("-sequence").first()
        before = stages_of(former)[-1].effective_date if former else None
    if at + 1 < len(counted):
        return before, counted[at + 1].effective_date
    later = _attempt_after(held)
    return before, stages_of(later)[0].effective_date if later else None


def _attempt_after(held: ListingAttempt) -> ListingAttempt | None:
    """The firm's next attempt on the same board that counts."""
    return standing(held.firm_id, held.board).filter(sequence__gt=held.sequence).order_by("sequence").first()


def _require_between(day: date, before: date | None, after: date | None) -> None:
    if (before and day < before) or (after and day > after):
        raise refuse(
            "#/effective_date",
            "date-out-of-order",
            "日期须在前后阶段之间（{before} 至 {after}）",
            "The date must lie between those of the stages before and after it ({before} to {after})",
            before=before.isoformat() if before else "…",
            after=after.isoformat() if after else "…",
        )


def _append(
    counted: StageEvent, *, effective_date: date, evidence: str, reason: str, taken_back: bool, by: Person,
    now: datetime,
) -> StageEvent:  # fmt: skip
    made = StageEvent.objects.create(
        public_id=ids.new("se"), attempt_id=counted.attempt_id, stage=counted.stage, effective_date=effective_date,
        evidence=evidence, reason=reason, corrects_id=counted.corrects_id or counted.pk, taken_back=taken_back,
        recorded_at=now, recorded_by=by,
    )  # fmt: skip
    audit.record(
        "listing.take_back_stage" if taken_back else "listing.correct_stage", actor=by,
        subject=f"listing:{counted.attempt.public_id}", at=now, stage=counted.stage,
        was=counted.effective_date.isoformat(), effective_date=effective_date.isoformat(), evidence=evidence,
        reason=reason,
    )  # fmt: skip
    return made
