"""A bank's holdings as a file: asked for, made by a job, kept for a while, taken away."""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, BinaryIO

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from finance_hub.kernel import audit, ids, jobs, scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job, Organisation, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.storage import new_file
from finance_hub.kernel.text import Text
from finance_hub.rest.cells import BOM, lines
from loans.models import HoldingsExport
from loans.queries import holdings

FORMATS = ("ndjson", "ndjson+gzip", "csv", "csv+gzip")
KEPT = timedelta(days=30)


class ExportNotReady(Problem):
    code = "export-not-ready"
    status = 409
    title = Text("导出尚未完成", "The export is not ready yet")
    retry_after = 5


class ExportFailed(Problem):
    code = "export-failed"
    status = 409
    title = Text("导出失败", "The export has failed")
    detail = Text("已记录；请重新申请", "It has been recorded; ask for it again")


class ExportExpired(Problem):
    code = "export-expired"
    status = 410
    title = Text("导出文件已过保留期", "The export is not kept any longer")
    detail = Text("文件保留 30 天；请重新申请", "Files are kept for 30 days; ask for it again")


def request(bank: Organisation, month: Month, *, format: str, by: Person, now: datetime) -> HoldingsExport:
    """Ask for everything held of a bank as of the end of a month and as known now; a job makes the file."""
    with transaction.atomic():
        public_id = ids.new("ex")
        job, _ = jobs.enqueue(
            "holdings_export", dedupe_key=f"holdings_export:{public_id}", payload={"export": public_id},
            organisation_id=bank.pk, requested_by=by,
        )  # fmt: skip
        export = HoldingsExport.objects.create(
            public_id=public_id, bank=bank, period=month.first, format=format, requested_by=by, requested_at=now,
            expires_at=now + KEPT, job=job,
        )  # fmt: skip
        audit.record(
            "export.request", actor=by, subject=f"export:{public_id}", at=now, bank=bank.code,
            period=str(month), format=format,
        )  # fmt: skip
    return export


def state_of(export: HoldingsExport, *, now: datetime) -> str:
    """`queued`, `running`, `ready`, `failed` or `expired`."""
    if export.removed_at or export.expires_at <= now:
        return "expired"
    if export.file:
        return "ready"
    job = export.job.state if export.job else "queued"
    return job if job in {"queued", "running"} else "failed"


def file_of(export: HoldingsExport, *, now: datetime) -> Path:
    """Where the finished file stands. Raises ExportNotReady, ExportFailed, ExportExpired."""
    state = state_of(export, now=now)
    if state == "ready":
        return _folder() / export.file
    raise {"expired": ExportExpired, "failed": ExportFailed}.get(state, ExportNotReady)


def run(job: Job) -> dict[str, Any]:
    """The handler of `holdings_export` jobs: {"records": {kind: n}, "bytes": n}."""
    export = HoldingsExport.objects.select_related("bank").get(public_id=job.payload["export"])
    # A worker that lost its lease may still be writing: each attempt has a file of its own.
    name = f"{export.public_id}.{job.attempt}"
    records = _write(export, _folder() / name)
    size, sha256 = _measure(_folder() / name)
    export.file, export.sha256, export.bytes, export.records = name, sha256, size, records
    export.finished_at = timezone.now()
    export.save(update_fields=["file", "sha256", "bytes", "records", "finished_at"])
    return {"records": records, "bytes": size}


def sweep(*, now: datetime) -> int:
    """Take away the files past their time, and what no export names; how many exports it was."""
    with scoping.within(EVERYTHING):
        ended = HoldingsExport.objects.filter(expires_at__lte=now, removed_at=None)
        names = list(ended.values_list("pk", "file"))
        for _, name in names:
            if name:
                (_folder() / name).unlink(missing_ok=True)
        HoldingsExport.objects.filter(pk__in=[pk for pk, _ in names]).update(removed_at=now)
    _remove_orphans(before=(now - KEPT - timedelta(days=1)).timestamp())
    return len(names)


def _remove_orphans(*, before: float) -> None:
    """Files of attempts that were overtaken: older than any export that is kept."""
    folder = _folder()
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.FILES_DIR) / "exports"


def _write(export: HoldingsExport, target: Path) -> dict[str, int]:
    """The records by kind; memory stays flat, whatever their number."""
    found = dict.fromkeys(holdings.KINDS, 0)
    chunks = holdings.records(export.bank, Month.of(export.period), known_at=export.requested_at)
    with new_file(target) as file, _packed(file, packs=export.format.endswith("+gzip")) as out:
        text = export.format.startswith("csv")
        if text:
            out.write((BOM + lines([holdings.COLUMNS])).encode())
        for chunk in chunks:
            out.write(lines(chunk).encode() if text else _as_ndjson(chunk))
            for kind, count in Counter(row[0] for row in chunk).items():
                found[kind] += count
    return found


def _as_ndjson(chunk: list[tuple[Any, ...]]) -> bytes:
    """Each record with the columns of its kind, those that are empty as null."""
    shapes = {kind: holdings.columns_of(kind) for kind in holdings.KINDS}
    return b"".join(
        orjson.dumps({name: row[at] for name, at in shapes[row[0]]}, option=orjson.OPT_APPEND_NEWLINE)
        for row in chunk
    )


@contextmanager
def _packed(file: BinaryIO, *, packs: bool) -> Iterator[IO[bytes]]:
    if not packs:
        yield file
        return
    # Without name and time: the same records are the same bytes.
    with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=3, mtime=0) as packed:
        yield packed  # type: ignore[misc]


def _measure(path: Path) -> tuple[int, str]:
    """(bytes, SHA-256 in hex) of what stands on the disk."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()
