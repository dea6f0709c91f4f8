"""The jobs as people see them: what each is about, how far it is, why it failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from finance_hub.kernel import job_control, jobs
from finance_hub.kernel.access import may
from finance_hub.kernel.models import Job as Record
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.text import Text
from finance_hub.rest.errors import InternalError
from finance_hub.web import paging, words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.jobs import Job, Jobs
from finance_hub.web.contexts.overview import Choice

PAGE = 50
KINDS = {
    "month": gettext_noop("Figures and draft of a month"),
    "restatement": gettext_noop("Closed month as known now"),
    "publish": gettext_noop("Setting of an issue"),
    "edition": gettext_noop("Setting of an edited draft"),
    "correction": gettext_noop("Correction of an issue"),
    "briefing_files": gettext_noop("Files beside an issue"),
    "dispatch": gettext_noop("E-mail about an issue"),
    "quality": gettext_noop("Data quality of a month"),
    "loan_batch": gettext_noop("Report of a bank"),
    "holdings_export": gettext_noop("Export of holdings"),
    "tear_sheet": gettext_noop("Tear sheet"),
    "loss": gettext_noop("Joint loss of a month"),
    "stress_join": gettext_noop("Stress run, put together"),
    "webhook": gettext_noop("Webhook"),
}
STATES = {
    "queued": gettext_noop("Waiting"),
    "running": gettext_noop("Running"),
    "succeeded": gettext_noop("Done"),
    "failed": gettext_noop("Failed"),
    "cancelled": gettext_noop("Stopped"),
}
_TONES = {"queued": "none", "running": "watch", "succeeded": "ok", "failed": "alert", "cancelled": "none"}
STEPS = {
    "figures": gettext_noop("computing the figures"),
    "month before": gettext_noop("looking at the month before"),
    "joint loss": gettext_noop("computing the joint loss"),
    "briefing": gettext_noop("setting the draft"),
}


@dataclass(frozen=True)
class Wanted:
    """What the address asks; a kind or state that is none is all of them."""

    kind: str
    state: str
    place: paging.Place

    @classmethod
    def read(cls, params: QueryDict) -> Wanted:
        kind, state = params.get("kind", ""), params.get("state", "")
        return cls(kind if kind in KINDS else "", state if state in STATES else "", paging.read(params))

    def rows(self) -> QuerySet[Record]:
        return jobs.recorded(kind=self.kind, state=self.state)

    def url(self, place: str | None) -> str | None:
        if place is None:
            return None
        asked = {"kind": self.kind, "state": self.state}
        kept = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('web:jobs')}?{'&'.join(part for part in (kept, place) if part)}"


def listed(wanted: Wanted, *, reader: Person, now: datetime, refusal: str = "") -> Jobs:
    window = paging.window(
        wanted.rows(), key="created_at", descending=True, place=wanted.place, size=PAGE, unique=True
    )
    known = {kind: label for kind, label in KINDS.items() if kind in settings.JOB_HANDLERS}
    return Jobs(
        kinds=(Choice("", _("All jobs"), not wanted.kind), *_choices(known, wanted.kind)),
        states=(Choice("", _("All states"), not wanted.state), *_choices(STATES, wanted.state)),
        rows=tuple(_job(record, reader=reader, now=now) for record in window.rows),
        refusal=refusal,
        previous_url=wanted.url(window.previous),
        next_url=wanted.url(window.next),
        is_moving=any(record.state in job_control.UNFINISHED for record in window.rows),
    )


def _choices(labels: dict[str, str], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, _(label), code == chosen) for code, label in labels.items())


def _job(record: Record, *, reader: Person, now: datetime) -> Job:
    controls = may(reader.role, "job.control")
    person = record.requested_by
    return Job(
        kind=_(KINDS[record.kind]) if record.kind in KINDS else record.kind,
        subject=_subject(record),
        state=Status(_(STATES[record.state]), _TONES[record.state]),  # type: ignore[arg-type]  # a tone each
        progress=_progress(record),
        problem=_problem(record),
        asked_by=person.full_name if person else _("the schedule"),
        created=words.moment_to_the_second(record.created_at),
        took=_took(record, now=now),
        stop_url=reverse("web:job_stop", args=[record.pk])
        if controls and job_control.may_stop(record)
        else None,
        repeat_url=reverse("web:job_repeat", args=[record.pk])
        if controls and job_control.may_repeat(record)
        else None,
    )


def _subject(record: Record) -> str:
    try:
        return words.month(Month.parse(str(record.payload.get("month", ""))))
    except UnableToReadMonth:
        return ""


def _progress(record: Record) -> str:
    if record.state != "running":
        return ""
    step, read = record.progress.get("step"), record.progress.get("rows_read")
    if step in STEPS:
        return _(STEPS[step])
    return _("%(count)s rows read") % {"count": words.count(read)} if isinstance(read, int) else ""


def _problem(record: Record) -> str:
    """What a person is told; the trace is for those who run the service."""
    error = record.error or {}
    if not error or record.state == "succeeded":
        return ""
    if error.get("code") == InternalError.code:
        return words.say(InternalError.title)
    return words.say(Text(error.get("zh", ""), error.get("en", "")))


def _took(record: Record, *, now: datetime) -> str:
    if record.started_at is None:
        return words.DASH
    seconds = ((record.finished_at or now) - record.started_at).total_seconds()
    return _("%(seconds)s s") % {"seconds": words.count(max(0, round(seconds)))}
