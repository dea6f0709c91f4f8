"""Who works on an attempt, and the papers of its procedure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import InvalidFields, Problem, refuse
from finance_hub.kernel.text import Text
from listings.course import require_in_course
from listings.models import AttemptParty, Filing, FilingKind, ListingAttempt
from listings.operations.rules import first_of, lock_attempt, require_day, require_said
from listings.queries import filings, parties, stages_of


class LettersTakeTurns(Problem):
    code = "letters-take-turns"
    status = 409
    title = Text("问询与回复须依次交替", "Letters and replies take turns")
    detail = Text(
        "问询函须先回复才有下一轮；没有未回复的问询函时不能登记回复",
        "A letter is answered before the next one comes, and a reply answers a letter that is open",
    )


class PartyRecorded(Problem):
    code = "party-already-recorded"
    status = 409
    title = Text(
        "该机构已自同日起以同一角色登记", "This party is recorded already, in this role and from this day"
    )


class EntryOutsideCourse(Problem):
    code = "entry-outside-course"
    status = 409
    title = Text(
        "已登记的中介机构或文件将落在该次申报的期间之外",
        "A party or a paper that is recorded would lie outside the attempt",
    )
    detail = Text(
        "须先更正或撤销 {day} 的记录 {entry}", "Correct the entry {entry} of {day} first, or take it back"
    )


def record_party(
    *,
    attempt: str,
    role: str,
    name: str,
    effective_date: date,
    source: str,
    corrects: str = "",
    by: Person,
    now: datetime,
) -> AttemptParty:
    """From a day on a firm works on the attempt in a role; or the entry `corrects` is corrected to that.

    Raises NotFound, InvalidFields, AttemptTakenBack, PartyRecorded.
    """
    require_said(name, "#/name")
    require_said(source, "#/source")
    with transaction.atomic():
        held = lock_attempt(attempt)
        require_day(effective_date, of=held.firm, now=now)
        require_in_course(_entered(held), effective_date)
        first = first_of(AttemptParty.objects.filter(attempt=held, role=role), corrects) if corrects else None
        same: QuerySet[Any, Any] = parties(held).filter(role=role, effective_date=effective_date)
        same = same.exclude(first=first and first.pk)
        if any(one.name.strip() == name.strip() for one in same):
            raise PartyRecorded
        made = AttemptParty.objects.create(
            public_id=ids.new("lp"), attempt=held, role=role, name=name, effective_date=effective_date,
            source=source, corrects=first, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        audit.record(
            "listing.record_party", actor=by, subject=f"listing:{attempt}", at=now, role=role, name=name,
            effective_date=effective_date.isoformat(), source=source, corrects=corrects,
        )  # fmt: skip
    return made


def record_filing(
    *,
    attempt: str,
    kind: str,
    effective_date: date,
    source: str,
    period_end: date | None = None,
    corrects: str = "",
    by: Person,
    now: datetime,
) -> Filing:
    """A paper was filed on a day, audited figures with the end of their period; or an entry is corrected to that.

    Raises NotFound, InvalidFields, AttemptTakenBack, LettersTakeTurns.
    """
    require_said(source, "#/source")
    _require_period(kind, period_end, effective_date)
    with transaction.atomic():
        held = lock_attempt(attempt)
        require_day(effective_date, of=held.firm, now=now)
        require_in_course(_entered(held), effective_date, paper=kind)
        first = first_of(Filing.objects.filter(attempt=held, kind=kind), corrects) if corrects else None
        made = Filing.objects.create(
            public_id=ids.new("lf"), attempt=held, kind=kind, effective_date=effective_date,
            period_end=period_end, source=source, corrects=first, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        require_turns(held)
        audit.record(
            "listing.record_filing", actor=by, subject=f"listing:{attempt}", at=now, kind=kind,
            effective_date=effective_date.isoformat(), period_end=period_end and period_end.isoformat(),
            source=source, corrects=corrects,
        )  # fmt: skip
    return made


def require_turns(held: ListingAttempt) -> None:
    """Letters and replies that count take turns, a letter first. Raises LettersTakeTurns."""
    turns = [FilingKind.INQUIRY_LETTER.value, FilingKind.INQUIRY_REPLY.value]
    exchanged = [paper.kind for paper in filings(held) if paper.kind in turns]
    if any(kind != turns[at % 2] for at, kind in enumerate(exchanged)):
        raise LettersTakeTurns


def require_course(held: ListingAttempt) -> None:
    """After a change of the stages: parties and papers that count still lie in their course. Raises EntryOutsideCourse."""
    entered = _entered(held)
    recorded = [(one, "") for one in parties(held)] + [(one, one.kind) for one in filings(held)]
    for one, paper in recorded:
        try:
            require_in_course(entered, one.effective_date, paper=paper)
        except InvalidFields as outside:
            day = one.effective_date.isoformat()
            raise EntryOutsideCourse(entry=one.public_id, day=day) from outside


def _entered(held: ListingAttempt) -> list[tuple[str, date]]:
    return [(event.stage, event.effective_date) for event in stages_of(held)]


def _require_period(kind: str, period_end: date | None, effective_date: date) -> None:
    if (kind == FilingKind.FIGURES_AUDITED) != (period_end is not None):
        raise refuse(
            "#/period_end",
            "period-end-of-audited-figures",
            "财务资料更新须填写审计截止日，其他文件不填",
            "Audited figures name the end of their period; no other paper does",
        )
    if period_end is not None and period_end > effective_date:
        raise refuse(
            "#/period_end",
            "period-not-over",
            "审计截止日不能晚于提交日",
            "The period must be over on the day of the paper",
        )
