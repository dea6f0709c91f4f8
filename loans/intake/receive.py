"""Receive: the body of a PUT becomes a file, hashed on the way.

The file takes its name only when it is exactly what was declared; until then, and after any
failure, there is nothing under that name but what stood there before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.http.request import UnreadablePostError

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.storage import new_file
from finance_hub.kernel.text import Text
from finance_hub.rest.formats import BodyTooLarge
from loans import limits
from loans.intake.refusals import TruncatedBody

CHUNK = 256 * 1024
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):", re.ASCII)


class ContentHashMismatch(Problem):
    code = "content-hash-mismatch"
    status = 422
    title = Text("内容与申报的散列值不符", "The content is not what was declared")
    detail = Text("申报 {declared}，实际 {computed}", "Declared {declared}, received {computed}")


class ContentDigestMalformed(Problem):
    code = "content-digest-malformed"
    status = 400
    title = Text("Content-Digest 须写作 sha-256=:…:", "Content-Digest is written sha-256=:…:")


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


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


def read_digest(header: str | None) -> str | None:
    """The SHA-256 in hex of `Content-Digest: sha-256=:base64:` (RFC 9530); None without the header.

    Raises ContentDigestMalformed.
    """
    if header is None:
        return None
    match = _DIGEST.fullmatch(header.strip())
    if not match:
        raise ContentDigestMalformed
    try:
        return base64.b64decode(match[1], validate=True).hex()
    except binascii.Error as error:
        raise ContentDigestMalformed from error


def receive(
    body: Readable, *, public_id: str, most: int, sha256: str, length: int | None, digest: str | None = None
) -> int:
    """Stream `body` to the content file of a batch; the number of bytes.

    `sha256` is what was declared, `digest` what the request's own header says, both in hex;
    `length` is the Content-Length where there is one. Raises BodyTooLarge, TruncatedBody,
    ContentHashMismatch, StorageFull; then no file is left behind.
    """
    if length is not None and length > most:
        raise BodyTooLarge
    with new_file(path_of(public_id)) as file:
        size, computed = _stream(body, file, most=most)
        if length is not None and size < length:
            raise TruncatedBody
        if computed != sha256 or digest not in (None, computed):
            raise ContentHashMismatch(declared=digest or sha256, computed=computed)
    return size


def _stream(body: Readable, file: BinaryIO, *, most: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while chunk := _read(body):
        size += len(chunk)
        if size > most:
            raise BodyTooLarge
        digest.update(chunk)
        file.write(chunk)
    return size, digest.hexdigest()


def _read(body: Readable) -> bytes:
    try:
        return body.read(CHUNK)
    except UnreadablePostError as error:  # the client went away
        raise TruncatedBody from error
