"""Documents behind a step: content received under its hash, kept once, and named so that no name does harm."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.storage import move, new_file
from finance_hub.kernel.text import Text
from finance_hub.rest.content import ContentHashMismatch, Readable, stream
from funds import limits
from funds.models import DealDocument, DealStep
from funds.operations.pipeline.locking import lock_deal

LONGEST_NAME = 200
UNKNOWN_TYPE = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,49}/[a-z0-9!#$&^_.+-]{1,50}", re.ASCII)
#: Control, invisible and unassigned characters: among them those that turn the direction of writing.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
#: A spreadsheet runs what begins so, a shell takes it for an option, a folder hides it.
_LEADING = " =+-@.＝＋－＠"


class DocumentAlreadyAttached(Problem):
    code = "document-already-attached"
    status = 409
    title = Text("该环节已有相同内容的文件", "The step has a document of the same content already")


@dataclass(frozen=True)
class Content:
    """What was received, not yet in its place."""

    path: Path
    sha256: str
    size: int


def path_of(sha256: str) -> Path:
    """Where content of this hash is kept."""
    return Path(settings.FILES_DIR) / "deals" / sha256[:2] / sha256


@contextmanager
def received(body: Readable, *, length: int | None, digest: str | None) -> Iterator[Content]:
    """The body as a file that is gone when the block ends, unless it was attached in it.

    `digest` is the declared SHA-256 in hex. Raises BodyTooLarge, BodyIncomplete, ContentHashMismatch,
    StorageFull.
    """
    path = Path(settings.FILES_DIR) / "deals" / "incoming" / secrets.token_hex(16)
    try:
        with new_file(path) as file:
            size, computed = stream(body, file, most=limits.MOST_DOCUMENT_BYTES, length=length)
            if digest not in (None, computed):
                raise ContentHashMismatch(declared=digest, computed=computed)
        yield Content(path, computed, size)
    finally:
        path.unlink(missing_ok=True)


def attach_document(
    content: Content, *, deal: str, step: str, name: str, media_type: str, by: Person, now: datetime
) -> DealDocument:
    """Keep the content behind the step with public id `step` of the deal with public id `deal`.

    `name` loses its folders and what could do harm; what is no media type becomes that of plain bytes.
    Raises NotFound, InvalidFields, DocumentAlreadyAttached.
    """
    if not content.size:
        raise refuse("#", "document-empty", "文件是空的", "The document is empty")
    plain = plain_name(name)
    with transaction.atomic():
        held = lock_deal(deal)
        behind = DealStep.objects.filter(deal=held, public_id=step).first()
        if behind is None:
            raise refuse("#/step", "step-unknown", "该项目没有这个环节", "The deal has no such step")
        facts = {
            "public_id": ids.new("dd"), "name": plain, "size": content.size,
            "media_type": plain_type(media_type), "uploaded_at": now, "uploaded_by": by,
        }  # fmt: skip
        document, fresh = DealDocument.objects.get_or_create(
            step=behind, sha256=content.sha256, defaults=facts
        )
        if not fresh:
            raise DocumentAlreadyAttached
        # Before the row is committed: a document that is listed can be read.
        move(content.path, path_of(content.sha256))
        audit.record(
            "deal.document", actor=by, subject=f"deal:{deal}", at=now, fund=held.fund.code, step=step,
            document=document.public_id, name=plain, sha256=content.sha256, size=content.size,
        )  # fmt: skip
    return document


def plain_name(name: str) -> str:
    """The name without folders, invisible characters and a harmful beginning. Raises InvalidFields."""
    seen = "".join(letter for letter in name if unicodedata.category(letter) not in _UNSEEN)
    bare = re.split(r"[/\\]", unicodedata.normalize("NFC", seen))[-1].lstrip(_LEADING).rstrip(" .")
    if not bare:
        raise refuse("#/name", "document-name-unusable", "文件名不可用", "The name cannot be used")
    if len(bare) > LONGEST_NAME:
        raise refuse(
            "#/name", "document-name-too-long", "文件名最多 {most} 个字",
            "The name of a document has at most {most} characters", most=str(LONGEST_NAME),
        )  # fmt: skip
    return bare


def plain_type(media_type: str) -> str:
    """The media type in lower case, without parameters."""
    bare = media_type.partition(";")[0].strip().lower()
    return bare if _MEDIA_TYPE.fullmatch(bare) else UNKNOWN_TYPE
