"""What is lost of each kind of claim if its firm fails, by the LGDs of a set of risk assumptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from loans.queries import BalanceRow, PledgedRow
from tasks.models import ParameterKind, RiskAssumptions

#: Keys of a set; of loans that IP secures the key is its kind.
EQUITY, LOAN, GUARANTEE, CLAIM = "equity", "loan", "guarantee", "claim"


class Rate(NamedTuple):
    """A part of an amount as it was reckoned: a fraction that nobody has cut down."""

    numerator: int
    denominator: int


#: {key: part that is lost}, all over one denominator.
Lgds = Mapping[str, Rate]


class LgdRow(NamedTuple):
    """What part is lost of one kind of claim."""

    key: str
    value: Decimal


def rows_of(held: RiskAssumptions | None) -> list[LgdRow]:
    """The LGDs of a set by key; none without a set."""
    parameters = held.parameters.all() if held else ()
    return sorted(LgdRow(row.key, row.value) for row in parameters if row.kind == ParameterKind.LGD)


def lgds(rows: Iterable[LgdRow]) -> Lgds | None:
    """None where nothing is assumed."""
    parts = {row.key: Fraction(row.value) for row in rows}
    unit = lcm(*(part.denominator for part in parts.values()))
    return {key: Rate(int(part * unit), unit) for key, part in parts.items()} or None


def shares(pledged: Mapping[str, int], balance: int) -> dict[str, Fraction]:
    """{key: part of a balance}, together 1: what each kind of IP secures, and the plain rest.

    Pledges of more than is owed are cut to it, each in the same proportion.
    """
    secured = sum(pledged.values())
    whole = max(balance, secured)
    if whole <= 0:
        return {LOAN: Fraction(1)}
    found = {kind: Fraction(amount, whole) for kind, amount in pledged.items()}
    return {**found, LOAN: 1 - sum(found.values(), Fraction(0))}


def by_lender(pledged: Iterable[PledgedRow]) -> dict[tuple[int, int], dict[str, int]]:
    """{(bank id, firm id): {kind of IP: fen of the balance that it secures}}."""
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for row in pledged:
        found[row.bank_id, row.firm_id][row.type] = row.balance
    return found


class Loans:
    """Loans of some firms by bank and firm, and what is lost of each: the mean over what IP secures and the rest."""

    def __init__(self, balances: Iterable[BalanceRow], pledged: Iterable[PledgedRow], lgds: Lgds) -> None:
        self.owed: dict[tuple[int, int], int] = defaultdict(int)
        for row in balances:
            self.owed[row.bank_id, row.firm_id] += row.balance
        self._secured = by_lender(pledged)
        self._lgds = lgds

    def rate(self, bank: int, firm: int) -> Rate:
        """The mean of the LGDs by `shares`, in whole numbers: a city has it of every firm at every bank."""
        plain, pledged = self._lgds[LOAN], self._secured.get((bank, firm))
        if not pledged:
            return plain
        secured = sum(pledged.values())
        whole = max(self.owed.get((bank, firm), 0), secured)
        if whole <= 0:
            return plain
        gone = sum(amount * self._lgds[kind].numerator for kind, amount in pledged.items())
        return Rate(gone + (whole - secured) * plain.numerator, whole * plain.denominator)

    @property
    def loss(self) -> int:
        return sum(lost(owed, self.rate(*at)) for at, owed in self.owed.items())


def lost(fen: int, rate: Rate) -> int:
    """Whole fen of an amount, halves up."""
    return (2 * fen * rate.numerator + rate.denominator) // (2 * rate.denominator)
