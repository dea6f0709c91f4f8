"""Receive: the body of a PUT becomes a file, hashed on the way.

The file takes its name only when it is exactly what was declared; until then, and after any
failure, there is nothing under that name but what stood there before.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from finance_hub.kernel.storage import new_file
from finance_hub.rest.content import ContentHashMismatch, Readable, stream
from finance_hub.rest.formats import BodyIncomplete
from loans import limits
from loans.intake.refusals import TruncatedBody


def folder() -> Path:
    """Where the content of all batches stands."""
    return Path(settings.FILES_DIR) / "batches"


def path_of(public_id: str) -> Path:
    """Where the content of a batch stands."""
    return folder() / public_id


def most_bytes(format: str) -> int:
    """The largest body of a format: compressed files are held to a tighter limit."""
    packed = format.endswith("+gzip") or format == "xlsx"
    return limits.MOST_COMPRESSED_BYTES if packed else limits.MOST_BYTES


def receive(
    body: Readable, *, public_id: str, most: int, sha256: str, length: int | None, digest: str | None = None
) -> int:
    """Stream `body` to the content file of a batch; the number of bytes.

    `sha256` is what was declared, `digest` what the request's own header says, both in hex;
    `length` is the Content-Length where there is one. Raises BodyTooLarge, TruncatedBody,
    ContentHashMismatch, StorageFull; then no file is left behind.
    """
    with new_file(path_of(public_id)) as file:
        try:
            size, computed = stream(body, file, most=most, length=length)
        except BodyIncomplete as error:
            raise TruncatedBody from error
        if computed != sha256 or digest not in (None, computed):
            raise ContentHashMismatch(declared=digest or sha256, computed=computed)
    return size
