"""Words for reports: states, due dates, ways of taking rows."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel import days
from finance_hub.kernel.months import MonthView
from finance_hub.kernel.periods import Month
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from loans.models import LoanReportBatch
from loans.queries.standings import ReportStanding


def title(batch: LoanReportBatch) -> str:
    """发生额 2026年10月."""
    return f"{words.dataset(batch.dataset)} {words.month(Month.of(batch.period))}"


def standing(found: ReportStanding, *, is_confirmed: bool = False) -> Status:
    """Confirmed is what was reported and has been reconciled since."""
    if is_confirmed and found.state == "reported":
        return Status(_("confirmed"), "ok")
    said = {
        "not_started": Status(_("not started"), "none"),
        "uploaded": Status(_("uploaded, not reported"), "watch"),
        "to_correct": Status(_("to be corrected"), "alert"),
        "reported": Status(_("reported"), "ok"),
    }
    return said[found.state]


def state(batch: LoanReportBatch) -> Status:
    rejected = (batch.result or {}).get("rejected")
    if batch.state == "applied" and rejected:
        return Status(_("applied, some rows rejected"), "watch")
    said = {
        "uploading": Status(_("waiting for its content"), "none"),
        "uploaded": Status(_("uploaded, not submitted"), "none"),
        "submitted": Status(_("waits for its other parts"), "info"),
        "awaiting_approval": Status(_("waits for approval"), "watch"),
        "validating": Status(_("being checked"), "info"),
        "validated": Status(_("preview"), "info"),
        "applied": Status(_("applied"), "ok"),
        "rejected": Status(_("refused"), "alert"),
        "cancelled": Status(_("cancelled"), "none"),
        "expired": Status(_("expired"), "none"),
    }
    return said.get(batch.state) or Status(batch.state, "none")


def counts(batch: LoanReportBatch) -> str:
    """993 行受理，7 行拒绝; empty before the batch was checked."""
    if batch.result is None:
        return ""
    taken = batch.result["accepted"] + batch.result["unchanged"]
    said = ngettext("%(taken)s row taken", "%(taken)s rows taken", taken) % {"taken": words.count(taken)}
    rejected = batch.result["rejected"]
    if not rejected:
        return said
    refused = _("%(rejected)s rejected") % {"rejected": words.count(rejected)}
    return words.say(words.COMMA).join((said, refused))


def acceptance(code: str) -> str:
    return _("valid rows only") if code == "valid_rows" else _("all rows or nothing")


def days_left(due: datetime, *, now: datetime) -> int:
    """Civil days to the due date; negative after it."""
    return (days.today(due) - days.today(now)).days


def timing(due: datetime, *, now: datetime) -> Status:
    """How long there is still time."""
    days = days_left(due, now=now)
    if now > due:
        return Status(late(due, now=now), "alert")
    if days == 0:
        return Status(_("due today"), "watch")
    said = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return Status(said, "watch" if days <= 3 else "none")


def late(due: datetime, *, now: datetime) -> str:
    days = max(1, -days_left(due, now=now))
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}


def closing(view: MonthView) -> str:
    """How far the closing of a month is, and who did it."""
    record = view.record
    if record is None:
        return _("The month is open.")
    if record.closed_at and record.closed_by:
        said = _("Closed by %(person)s, %(moment)s.")
        return said % {"person": record.closed_by.full_name, "moment": words.moment(record.closed_at)}
    said = _("The close was proposed by %(person)s, %(moment)s.")
    return said % {"person": record.proposed_by.full_name, "moment": words.moment(record.proposed_at)}
