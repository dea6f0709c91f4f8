"""`/request-log` and one call of it."""

from dataclasses import dataclass

from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice


@dataclass(frozen=True, slots=True)
class Call:
    """A line of the log; `path` is cut where it is very long, empty strings where there is nothing."""

    when: str
    url: str
    organisation: str
    method: str
    path: str
    status: Status
    problem: str
    meaning: str
    took: str
    key: str


@dataclass(frozen=True, slots=True)
class RequestLog:
    """Newest first, a page of it. `organisations` is empty for readers who see their own alone."""

    query: str
    statuses: tuple[Choice, ...]
    organisations: tuple[Choice, ...]
    calls: tuple[Call, ...]
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """A call in full, with the command that makes it again, the secret of its key left out."""

    title: str
    status: Status
    facts: tuple[Fact, ...]
    curl: str
    list_url: str
