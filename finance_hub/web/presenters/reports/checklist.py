"""The month-end checklist, and the forms that lead from it to a batch."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.web import words
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Checklist, Link, Nothing, OpenMonth, Owed, Upload
from finance_hub.web.presenters.reports import wording
from loans import limits, queries
from loans.intake.receive import most_bytes
from loans.models import Dataset, LoanReportBatch
from loans.queries import reporting
from loans.queries.reporting import Period
from loans.queries.standings import NOTHING, ReportStanding

#: A bank that has always reported is asked about so many months.
HISTORY = 12


def checklist(bank: Organisation, *, now: datetime) -> Checklist:
    """The open months, newest first: three queries, whatever their number."""
    open_ = [period for period in periods(bank, now=now) if period.state == "open"]
    shown = [period.month for period in open_]
    standings, confirmed = queries.standings(shown, bank=bank), queries.confirmed(shown)
    months = tuple(
        _month(
            period, bank=bank, standings=standings, confirmed=(bank.pk, period.month) in confirmed, now=now
        )
        for period in open_
    )
    return Checklist(
        organisation=words.organisation(bank),
        summary=_summary(open_, bank=bank, standings=standings, now=now),
        months=months,
        templates=templates(),
        statement_url=reverse("web:bank", args=[bank.code]),
    )


def periods(bank: Organisation, *, now: datetime) -> list[Period]:
    """The months that the bank may report or correct, newest first."""
    first = Month.of(bank.reports_since) if bank.reports_since else Month.of(now) - HISTORY
    calendar = reporting.calendar(since=min(first, Month.of(now)), now=now)
    return [period for period in calendar if period.accepts != "nothing" and period.month >= first]


def _summary(
    open_: list[Period],
    *,
    bank: Organisation,
    standings: Mapping[tuple[int, Month, str], ReportStanding],
    now: datetime,
) -> str:
    """How many reports of months that are over are still owed."""
    over = [period for period in open_ if period.month < Month.of(now)]
    states = [
        standings.get((bank.pk, period.month, dataset), NOTHING).state
        for period in over
        for dataset in Dataset.values
    ]
    owed = sum(state != "reported" for state in states)
    if not owed:
        return _("Everything is reported.")
    said = ngettext("%(owed)s report is still owed.", "%(owed)s reports are still owed.", owed)
    return said % {"owed": owed}


def _month(
    period: Period,
    *,
    bank: Organisation,
    standings: Mapping[tuple[int, Month, str], ReportStanding],
    confirmed: bool,
    now: datetime,
) -> OpenMonth:
    found = {dataset: standings.get((bank.pk, period.month, dataset), NOTHING) for dataset in Dataset.values}
    done = all(standing.state == "reported" for standing in found.values())
    timing = wording.timing(period.due_at, now=now)
    if done:
        timing = wording.standing(found[Dataset.FLOW], is_confirmed=confirmed)
    reconciliation = f"{reverse('web:reconciliation')}?{urlencode({'month': str(period.month)})}"
    reconcilable = all(standing.batch for standing in found.values()) and period.month < Month.of(now)
    return OpenMonth(
        month=words.month(period.month),
        due=words.moment(period.due_at),
        timing=timing,
        owed=tuple(
            _owed(period.month, dataset, standing, confirmed=confirmed, now=now)
            for dataset, standing in found.items()
        ),
        reconciliation_url=reconciliation if reconcilable else None,
    )


def _owed(month: Month, dataset: str, standing: ReportStanding, *, confirmed: bool, now: datetime) -> Owed:
    asked = urlencode({"month": str(month), "dataset": dataset})
    waiting = standing.waiting(now=now)
    return Owed(
        dataset=words.dataset(dataset),
        status=wording.standing(standing, is_confirmed=confirmed),
        last=_link(standing.last),
        preview=Link(_("Look at the preview"), _url(waiting)) if waiting else None,
        upload_url=f"{reverse('web:upload')}?{asked}",
        nothing_url=f"{reverse('web:nothing')}?{asked}" if standing.batch is None else None,
    )


def _link(batch: LoanReportBatch | None) -> Link | None:
    if batch is None:
        return None
    return Link(words.moment(batch.declared_at), _url(batch), wording.counts(batch))


def _url(batch: LoanReportBatch) -> str:
    return reverse("web:batch", args=[batch.public_id])


def templates() -> tuple[Link, ...]:
    """An empty file for each data set."""
    return tuple(
        Link(f"{words.dataset(dataset)} ({format.upper()})", reverse("web:template", args=[dataset, format]))
        for dataset in Dataset.values
        for format in TEMPLATE_FORMATS
    )


TEMPLATE_FORMATS = ("xlsx", "csv")


def upload(
    bank: Organisation, *, month: str, dataset: str, now: datetime, errors: tuple[FieldError, ...] = ()
) -> Upload:
    """The form with a month and a data set chosen, where they are known ones."""
    chosen = [_choice(period, selected=str(period.month) == month) for period in periods(bank, now=now)]
    most = most_bytes("csv")
    return Upload(
        months=tuple(chosen),
        datasets=tuple(Choice(code, words.dataset(code), code == dataset) for code in Dataset.values),
        templates=templates(),
        most_bytes=most,
        too_large=_("The file is larger than %(most)s MiB.") % {"most": most // limits.MiB},
        errors=errors,
    )


def _choice(period: Period, *, selected: bool) -> Choice:
    label = words.month(period.month)
    if period.accepts == "restatement":
        label = _("%(month)s (closed: corrections only)") % {"month": label}
    elif period.accepts == "approved_restatement":
        label = _("%(month)s (closed long ago: the centre approves corrections)") % {"month": label}
    return Choice(str(period.month), label, selected)


def nothing(month: Month, dataset: str, *, errors: tuple[FieldError, ...] = (), refusal: str = "") -> Nothing:
    said = {
        "flow": _("In %(month)s nothing was paid out, repaid or otherwise changed on any loan."),
        "stock": _("At the end of %(month)s no loan was outstanding."),
    }
    return Nothing(
        title=_("Report that there is nothing to report"),
        month=str(month),
        dataset=dataset,
        statement=said[dataset] % {"month": words.month(month)},
        token=uuid.uuid4().hex,
        errors=errors,
        refusal=refusal,
    )
