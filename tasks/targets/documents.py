"""Evidence behind a report: content under its hash, while nobody has decided about the report."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.storage import move
from finance_hub.kernel.text import Text
from funds.operations.pipeline.documents import Content, plain_name, plain_type
from tasks import standing
from tasks.models import TargetDocument, TargetReport
from tasks.targets.deciding import ReportAlreadyDecided


class DocumentHeldAlready(Problem):
    code = "document-held-already"
    status = 409
    title = Text("该填报已有相同内容的文件", "The report has a document of the same content already")


def path_of(sha256: str) -> Path:
    """Where evidence of this hash is kept."""
    return Path(settings.FILES_DIR) / "targets" / sha256[:2] / sha256


def attach(
    content: Content, *, report: str, name: str, media_type: str, by: Person, now: datetime
) -> TargetDocument:
    """Keep the content behind the report with that public id.

    Raises NotFound, InvalidFields (`name`, the content), ReportAlreadyDecided, DocumentHeldAlready.
    """
    if not content.size:
        raise refuse("#", "document-empty", "文件是空的", "The document is empty")
    behind = TargetReport.objects.filter(public_id=report).first()
    if behind is None:
        raise NotFound
    standing.reportable(behind.target_id, by=by, known_at=now)
    made = TargetDocument(
        public_id=ids.new("td"), report=behind, name=plain_name(name), sha256=content.sha256, size=content.size,
        media_type=plain_type(media_type), recorded_by=by, recorded_at=now,
    )  # fmt: skip
    with transaction.atomic():
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as refused:
            if "evidence_comes_before_the_decision" in str(refused):
                raise ReportAlreadyDecided from refused
            raise DocumentHeldAlready from refused
        # Before the row is committed: a document that is listed can be read.
        move(content.path, path_of(content.sha256))
        audit.record(
            "target.document", actor=by, subject=f"target:{behind.target_id}", at=now, report=report,
            document=made.public_id, name=made.name, sha256=content.sha256, size=content.size,
        )  # fmt: skip
    return made
