"""`/jobs`: what the service is doing, and the two buttons of a job."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice


@dataclass(frozen=True, slots=True)
class Job:
    """`progress` and `problem` are sentences or empty; the addresses None where the reader may not."""

    kind: str
    subject: str
    state: Status
    progress: str
    problem: str
    asked_by: str
    created: str
    took: str
    stop_url: str | None
    repeat_url: str | None


@dataclass(frozen=True, slots=True)
class Jobs:
    kinds: tuple[Choice, ...]
    states: tuple[Choice, ...]
    rows: tuple[Job, ...]
    refusal: str
    previous_url: str | None
    next_url: str | None
    is_moving: bool
    """Whether a job of the page is unfinished: then the page looks again by itself."""
