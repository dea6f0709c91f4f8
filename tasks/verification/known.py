"""What the archive holds under which hash: issues, drafts, and the files beside them. Light: no PDF is opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db.models import F, Q, QuerySet

from finance_hub.kernel.models import AuditEntry
from tasks.models import Briefing, BriefingFile

#: Fewer digits of a hash name nothing.
LEAST_DIGITS, DIGITS = 8, 64


class Standing(StrEnum):
    """IN_FORCE: published and not corrected · CORRECTED: a correction has taken its place · DRAFT: never published."""

    IN_FORCE = "in-force"
    CORRECTED = "corrected"
    DRAFT = "draft"


@dataclass(frozen=True)
class Known:
    """A file that was made here. `kind`: issue, draft, edition or workbook; `file`: its place in the files folder, ""
    where only its hash is kept."""

    briefing: Briefing
    kind: str
    language: str
    sha256: str
    file: str

    @property
    def path(self) -> Path:
        return Path(settings.FILES_DIR) / self.file

    @property
    def standing(self) -> Standing:
        if self.kind == "draft" or self.briefing.published_at is None:
            return Standing.DRAFT
        return Standing.CORRECTED if self.newer else Standing.IN_FORCE

    @property
    def is_current(self) -> bool:
        """Whether a draft is still the draft of its month."""
        return self.sha256 == self.briefing.sha256 and self.briefing.state not in ("superseded", "published")

    @property
    def newer(self) -> Briefing | None:
        """The published correction that has taken its place."""
        if self.briefing.published_at is None:
            return None
        later = Briefing.objects.filter(
            month=self.briefing.month, published_at__isnull=False, correction__gt=self.briefing.correction
        )
        return later.order_by("-correction").first()

    def is_whole(self) -> bool | None:
        """Whether the archive's own copy is there with the hash on record; None where there is none to keep."""
        if not self.file:
            return None
        try:
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256
        except FileNotFoundError:
            return False


def by_hash(sha256: str) -> Known | None:
    """The file with this hash, whatever has become of it since."""
    return next(_known(Q(sha256=sha256)), None) or _former_draft(sha256)


def named(prefix: str) -> list[Known]:
    """Issues whose file, or whose data, has a hash that begins so; the newest first. The code on a page names data."""
    if not (LEAST_DIGITS <= len(prefix) <= DIGITS) or set(prefix) - set("0123456789abcdef"):
        return []
    found = {known.sha256: known for known in _known(Q(sha256__startswith=prefix))}
    of_data = Q(snapshot__fingerprint__startswith=prefix, published_at__isnull=False)
    found |= {known.sha256: known for known in map(_issue, _briefings().filter(of_data))}
    return sorted(found.values(), key=lambda known: -known.briefing.pk)[:20]


def of_data(fingerprint: str) -> list[Known]:
    """What was made of a snapshot: issues before drafts, the newest first."""
    if len(fingerprint) != DIGITS:
        return []
    rows = _briefings().filter(snapshot__fingerprint=fingerprint)
    rows = rows.order_by(F("published_at").desc(nulls_last=True), "-pk")[:4]
    made = [_issue(row) for row in rows]
    beside = BriefingFile.objects.filter(briefing__in=[row.pk for row in rows], kind="edition")
    return made + [_beside(row) for row in beside.select_related("briefing__snapshot")[:4]]


def everything() -> Iterator[Known]:
    """Every file that is held whole, pictures apart."""
    return _known(Q())


def _known(wanted: Q) -> Iterator[Known]:
    yield from map(_issue, _briefings().filter(wanted).order_by("-pk"))
    beside = (
        BriefingFile.objects.filter(wanted)
        .filter(kind__in=["edition", "workbook"])
        .select_related("briefing__snapshot")
    )
    yield from map(_beside, beside.order_by("-pk"))


def _briefings() -> QuerySet[Briefing]:
    return Briefing.objects.select_related("snapshot")


def _issue(row: Briefing) -> Known:
    return Known(row, "issue" if row.published_at else "draft", "zh-hans", row.sha256, row.file)


def _beside(row: BriefingFile) -> Known:
    return Known(row.briefing, row.kind, row.language, row.sha256, row.file)


def _former_draft(sha256: str) -> Known | None:
    """The draft of an issue that was published since: the trail remembers its hash."""
    entries = AuditEntry.objects.filter(action="briefing.draft", detail__sha256=sha256)
    subject = entries.values_list("subject", flat=True).first()
    row = _briefings().filter(public_id=subject.removeprefix("briefing:")).first() if subject else None
    if row is None:
        return None
    return Known(row, "draft", "zh-hans", sha256, "")
