"""A batch's page: waiting, a preview to confirm, or what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.web import words
from finance_hub.web.contexts.batches import Batch, Confirmation, Fact, Waiting
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.reports import outcomes, sums, wording
from finance_hub.web.presenters.reports.rejected import rejected
from loans import queries
from loans.models import Acceptance, BatchState, Dataset, LoanReportBatch


@dataclass(frozen=True)
class Answer:
    """What the form just sent said, and what it was answered with."""

    acceptance: str = ""
    compared: bool = False
    sure: bool = False
    errors: tuple[FieldError, ...] = ()
    refusal: str = ""


def batch(
    found: LoanReportBatch,
    *,
    reader: Person,
    now: datetime,
    focus: bool = False,
    answer: Answer | None = None,
) -> Batch:
    """`focus` leads the reader to the outcome, after the wait for it."""
    answer = answer or Answer()
    is_preview = found.dry_run and found.state == BatchState.VALIDATED
    reported = queries.confirmed_as(found) if is_preview else None
    reports = may(reader.role, "batch.report")
    may_confirm = reports and is_preview and reported is None and now < found.expires_at
    outcome, meaning = outcomes.outcome(found, reported=reported, now=now)
    return Batch(
        title=wording.title(found),
        reference=found.public_id,
        outcome=outcome,
        meaning=meaning,
        reported_as=Link(reported.public_id, reverse("web:batch", args=[reported.public_id]))
        if reported
        else None,
        focus=focus and not answer.errors,
        reasons=outcomes.reasons(found),
        waiting=waiting(found) if found.state == BatchState.VALIDATING else None,
        sums=sums.kinds(found) if is_preview else sums.totals(found),
        sums_title=_("What the file would change") if is_preview else _("Rows and sums"),
        rejected=rejected(found),
        warnings=_warnings(found),
        confirmation=_confirmation(found, answer) if may_confirm else None,
        facts=_facts(found),
        next_steps=_next_steps(found) if reports else (),
        list_url=reverse("web:batches"),
        refusal=answer.refusal,
    )


def waiting(found: LoanReportBatch) -> Waiting:
    read = found.job.progress.get("rows_read", 0) if found.job else 0
    said = ngettext("%(read)s row read so far.", "%(read)s rows read so far.", read)
    progress = said % {"read": words.count(read)} if read else _("The file waits for its turn.")
    return Waiting(progress, reverse("web:batch_progress", args=[found.public_id]))


def _warnings(found: LoanReportBatch) -> Link | None:
    count = (found.result or {}).get("warnings", 0)
    if not count:
        return None
    said = ngettext("%(count)s warning", "%(count)s warnings", count) % {"count": words.count(count)}
    return Link(said, reverse("web:batch_rows", args=[found.public_id]) + "?outcome=warning")


def _confirmation(found: LoanReportBatch, answer: Answer) -> Confirmation:
    whole = Acceptance.ALL_OR_NOTHING if found.dataset == Dataset.STOCK else Acceptance.VALID_ROWS
    chosen = answer.acceptance or whole
    offered = {
        Acceptance.VALID_ROWS: _("Take the valid rows; I mend the rejected ones and upload them again"),
        Acceptance.ALL_OR_NOTHING: _("Take all rows, or none if any is rejected"),
    }
    out = queries.out_of_proportion(found)
    said = _("%(name)s: %(now)s, after %(before)s in the month before: more than ten times as much.")
    return Confirmation(
        url=reverse("web:batch_confirm", args=[found.public_id]),
        statement=_("Confirming reports this very file with these totals."),
        choices=tuple(Choice(code.value, label, code == chosen) for code, label in offered.items()),
        proportions=tuple(
            said % {"name": sums.name(one.name), "now": words.yuan(one.now), "before": words.yuan(one.before)}
            for one in out
        ),
        compared=answer.compared,
        sure=answer.sure,
        errors=answer.errors,
    )


def _facts(found: LoanReportBatch) -> tuple[Fact, ...]:
    known = [
        Fact(_("Reference number"), found.public_id, is_code=True),
        Fact(_("Bank"), words.organisation(found.bank)),
        Fact(_("Month"), words.month(Month.of(found.period))),
        Fact(_("Data set"), words.dataset(found.dataset)),
        Fact(_("File"), found.client_reference or words.DASH),
        Fact(_("Format"), found.format.upper()),
        Fact(_("Size"), words.DASH if found.content_bytes is None else words.size(found.content_bytes)),
        Fact(
            _("How rows are taken"),
            _("as a trial") if found.dry_run else wording.acceptance(found.acceptance),
        ),
        Fact(_("Sent by"), found.declared_by.full_name),
        Fact(_("Sent at"), words.moment(found.declared_at)),
        Fact(_("Finished at"), words.moment(found.finished_at) if found.finished_at else words.DASH),
        Fact(_("SHA-256 of the file"), found.content_sha256, is_code=True),
    ]
    return tuple(known)


def _next_steps(found: LoanReportBatch) -> tuple[Link, ...]:
    if found.state == BatchState.VALIDATING:
        return ()
    asked = f"?month={Month.of(found.period)}&dataset={found.dataset}"
    another = Link(_("Upload another file"), reverse("web:upload") + asked)
    if found.dry_run:
        return (another,)
    return (Link(_("Back to the checklist"), reverse("web:reports")), another)
