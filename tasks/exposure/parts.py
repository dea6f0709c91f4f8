"""The public exposure in five parts, as tables of the largest firms and sheets of one firm have room for it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum

from finance_hub.kernel.text import Text
from tasks.exposure.lines import LINES, Code


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
NAMES: dict[Part, Text] = {
    **{part: LINES[codes[0]].name for part, codes in LINES_OF.items()},
    Part.COVERS: Text("未列报贷款的担保与保险", "Guarantees and policies elsewhere"),
}
#: The lines that add to the public exposure.
ADDING = tuple(code for codes in LINES_OF.values() for code in codes)


def amount_of(part: Part, amount: Callable[[Code], Decimal | None]) -> Decimal | None:
    """The sum of what is known of the part's lines; None where nothing is."""
    known = [found for code in LINES_OF[part] if (found := amount(code)) is not None]
    return sum(known, Decimal(0)) if known else None
