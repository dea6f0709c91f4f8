"""One briefing: its file, its evidence, its road, and what the reader may do with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.web import stepup, words
from finance_hub.web.contexts import briefings as contexts
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.presenters import briefing_acts as acts
from finance_hub.web.presenters.briefings import edition_label, file_size, number, status
from tasks.models import Briefing
from tasks.publication import file_name


def briefing(
    found: Briefing,
    *,
    reader: Person,
    now: datetime,
    errors: tuple[FieldError, ...] = (),
    refusal: str = "",
    reason: str = "",
) -> contexts.Briefing:
    """`errors` belong to fields of the form just sent, `refusal` to it as a whole; `reason` is what was typed."""
    editions = list(Briefing.objects.filter(month=found.month).select_related("drafted_by").order_by("pk"))
    mine = [row.pk for row in editions].index(found.pk) + 1
    size = file_size(found)
    why_not = _why_not(found, reader)
    return contexts.Briefing(
        title=_("Science Finance Briefing, %(month)s") % {"month": words.month(Month.of(found.month))},
        month=words.month(Month.of(found.month)),
        number=number(found),
        status=status(found),
        edition=edition_label(mine),
        steps=tuple(_road(found)),
        preview_url=reverse("web:briefing_preview", args=[found.public_id]) if size else None,
        download_url=reverse("web:briefing_file", args=[found.public_id]) if size else None,
        file_name=file_name(found),
        size=size,
        pages=_("%(pages)s pages") % {"pages": found.pages},
        sha256=found.sha256,
        snapshot=found.snapshot.public_id,
        completeness=_completeness(found),
        approval=None if why_not or not _approves(reader) else _approval(found, reader, errors),
        taking=_taking(found, reader),
        reviewing=acts.reviewing(found, reader),
        sending_back=acts.sending_back(found, reader, errors=errors, reason=reason),
        obstacles=acts.obstacles(found, now=now),
        matters=acts.matters(found, reader),
        actions=acts.links(found, reader),
        told=acts.told(found),
        progress=acts.progress(found),
        why_not=why_not,
        editions=tuple(_edition(row, n, found) for n, row in enumerate(editions, start=1)),
        list_url=reverse("web:briefings"),
        refusal=refusal,
    )


def _approves(reader: Person) -> bool:
    return may(reader.role, "briefing.approve")


def _why_not(found: Briefing, reader: Person) -> str:
    """Why an approver has no form here; for others only that an edition is out of force."""
    if found.state == "superseded":
        return _("A later edition has taken this one's place.")
    if not _approves(reader):
        return ""
    if found.state == "approved":
        return _("Approved. The issue is being set and will be published in a moment.")
    if found.state == "draft" and found.drafted_by_id is None:
        return _("Nobody answers for this draft yet. A maker takes it first; then it can be reviewed.")
    if found.state in ("draft", "reviewed") and found.drafted_by_id == reader.pk:
        return _("You answer for this draft yourself. Another person has to approve it.")
    if found.state == "draft":
        return _("It can be approved once it is reviewed.")
    return _("This issue is published and does not change any more.") if found.state == "published" else ""


def _approval(found: Briefing, reader: Person, errors: tuple[FieldError, ...]) -> contexts.Approval:
    said = _(
        "%(name)s answers for this draft of %(month)s. With your approval it gets its number and date "
        "and is published; it cannot be changed afterwards."
    )
    name = found.drafted_by.full_name if found.drafted_by else ""
    return contexts.Approval(
        url=reverse("web:briefing_approve", args=[found.public_id]),
        statement=said % {"name": name, "month": words.month(Month.of(found.month))},
        asks_code=stepup.is_asked(reader),
        errors=errors,
    )


def _taking(found: Briefing, reader: Person) -> contexts.Taking | None:
    """For makers; an approver who took a draft could not approve it any more."""
    makes = may(reader.role, "briefing.draft") and not _approves(reader)
    if not makes or found.state != "draft" or found.drafted_by_id == reader.pk:
        return None
    said = _(
        "Nobody answers for this draft yet. Whoever takes it stands by its figures; another person reviews."
    )
    if found.drafted_by:
        said = _("%(name)s answers for this draft. You can take it over; another person reviews.")
        said = said % {"name": found.drafted_by.full_name}
    return contexts.Taking(reverse("web:briefing_take", args=[found.public_id]), said)


def _road(found: Briefing) -> Iterator[contexts.Step]:
    """Computed, answered for, reviewed, approved, published: what is done, then where it stands."""
    drafter, reviewer, approver = (
        person.full_name if person else ""
        for person in (found.drafted_by, found.reviewed_by, found.approved_by)
    )
    stations: list[tuple[str, str, datetime | None]] = [
        (_("Figures computed, draft set"), "", found.snapshot.taken_at),
        (_("A maker answers for it"), drafter, found.drafted_at if drafter else None),
        (_("Another person reviews"), reviewer, found.reviewed_at),
        (_("Another person than the maker approves"), approver, found.approved_at),
        (_("Published"), "", found.published_at),
    ]
    waiting = found.state != "superseded"
    for label, who, when in stations:
        if when:
            yield contexts.Step(label, "done", who, words.moment(when))
        else:
            yield contexts.Step(label, "current" if waiting else "ahead", "", "")
            waiting = False


def _completeness(found: Briefing) -> str:
    key = "name_en" if words.language() == "en" else "name"
    silent = list(dict.fromkeys(reporter[key] for reporter in found.snapshot.not_reported))
    if not silent:
        return _("Everybody has reported.")
    return _("Not reported: %(names)s") % {"names": words.listed(silent)}


def _edition(row: Briefing, n: int, current: Briefing) -> contexts.EditionRow:
    return contexts.EditionRow(
        label=edition_label(n),
        url=reverse("web:briefing", args=[row.public_id]),
        when=f"{words.moment(row.drafted_at)} · {status(row).text}",
        current=row.pk == current.pk,
    )
