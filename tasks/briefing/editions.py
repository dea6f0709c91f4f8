"""Editions as files: a draft per snapshot, and the published issue. Runs in jobs only.

No reader ever meets half of a file, and none is rewritten.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf
from django.conf import settings
from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.storage import new_file
from tasks.briefing import sign, tree
from tasks.briefing.content import build
from tasks.briefing.document import render
from tasks.briefing.kept import issue_of
from tasks.briefing.layout import Issue, Language
from tasks.models import Briefing, BriefingContent, Snapshot

__all__ = ["LANGUAGES", "Rendered", "as_file", "draft", "issue_of", "publish", "write"]
LANGUAGES: tuple[Language, ...] = ("zh-hans", "en")


@dataclass(frozen=True)
class Rendered:
    """A file that has been written: path relative to the files folder."""

    file: str
    sha256: str
    pages: int
    signer: str = ""


def draft(snapshot: Snapshot, *, requested_by: Person | None, now: datetime) -> Briefing | None:
    """The draft of a month from its newest snapshot; None once the month's briefing is approved.

    A newer snapshot supersedes the draft before it; who answered for that one answers for this one.
    """
    month = snapshot.month
    with transaction.atomic():
        if Briefing.objects.filter(month=month, state__in=["approved", "published"]).exists():
            return None
        held = Briefing.objects.select_for_update().filter(month=month, state="draft").first()
        if held and held.snapshot_id == snapshot.pk:
            if requested_by and held.drafted_by_id is None:
                Briefing.objects.filter(pk=held.pk).update(drafted_by=requested_by)
            return held
        public_id = ids.new("br")
        contents = [build(snapshot, language=language) for language in LANGUAGES]
        rendered = write(contents[0], month=Month.of(month), name=f"{public_id}-draft")
        if held:
            Briefing.objects.filter(pk=held.pk).update(state="superseded")
        briefing = Briefing.objects.create(
            public_id=public_id,
            month=month,
            year=month.year,
            snapshot=snapshot,
            state="draft",
            drafted_by=requested_by or (held.drafted_by if held else None),
            drafted_at=now,
            file=rendered.file,
            sha256=rendered.sha256,
            pages=rendered.pages,
        )
        BriefingContent.objects.bulk_create(
            BriefingContent(briefing=briefing, language=issue.language, tree=tree.kept(issue))
            for issue in contents
        )
        audit.record(
            "briefing.draft",
            actor=briefing.drafted_by,
            subject=f"briefing:{public_id}",
            at=now,
            sha256=rendered.sha256,
        )
    return briefing


def publish(public_id: str, *, now: datetime) -> Briefing:
    """Set an approved briefing with its number and make it the month's issue. Raises NotFound."""
    with transaction.atomic():
        briefing = Briefing.objects.select_for_update().filter(public_id=public_id).first()
        if briefing is None:
            raise NotFound
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
