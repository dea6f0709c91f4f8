"""Content that streams in: written and hashed on the way, never in memory whole."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import BinaryIO, Protocol

from django.http.request import UnreadablePostError

from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from finance_hub.rest.formats import BodyIncomplete, BodyTooLarge

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


def stream(body: Readable, file: BinaryIO, *, most: int, length: int | None) -> tuple[int, str]:
    """Write the body to the file: (bytes, SHA-256 in hex). `length` is the Content-Length, if known.

    Raises BodyTooLarge above `most` bytes, BodyIncomplete where it ends before its length.
    """
    size, digest = 0, hashlib.sha256()
    if length is not None and length > most:
        raise BodyTooLarge
    while chunk := _read(body):
        size += len(chunk)
        if size > most:
            raise BodyTooLarge
        digest.update(chunk)
        file.write(chunk)
    if length is not None and size < length:
        raise BodyIncomplete
    return size, digest.hexdigest()


def _read(body: Readable) -> bytes:
    try:
        return body.read(CHUNK)
    except UnreadablePostError as error:  # the client went away
        raise BodyIncomplete from error
