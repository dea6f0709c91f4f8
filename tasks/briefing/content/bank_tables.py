"""Tables by bank, with what would tell of one firm left out (`suppress`).

A cell that is left out is a mark without a figure: neither the file nor its workbook nor the pages hold the amount.
"""

from __future__ import annotations

from tasks.briefing.content.desk import Desk
from tasks.briefing.content.suppress import TOTAL, Cell, Place, left_out
from tasks.briefing.origin import Ref
from tasks.models import Figure

MARK = "＊"
#: Behind which count of firms each figure stands.
FIRMS = {
    "loans.balance": "loans.firms",
    "loans.firms": "loans.firms",
    "loans.rate": "loans.firms",
    "loans.disbursed": "loans.firms_disbursed",
    "loans.repaid": "loans.firms_repaid",
    "loans.overdue_balance": "loans.overdue_firms",
    "loans.npl_ratio": "loans.npl_firms",
}
_SCOPES = {(False, False): "", (True, False): "bank", (False, True): "product", (True, True): "bank_product"}


class ByBank:
    """The loans of one month by bank and product, for every table that tells of them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.banks: list[Figure] = desk.now.all("loans.balance", "bank")
        self.products: list[Figure] = desk.now.all("loans.balance", "product")
        self._hidden: dict[str, frozenset[Place]] = {}

    def cell(self, code: str, *, bank: str = "", product: str = "") -> str:
        """A figure of a bank, a product, both, or of all of them: its number, or the mark where it is left out."""
        if self.is_hidden(code, bank=bank, product=product):
            return MARK
        return self.desk.cell(code, *_place(bank, product))

    def is_hidden(self, code: str, *, bank: str = "", product: str = "") -> bool:
        return (bank or TOTAL, product or TOTAL) in self.hidden(code)

    def hidden(self, code: str) -> frozenset[Place]:
        """By one pattern for all that stands behind the same firms, so that one table does not tell on another."""
        pattern = "loans.balance" if FIRMS[code] == "loans.firms" else code
        if pattern not in self._hidden:
            self._hidden[pattern] = left_out(self._cells(pattern))
        return self._hidden[pattern]

    def hidden_refs(self) -> set[Ref]:
        """Figures that nothing of the paper may hold."""
        return {self.desk.ref(code, *_place(*place)) for code in FIRMS for place in self.hidden(code)}

    def _cells(self, code: str) -> dict[Place, Cell]:
        found: dict[Place, Cell] = {}
        for bank in (*(one.key for one in self.banks), TOTAL):
            for product in (*(one.key for one in self.products), TOTAL):
                scope, key = _place(bank, product)
                value = self.desk.value(code, scope, key)
                if value is not None:
                    firms = self.desk.value(FIRMS[code], scope, key)
                    found[bank, product] = Cell(value, None if firms is None else int(firms))
        return found

    def note(self, *codes: str) -> str:
        """What the mark means; "" where nothing of these figures is left out."""
        if not any(self.hidden(code) for code in codes):
            return ""
        return meaning(self.desk)


def meaning(desk: Desk) -> str:
    """What the mark means."""
    return desk.say(
        "＊为不予列示：所涉企业不足三户，或可据以推算出此类数据。",
        "＊ Left out: fewer than three firms stand behind the cell, or such a cell could be computed from it.",
    )


def _place(bank: str, product: str) -> tuple[str, str]:
    scope = _SCOPES[bool(bank), bool(product)]
    return scope, ":".join(part for part in (bank, product) if part)
