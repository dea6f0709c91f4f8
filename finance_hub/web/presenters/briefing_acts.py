"""What the centre's people do with an edition: review it, send it back, edit it, correct the issue, raise matters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Job, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts import briefings as contexts
from finance_hub.web.contexts.chrome import FieldError, Status
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from tasks import matters as recorded
from tasks import obstacles as standing
from tasks import publication
from tasks.briefing import points
from tasks.models import Briefing, Matter, MatterStanding

UNFINISHED = ("queued", "running")
STANDINGS = {
    MatterStanding.OPEN: (Text("办理中", "under way"), "info"),
    MatterStanding.DONE: (Text("已办结", "done"), "ok"),
    MatterStanding.DROPPED: (Text("不再办理", "dropped"), "none"),
}


def reviewing(found: Briefing, reader: Person) -> contexts.Reviewing | None:
    if not may(reader.role, "briefing.review") or found.state != "draft":
        return None
    if found.drafted_by is None or found.drafted_by_id == reader.pk:
        return None
    said = _(
        "%(name)s answers for this draft. Reviewed, it waits to be approved, and is not edited any more."
    )
    return contexts.Reviewing(
        reverse("web:briefing_review", args=[found.public_id]), said % {"name": found.drafted_by.full_name}
    )


def sending_back(
    found: Briefing, reader: Person, *, errors: tuple[FieldError, ...], reason: str
) -> contexts.SendingBack | None:
    if not may(reader.role, "briefing.review") or found.state not in ("draft", "reviewed"):
        return None
    if found.state == "draft" and (found.drafted_by is None or found.drafted_by_id == reader.pk):
        return None
    mine = tuple(error for error in errors if error.field_id == "reason")
    return contexts.SendingBack(reverse("web:briefing_send_back", args=[found.public_id]), reason, mine)


def obstacles(found: Briefing, *, now: datetime) -> tuple[contexts.Obstacle, ...]:
    """Of an edition that is not approved yet what stands against it now; of an issue what its reasons were."""
    if found.state in ("draft", "reviewed"):
        return tuple(
            _obstacle(one.text, found.reasons.get(one.name, {}))
            for one in standing.against(found.snapshot, now=now)
        )
    kept = (found.reasons[name] for name in sorted(found.reasons))
    return tuple(_obstacle(Text(one["against"]["zh"], one["against"]["en"]), one) for one in kept)


def _obstacle(text: Text, reason: dict[str, str]) -> contexts.Obstacle:
    given = bool(reason)
    status = Status(_("reason given"), "ok") if given else Status(_("no reason yet"), "watch")
    return contexts.Obstacle(words.say(text), reason.get("text", ""), reason.get("by", ""), status)


def links(found: Briefing, reader: Person) -> tuple[Link, ...]:
    read = Link(_("Read on screen"), reverse("web:briefing_read", args=[found.public_id]))
    if found.state == "published":
        return (
            read,
            Link(_("In the archive"), reverse("web:archive_issue", args=[found.public_id])),
            *_work(found, reader),
        )
    return (read, *_work(found, reader))


def _work(found: Briefing, reader: Person) -> tuple[Link, ...]:
    if not may(reader.role, "briefing.draft"):
        return ()
    if found.state == "draft":
        return (Link(_("Edit the draft"), reverse("web:briefing_edit", args=[found.public_id])),)
    if found.state == "published" and not _later(found):
        return (Link(_("Correct this issue"), reverse("web:briefing_correct", args=[found.public_id])),)
    return ()


def told(found: Briefing) -> tuple[str, ...]:
    return tuple(_told(found))


def _told(found: Briefing) -> Iterator[str]:
    if found.returned_by and found.returned_at and found.state == "draft":
        yield _("%(name)s sent it back on %(when)s: %(reason)s") % {
            "name": found.returned_by.full_name,
            "when": words.moment(found.returned_at),
            "reason": found.return_reason,
        }
    if found.occasion:
        yield _("This corrects the issue that was published. Occasion: %(occasion)s") % {
            "occasion": found.occasion
        }
    if _later(found):
        yield _("This issue has been corrected. It stays as it was published; the correction is in force.")
    if found.state in ("draft", "reviewed") and found.key_points is not None:
        language = "en" if words.language() == "en" else "zh-hans"
        lacking = points.missing(publication.points_of(found, language))  # type: ignore[arg-type]
        if lacking:
            yield _("Numbers are missing now in key points %(places)s: edit them before it is reviewed.") % {
                "places": words.listed([str(place) for place in lacking])
            }


def _later(found: Briefing) -> bool:
    """Whether a later correction of the published issue is published too."""
    if found.state != "published":
        return False
    same = Briefing.objects.filter(month=found.month, state="published")
    return same.filter(correction__gt=found.correction).exists()


def progress(found: Briefing) -> contexts.Progress | None:
    """What a job is making of this edition, or that it failed to."""
    about = Q(payload__briefing=found.public_id) | Q(payload__month=str(Month.of(found.month)))
    mine = Job.objects.filter(about, kind__in=["edition", "correction"]).order_by("-created_at")
    url = reverse("web:briefing_progress", args=[found.public_id])
    if mine.filter(state__in=UNFINISHED).exists():
        return contexts.Progress(url, _("What was entered is being set. The new edition opens by itself."))
    last = mine.first()
    if last is None or last.state != "failed" or last.created_at < found.drafted_at:
        return None
    error = last.error or {}
    said = words.say(Text(error.get("zh", error.get("en", "")), error.get("en", "")))
    return contexts.Progress("", "", _("What was entered could not be set: %(why)s") % {"why": said})


def matters(found: Briefing, reader: Person) -> Grid:
    """Those that people raised for this issue, and those of earlier ones that are open or settled in it."""
    month = Month.of(found.month)
    edits = may(reader.role, "briefing.draft") and found.state == "draft"
    raised = [one for one in recorded.matters().order_by("due", "pk") if _concerns(one, month)]
    new = Link(_("Raise a matter"), reverse("web:matter_new", args=[found.public_id]))
    return Grid(
        key="matters",
        title=_("Matters for attention"),
        headings=(
            Heading(_("Matter")), Heading(_("Owner")), Heading(pgettext("matter", "Due")),
            Heading(_("State")), Heading(_("Outcome")),
            *((Heading("", meaning=_("Enter")),) if edits else ()),
        ),
        lines=tuple(_matter(one, month, found, edits=edits) for one in raised),
        empty=_("Nobody has raised a matter. Those that the figures ask for stand in the issue by themselves."),
        actions=(new,) if edits else (),
    )  # fmt: skip


def _concerns(matter: Matter, month: Month) -> bool:
    before = [one for one in matter.outcomes.all() if one.month < month.first]
    last = max(before, key=lambda one: one.pk, default=None)
    return matter.month <= month.first and (last is None or last.standing == MatterStanding.OPEN)


def _matter(matter: Matter, month: Month, found: Briefing, *, edits: bool) -> Line:
    outcomes = [one for one in matter.outcomes.all() if one.month <= month.first]
    last = max(outcomes, key=lambda one: one.pk, default=None)
    text, tone = STANDINGS[MatterStanding(last.standing if last else MatterStanding.OPEN)]
    enter = Link(
        _("Record the outcome"), reverse("web:matter_outcome", args=[found.public_id, matter.public_id])
    )
    cells = [
        Cell(words.say(Text(matter.text, matter.text_en)), note="" if matter.month == month.first else
             words.month(Month.of(matter.month))),
        Cell(words.say(Text(matter.owner, matter.owner_en))),
        Cell(words.day(matter.due), is_tight=True),
        Cell("", statuses=(Status(words.say(text), tone),), is_tight=True),  # type: ignore[arg-type]
        Cell(words.say(Text(last.text, last.text_en)) if last else words.DASH),
    ]  # fmt: skip
    return Line((*cells, Cell("", links=(enter,), is_tight=True)) if edits else tuple(cells))
