"""Tear sheets: the form on the page of a fund or a firm, and the page that waits for one."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Asking:
    """The form; POSTs `period`. Without months `reason` says why none can be asked for."""

    url: str
    months: tuple[Choice, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet on its way or made. `progress_url` while it is waited for, `download_url` once it is ready.

    `asking` lets it be asked for again where it failed or is kept no longer.
    """

    title: str
    back: Link
    status: Status
    meaning: str
    progress_url: str | None
    download_url: str | None
    asking: Asking | None
