"""`/briefings` and `/briefings/<id>`."""

from dataclasses import dataclass
from typing import Literal

from finance_hub.web.contexts.chrome import FieldError, Status


@dataclass(frozen=True, slots=True)
class BriefingRow:
    """An issue in the list; empty strings where nobody has acted yet."""

    month: str
    number: str
    url: str
    status: Status
    edition: str
    drafted_by: str
    approved_by: str
    sha256_prefix: str
    download_url: str | None
    size: str


@dataclass(frozen=True, slots=True)
class BriefingList:
    """All issues, newest first, a page of them."""

    rows: tuple[BriefingRow, ...]
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A station of the issue's road, done ones with who and when."""

    label: str
    state: Literal["done", "current", "ahead"]
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Approval:
    """The form of the approver; POSTs `confirm=yes` and, if asked, `code`.

    `asks_code` shows the one-time code field (step-up).
    """

    url: str
    statement: str
    asks_code: bool
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Taking:
    """The form of the maker who will answer for a draft; an empty POST."""

    url: str
    statement: str


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An earlier or later edition of the same issue."""

    label: str
    url: str
    when: str
    current: bool


@dataclass(frozen=True, slots=True)
class Briefing:
    """An issue. `approval` is None when the reader may not act; `why_not` then says why, or "".

    `preview_url` answers the PDF inline and must carry `frame-ancestors 'self'`; None while its
    file is missing. `refusal` is what the form just sent was answered with.
    """

    title: str
    month: str
    number: str
    status: Status
    edition: str
    steps: tuple[Step, ...]
    preview_url: str | None
    download_url: str | None
    file_name: str
    size: str
    pages: str
    sha256: str
    snapshot: str
    completeness: str
    approval: Approval | None
    taking: Taking | None
    why_not: str
    editions: tuple[EditionRow, ...]
    list_url: str
    refusal: str = ""
