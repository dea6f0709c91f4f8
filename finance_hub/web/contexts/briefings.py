"""`/briefings` and `/briefings/<id>`."""

from dataclasses import dataclass
from typing import Literal

from finance_hub.web.contexts.chrome import FieldError, Status
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.reports import Link


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
class Reviewing:
    """The form of the reviewer, an empty POST; None of it where the draft is reviewed already."""

    url: str
    statement: str


@dataclass(frozen=True, slots=True)
class SendingBack:
    """The form that sends an edition back with a `reason`."""

    url: str
    reason: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands against publishing; without a reason `reason` is ""."""

    text: str
    reason: str
    given_by: str
    status: Status


@dataclass(frozen=True, slots=True)
class Progress:
    """An edit or a correction that a job is setting: looked at again at `url` until it is over."""

    url: str
    text: str
    failure: str = ""


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
    reviewing: Reviewing | None
    sending_back: SendingBack | None
    obstacles: tuple[Obstacle, ...]
    matters: Grid
    actions: tuple[Link, ...]
    #: Sentences that a maker or approver has to know: sent back and why, numbers that are missing, a correction.
    told: tuple[str, ...]
    progress: Progress | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A key point in both languages, at its place from 1."""

    number: int
    zh: str
    en: str
    is_first: bool
    is_last: bool

    @property
    def zh_id(self) -> str:
        return f"zh-{self.number}"

    @property
    def en_id(self) -> str:
        return f"en-{self.number}"


@dataclass(frozen=True, slots=True)
class Given:
    """The field of a reason: its id, what it is given against, what is typed."""

    id: str
    name: str
    against: str
    text: str


@dataclass(frozen=True, slots=True)
class Editing:
    """The page on which a draft is edited; POSTs `zh-1`, `en-1` …, `note`, `reason-1` … and `step`.

    Where somebody else was faster, `newest` leads to the draft that is in force, and `since` says what changed.
    """

    title: str
    back: Link
    url: str
    token: str
    points: tuple[Point, ...]
    note: str
    reasons: tuple[Given, ...]
    is_by_rule: bool
    can_add: bool
    longest: int
    errors: tuple[FieldError, ...] = ()
    refusal: str = ""
    newest: str = ""
    since: tuple[str, ...] = ()
