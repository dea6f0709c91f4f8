"""`/reporting`: who has reported the month, for the centre."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Report:
    """What one organisation owes: `timing` are days to or after the due date, empty where it is done."""

    organisation: str
    dataset: str
    status: Status
    timing: str
    counts: str
    last: Link | None
    when: str
    #: Where a bank's statement is asked for; None for others.
    bank_url: str | None


@dataclass(frozen=True, slots=True)
class Reporting:
    """A month of it; those who have not reported come first."""

    month: str
    months: tuple[Choice, ...]
    due: str
    summary: str
    reports: tuple[Report, ...]
    #: How far the close is and who did it, and what the reader may do about it.
    closing: str = ""
    actions: tuple[Link, ...] = ()
