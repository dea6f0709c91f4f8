"""The process that looks into PDF files that may be hostile: what each says of itself, its pages, its signature.

What such a file does, it does to this process, which may use so much time and memory and no more, and learns nothing
of the service. Takes paths, "-" for its standard input; prints one JSON list with an object for each:
{"is_pdf", "pages": [digest of each page's content], "keywords", "signature": null or {…}}.
"""

from __future__ import annotations

import hashlib
import io
import json
import resource
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MiB = 1024 * 1024
MEMORY, SECONDS = 1024 * MiB, 15
MOST_PAGES = 2_000
#: What the pages' streams unpack to, all together; beyond it they are compared as they are packed.
MOST_UNPACKED = 64 * MiB
NOTHING = {"is_pdf": False, "pages": [], "keywords": "", "signature": None}


def main(paths: list[str]) -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most + 1))
    said = []
    for path in paths:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        said.append({**_document(content), "signature": _signature(content)})
    print(json.dumps(said))


def _document(content: bytes) -> dict[str, Any]:
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as document:
            pages = list(_digests(document))
            keywords = str(document.docinfo.get("/Keywords", ""))[:200]
    # A file made to break readers breaks them in any way it likes.
    except (
        pikepdf.PdfError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        RuntimeError,
        OverflowError,
    ):
        return dict(NOTHING)
    return {"is_pdf": True, "pages": pages, "keywords": keywords}


def _digests(document: Any) -> Iterator[str]:
    budget = [MOST_UNPACKED]
    for number, page in enumerate(document.pages):
        if number == MOST_PAGES:
            return
        digest = hashlib.sha256(repr(page.obj.get("/MediaBox")).encode())
        for stream in _streams(page.obj):
            digest.update(_unpacked(stream, budget))
            digest.update(b"\0")
        yield digest.hexdigest()


def _streams(page: Any) -> Iterator[Any]:
    """The streams that draw a page, and the drawings and pictures that they may place."""
    import pikepdf

    contents = page.get("/Contents")
    if isinstance(contents, pikepdf.Array):
        yield from (one for one in contents if isinstance(one, pikepdf.Stream))
    elif isinstance(contents, pikepdf.Stream):
        yield contents
    resources = page.get("/Resources")
    placed = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if isinstance(placed, pikepdf.Dictionary):
        yield from (one for _name, one in sorted(placed.items()) if isinstance(one, pikepdf.Stream))


def _unpacked(stream: Any, budget: list[int]) -> bytes:
    """The content of a stream, as it is packed where that is no plain Flate or the budget is spent."""
    import pikepdf

    packed: bytes = stream.read_raw_bytes()
    filters = stream.get("/Filter")
    # Programs write one filter as a name or as a list of one.
    named = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if named != ["/FlateDecode"] or "/DecodeParms" in stream:
        return packed
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(packed, budget[0] + 1)
    except zlib.error:
        return packed
    if len(plain) > budget[0]:
        return packed
    budget[0] -= len(plain)
    return plain


def _signature(content: bytes) -> dict[str, Any] | None:
    """The last signature: whose it is, whether it holds, and whether it covers the whole file."""
    if b"/ByteRange" not in content:
        return None
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    broken = {"signer": "", "holds": False, "whole": False, "certificate": ""}
    try:
        found = PdfFileReader(io.BytesIO(content), strict=False).embedded_signatures
        if not found:
            return None
        one = found[-1]
        certificate = one.signer_cert
        if certificate is None:
            return broken
        # Whose certificate to believe is decided by comparing it with that of the archive's own copy.
        trusted = ValidationContext(trust_roots=[certificate], allow_fetching=False)
        status = validate_pdf_signature(one, trusted)
    except (
        PdfError, SigningError, SignatureValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError,
        RecursionError, OverflowError, NotImplementedError,
    ):  # fmt: skip
        return broken
    return {
        "signer": str(certificate.subject.human_friendly)[:300],
        "holds": bool(status.intact and status.valid),
        "whole": status.coverage is not None and status.coverage.name == "ENTIRE_FILE",
        "certificate": certificate.sha256.hex(),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
