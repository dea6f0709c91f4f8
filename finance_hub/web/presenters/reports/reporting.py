"""Who has reported a month: for the centre, which chases those who have not."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel import months
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reporting import Report, Reporting
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.reports import wording
from loans import queries
from loans.models import Dataset
from loans.queries import reporting as calendar
from loans.queries.standings import NOTHING, ReportStanding

#: Those to be chased first.
_ORDER = {"not_started": 0, "to_correct": 1, "uploaded": 2, "reported": 3}


def reporting(month: Month | None, *, now: datetime) -> Reporting:
    """Without a month the last one that is over. Three queries, whatever the number of banks."""
    known = [view.month for view in months.overview(now=now)]
    shown = month or max((m for m in known if m < Month.of(now)), default=Month.of(now))
    owing = Organisation.objects.filter(kind="bank").order_by("code")
    banks = list(owing.filter(Q(reports_since__lte=shown.first) | Q(reports_since=None)))
    standings = queries.standings([shown])
    due = calendar.due_at(shown)
    found = [
        (standings.get((bank.pk, shown, dataset), NOTHING), bank, dataset)
        for bank in banks
        for dataset in Dataset.values
    ]
    found.sort(key=lambda row: _ORDER[row[0].state])
    done = sum(standing.state == "reported" for standing, _bank, _dataset in found)
    said = _("%(done)s of %(all)s reports are in and free of rejected rows.")
    return Reporting(
        month=words.month(shown),
        months=tuple(
            Choice(str(m), words.month(m), m == shown) for m in sorted({*known, shown}, reverse=True)
        ),
        due=words.moment(due),
        summary=said % {"done": done, "all": len(found)},
        reports=tuple(_report(*row, due=due, now=now) for row in found),
    )


def _report(
    standing: ReportStanding, bank: Organisation, dataset: str, *, due: datetime, now: datetime
) -> Report:
    last, late = standing.last, now > due
    status = wording.standing(standing)
    if standing.state == "not_started":
        status = Status(_("not reported"), "alert" if late else "none")
    return Report(
        organisation=words.organisation(bank),
        dataset=words.dataset(dataset),
        status=status,
        timing=_timing(standing, due=due, now=now),
        counts=wording.counts(last) if last else "",
        last=Link(last.public_id, reverse("web:batch", args=[last.public_id])) if last else None,
        when=words.moment(last.declared_at) if last else "",
    )


def _timing(standing: ReportStanding, *, due: datetime, now: datetime) -> str:
    """Days to or after the due date while something is owed; how late it came once it is there."""
    batch = standing.batch
    if standing.state != "reported" or batch is None or batch.finished_at is None:
        return wording.timing(due, now=now).text
    if batch.finished_at <= due:
        return _("in time")
    return wording.late(due, now=batch.finished_at)
