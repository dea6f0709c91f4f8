"""Editions as files: the drafts of a month, its corrections, and the published issue. Runs in jobs only.

No reader ever meets half of a file, and none is rewritten: a newer snapshot, an edited text, a matter or a reason makes
a new edition, and the draft before it is superseded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pikepdf
from django.conf import settings
from django.db import transaction

from finance_hub.kernel import audit, days, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.storage import new_file
from finance_hub.kernel.text import Text
from tasks import obstacles
from tasks.briefing import agenda, points, sign, tree
from tasks.briefing.content import Reason, build
from tasks.briefing.corrected import Before, corrected
from tasks.briefing.document import render
from tasks.briefing.kept import issue_of
from tasks.briefing.layout import Issue, Language
from tasks.briefing.refusals import AlreadyCorrected, NotADraft, StaleDraft
from tasks.models import Briefing, BriefingContent, Snapshot
from tasks.models.briefings import INTERNAL

__all__ = [
    "LANGUAGES",
    "Rendered",
    "Said",
    "as_file",
    "correct",
    "draft",
    "edit",
    "issue_of",
    "publish",
    "redraw",
    "write",
]
LANGUAGES: tuple[Language, ...] = points.LANGUAGES
STANDING = ("draft", "reviewed")
ISSUED = ("approved", "published")


@dataclass(frozen=True)
class Rendered:
    """A file that has been written: path relative to the files folder."""

    file: str
    sha256: str
    pages: int
    signer: str = ""


@dataclass(frozen=True)
class Said:
    """What people say in an edition beside its figures; a correction names the issue that it corrects."""

    key_points: Mapping[str, Any] | None = None
    note: str = INTERNAL
    reasons: Mapping[str, Any] = field(default_factory=dict)
    corrects: Briefing | None = None
    correction: int = 0
    occasion: str = ""

    @classmethod
    def of(cls, briefing: Briefing) -> Said:
        return cls(
            briefing.key_points, briefing.note, briefing.reasons, briefing.corrects, briefing.correction,
            briefing.occasion,
        )  # fmt: skip


def draft(snapshot: Snapshot, *, requested_by: Person | None, now: datetime) -> Briefing | None:
    """The draft of a month from its newest snapshot; None once the month's briefing is approved.

    A newer snapshot supersedes the draft before it, reviewed or not; who answered for that one answers for this one,
    and what people have edited stays, with the numbers of the newer figures.
    """
    month = snapshot.month
    with transaction.atomic():
        if Briefing.objects.filter(month=month, state__in=ISSUED).exists():
            return None
        held = Briefing.objects.select_for_update().filter(month=month, state__in=STANDING).first()
        if held and held.snapshot_id == snapshot.pk:
            if requested_by and held.drafted_by_id is None:
                Briefing.objects.filter(pk=held.pk).update(drafted_by=requested_by)
            return held
        by = requested_by or (held.drafted_by if held else None)
        return _made(snapshot, Said.of(held) if held else Said(), held=held, by=by, now=now)


def edit(public_id: str, changes: Mapping[str, Any], *, by: Person | None, now: datetime) -> Briefing:
    """The draft again with other key points, another note or other reasons; whoever edits answers for it.

    Raises NotFound, NotADraft, StaleDraft.
    """
    with transaction.atomic():
        held = _locked(public_id)
        if held.state == "superseded":
            raise StaleDraft.since(held)
        if held.state != "draft":
            raise NotADraft
        return _made(held.snapshot, replace(Said.of(held), **changes), held=held, by=by, now=now)


def redraw(month: date, *, by: Person | None, now: datetime) -> Briefing | None:
    """The draft of the month again, because its matters are others; None where the month has none."""
    with transaction.atomic():
        held = Briefing.objects.select_for_update().filter(month=month, state="draft").first()
        return (
            _made(held.snapshot, Said.of(held), held=held, by=by or held.drafted_by, now=now)
            if held
            else None
        )


def correct(
    public_id: str, snapshot: Snapshot, *, occasion: str, by: Person | None, now: datetime
) -> Briefing:
    """A draft that corrects the published issue by the figures of the snapshot; a draft of the same correction is
    superseded. Raises NotFound, AlreadyCorrected."""
    with transaction.atomic():
        issue = _locked(public_id)
        issued = Briefing.objects.filter(month=issue.month, state__in=ISSUED)
        if issue.state != "published" or issued.filter(correction__gt=issue.correction).exists():
            raise AlreadyCorrected
        held = Briefing.objects.select_for_update().filter(month=issue.month, state__in=STANDING).first()
        said = Said(issue.key_points, issue.note, {}, issue, issue.correction + 1, occasion)
        return _made(snapshot, said, held=held, by=by, now=now)


def publish(public_id: str, *, now: datetime) -> Briefing:
    """Set an approved briefing with its number and make it the month's issue. Raises NotFound."""
    with transaction.atomic():
        briefing = _locked(public_id)
        if briefing.state != "approved":
            return briefing
        issue = issue_of(briefing)
        rendered = write(
            issue, month=Month.of(briefing.month), name=public_id, signed_at=briefing.approved_at
        )
        Briefing.objects.filter(pk=briefing.pk, state="approved").update(
            state="published",
            published_at=now,
            file=rendered.file,
            sha256=rendered.sha256,
            pages=rendered.pages,
            signer=rendered.signer,
        )
        audit.record(
            "briefing.publish",
            actor=None,
            subject=f"briefing:{public_id}",
            at=now,
            sha256=rendered.sha256,
            issue_no=briefing.issue_no,
            correction=briefing.correction,
        )
    return Briefing.objects.get(pk=briefing.pk)


def write(issue: Issue, *, month: Month, name: str, signed_at: datetime | None = None) -> Rendered:
    """Render into `briefings/<month>/<name>.pdf`, checked before it takes its place; an issue is signed as at its
    approval, if there is a key. Raises StorageFull, SigningFailed."""
    content, signer = as_file(issue, signed_at=signed_at)
    with pikepdf.open(BytesIO(content)) as document:
        pages = len(document.pages)
    relative = Path("briefings") / str(month) / f"{name}.pdf"
    with new_file(settings.FILES_DIR / relative) as file:
        file.write(content)
    return Rendered(str(relative), hashlib.sha256(content).hexdigest(), pages, signer)


def as_file(issue: Issue, *, signed_at: datetime | None) -> tuple[bytes, str]:
    """The bytes of an edition and who signed them: the same for the same issue, key and time. Raises SigningFailed."""
    content = render(issue)
    return sign.signed(content, at=signed_at) if signed_at else (content, "")


def _locked(public_id: str) -> Briefing:
    """Raises NotFound."""
    found = Briefing.objects.select_for_update().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def _made(
    snapshot: Snapshot, said: Said, *, held: Briefing | None, by: Person | None, now: datetime
) -> Briefing:
    """A new draft, its contents and its file; `held` gives way to it."""
    standing = {one.name for one in obstacles.against(snapshot, now=now)}
    reasons = {name: reason for name, reason in said.reasons.items() if name in standing}
    said = replace(said, reasons=reasons)
    matters = agenda.of(snapshot)
    issues = [_issue(snapshot, said, matters, language=language) for language in LANGUAGES]
    contents = [tree.kept(issue) for issue in issues]
    # Named by what it says: done again after a killed worker it is the same file under the same name.
    name = hashlib.sha256(orjson.dumps(contents)).hexdigest()[:24]
    rendered = write(issues[0], month=Month.of(snapshot.month), name=f"draft-{name}")
    if held:
        Briefing.objects.filter(pk=held.pk).update(state="superseded")
    briefing = Briefing.objects.create(
        public_id=ids.new("br"),
        month=snapshot.month,
        year=snapshot.month.year,
        snapshot=snapshot,
        state="draft",
        drafted_by=by,
        drafted_at=now,
        corrects=said.corrects,
        correction=said.correction,
        occasion=said.occasion,
        note=said.note,
        key_points=_points(said, issues),
        reasons=reasons,
        file=rendered.file,
        sha256=rendered.sha256,
        pages=rendered.pages,
    )
    BriefingContent.objects.bulk_create(
        BriefingContent(briefing=briefing, language=issue.language, tree=content)
        for issue, content in zip(issues, contents, strict=True)
    )
    audit.record(
        "briefing.draft",
        actor=by,
        subject=f"briefing:{briefing.public_id}",
        at=now,
        sha256=rendered.sha256,
        correction=said.correction,
        after=held.public_id if held else "",
    )
    return briefing


def _points(said: Said, issues: list[Issue]) -> dict[str, Any] | None:
    """As they stand in the issues: edited ones with the numbers that they print now."""
    if said.key_points is None:
        return None
    return {issue.language: tree.kept(issue.key_points) for issue in issues}


def _issue(snapshot: Snapshot, said: Said, matters: agenda.Agenda, *, language: Language) -> Issue:
    reasons = [
        Reason(
            Text(one["against"]["zh"], one["against"]["en"]), one["text"], one["by"],
            days.today(datetime.fromisoformat(one["at"])),
        )
        for _name, one in sorted(said.reasons.items())
    ]  # fmt: skip
    given: dict[str, Any] = {"matters": matters.own, "carried": matters.carried, "reasons": reasons}
    issue = build(snapshot, language=language, **given)
    if said.key_points is not None:
        edited = points.renewed(tree.revived(said.key_points[language]), issue)
        issue = build(snapshot, language=language, **given, key_points=edited)
    issue = replace(issue, classification_note=_note(said.note, language))
    if said.corrects is None or said.corrects.approved_at is None:
        return issue
    before = Before(
        issue_of(said.corrects, language=language), said.corrects.snapshot, said.corrects.approved_at
    )
    return corrected(issue, snapshot, before=before, occasion=said.occasion, correction=said.correction)


def _note(note: str, language: Language) -> str:
    """The English edition says of any note that the paper is internal."""
    return note if language == "zh-hans" or not note else "Internal"
