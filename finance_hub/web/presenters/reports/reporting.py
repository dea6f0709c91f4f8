"""Who has reported a month: for the centre, which chases those who have not."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel import months
from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.months import MonthView
from finance_hub.kernel.periods import Month
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reporting import Report, Reporting
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.reports import wording
from loans import queries
from loans.models import LoanReportBatch
from loans.queries import reporting as calendar
from loans.queries import reporting_status
from loans.queries.standings import NOTHING, ReportStanding

#: Those to be chased first.
_ORDER = {"not_started": 0, "to_correct": 1, "uploaded": 2, "reported": 3, "confirmed": 4}


def reporting(month: Month | None, *, now: datetime, reader: Person | None = None) -> Reporting:
    """Without a month the last one that is over; with a `reader` also what it may do about the close. The same few
    queries, whatever the number of reporters.
    """
    known = [view.month for view in months.overview(now=now)]
    shown = month or max((m for m in known if m < Month.of(now)), default=Month.of(now))
    standings = queries.standings([shown])
    found = []
    for told in reporting_status.status(shown, now=now):
        standing = standings.get((told.reporter.pk, shown, told.dataset), NOTHING)
        found.append((_state(told, standing), told, standing))
    found.sort(key=lambda one: _ORDER[one[0]])
    done = sum(state in {"reported", "confirmed"} for state, _told, _standing in found)
    said = _("%(done)s of %(all)s reports are in and free of rejected rows.")
    return Reporting(
        month=words.month(shown),
        months=tuple(
            Choice(str(m), words.month(m), m == shown) for m in sorted({*known, shown}, reverse=True)
        ),
        due=words.moment(calendar.due_at(shown)),
        closing=wording.closing(months.view(shown)),
        actions=_actions(months.view(shown), reader, now=now) if reader else (),
        summary=said % {"done": done, "all": len(found)},
        reports=tuple(_report(state, told, standing, now=now) for state, told, standing in found),
    )


def _actions(view: MonthView, reader: Person, *, now: datetime) -> tuple[Link, ...]:
    """Of the month whose turn it is; whoever proposed the close does not do it."""
    if not months.is_in_turn(view.month):
        return ()
    address = {"period": str(view.month)}
    if view.state == "open" and Month.of(now) > view.month and may(reader.role, "month.propose_close"):
        return (Link(_("Propose the close"), reverse("web:month_propose_close", kwargs=address)),)
    proposed = view.record if view.state == "close_proposed" else None
    if proposed and proposed.proposed_by_id != reader.pk and may(reader.role, "month.close"):
        return (Link(_("Close the month"), reverse("web:month_close", kwargs=address)),)
    return ()


def _state(told: reporting_status.Status, standing: ReportStanding) -> str:
    """What a bank sent says more than that something was applied: rows of it may still be rejected."""
    if told.dataset == reporting_status.GUARANTEES:
        return "reported" if told.first_reported_at else "not_started"
    if told.state == "confirmed" and standing.state == "reported":
        return "confirmed"
    return standing.state


def _report(state: str, told: reporting_status.Status, standing: ReportStanding, *, now: datetime) -> Report:
    last = standing.last
    return Report(
        organisation=words.organisation(told.reporter),
        dataset=words.dataset(told.dataset),
        status=_status(state, standing, overdue=now > told.due_at),
        timing=_timing(told, now=now),
        counts=wording.counts(last) if last else "",
        last=Link(last.public_id, reverse("web:batch", args=[last.public_id])) if last else None,
        when=_when(told, last),
        bank_url=reverse("web:bank", args=[told.reporter.code]) if told.reporter.kind == "bank" else None,
    )


def _status(state: str, standing: ReportStanding, *, overdue: bool) -> Status:
    if state == "not_started":
        return Status(_("not reported"), "alert" if overdue else "none")
    if standing is NOTHING:  # a guarantor's, who sends no files
        return Status(_("reported"), "ok")
    return wording.standing(standing, is_confirmed=state == "confirmed")


def _timing(told: reporting_status.Status, *, now: datetime) -> str:
    """Days to or after the due date while nothing is there; how late it came once it is."""
    if told.first_reported_at is None:
        return wording.timing(told.due_at, now=now).text
    if told.first_reported_at <= told.due_at:
        return _("in time")
    return wording.late(told.due_at, now=told.first_reported_at)


def _when(told: reporting_status.Status, last: LoanReportBatch | None) -> str:
    at = last.declared_at if last else told.last_reported_at
    return words.moment(at) if at else ""
