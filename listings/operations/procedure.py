"""Who works on an attempt, and the papers of its procedure."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from listings.models import AttemptParty, Filing, FilingKind, ListingAttempt
from listings.operations.rules import first_of, lock_attempt, require_day, require_said
from listings.queries import filings


class LettersTakeTurns(Problem):
    code = "letters-take-turns"
    status = 409
    title = Text("问询与回复须依次交替", "Letters and replies take turns")
    detail = Text(
        "问询函须先回复才有下一轮；没有未回复的问询函时不能登记回复",
        "A letter is answered before the next one comes, and a reply answers a letter that is open",
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

    Raises NotFound, InvalidFields.
    """
    require_said(name, "#/name")
    require_said(source, "#/source")
    with transaction.atomic():
        held = lock_attempt(attempt)
        require_day(effective_date, now=now)
        first = first_of(AttemptParty.objects.filter(attempt=held, role=role), corrects) if corrects else None
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

    Raises NotFound, InvalidFields, LettersTakeTurns.
    """
    require_said(source, "#/source")
    _require_period(kind, period_end, effective_date)
    with transaction.atomic():
        held = lock_attempt(attempt)
        require_day(effective_date, now=now)
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
