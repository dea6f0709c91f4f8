"""Tables by guarantor, with what would tell of one firm left out, as in those by bank (`suppress`).

They have no second dimension: each column is looked at alone. An amount stands over a total, which would give back one
that is left out alone; counts and ratios add up to no total, and are too coarse to give back an amount.
"""

from __future__ import annotations

from tasks.briefing.content.bank_tables import MARK, meaning
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.suppress import Cell, left_out_of_column
from tasks.briefing.origin import Ref
from tasks.catalogue import BY_CODE, Unit
from tasks.models import Figure

SCOPE = "guarantor"
#: Behind which count of firms each figure stands; of those with one count the first says which are left out.
FIRMS = {
    "guarantees.outstanding": "guarantees.firms",
    "guarantees.firms": "guarantees.firms",
    "guarantees.liability": "guarantees.firms",
    "guarantees.leverage": "guarantees.firms",
    "guarantees.written": "guarantees.firms_written",
    "guarantees.released_month": "guarantees.firms_released_month",
    "guarantees.compensated_month": "guarantees.firms_compensated_month",
    "guarantees.recovered_month": "guarantees.firms_recovered_month",
    "guarantees.compensated": "guarantees.firms_compensated",
    "guarantees.compensation_ratio": "guarantees.firms_compensated",
    "guarantees.recovered": "guarantees.firms_recovered",
}


class ByGuarantor:
    """The guarantees of one month by guarantor, for every table and chart that tells of them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.guarantors: list[Figure] = desk.now.all("guarantees.outstanding", SCOPE)
        self._hidden: dict[str, frozenset[str]] = {}

    def cell(self, code: str, guarantor: str) -> str:
        """A figure of a guarantor: its number, or the mark where it is left out."""
        return MARK if self.is_hidden(code, guarantor) else self.desk.cell(code, SCOPE, guarantor)

    def is_hidden(self, code: str, guarantor: str) -> bool:
        if code not in self._hidden:
            pattern = next(name for name in FIRMS if FIRMS[name] == FIRMS[code])
            adds_up = BY_CODE[code][0].unit == Unit.YUAN
            self._hidden[code] = left_out_of_column(self._cells(pattern), adds_up=adds_up)
        return guarantor in self._hidden[code]

    def hidden_refs(self) -> set[Ref]:
        """Figures that nothing of the paper may hold."""
        return {
            self.desk.ref(code, SCOPE, one.key)
            for code in FIRMS
            for one in self.guarantors
            if self.is_hidden(code, one.key)
        }

    def _cells(self, code: str) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for one in self.guarantors:
            value, firms = (self.desk.value(name, SCOPE, one.key) for name in (code, FIRMS[code]))
            if value is not None:
                found[one.key] = Cell(value, None if firms is None else int(firms))
        return found

    def note(self, *codes: str) -> str:
        """What the mark means; "" where nothing of these figures is left out."""
        hidden = any(self.is_hidden(code, one.key) for code in codes for one in self.guarantors)
        return meaning(self.desk) if hidden else ""
