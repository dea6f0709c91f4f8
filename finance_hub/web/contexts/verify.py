"""`/verify`."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import FieldError, Status
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on a file: in a word, then sentence by sentence; `link` leads to the issue."""

    name: str
    status: Status
    sentences: tuple[str, ...]
    size: str
    sha256: str
    link: Link | None


@dataclass(frozen=True, slots=True)
class Held:
    """One file of the archive whose hash, or whose data's, begins as was asked."""

    issue: Link
    kind: str
    status: Status
    sha256: str
    signer: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the archive holds under the beginning of a hash."""

    prefix: str
    files: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Verify:
    """The form, with the answer to what was sent or asked. `signing` says whether issues are signed here."""

    answer: Answer | None
    found: Found | None
    errors: tuple[FieldError, ...]
    signing: str
    most_bytes: int
    too_large: str
