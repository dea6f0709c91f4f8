"""What people say about an issue beside its figures: matters that need attention, reasons for publishing all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from finance_hub.kernel.text import Text
from tasks.briefing.layout import Language, Words

UNSAID = Text("", "")


class Standing(StrEnum):
    """How far a matter has come."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


STANDINGS = {
    Standing.OPEN: Text("办理中", "under way"),
    Standing.DONE: Text("已办结", "done"),
    Standing.DROPPED: Text("不再办理", "dropped"),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to be done: what, by whom, until when. `code` is the same from month to month while it is the same
    matter; `outcome` says what came of it."""

    code: str
    what: Mapping[Language, Words]
    owner: Text
    due: date | None
    standing: Standing = Standing.OPEN
    outcome: Text = UNSAID


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the month is published in spite of what stands against it: what that is, why, who said so and when."""

    against: Text
    why: str
    by: str
    on: date
