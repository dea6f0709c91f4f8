"""Verdicts on files, in words."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts import verify as contexts
from finance_hub.web.contexts.chrome import FieldError, Status, Tone
from finance_hub.web.contexts.reports import Link
from tasks import verification
from tasks.briefing import sign
from tasks.verification import Finding, Known, Verdict, spoken
from tasks.verification.verdict import MOST_BYTES, VERDICTS

TONES: dict[Verdict, Tone] = {
    Verdict.GENUINE: "ok",
    Verdict.SUPERSEDED: "watch",
    Verdict.DRAFT: "info",
    Verdict.ALTERED: "alert",
    Verdict.UNKNOWN: "alert",
    Verdict.NO_PDF: "alert",
}


def form(
    *,
    verdict: contexts.Answer | None = None,
    found: contexts.Found | None = None,
    errors: tuple[FieldError, ...] = (),
) -> contexts.Verify:
    signing = (
        _("Published issues are signed electronically.")
        if sign.is_on()
        else _("Signing is switched off: no key is configured. Issues are verified by their hash.")
    )
    most = words.size(MOST_BYTES)
    return contexts.Verify(
        answer=verdict, found=found, errors=errors, signing=signing, most_bytes=MOST_BYTES,
        too_large=_("The file is larger than %(most)s.") % {"most": most},
    )  # fmt: skip


def verdict(finding: Finding, *, name: str) -> contexts.Answer:
    status = Status(words.say(spoken.headline(finding)), TONES[finding.verdict])
    return contexts.Answer(
        name=name[:200],
        status=status,
        sentences=tuple(map(words.say, spoken.details(finding))),
        size=words.size(finding.bytes or 0),
        sha256=finding.sha256,
        link=_link(finding.of) if finding.of else None,
    )


def found(prefix: str) -> contexts.Found:
    return contexts.Found(prefix[:64], tuple(map(_held, verification.named(prefix))))


def _held(known: Known) -> contexts.Held:
    verdict = VERDICTS[known.standing]
    return contexts.Held(
        issue=_link(known),
        kind=words.say(spoken.KINDS[known.kind]),
        status=Status(words.say(spoken.VERDICTS[verdict]), TONES[verdict]),
        sha256=known.sha256,
        signer=known.briefing.signer,
    )


def _link(known: Known) -> Link:
    row = known.briefing
    return Link(words.say(spoken.issue_name(row)), reverse("web:briefing", args=[row.public_id]))
