"""Which cells of a table by bank, or by guarantor, are left out, because they would tell it what one firm owes another.

A cell behind which stand one or two firms is left out. So that it cannot be computed back from its row and column,
others are left out with it: the cells are the edges of a graph between rows and columns (their totals among them), and
a cell can be computed back exactly where its edge lies on no cycle of edges left out. So each is closed into a cycle,
by the cells whose loss costs the reader least. Totals of all banks stay: they are told of no bank.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

#: With fewer firms behind it a cell tells of one of them.
LEAST_FIRMS = 3
#: The row and the column of totals.
TOTAL = ""
Place = tuple[str, str]
_OF_ALL, _OF_NOTHING = 1_000_000, 1_000


class Cell(NamedTuple):
    """`firms` is None where nobody counted them: then any amount is left out."""

    value: Decimal
    firms: int | None


def left_out(cells: Mapping[Place, Cell]) -> frozenset[Place]:
    """Places (row, column) of a table of banks whose cells are left out; rows of totals are `TOTAL`.

    Only cells with values are given: what was not reported is in no total either.
    """
    hidden = {place for place, cell in cells.items() if place[0] != TOTAL and _tells(cell)}
    cost = {place: _cost(place, cell) for place, cell in cells.items()}
    for place in sorted(hidden):
        hidden |= _cycle(place, cost, hidden)
    return frozenset(hidden)


def left_out_of_column(cells: Mapping[str, Cell], *, adds_up: bool) -> frozenset[str]:
    """Rows of a single column whose cells are left out. Where the column adds up to a total, which would give back one
    alone, another goes with it, that with fewest firms; a zero only where there is nothing else."""
    hidden = {row for row, cell in cells.items() if _tells(cell)}
    others = sorted(set(cells) - hidden, key=lambda row: (_cost((row, TOTAL), cells[row]), row))
    return frozenset(hidden | set(others[:1]) if adds_up and len(hidden) == 1 else hidden)


def _tells(cell: Cell) -> bool:
    if cell.firms is None:
        return cell.value != 0
    return 0 < cell.firms < LEAST_FIRMS


def _cost(place: Place, cell: Cell) -> int:
    """Least where few firms stand behind it; a zero hides little, a total of all banks tells most."""
    if place[0] == TOTAL:
        return _OF_ALL
    return _OF_NOTHING if not cell.firms else 10 + min(cell.firms, 900)


def _cycle(place: Place, cost: Mapping[Place, int], hidden: Iterable[Place]) -> set[Place]:
    """The other cells of the cheapest cycle through a cell: what is left out already costs nothing."""
    free = set(hidden)
    ways: dict[tuple[str, str], list[tuple[tuple[str, str], Place]]] = defaultdict(list)
    for row, column in sorted(cost):
        if (row, column) != place:
            ways["row", row].append((("column", column), (row, column)))
            ways["column", column].append((("row", row), (row, column)))
    start, end = ("row", place[0]), ("column", place[1])
    queue: list[tuple[int, tuple[str, str], tuple[Place, ...]]] = [(0, start, ())]
    seen: set[tuple[str, str]] = set()
    while queue:
        paid, node, path = heapq.heappop(queue)
        if node == end:
            return set(path)
        if node in seen:
            continue
        seen.add(node)
        for there, edge in ways[node]:
            if there not in seen:
                heapq.heappush(queue, (paid + (0 if edge in free else cost[edge]), there, (*path, edge)))
    return set()
