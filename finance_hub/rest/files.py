"""Files of the service over HTTP: whole or one range, with the content's own hash as its ETag.

The API and the pages answer with the same bytes. A small file is read at once; a large one, such as
an export, goes out block by block, so that it never stands in memory whole.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags
from rest_framework.request import Request

from finance_hub.kernel.problems import NotFound

log = logging.getLogger(__name__)
#: What is read at once, and the size of a block of what is not.
MOST_AT_ONCE, BLOCK = 4 * 1024 * 1024, 256 * 1024
Answer = TypeVar("Answer", bound=HttpResponseBase)
_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


def serve(
    request: HttpRequest | Request,
    *,
    path: Path,
    sha256: str,
    name: str,
    inline: bool,
    content_type: str = "application/pdf",
) -> HttpResponseBase:
    """The file under its Chinese name (RFC 5987): 200, 206, 304 or 416. Raises NotFound.

    `sha256` is the hash stored when the file was written, 64 hex digits. Of several ranges in one
    request none is served apart: the whole file answers, as RFC 9110 allows.
    """
    etag = f'"{sha256}"'
    if is_held(request, etag):
        return _dressed(HttpResponse(status=304), etag)
    file, size = _open(path)
    wanted = _range(request, etag, size=size)
    if wanted is not None and not wanted:
        file.close()
        return _dressed(HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}), etag)
    part = range(size) if wanted is None else wanted
    response = _content(file, part, status=200 if wanted is None else 206, content_type=content_type)
    if wanted is not None:
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    response["Content-Disposition"] = disposition or "inline"
    return _dressed(response, etag)


def made(request: HttpRequest | Request, content: bytes, *, name: str, content_type: str) -> HttpResponseBase:
    """A file that was made for this request, under its name and with its hash as ETag: 200 or 304."""
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    held = is_held(request, etag)
    response = HttpResponse(status=304) if held else HttpResponse(content, content_type=content_type)
    if not held:
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return response


def _open(path: Path) -> tuple[BinaryIO, int]:
    try:
        file = path.open("rb")
    except FileNotFoundError as gone:
        log.error("a file that the database names is gone: %s", path)
        raise NotFound from gone
    return file, os.fstat(file.fileno()).st_size


def _content(file: BinaryIO, part: range, *, status: int, content_type: str) -> HttpResponseBase:
    if len(part) <= MOST_AT_ONCE:
        with file:
            file.seek(part.start)
            return HttpResponse(file.read(len(part)), status=status, content_type=content_type)
    response = StreamingHttpResponse(_blocks(file, part), status=status, content_type=content_type)
    response["Content-Length"] = str(len(part))
    return response


def _blocks(file: BinaryIO, part: range) -> Iterator[bytes]:
    with file:
        file.seek(part.start)
        for at in range(part.start, part.stop, BLOCK):
            yield file.read(min(BLOCK, part.stop - at))


def is_held(request: HttpRequest | Request, etag: str) -> bool:
    """Whether the caller has this very content; weak tags count, as If-None-Match compares weakly."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return request.method in {"GET", "HEAD"} and ("*" in held or bool({etag, f"W/{etag}"} & set(held)))


def _range(request: HttpRequest | Request, etag: str, *, size: int) -> range | None:
    """The bytes asked for: None for all of them, an empty range for what cannot be satisfied."""
    asked = _ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not asked or request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first and not last:
        return None
    if not first:
        return range(max(0, size - int(last)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)


def _dressed(response: Answer, etag: str) -> Answer:
    """Kept by the reader's own browser alone, and asked about every time."""
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    return response
