"""`/firms` and `/firms/<uscc>`."""

from dataclasses import dataclass
from typing import Literal

from finance_hub.web.contexts.chrome import FieldError, Status
from finance_hub.web.contexts.exposure import Section
from finance_hub.web.contexts.sheets import Asking


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; sortable if `sort_url` is given. `sorted` is written as aria-sort."""

    label: str
    sort_url: str | None = None
    sorted: Literal["ascending", "descending", "none"] = "none"


@dataclass(frozen=True, slots=True)
class FirmRow:
    """A line of the register; empty strings where nothing is known (shown as a dash)."""

    name: str
    url: str
    uscc: str
    town: str
    industry: str
    stage: str
    classes: tuple[str, ...]
    verified: Status


@dataclass(frozen=True, slots=True)
class FirmList:
    """A page of the register. Keyset paging: the urls carry the cursor, None at either end.

    `query` is what was searched; `found` is a sentence ("共 2,143 家" or "找到 12 家").
    """

    query: str
    found: str
    columns: tuple[Column, ...]
    rows: tuple[FirmRow, ...]
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the identity card."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name and the days it was valid, as text; `until` is empty for the present one."""

    name: str
    since: str
    until: str
    recorded: str


@dataclass(frozen=True, slots=True)
class FirmClass:
    """A recognition such as 高新技术企业 with its validity and certificate number."""

    name: str
    valid: str
    certificate: str
    status: Status


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm's page; `exposure` is None for readers who are not told."""

    name: str
    uscc: str
    verified: Status
    facts: tuple[Fact, ...]
    names: tuple[FormerName, ...]
    classes: tuple[FirmClass, ...]
    exposure: Section | None
    list_url: str
    asking: Asking
    errors: tuple[FieldError, ...] = ()
