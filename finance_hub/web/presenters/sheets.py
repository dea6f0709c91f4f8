"""Tear sheets on pages: which months can be asked for, and where one stands."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.access import Scope
from finance_hub.kernel.models import Firm, Job
from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts import sheets as contexts
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link
from tasks import sheets
from tasks.sheets import Subject

#: Two years of months are offered; the API gives older ones.
MOST_MONTHS = 24


def asking(subject: Subject, *, chosen: str = "") -> contexts.Asking:
    months = sheets.months()[:MOST_MONTHS]
    return contexts.Asking(
        url=reverse(f"web:{subject.of}_sheets", args=[subject.key]),
        months=tuple(Choice(str(month), words.month(month), str(month) == chosen) for month in months),
        reason="" if months else _("No figures have been computed yet."),
    )


def sheet(subject: Subject, job: Job, *, scope: Scope) -> contexts.Sheet:
    """Call within the scope. Raises NotFound."""
    found = subject.found(scope=scope)
    name = found.name if isinstance(found, Firm) else Text(found.name, found.name_en).say(words.language())
    title = _("Statement, %(month)s") if subject.of == "bank" else _("Tear sheet, %(month)s")
    state, month = sheets.state_of(job), Month.parse(job.payload["period"])
    status, meaning = _said(state)
    args = [subject.key, str(job.pk)]
    ended = state in {"failed", "expired"}
    return contexts.Sheet(
        title=title % {"month": words.month(month)},
        back=Link(name, reverse(f"web:{subject.of}", args=[subject.key])),
        status=status,
        meaning=meaning,
        progress_url=None if sheets.is_over(job) else reverse(f"web:{subject.of}_sheet_progress", args=args),
        download_url=reverse(f"web:{subject.of}_sheet_file", args=args) if state == "ready" else None,
        asking=asking(subject, chosen=str(month)) if ended else None,
    )


def _said(state: str) -> tuple[Status, str]:
    return {
        "queued": (Status(_("waiting"), "info"), _("The page is about to be set.")),
        "running": (Status(_("being set"), "info"), _("The page is being set; this takes a moment.")),
        "ready": (Status(_("ready"), "ok"), _("One page, kept for 30 days.")),
        "failed": (Status(_("failed"), "alert"), _("It could not be made. That has been recorded; ask for it again.")),
        "expired": (Status(_("kept no longer"), "none"), _("Files are kept for 30 days. Ask for it again.")),
    }[state]  # fmt: skip
