"""What a form just did, told once on the page that follows it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from finance_hub.web.contexts.chrome import Notice

SENTENCES = {
    "briefing-taken": gettext_noop("You now answer for this draft. Another person reviews it."),
    "briefing-reviewed": gettext_noop("Reviewed. It waits to be approved."),
    "briefing-sent-back": gettext_noop("Sent back. The maker reads the reason on this page."),
    "briefing-edited": gettext_noop("Entered. The draft is being set with it."),
    "briefing-correcting": gettext_noop(
        "The month is being computed as known now, and the correction drafted."
    ),
    "close-proposed": gettext_noop("Proposed. Another person closes the month."),
    "month-closed": gettext_noop("The month is closed."),
    "matter-raised": gettext_noop("Raised. The draft is being set with it."),
    "matter-told": gettext_noop("Recorded. The draft is being set with it."),
    "briefing-approved": gettext_noop("Approved. The issue is being set with its number and date."),
    "fund-entered": gettext_noop("Entered. It stands at the head of the ledger."),
    "fund-notice-entered": gettext_noop(
        "Entered for every investor. The parts stand at the head of the ledger."
    ),
    "fund-transferred": gettext_noop("Transferred. Both investors' accounts show it."),
    "fund-rows-entered": gettext_noop("The new rows are entered. What was recorded before is as it was."),
    "fund-invested": gettext_noop("The investment is recorded."),
    "fund-investor-added": gettext_noop("The investor is added. Enter its commitment next."),
    "fund-reversed": gettext_noop("Reversed. The entry and what takes it back both stay to be read."),
    "fund-corrected": gettext_noop("Corrected. The entry, its reversal and the new one all stay to be read."),
    "holding-valued": gettext_noop("The value is recorded."),
    "holding-exited": gettext_noop("The exit is recorded."),
    "holding-received": gettext_noop("The cash is recorded."),
    "holding-written-off": gettext_noop("The write-off is recorded."),
    "round-recorded": gettext_noop("The round is recorded."),
    "shares-recorded": gettext_noop("The shares are recorded."),
    "security-recorded": gettext_noop("Recorded. It stands on the page of the holding."),
    "security-converted": gettext_noop("Converted. The ownership shows it."),
    "security-exercised": gettext_noop("Exercised. The investment and its shares are recorded."),
    "deal-opened": gettext_noop("The deal is on the board. Its next step is entered from here."),
    "deal-edited": gettext_noop("The changes are recorded; what they were before stays below."),
    "deal-stepped": gettext_noop("The step is recorded."),
    "deal-corrected": gettext_noop("The step is corrected. As it was recorded before stays below."),
    "deal-paid": gettext_noop("The payment is recorded."),
    "deal-documented": gettext_noop("The document stands behind its step."),
    "subscriber-added": gettext_noop("Added. Told of what is published from now on."),
    "month-restating": gettext_noop(
        "The month is being computed as known now. The job below says how far it is."
    ),
    "job-stopped": gettext_noop("The job is stopped. It has left nothing behind."),
    "job-repeated": gettext_noop("The job is done again."),
    "limit-proposed": gettext_noop("The limit is proposed. Another person approves it."),
    "limit-approved": gettext_noop("The limit is approved. The next figures are held against it."),
    "tolerance-proposed": gettext_noop("Proposed. It is in force once another person has approved it."),
    "tolerance-approved": gettext_noop("Approved. The next computation of a month tells its budget."),
    "assumptions-entered": gettext_noop("Entered. The joint loss is computed from them in a while."),
    "scenario-entered": gettext_noop("Entered. The next stress run looks at it."),
    "stress-started": gettext_noop("The scenarios are being computed. This page shows how far they are."),
    "stress-unchanged": gettext_noop("Nothing has changed since the last run: it is shown below."),
    "stress-cancelled": gettext_noop("Cancelled. No further scenario is begun."),
    "listing-begun": gettext_noop("The attempt is on the board. Its next stage is entered from here."),
    "listing-staged": gettext_noop("The stage is recorded."),
    "listing-corrected": gettext_noop("Corrected. As it was recorded before stays below."),
    "listing-taken-back": gettext_noop(
        "Taken back. What was recorded and what takes it back both stay to be read."
    ),
    "listing-recorded": gettext_noop("Recorded. It counts from its day on."),
    "target-reported": gettext_noop("Reported. It is in force once another person has approved it."),
    "target-decided": gettext_noop("Decided. The reports below show it."),
    "target-documented": gettext_noop("The document stands behind the report."),
    "target-answered": gettext_noop("The answer is recorded with its document."),
    "second-factor-active": gettext_noop("The second factor is active. It is asked with every sign-in."),
    "month-reconciled": gettext_noop("The month is confirmed. The centre sees who confirmed it and when."),
    "sessions-ended": gettext_noop("You are signed out everywhere else."),
}


def leave(request: HttpRequest, name: str, *, entered: str = "") -> None:
    """`entered` is the address of the form that was: the browser then lets go of its draft."""
    request.session["notice"], request.session["entered"] = name, entered


def collect(request: HttpRequest) -> tuple[Notice, ...]:
    """The sentence left for this page; it is not told again."""
    name, entered = request.session.pop("notice", None), request.session.pop("entered", "")
    return (Notice("ok", gettext(SENTENCES[name]), entered),) if name in SENTENCES else ()
