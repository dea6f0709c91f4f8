"""Holdings as arrays: one column of firms for each holder."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from tasks.engine import value as reason
from tasks.engine.arrays import Ints
from tasks.engine.lookthrough.errors import UnableToAttributeError
from tasks.engine.lookthrough.result import Column, Firms, Gap
from tasks.engine.lookthrough.rows import LIMIT, Holding, Node, place, whole


@dataclass(frozen=True, slots=True)
class Book:
    """What each holder holds directly, and the values that are not reported. Zeros leave no trace."""

    firms: Firms
    direct: Mapping[Node, Column]
    missing: Mapping[Node, Sequence[Gap]]

    @classmethod
    def read(cls, holdings: Iterable[Holding]) -> Self:
        """Raises UnableToAttributeError for an amount that is negative or not whole fen, and for sums that
        no word holds.
        """
        rows = list(holdings)
        _check(rows)
        valued = [row for row in rows if row.fen]
        firms, at = _coded([row.firm for row in valued])
        holders, owner = _coded([row.holder for row in valued])
        fen = np.array([row.fen for row in valued], dtype=np.int64)
        days = np.fromiter((row.reported_on.toordinal() for row in valued), np.int64, len(valued))
        owner, column = _summed(owner, Column(firms, at, fen, days))
        starts = np.searchsorted(owner, np.arange(len(holders.names) + 1)).tolist()
        direct = {
            holder: _part(column, slice(start, end))
            for holder, start, end in zip(holders.names, starts, starts[1:], strict=False)
        }
        return cls(firms, direct, _missing(rows))


def _check(rows: Sequence[Holding]) -> None:
    amounts = [row.fen for row in rows]
    if not set(map(type, amounts)) <= {int, type(None)}:
        for row in rows:
            whole(row.fen, what=f"{row.firm} held by {row.holder}")
    known = [fen for fen in amounts if fen is not None]
    if min(known, default=0) < 0:
        row = next(row for row in rows if row.fen is not None and row.fen < 0)
        raise UnableToAttributeError(f"{row.firm} held by {row.holder}: {row.fen} is negative")
    if sum(known) >= LIMIT:
        raise UnableToAttributeError(f"holdings of {sum(known)} fen are too many")


def _missing(rows: Sequence[Holding]) -> dict[Node, Sequence[Gap]]:
    unknown = {(row.holder, row.firm) for row in rows if row.fen is None}
    found: dict[Node, list[Gap]] = {}
    for holder, firm in sorted(unknown, key=lambda pair: (place(pair[0]), place(pair[1]))):
        found.setdefault(holder, []).append(Gap(holder, None, firm, reason.NOT_REPORTED))
    return dict(found)


def _coded(names: Sequence[Node]) -> tuple[Firms, Ints]:
    """The distinct names in order, and the position of each name given."""
    distinct = sorted(set(names), key=place)
    positions = {name: position for position, name in enumerate(distinct)}
    return Firms(distinct, positions), np.fromiter(map(positions.__getitem__, names), np.int64, len(names))


def _summed(owner: Ints, rows: Column) -> tuple[Ints, Column]:
    """One row for each owner and firm, ordered by both."""
    if not len(rows):
        return owner, rows
    keys = owner * len(rows.firms.names) + rows.at
    order = np.argsort(keys)
    heads = np.flatnonzero(np.diff(keys[order], prepend=-1))
    fen = np.add.reduceat(rows.fen[order], heads)
    days = np.minimum.reduceat(rows.days[order], heads)
    first = order[heads]
    return owner[first], Column(rows.firms, rows.at[first], fen, days)


def _part(column: Column, rows: slice) -> Column:
    return Column(column.firms, column.at[rows], column.fen[rows], column.days[rows])
