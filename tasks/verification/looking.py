"""PDF files looked into by a process of its own (`tasks.briefing.examine`), with bounds on its time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SECONDS = 40


@dataclass(frozen=True)
class Signature:
    """`holds`: what it covers is as it was signed; `whole`: it covers the file to its end."""

    signer: str
    holds: bool
    whole: bool
    certificate: str


@dataclass(frozen=True)
class Looked:
    """`pages` are digests of what draws each page; `keywords` names the data that an issue was made of."""

    is_pdf: bool
    pages: tuple[str, ...] = ()
    keywords: str = ""
    signature: Signature | None = None


UNREADABLE = Looked(is_pdf=False)


def content(found: bytes) -> Looked:
    """A file from outside. One that is no PDF, or takes too much to read, is unreadable."""
    return _run(["-"], found)[0]


def files(paths: list[Path]) -> list[Looked]:
    """Files of our own."""
    return _run([str(path.absolute()) for path in paths], b"") if paths else []


def _run(arguments: list[str], stdin: bytes) -> list[Looked]:
    try:
        done = subprocess.run(
            [sys.executable, "-E", "-s", "-m", "tasks.briefing.examine", *arguments],
            input=stdin, capture_output=True, cwd=settings.BASE_DIR, timeout=SECONDS, check=False,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},  # it learns no secret of the service
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [UNREADABLE] * len(arguments)
    if done.returncode:  # a bound ended it, or the file broke the reader
        return [UNREADABLE] * len(arguments)
    return [
        Looked(
            is_pdf=said["is_pdf"],
            pages=tuple(said["pages"]),
            keywords=said["keywords"],
            signature=Signature(**said["signature"]) if said["signature"] else None,
        )
        for said in json.loads(done.stdout)
    ]
