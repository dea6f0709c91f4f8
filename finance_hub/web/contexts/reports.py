"""`/reports` and the forms on the way to a batch."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import FieldError, Status
from finance_hub.web.contexts.overview import Choice


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a list; `aside` says what it leads to where the label alone does not."""

    label: str
    url: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """A data set of a month: how it stands, and what can be done about it.

    `last` is the batch that says so, None where nothing was sent. `preview` is a file that was
    uploaded and waits to be confirmed. `nothing_url` is offered until something is reported.
    """

    dataset: str
    status: Status
    last: Link | None
    preview: Link | None
    upload_url: str
    nothing_url: str | None


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """A month that takes reports; `timing` says how many days are left, or how many it is late, or that
    all is done. `reconciliation_url` is given once there is something to compare."""

    month: str
    due: str
    timing: Status
    owed: tuple[Owed, ...]
    reconciliation_url: str | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """The month-end checklist of a bank; `summary` is a sentence."""

    organisation: str
    summary: str
    months: tuple[OpenMonth, ...]
    templates: tuple[Link, ...]
    statement_url: str


@dataclass(frozen=True, slots=True)
class Upload:
    """The upload form; POSTs `month`, `dataset` and `file` as multipart.

    Field ids for errors: `month`, `dataset`, `file`. `most_bytes` lets the page refuse a file before
    it travels; `too_large` is what it then says.
    """

    months: tuple[Choice, ...]
    datasets: tuple[Choice, ...]
    templates: tuple[Link, ...]
    most_bytes: int
    too_large: str
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """The form that reports a month without rows; POSTs `month`, `dataset`, `token`, `confirm=yes`.

    Field ids for errors: `confirm`. `refusal` is what the form just sent was answered with.
    """

    title: str
    month: str
    dataset: str
    statement: str
    token: str
    errors: tuple[FieldError, ...] = ()
    refusal: str = ""
