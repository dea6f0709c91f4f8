"""What the paper is held against beside the figures: rules, limits, losses, what was restated, what people wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from finance_hub.kernel.text import Text
from tasks.briefing.layout import Language, Words
from tasks.models import ConcentrationLimit, LossResult, OpenQuestion, Snapshot, ToleranceRule
from tasks.restatement import Change

UNSAID = Text("", "")
#: Who edits the briefing.
CENTRE = Text("市金融发展服务中心", "Finance centre")


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


@dataclass(frozen=True, slots=True)
class Restated:
    """Figures of an earlier month that are others than at the last issue."""

    old: Snapshot
    new: Snapshot
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Held:
    """`rules` and `limits` by public id; `matters` None where the rules draft them; `carried` are last month's; `units`
    have their English names by the printed ones."""

    rules: Mapping[str, ToleranceRule] = field(default_factory=dict)
    limits: Mapping[str, ConcentrationLimit] = field(default_factory=dict)
    loss: LossResult | None = None
    restated: tuple[Restated, ...] = ()
    last_issue: date | None = None
    questions: tuple[OpenQuestion, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    matters: tuple[Matter, ...] | None = None
    carried: tuple[Matter, ...] = ()
    reasons: tuple[Reason, ...] = ()


NOTHING_ELSE = Held()
