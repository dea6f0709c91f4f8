"""`/subscribers`."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import FieldError, Status
from finance_hub.web.contexts.overview import Choice


@dataclass(frozen=True, slots=True)
class Row:
    """`switch_url` takes `active=yes` or nothing; None for whoever only reads."""

    name: str
    address: str
    language: str
    since: str
    added_by: str
    status: Status
    is_active: bool
    switch_url: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    issue: str
    name: str
    when: str
    status: Status
    error: str


@dataclass(frozen=True, slots=True)
class Form:
    url: str
    name: str
    address: str
    languages: tuple[Choice, ...]
    errors: tuple[FieldError, ...]


@dataclass(frozen=True, slots=True)
class Subscribers:
    """`off` says that no server is configured; `form` is None for whoever only reads."""

    off: str
    rows: tuple[Row, ...]
    sent: tuple[Sent, ...]
    form: Form | None
