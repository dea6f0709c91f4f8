"""Where a batch stands, in a heading and a sentence, and what stopped it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.presenters.reports import sums
from loans.models import BatchState, LoanReportBatch


def outcome(found: LoanReportBatch, *, reported: LoanReportBatch | None, now: datetime) -> tuple[Status, str]:
    """The heading and what it means; `reported` is the batch that a preview became."""
    if found.dry_run and found.state == BatchState.VALIDATED:
        return _preview(found, reported=reported, now=now)
    if found.state == BatchState.APPLIED:
        return _applied(found)
    said = {
        "uploading": (
            Status(_("Declared"), "none"),
            _("The batch was declared; its content has not arrived."),
        ),
        "uploaded": (
            Status(_("Uploaded, not submitted"), "none"),
            _("The content has arrived; it was not submitted."),
        ),
        "submitted": (
            Status(_("Waiting for its other parts"), "info"),
            _("It is one part of a report, and applied together with the others."),
        ),
        "awaiting_approval": (
            Status(_("Waiting for approval"), "watch"),
            _("The month was closed long ago: the centre decides whether it is corrected."),
        ),
        "validating": (
            Status(_("Being checked"), "info"),
            _("The file is being checked. This page shows the result by itself."),
        ),
        "rejected": (Status(_("Refused: nothing was applied"), "alert"), ""),
        "cancelled": (Status(_("Cancelled"), "none"), _("The batch was cancelled before it was applied.")),
        "expired": (Status(_("Expired"), "none"), _("The batch was not submitted in time.")),
    }
    return said.get(found.state) or (Status(found.state, "none"), "")


def _preview(
    found: LoanReportBatch, *, reported: LoanReportBatch | None, now: datetime
) -> tuple[Status, str]:
    if reported:
        return Status(_("This preview was confirmed"), "ok"), _("The file was reported under another number:")
    if now >= found.expires_at:
        return Status(_("This preview has expired"), "none"), _(
            "Nothing was reported. Upload the file again."
        )
    return (
        Status(_("Preview: nothing is reported yet"), "info"),
        _("Compare rows and sums with your books, then confirm at the end of this page."),
    )


def _applied(found: LoanReportBatch) -> tuple[Status, str]:
    kept = _("The centre holds these rows now. Keep the reference number: %(number)s")
    if (found.result or {}).get("rejected"):
        heading = Status(_("Reported in part: some rows are rejected"), "watch")
    else:
        heading = Status(_("Reported"), "ok")
    return heading, kept % {"number": found.public_id}


def reasons(found: LoanReportBatch) -> tuple[str, ...]:
    """Why the whole batch was refused, with the columns or totals it names."""
    error = found.error
    if error is None:
        return ()
    named = list(error.get("errors", []))
    return (words.say(Text(error["zh"], error["en"])), *_totals(named), *_columns(named))


def _totals(named: list[Mapping[str, str]]) -> Iterator[str]:
    said = _("%(name)s: confirmed %(declared)s, computed %(computed)s")
    for one in named:
        if "declared" in one:
            yield said % {
                "name": sums.name(_name(one)),
                "declared": one["declared"],
                "computed": one["computed"],
            }


def _columns(named: list[Mapping[str, str]]) -> Iterator[str]:
    """The columns of a header that does not fit, by what is wrong with them."""
    for code, said in (
        ("required", _("Missing columns: %(names)s")),
        ("unknown-field", _("Columns that are not expected: %(names)s")),
        ("duplicate-name", _("Columns that occur twice: %(names)s")),
    ):
        names = [_name(one) or words.DASH for one in named if one["code"] == code]
        if names:
            yield said % {"names": words.listed(names)}


def _name(error: Mapping[str, str]) -> str:
    return error["pointer"].rpartition("/")[2]
