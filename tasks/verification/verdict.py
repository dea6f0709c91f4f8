"""The verdict on a file: what it is, or what it was before somebody changed it, and how."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from tasks.verification import comparing, looking
from tasks.verification import known as archive
from tasks.verification.comparing import Difference, How
from tasks.verification.known import Known, Standing
from tasks.verification.looking import Looked, Signature

#: Larger than any issue, small enough to be held in memory.
MOST_BYTES = 32 * 1024 * 1024


class Verdict(StrEnum):
    """GENUINE: an issue in force, or a file beside one · SUPERSEDED: genuine, and a correction has taken its place ·
    DRAFT: made here and never published · ALTERED: made here and changed since · UNKNOWN: not ours ·
    NO_PDF: not ours, and no PDF at all."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    DRAFT = "draft"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    NO_PDF = "no-pdf"


VERDICTS = {
    Standing.IN_FORCE: Verdict.GENUINE,
    Standing.CORRECTED: Verdict.SUPERSEDED,
    Standing.DRAFT: Verdict.DRAFT,
}


class Page(NamedTuple):
    """One page that is not as it was: `changed`, or `added` (its number in the file) or `missing` (in ours)."""

    number: int
    how: str


@dataclass(frozen=True)
class Finding:
    """`bytes` is None where only a hash was given. `pages` are those that differ, where both could be read.

    `archive_is_whole`: whether our own copy is there with the hash on record; None where there is none to look at.
    `is_our_signature`: whether its certificate is the one that our copy was signed with.
    """

    verdict: Verdict
    sha256: str
    bytes: int | None = None
    of: Known | None = None
    difference: Difference | None = None
    pages: tuple[Page, ...] = ()
    #: Whether pages were compared at all.
    is_compared: bool = False
    signature: Signature | None = None
    is_our_signature: bool = False
    archive_is_whole: bool | None = None


def of_hash(sha256: str) -> Finding:
    """What is known under a hash."""
    found = archive.by_hash(sha256)
    if found is None:
        return Finding(Verdict.UNKNOWN, sha256)
    return Finding(VERDICTS[found.standing], sha256, of=found, archive_is_whole=found.is_whole())


def of_content(content: bytes) -> Finding:
    """What a file is. Call within the centre's scope."""
    sha256 = hashlib.sha256(content).hexdigest()
    found = archive.by_hash(sha256)
    if found is not None:
        looked = looking.content(content) if b"/ByteRange" in content else looking.UNREADABLE
        return Finding(
            VERDICTS[found.standing], sha256, len(content), found, signature=looked.signature,
            is_our_signature=looked.signature is not None, archive_is_whole=found.is_whole(),
        )  # fmt: skip
    looked = looking.content(content)
    bytewise = comparing.find(content, archive.everything())
    if bytewise:
        return _altered(content, sha256, looked, *bytewise, looking.files([bytewise[0].path])[0])
    candidates = [one for one in archive.of_data(looked.keywords) if one.path.is_file()]
    nearest = _nearest(looked, candidates)
    if nearest is None:
        is_pdf = looked.is_pdf or b"%PDF-" in content[:1024]
        verdict = Verdict.UNKNOWN if is_pdf else Verdict.NO_PDF
        return Finding(verdict, sha256, len(content), signature=looked.signature)
    one, ours = nearest
    if not set(looked.pages) & set(ours.pages):
        return Finding(Verdict.UNKNOWN, sha256, len(content), one, signature=looked.signature)
    offset = comparing.first_difference(content, one.path.read_bytes())
    return _altered(content, sha256, looked, one, Difference(How.REWRITTEN, offset=offset), ours)


def _altered(
    content: bytes, sha256: str, looked: Looked, one: Known, difference: Difference, ours: Looked
) -> Finding:
    is_compared = looked.is_pdf and ours.is_pdf
    same_key = (
        looked.signature is not None
        and ours.signature is not None
        and looked.signature.certificate == ours.signature.certificate != ""
    )
    return Finding(
        Verdict.ALTERED, sha256, len(content), one, difference,
        pages=tuple(_pages(ours.pages, looked.pages)) if is_compared else (), is_compared=is_compared,
        signature=looked.signature, is_our_signature=same_key, archive_is_whole=one.is_whole(),
    )  # fmt: skip


def _nearest(looked: Looked, candidates: list[Known]) -> tuple[Known, Looked] | None:
    """Of what was made of the data that the file names, the one that shares most pages with it."""
    pairs = list(zip(candidates, looking.files([one.path for one in candidates]), strict=True))
    own = set(looked.pages)
    return max(pairs, key=lambda pair: len(own & set(pair[1].pages)), default=None)


def _pages(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[Page]:
    found: list[Page] = []
    for how, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if how == "equal":
            continue
        both = min(b - a, d - c)
        found += [Page(number + 1, "changed") for number in range(c, c + both)]
        found += [Page(number + 1, "added") for number in range(c + both, d)]
        found += [Page(number + 1, "missing") for number in range(a + both, b)]
    return found
