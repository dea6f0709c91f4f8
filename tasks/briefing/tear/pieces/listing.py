"""A table as long as the page has room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tasks.briefing import tables, text
from tasks.briefing.fonts import Face
from tasks.briefing.grid import PADDING, Grid, Room, fitted
from tasks.briefing.pen import HAIR, Pen
from tasks.briefing.tear.layout import Listing
from tasks.briefing.tear.pieces.piece import PITCH, SIZE, SMALL, SMALL_PITCH, said

AROUND = 0.4  # of the size, the white of a row above and below together
#: The sizes of a table: when nothing wraps, and when texts do.
WHOLE, WRAPPING = (8.0, 7.5, 7.0), (7.5, 7.0, 6.5)


@dataclass
class ListingPiece:
    """A table; cells are cut to so many lines."""

    body: Listing
    left: float
    width: float
    most: int

    @cached_property
    def cells(self) -> list[list[str]]:
        return [[text.clean(cell) for cell in row] for row in self.body.rows]

    @cached_property
    def total(self) -> list[str] | None:
        return [text.clean(cell) for cell in self.body.total] if self.body.total else None

    @cached_property
    def grid(self) -> Grid:
        shown = [*self.cells, *([self.total] if self.total else [])]
        room = Room(self.left, self.width, WHOLE, WRAPPING)
        return fitted(self.body.columns, shown, total=bool(self.total), room=room)

    @cached_property
    def wrapped(self) -> list[list[list[str]]]:
        return [self._cut(row, face=Face.PLAIN) for row in self.cells]

    @cached_property
    def ending(self) -> list[list[str]]:
        return self._cut(self.total, face=Face.BOLD) if self.total else []

    @property
    def steps(self) -> int:
        return max(0, len(self.body.rows) - self.body.least)

    @property
    def pace(self) -> int:
        return self.body.pace

    def height(self, step: int) -> float:
        if not self.body.rows:
            return PITCH * len(self._empty) + 6
        shown = self._shown(step)
        rows = [*self.wrapped[:shown], *([self.ending] if self.ending else [])]
        rest = SMALL_PITCH * len(self._rest(shown)) + 2 if shown < len(self.cells) else 0.0
        return tables.head_of(self.grid).height + sum(map(self._depth, rows)) + rest

    def draw(self, pen: Pen, top: float, step: int) -> None:
        if not self.body.rows:
            pen.line(self.left, top, self.left + self.width, top, width=0.5, tone=HAIR)
            said(pen, self.left, top - 4, self._empty, size=SIZE, pitch=PITCH)
            return
        shown = self._shown(step)
        head = tables.head_of(self.grid)
        head.draw(pen, top, head.height)
        top -= head.height
        for position, row in enumerate(self.wrapped[:shown], start=1):
            last = position == shown and not self.ending
            top = self._row(pen, row, top, face=Face.PLAIN, last=last)
        if self.ending:
            top = self._row(pen, self.ending, top, face=Face.BOLD, last=True)
        if shown < len(self.cells):
            said(pen, self.left, top - 2, self._rest(shown), size=SMALL, pitch=SMALL_PITCH)

    @cached_property
    def _empty(self) -> list[str]:
        return text.lines(text.clean(self.body.empty), SIZE, self.width)

    def _shown(self, step: int) -> int:
        return min(len(self.cells), self.body.least + step)

    def _rest(self, shown: int) -> list[str]:
        return text.lines(text.clean(self.body.rest(shown)), SMALL, self.width)

    def _cut(self, row: Sequence[str], *, face: Face) -> list[list[str]]:
        size = self.grid.size
        return [
            text.at_most(self.most, cell, size, width - 2 * PADDING, face=face)
            for cell, width in zip(self.grid.wrapped(row, face=face), self.grid.widths, strict=True)
        ]

    def _depth(self, row: list[list[str]]) -> float:
        return max(map(len, row)) * self.grid.pitch + self.grid.size * AROUND

    def _row(self, pen: Pen, row: list[list[str]], top: float, *, face: Face, last: bool) -> float:
        height = self._depth(row)
        tables.row_of(self.grid, row, face=face, ruled=True, last=last)(pen, top, height)
        return top - height
