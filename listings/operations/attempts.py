"""The centre follows firms to their listings: attempts, and the stages they enter. It reads and
tracks; what the exchange and the regulator decide is recorded here, never decided here."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from finance_hub.kernel import audit, firms, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from listings.models import ListingAttempt, Stage, StageEvent
from listings.operations.procedure import require_course
from listings.operations.rules import lock_attempt, lock_firm, require_day, require_said
from listings.queries import stages_of, standing
from listings.stages import FINAL, require_first, require_next


class AttemptStillOpen(Problem):
    code = "attempt-still-open"
    status = 409
    title = Text(
        "该企业在此板块的上一次申报尚未结束", "The firm's former attempt on this board is still open"
    )


class AlreadyListed(Problem):
    code = "already-listed"
    status = 409
    title = Text("该企业已在此板块上市", "The firm is listed on this board already")


def start_attempt(
    *,
    uscc: str,
    board: str,
    stage: str,
    effective_date: date,
    evidence: str,
    reason: str = "",
    by: Person,
    now: datetime,
) -> ListingAttempt:
    """A registered firm begins its next attempt on a board, at `stage`; later than at the first one, for a `reason`.

    Raises InvalidFields, AttemptStillOpen, AlreadyListed.
    """
    firms.require_uscc(uscc)
    require_first(stage, reason=reason)
    with transaction.atomic():
        firm = lock_firm(uscc)
        former = standing(firm, board).order_by("-sequence").first()
        require_day(effective_date, of=firm, now=now, since=_ended_on(former) if former else None)
        numbers = ListingAttempt.objects.filter(firm=firm, board=board).aggregate(last=Max("sequence"))
        attempt = ListingAttempt.objects.create(
            public_id=ids.new("la"), firm=firm, board=board, recorded_at=now,
            sequence=(numbers["last"] or 0) + 1,
        )  # fmt: skip
        _enter(
            attempt, stage, effective_date=effective_date, evidence=evidence, reason=reason, by=by, now=now
        )
    return attempt


def enter_stage(
    *,
    attempt: str,
    stage: str,
    effective_date: date,
    evidence: str,
    reason: str = "",
    by: Person,
    now: datetime,
) -> StageEvent:
    """The attempt with public id `attempt` enters a stage.

    What was skipped, a suspension and an end that is no listing need a `reason`.

    Raises NotFound, InvalidFields, AttemptEnded, AttemptTakenBack, StageBackward, AlreadySuspended,
    EntryOutsideCourse (the end comes before a party or a paper).
    """
    with transaction.atomic():
        held = lock_attempt(attempt)
        past = stages_of(held)
        require_next([event.stage for event in past], stage, reason=reason)
        require_day(effective_date, of=held.firm, now=now, since=past[-1].effective_date)
        entered = _enter(
            held, stage, effective_date=effective_date, evidence=evidence, reason=reason, by=by, now=now
        )
        if stage in FINAL:
            require_course(held)
    return entered


def _ended_on(attempt: ListingAttempt) -> date:
    last = stages_of(attempt)[-1]
    if last.stage not in FINAL:
        raise AttemptStillOpen
    if last.stage == Stage.LISTED:
        raise AlreadyListed
    return last.effective_date


def _enter(
    attempt: ListingAttempt,
    stage: str,
    *,
    effective_date: date,
    evidence: str,
    reason: str,
    by: Person,
    now: datetime,
) -> StageEvent:
    require_said(evidence, "#/evidence")
    event = StageEvent.objects.create(
        public_id=ids.new("se"), attempt=attempt, stage=stage, effective_date=effective_date, evidence=evidence, reason=reason,
        recorded_at=now, recorded_by=by,
    )  # fmt: skip
    audit.record(
        "listing.enter_stage", actor=by, subject=f"listing:{attempt.public_id}", at=now, stage=stage,
        effective_date=effective_date.isoformat(), evidence=evidence, reason=reason,
    )  # fmt: skip
    return event
