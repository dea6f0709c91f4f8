"""One-page sheets of funds, firms and banks: asked for, set by a job, kept for a while. Light: no typesetting.

The job is the record of a sheet: what it is of, whose rows it may see, and the hash that its file is named
by. The same sheet asked for again is the same job; once its file is gone, a new one.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from finance_hub.kernel import audit, firms, jobs
from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import Firm, FirmClass, FirmVersion, Job, Organisation, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Forbidden, NotFound, Problem
from finance_hub.kernel.scoping import within
from finance_hub.kernel.storage import new_file
from finance_hub.kernel.text import Text
from finance_hub.rest import waiting
from funds import queries as funds
from funds.models import Fund
from tasks import queries
from tasks.models import Snapshot

KIND = "tear_sheet"
KEPT = timedelta(days=30)
#: Raise it when the same data would look different: it is part of what makes a sheet the same.
LAYOUT = 1
LANGUAGES = ("zh-hans", "en")
Of = Literal["fund", "firm", "bank"]


class SheetNotReady(Problem):
    code = "tear-sheet-not-ready"
    status = 409
    title = Text("一页概览尚未完成", "The tear sheet is not ready yet")
    retry_after = 1


class SheetFailed(Problem):
    code = "tear-sheet-failed"
    status = 409
    title = Text("一页概览编制失败", "The tear sheet could not be made")
    detail = Text("已记录；请重新申请", "It has been recorded; ask for it again")


class SheetExpired(Problem):
    code = "tear-sheet-expired"
    status = 410
    title = Text("一页概览已过保留期", "The tear sheet is not kept any longer")
    detail = Text("文件保留 30 天；请重新申请", "Files are kept for 30 days; ask for it again")


class Offered(NamedTuple):
    """A finished file: where it stands, its hash, and what it is called when it is taken home."""

    path: Path
    sha256: str
    name: str


@dataclass(frozen=True)
class Subject:
    """What a sheet is of: a fund by its code, a firm by its credit code, or a bank by its code: its monthly statement."""

    of: Of
    key: str

    def found(self, *, scope: Scope) -> Fund | Firm | Organisation:
        """Call within the scope. Raises NotFound, for what the scope may not know of too."""
        if self.of == "bank":
            return _bank(self.key, scope=scope)
        return funds.fund(self.key) if self.of == "fund" else firms.find(self.key, scope=scope)


def request(subject: Subject, *, month: Month | None, language: str, by: Person, now: datetime) -> Job:
    """The job of a sheet of a month, or of the newest with figures; call within the person's scope.

    Raises NotFound, queries.NoFigures, Forbidden (for who sees no rows at all).
    """
    scope = by.scope
    if not scope.everything and scope.organisation_id is None:
        raise Forbidden
    subject.found(scope=scope)
    snapshot = _snapshot(month)
    key = _dedupe_key(subject, snapshot, language=language, scope=scope)
    asked: dict[str, Any] = {
        "dedupe_key": key,
        "payload": {"of": subject.of, "key": subject.key, "snapshot": snapshot.public_id,
                    "period": str(queries.month_of(snapshot)), "language": language},
        "organisation_id": scope.organisation_id,
        "requested_by": by,
    }  # fmt: skip
    with transaction.atomic():
        job, fresh = jobs.enqueue(KIND, **asked)
        if not fresh and _is_lost(job):
            # Whoever comes first gives the key free; of two at once both get the same new job.
            Job.objects.filter(pk=job.pk, dedupe_key=key).update(dedupe_key=f"{key}:{job.pk}")
            job, fresh = jobs.enqueue(KIND, **asked)
        if fresh:
            audit.record(
                "sheet.request", actor=by, subject=f"{subject.of}:{subject.key}", at=now,
                period=asked["payload"]["period"], language=language,
            )  # fmt: skip
    return job


def find(subject: Subject, sheet: str, *, scope: Scope) -> Job:
    """The job of a sheet of this subject that was made for this scope; call within it. Raises NotFound."""
    subject.found(scope=scope)
    job = jobs.find(sheet)
    own = scope.everything if job.organisation_id is None else job.organisation_id == scope.organisation_id
    if job.kind != KIND or not own or (job.payload["of"], job.payload["key"]) != (subject.of, subject.key):
        raise NotFound
    return job


def state_of(job: Job) -> str:
    """`queued`, `running`, `ready`, `failed` or `expired`."""
    if job.state == "succeeded":
        return "expired" if _kept_since(job) is None else "ready"
    return "failed" if is_over(job) else str(job.state)


def expires_at(job: Job) -> datetime | None:
    """When the file goes; None where there is none."""
    since = _kept_since(job) if job.state == "succeeded" else None
    return None if since is None else datetime.fromtimestamp(since, tz=UTC) + KEPT


def settled(subject: Subject, sheet: str, *, scope: Scope, seconds: float) -> Job:
    """The job, once nobody works on it or the time is up. Call outside a transaction. Raises NotFound."""

    def look() -> Job:
        with within(scope):
            return find(subject, sheet, scope=scope)

    return waiting.settled(look, is_over=is_over, topic=topic(sheet), seconds=seconds)


def is_over(job: Job) -> bool:
    """Whether nobody works on it any more."""
    return job.state not in {"queued", "running"}


def offered(subject: Subject, sheet: str, *, scope: Scope) -> Offered:
    """The file, whose sending needs no transaction. Call outside of one.

    Raises NotFound, SheetNotReady, SheetFailed, SheetExpired.
    """
    with within(scope):
        found, job = subject.found(scope=scope), find(subject, sheet, scope=scope)
    state = state_of(job)
    if state != "ready":
        raise {"expired": SheetExpired, "failed": SheetFailed}.get(state, SheetNotReady)
    path = path_of(job)
    return Offered(path, path.stem, _file_name(job, found))


def path_of(job: Job) -> Path:
    """The place of a finished job's file."""
    return _folder() / f"{(job.output or {})['sha256']}.pdf"


def topic(sheet: str) -> str:
    """What is told when the job of a sheet has done its work."""
    return f"sheet:{sheet}"


def keep(content: bytes) -> dict[str, Any]:
    """Keep a file under its hash: {"sha256", "bytes"}. Raises StorageFull."""
    sha256 = hashlib.sha256(content).hexdigest()
    with new_file(_folder() / f"{sha256}.pdf") as file:
        file.write(content)
    return {"sha256": sha256, "bytes": len(content)}


def sweep(*, now: datetime) -> int:
    """Take away the files that nobody has asked for in 30 days; how many it was. Harmless by two at once."""
    before = (now - KEPT).timestamp()
    old = [path for path in _files() if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def months() -> list[Month]:
    """The months of which sheets can be asked for, newest first: which they are is no secret."""
    with within(EVERYTHING):
        return queries.months_with_figures()


def snapshot_named(public_id: str) -> Snapshot:
    """The record of a snapshot, without its figures: a sheet names it whoever asks. Raises NotFound."""
    with within(EVERYTHING):
        found = Snapshot.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def _bank(code: str, *, scope: Scope) -> Organisation:
    """A bank, for itself and for the centre. Raises NotFound."""
    found = Organisation.objects.filter(code=code, kind="bank").first()
    if found is None or not (scope.everything or scope.organisation_id == found.pk):
        raise NotFound
    return found


def _file_name(job: Job, found: Fund | Firm | Organisation) -> str:
    """青桐天使基金_一页概览_2026-10.pdf, or Qingtong Angel Fund_tear-sheet_2026-10.pdf."""
    language = job.payload["language"]
    name = found.name if isinstance(found, Firm) else Text(found.name, found.name_en).say(language)
    of_bank = isinstance(found, Organisation)
    kind = (Text("月度对账单", "statement") if of_bank else Text("一页概览", "tear-sheet")).say(language)
    return f"{name.replace('/', '_')}_{kind}_{job.payload['period']}.pdf"


def _snapshot(month: Month | None) -> Snapshot:
    """Raises queries.NoFigures."""
    with within(EVERYTHING):
        wanted = month or next(iter(queries.months_with_figures()), None)
        if wanted is None:
            raise queries.NoFigures
        return queries.snapshot_of(wanted)


def _dedupe_key(subject: Subject, snapshot: Snapshot, *, language: str, scope: Scope) -> str:
    """What a sheet is made of: the figures and facts as of a snapshot, the registry as it is, whose rows."""
    registry = [model.objects.aggregate(last=Max("pk"))["last"] for model in (FirmVersion, FirmClass)]
    made_of = [
        LAYOUT, snapshot.public_id, snapshot.fingerprint, subject.of, subject.key, language,
        scope.organisation_id, registry,
    ]  # fmt: skip
    return f"{KIND}:{hashlib.sha256(orjson.dumps(made_of)).hexdigest()}"


def _is_lost(job: Job) -> bool:
    """Whether a job came to nothing, or its file is gone; a file that is asked for again is kept on."""
    if state_of(job) in {"failed", "expired"}:
        return True
    if job.state == "succeeded":
        try:
            os.utime(path_of(job))
        except FileNotFoundError:  # swept a moment ago
            return True
    return False


def _kept_since(job: Job) -> float | None:
    """When a finished job's file was made or asked for again; None once it is gone."""
    try:
        return path_of(job).stat().st_mtime
    except FileNotFoundError:
        return None


def _folder() -> Path:
    return Path(settings.FILES_DIR) / "sheets"


def _files() -> list[Path]:
    folder = _folder()
    return list(folder.iterdir()) if folder.is_dir() else []
