"""What a look-through gives: amounts with the age of what they rest on."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Self

import numpy as np

from tasks.engine.arrays import Ints
from tasks.engine.lookthrough.rows import Basis, Node
from tasks.engine.value import NOT_REPORTED


class Amount(NamedTuple):
    """Whole fen, or None and the reason why; `oldest` is the day of the oldest report that entered it."""

    fen: int | None
    reason: str | None = None
    oldest: date | None = None


class Gap(NamedTuple):
    """What is missing: the holder's share of a fund, or its own value of a firm (then `fund` is None)."""

    holder: Node
    fund: Node | None
    firm: Node | None
    reason: str


@dataclass(frozen=True, slots=True)
class Firms:
    """Every firm of a look-through, ascending, and the position of each."""

    names: Sequence[Node]
    positions: Mapping[Node, int]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Amounts above zero, one a firm, ascending by firm.

    `at` (rows,) positions in `firms`; `fen` (rows,); `days` (rows,) ordinals of the oldest report.
    """

    firms: Firms
    at: Ints
    fen: Ints
    days: Ints

    def __len__(self) -> int:
        return int(self.at.size)

    @property
    def total(self) -> Amount:
        """The sum over all firms, and the oldest report in it."""
        return _amount(int(self.fen.sum()), int(self.days.min())) if len(self) else _NOTHING

    def of(self, firm: Node) -> Amount:
        """The amount of one firm, 0 without a date where there is none."""
        position = self.firms.positions.get(firm, -1)
        row = int(np.searchsorted(self.at, position))
        if row == len(self) or self.at[row] != position:
            return _NOTHING
        return _amount(int(self.fen[row]), int(self.days[row]))

    def items(self) -> Iterator[tuple[Node, Amount]]:
        """Firms and their amounts, ascending by firm."""
        for position, fen, day in zip(self.at.tolist(), self.fen.tolist(), self.days.tolist(), strict=True):
            yield self.firms.names[position], _amount(fen, day)

    @classmethod
    def merged(cls, columns: Sequence[Self], *, firms: Firms) -> Self:
        """The sum of columns over the same firms, with the older report of each firm."""
        if len(columns) == 1:
            return columns[0]
        fen = np.zeros(len(firms.names), dtype=np.int64)
        days = np.full(len(firms.names), date.max.toordinal(), dtype=np.int64)
        for column in columns:
            fen[column.at] += column.fen
            days[column.at] = np.minimum(days[column.at], column.days)
        at = np.flatnonzero(fen)
        return cls(firms, at, fen[at], days[at])


class Exposure(NamedTuple):
    """What a holder holds of one firm: directly, through each first fund of a path, and together.

    With `gaps` the amounts are what is known of it, and the whole may be more.
    """

    direct: Amount
    via: Mapping[Node, Amount]
    total: Amount
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """What every holder of the graph holds directly and through funds, on one basis of shares.

    `direct`: holder -> column of its own holdings. `via`: holder -> first fund of the path -> column.
    `residual`: holder -> net assets less its firms; of a holder that has no net assets here and that nobody
    holds, what its funds pass up. `residual_via`: holder -> first fund -> the part passed up; it has every
    stake whose share is not zero.

    `rest`: fund -> column of what belongs to no named holder, and `rest_residual` likewise: outside
    investors, unless the fund is in `unattributed`, which has the reason why shares in it are not known.
    `missing`: holder -> its own gaps; `gaps` adds those of the funds below.
    """

    direct: Mapping[Node, Column]
    via: Mapping[Node, Mapping[Node, Column]]
    residual: Mapping[Node, Amount]
    residual_via: Mapping[Node, Mapping[Node, Amount]]
    rest: Mapping[Node, Column]
    rest_residual: Mapping[Node, Amount]
    unattributed: Mapping[Node, str]
    missing: Mapping[Node, Sequence[Gap]]
    basis: Basis
    firms: Firms

    def by_firm(self, holder: Node) -> Column:
        """All that the holder holds of each firm, directly and through funds."""
        own = [self.direct[holder]] if holder in self.direct else []
        return Column.merged([*own, *self.via.get(holder, {}).values()], firms=self.firms)

    def exposure(self, holder: Node, *, firm: Node) -> Exposure:
        """What the holder holds of one firm; funds without any of it are left out."""
        direct = self.direct[holder].of(firm) if holder in self.direct else _NOTHING
        through = {fund: column.of(firm) for fund, column in self.via.get(holder, {}).items()}
        through = {fund: amount for fund, amount in through.items() if amount.fen}
        return Exposure(direct, through, added([direct, *through.values()]), self.gaps(holder, firm=firm))

    def gaps(self, holder: Node, *, firm: Node | None = None) -> tuple[Gap, ...]:
        """What is missing in the holder's amounts, of one firm or of any, its own gaps first."""
        found, seen, waiting = list[Gap](), {holder}, [holder]
        while waiting:
            node = waiting.pop(0)
            found += self.missing.get(node, ())
            below = [fund for fund in self.residual_via.get(node, {}) if fund not in seen]
            seen.update(below)
            waiting += below
        return tuple(gap for gap in found if firm is None or gap.firm in (None, firm))


def added(amounts: Sequence[Amount]) -> Amount:
    """The sum, or the weightiest reason of amounts without fen; 0 without a date for no amounts."""
    if reasons := {amount.reason for amount in amounts if amount.reason is not None}:
        return Amount(None, weightiest(reasons))
    fen = [amount.fen for amount in amounts if amount.fen is not None]
    days = [amount.oldest for amount in amounts if amount.oldest is not None]
    return Amount(sum(fen), None, min(days, default=None))


def weightiest(reasons: Collection[str]) -> str:
    """Of several reasons, that something is missing outweighs the others."""
    return NOT_REPORTED if NOT_REPORTED in reasons else min(reasons)


def _amount(fen: int, day: int) -> Amount:
    return Amount(fen, None, date.fromordinal(day))


_NOTHING = Amount(0)
