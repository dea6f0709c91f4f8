"""The centre follows firms to their listings: attempts, and the stages they enter. It reads and
tracks; what the exchange and the regulator decide is recorded here, never decided here."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from finance_hub.kernel import audit, firms, ids
from finance_hub.kernel.models import Firm, Person
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from listings.models import ListingAttempt, Stage, StageEvent
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
    *, uscc: str, board: str, stage: str, effective_date: date, evidence: str, by: Person, now: datetime
) -> ListingAttempt:
    """A registered firm begins its next attempt on a board, at `stage`.

    Raises InvalidFields, AttemptStillOpen, AlreadyListed.
    """
    firms.require_uscc(uscc)
    require_first(stage)
    with transaction.atomic():
        firm = _lock_firm(uscc)
        former = ListingAttempt.objects.filter(firm=firm, board=board).order_by("-sequence").first()
        since = _ended_on(former) if former else None
        _require_day(effective_date, now=now, since=since)
        attempt = ListingAttempt.objects.create(
            public_id=ids.new("la"), firm=firm, board=board, recorded_at=now,
            sequence=former.sequence + 1 if former else 1,
        )  # fmt: skip
        _enter(attempt, stage, effective_date=effective_date, evidence=evidence, reason="", by=by, now=now)
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
    """The attempt with public id `attempt` enters a stage; skipping one needs a `reason`.

    Raises NotFound, InvalidFields, AttemptEnded, StageBackward, AlreadySuspended.
    """
    with transaction.atomic():
        held = ListingAttempt.objects.select_for_update(no_key=True).filter(public_id=attempt).first()
        if held is None:
            raise NotFound
        past = list(StageEvent.objects.filter(attempt=held).order_by("effective_date", "pk"))
        require_next([event.stage for event in past], stage, reason=reason)
        _require_day(effective_date, now=now, since=past[-1].effective_date)
        return _enter(
            held, stage, effective_date=effective_date, evidence=evidence, reason=reason, by=by, now=now
        )


def _lock_firm(uscc: str) -> Firm:
    """Attempts of one firm queue on its row, so that no two are opened at once."""
    firm = Firm.objects.select_for_update(no_key=True).filter(uscc=uscc).first()
    if firm is None:
        raise refuse("#/uscc", "firm-unknown", "企业未登记", "The registry does not know the firm")
    return firm


def _ended_on(attempt: ListingAttempt) -> date:
    last = StageEvent.objects.filter(attempt=attempt).order_by("-effective_date", "-pk")[0]
    if last.stage not in FINAL:
        raise AttemptStillOpen
    if last.stage == Stage.LISTED:
        raise AlreadyListed
    return last.effective_date


def _require_day(day: date, *, now: datetime, since: date | None) -> None:
    if day > now.astimezone(SHANGHAI).date():
        raise refuse(
            "#/effective_date", "date-in-future", "日期不能在未来", "The date must not be in the future"
        )
    if since and day < since:
        raise refuse(
            "#/effective_date",
            "date-before-last-stage",
            "日期早于上一阶段的日期 {since}",
            "The date is before that of the last stage, {since}",
            since=since.isoformat(),
        )


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
    if not evidence.strip():
        raise refuse("#/evidence", "blank", "须填写依据", "The evidence must be named")
    event = StageEvent.objects.create(
        attempt=attempt, stage=stage, effective_date=effective_date, evidence=evidence, reason=reason,
        recorded_at=now, recorded_by=by,
    )  # fmt: skip
    audit.record(
        "listing.enter_stage", actor=by, subject=f"listing:{attempt.public_id}", at=now, stage=stage,
        effective_date=effective_date.isoformat(), evidence=evidence, reason=reason,
    )  # fmt: skip
    return event
