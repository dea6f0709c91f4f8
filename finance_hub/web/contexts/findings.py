"""`/findings`: what is odd in what was reported."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule on one subject: what was found, what to do about it, and the row that it comes from."""

    severity: Status
    rule: str
    sentence: str
    advice: str
    subject: str
    bank: str
    month: str
    age: str
    row: Link | None


@dataclass(frozen=True, slots=True)
class Findings:
    """Newest first, a page of them; `banks` is empty for readers who see one alone."""

    found: str
    states: tuple[Choice, ...]
    rules: tuple[Choice, ...]
    months: tuple[Choice, ...]
    banks: tuple[Choice, ...]
    rows: tuple[Finding, ...]
    previous_url: str | None
    next_url: str | None
