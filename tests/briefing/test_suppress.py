"""What is left out of a table by bank, so that no firm can be told from it."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import pytest

from tasks.briefing.content.suppress import TOTAL, Cell, Place, left_out, left_out_of_column


def grid(firms: dict[str, list[int]]) -> dict[Place, Cell]:
    """Ten a firm, by bank and product, with all totals."""
    cells = {
        (bank, f"p{n}"): Cell(Decimal(10 * count), count)
        for bank, row in firms.items()
        for n, count in enumerate(row)
    }
    columns = sorted({column for _, column in cells})
    for bank in firms:
        whole = sum(cells[bank, column].firms or 0 for column in columns)
        cells[bank, TOTAL] = Cell(Decimal(10 * whole), whole)
    for column in (*columns, TOTAL):
        whole = sum(cells[bank, column].firms or 0 for bank in firms)
        cells[TOTAL, column] = Cell(Decimal(10 * whole), whole)
    return cells


def solvable(cells: dict[Place, Cell], hidden: frozenset[Place]) -> set[Place]:
    """Cells that follow from their rows and columns: by subtraction, again and again, of single lines and of sums of
    lines (every set of rows against every set of columns)."""
    rows, columns = sorted({r for r, _ in cells}), sorted({c for _, c in cells})
    found: set[Place] = set()
    for many in range(1, len(rows) + 1):
        for some_rows in combinations(rows, many):
            for width in range(len(columns) + 1):
                for some_columns in combinations(columns, width):
                    left = {
                        place: (place[0] in some_rows) - (place[1] in some_columns)
                        for place in hidden
                        if (place[0] in some_rows) != (place[1] in some_columns)
                    }
                    if len(left) == 1:
                        found |= set(left)
    return found


def test_with_three_firms_everywhere_nothing_is_left_out() -> None:
    assert left_out(grid({"a": [3, 5], "b": [4, 9]})) == frozenset()


@pytest.mark.parametrize(
    ("firms", "adds_up", "hidden"),
    [
        ([56, 62, 3], True, ""),
        ([56, 62, 1], True, "ac"),
        ([56, 62, 1], False, "c"),
        ([56, 1, 2], True, "bc"),
        ([0, 2, 0], True, "ab"),
        ([2], True, "a"),
    ],
)
def test_in_a_column_of_guarantors_no_amount_is_left_out_alone_over_a_total(
    firms: list[int], adds_up: bool, hidden: str
) -> None:
    cells = {row: Cell(Decimal(10 * count), count) for row, count in zip("abc", firms, strict=False)}
    assert left_out_of_column(cells, adds_up=adds_up) == set(hidden)


def test_a_cell_without_firms_is_a_zero_and_stays() -> None:
    assert left_out(grid({"a": [0, 5], "b": [4, 9]})) == frozenset()


def test_a_cell_with_two_firms_goes_with_the_cheapest_cycle_and_totals_of_all_banks_stay() -> None:
    hidden = left_out(grid({"a": [2, 8, 9], "b": [30, 3, 40], "c": [50, 60, 70]}))
    assert hidden == {("a", "p0"), ("a", "p1"), ("b", "p0"), ("b", "p1")}


def test_amounts_that_nobody_counted_firms_behind_are_left_out() -> None:
    cells = grid({"a": [5, 5], "b": [5, 5]})
    cells["a", "p0"] = Cell(Decimal(7), None)
    assert ("a", "p0") in left_out(cells)


@pytest.mark.parametrize(
    "firms",
    [
        {"a": [1, 8, 9], "b": [9, 1, 9], "c": [9, 9, 9]},
        {"a": [1, 0, 0], "b": [9, 9, 9], "c": [7, 8, 9]},
        {"a": [1, 0], "b": [0, 2], "c": [9, 9]},
        {"a": [2, 2, 2], "b": [5, 6, 7]},
        {"a": [1, 2, 9, 9], "b": [9, 9, 1, 9], "c": [9, 9, 9, 1], "d": [4, 5, 6, 7]},
    ],
)
def test_nothing_left_out_can_be_computed_back(firms: dict[str, list[int]]) -> None:
    cells = grid(firms)
    hidden = left_out(cells)
    few = {place for place, cell in cells.items() if place[0] != TOTAL and cell.firms in (1, 2)}
    assert few <= hidden
    assert not few & solvable(cells, hidden)


def test_where_one_bank_alone_lends_not_even_the_total_tells() -> None:
    cells = grid({"a": [1]})
    hidden = left_out(cells)
    assert {("a", "p0"), ("a", TOTAL), (TOTAL, "p0")} <= hidden
