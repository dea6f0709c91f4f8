"""Standards as data: a tree of limbs, and the days on which it is in force."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from tasks.engine.readiness.financials import Unit
from tasks.engine.readiness.metrics import METRICS


class Kind(Enum):
    """What a standard is for: a board asks for one of the financial ones, and for all that the others say."""

    FINANCIAL = "financial"
    ATTRIBUTE = "attribute"  # what makes a firm one for the board: 科创属性, 创业板定位
    STRUCTURAL = "structural"  # capital, float, holders, age, controller, audit opinions
    WEIGHTED_VOTING = "weighted-voting"  # asked of firms with weighted voting rights instead


@dataclass(frozen=True, slots=True)
class Limb:
    """The metric is at least (`>=`), above (`>`) or just (`=`) the value; only a yes or no is just so."""

    metric: str
    op: str
    value: Decimal | bool

    def __post_init__(self) -> None:
        """Refuse with ValueError what nobody measures, and a comparison that makes no sense."""
        if self.metric not in METRICS:
            raise ValueError(f"unknown metric {self.metric!r}")
        yes_no = METRICS[self.metric].unit is Unit.YES_NO
        if yes_no != isinstance(self.value, bool) or self.op not in (("=",) if yes_no else (">=", ">")):
            raise ValueError(f"{self.metric} {self.op} {self.value} compares what cannot be compared")
        if not Decimal(self.value).is_finite() or self.value < 0:
            raise ValueError(f"{self.metric}: a threshold is finite and not negative")


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part is asked for."""

    parts: tuple["Condition", ...]

    def __post_init__(self) -> None:
        """Refuse with ValueError a condition that would be met by asking nothing."""
        _require_parts(self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the parts is enough."""

    parts: tuple["Condition", ...]

    def __post_init__(self) -> None:
        """Refuse with ValueError a condition that nothing could meet."""
        _require_parts(self.parts)


Condition: TypeAlias = Limb | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Standard:
    """A version of the standard `code`, in force on the days `[valid_from, valid_to)`, or from then on."""

    code: str
    board: str
    kind: Kind
    condition: Condition
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        """Refuse with ValueError a version that is never in force."""
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"{self.code} ends on {self.valid_to}, before it begins")

    def in_force(self, day: date) -> bool:
        """Whether the version holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def _require_parts(parts: tuple["Condition", ...]) -> None:
    if not parts:
        raise ValueError("a condition has parts")
