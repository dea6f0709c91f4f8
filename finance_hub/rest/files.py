"""Files of the service over HTTP: whole or one range, with the content's own hash as its ETag.

The API and the pages answer with the same bytes. A file is read at once: briefings are a few
megabytes.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header, parse_etags
from rest_framework.request import Request

from finance_hub.kernel.problems import NotFound

log = logging.getLogger(__name__)
_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


def serve(
    request: HttpRequest | Request,
    *,
    path: Path,
    sha256: str,
    name: str,
    inline: bool,
    content_type: str = "application/pdf",
) -> HttpResponse:
    """The file under its Chinese name (RFC 5987): 200, 206, 304 or 416. Raises NotFound.

    `sha256` is the hash stored when the file was written, 64 hex digits. Of several ranges in one
    request none is served apart: the whole file answers, as RFC 9110 allows.
    """
    etag = f'"{sha256}"'
    if _is_held(request, etag):
        return _dressed(HttpResponse(status=304), etag)
    content = _read(path)
    wanted = _range(request, etag, size=len(content))
    if wanted is None:
        response = HttpResponse(content, content_type=content_type)
    elif not wanted:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
        return _dressed(response, etag)
    else:
        part = content[wanted.start : wanted.stop]
        response = HttpResponse(part, status=206, content_type=content_type)
        response["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{len(content)}"
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    response["Content-Disposition"] = disposition or "inline"
    return _dressed(response, etag)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as gone:
        log.error("a file that the database names is gone: %s", path)
        raise NotFound from gone


def _is_held(request: HttpRequest | Request, etag: str) -> bool:
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


def _dressed(response: HttpResponse, etag: str) -> HttpResponse:
    """Kept by the reader's own browser alone, and asked about every time."""
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    return response
