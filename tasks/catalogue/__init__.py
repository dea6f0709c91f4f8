"""Every figure of the product, declared once.

Declarations are light: the web reads wording from here; the functions behind them import NumPy
and run in jobs. Raise VERSION when a function's meaning changes: it is part of the fingerprint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from finance_hub.kernel.uncollected import uncollected
from tasks.catalogue.declared_ageing import AGEING
from tasks.catalogue.declared_capital import CAPITAL
from tasks.catalogue.declared_credit import CREDIT
from tasks.catalogue.declared_exposure import EXPOSURE
from tasks.catalogue.declared_guarantees import GUARANTEES
from tasks.catalogue.declared_lending import LENDING
from tasks.catalogue.declared_listings import LISTINGS
from tasks.catalogue.declared_month import MONTH
from tasks.catalogue.declared_policy import POLICY
from tasks.catalogue.declared_reinvestment import REINVESTMENT
from tasks.catalogue.declared_targets import TARGETS
from tasks.catalogue.declared_tolerance import TOLERANCE
from tasks.catalogue.entry import Entry, Point, Scope, Unit

if TYPE_CHECKING:
    from tasks.frames import Frames

VERSION = "9"
ENTRIES: tuple[Entry, ...] = (
    *CAPITAL, *REINVESTMENT, *CREDIT, *AGEING, *GUARANTEES, *POLICY, *TARGETS, *LISTINGS, *EXPOSURE, *TOLERANCE,
    *LENDING, *MONTH,
)  # fmt: skip
BY_CODE: dict[str, tuple[Entry, ...]] = {}
for _entry in ENTRIES:
    BY_CODE[_entry.code] = (*BY_CODE.get(_entry.code, ()), _entry)


def entry_of(code: str, scope: str) -> Entry:
    """The declaration of a figure. One of a scope that left the catalogue is told by the first of its code."""
    entries = BY_CODE[code]
    return next((entry for entry in entries if entry.scope.value == scope), entries[0])


@uncollected()
def computed(frames: Frames) -> list[tuple[Entry, list[Point]]]:
    """Every figure of a month, in the order in which they are declared."""
    return [(entry, entry.compute(frames)) for entry in ENTRIES]


__all__ = ["BY_CODE", "ENTRIES", "VERSION", "Entry", "Point", "Scope", "Unit", "computed", "entry_of"]
