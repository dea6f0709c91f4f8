"""The public exposure in five parts, as tables of the largest firms and sheets of one firm have room for it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum

from finance_hub.kernel.text import Text
from tasks.exposure.lines import Code


class Part(StrEnum):
    EQUITY = "equity"
    THROUGH = "equity_through"
    SHARED = "loans_shared"
    COVERS = "covers"
    COMPENSATION = "compensation"


#: Together they are the total: every line that adds to it is in one of them.
LINES_OF: dict[Part, tuple[Code, ...]] = {
    Part.EQUITY: (Code.EQUITY,),
    Part.THROUGH: (Code.THROUGH,),
    Part.SHARED: (Code.SHARED,),
    Part.COVERS: (Code.GUARANTEES, Code.INSURANCE),
    Part.COMPENSATION: (Code.COMPENSATION,),
}
#: Short, as heads of columns; what they count is said below every table, by the definition of the total.
NAMES: dict[Part, Text] = {
    Part.EQUITY: Text("直接股权", "Direct equity"),
    Part.THROUGH: Text("穿透股权", "Look-through"),
    Part.SHARED: Text("贷款公共分担", "Share of loans"),
    Part.COVERS: Text("其他担保与保险", "Other cover"),
    Part.COMPENSATION: Text("代偿未追回", "Compensated"),
}
#: The lines that add to the public exposure.
ADDING = tuple(code for codes in LINES_OF.values() for code in codes)


def amount_of(part: Part, amount: Callable[[Code], Decimal | None]) -> Decimal | None:
    """The sum of what is known of the part's lines; None where nothing is."""
    known = [found for code in LINES_OF[part] if (found := amount(code)) is not None]
    return sum(known, Decimal(0)) if known else None
