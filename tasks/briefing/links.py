"""Names of figures in tables as links to the rows that define them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.briefing.flow import Strip
from tasks.briefing.layout import Table, Words
from tasks.briefing.origin import Term
from tasks.briefing.pen import Pen

if TYPE_CHECKING:
    from tasks.briefing.grid import Grid


def codes(table: Table) -> Iterator[str]:
    """The codes whose names begin a row."""
    return (row[0].code for row in table.rows if isinstance(row[0], Term))


def linked(table: Table, grid: Grid, body: Iterator[Strip], *, defines: bool) -> Iterator[Strip]:
    """The strips of the rows, where a name of a figure is a link, or the place that links lead to."""
    named = any(isinstance(cell, Term) for row in table.rows for cell in row)
    if not named:
        yield from body
        return
    row, whole = 0, True
    for strip in body:
        first = table.rows[row][0]
        if not defines:
            yield with_links(strip, grid, table.rows[row])
        else:
            yield _place_of(strip, first.code) if whole and isinstance(first, Term) else strip
        row, whole = row + strip.ends, strip.ends


def _place_of(strip: Strip, code: str) -> Strip:
    """The strip as the place where the names of a figure lead."""

    def draw(pen: Pen, top: float, height: float) -> None:
        pen.define(code, top)
        strip.draw(pen, top, height)

    return replace(strip, draw=draw)


def with_links(strip: Strip, grid: Grid, cells: Sequence[Words]) -> Strip:
    """The strip with a link over every cell that names a figure."""

    def draw(pen: Pen, top: float, height: float) -> None:
        strip.draw(pen, top, height)
        for cell, left, width in zip(cells, grid.lefts, grid.widths, strict=True):
            if isinstance(cell, str):
                pen.refer(cell, left, top - height, width, height)

    return replace(strip, draw=draw)
