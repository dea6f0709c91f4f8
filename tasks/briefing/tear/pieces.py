"""The parts of a sheet, measured for their width. A part that can grow has steps; at step 0 it is smallest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from tasks.briefing import tables, text
from tasks.briefing.charts import bars, lines, rows
from tasks.briefing.charts.plot import NAVY, Box
from tasks.briefing.layout import ChartKind
from tasks.briefing.pen import GREY, HAIR, WHITE, Pen
from tasks.briefing.prose import ASCENT
from tasks.briefing.tables import Room
from tasks.briefing.tear.layout import Body, Listing, Pairs, Panel, Picture, Road
from tasks.briefing.wording import Wording

SIZE, PITCH = 7.5, 10.0
SMALL, SMALL_PITCH = 6.5, 8.5
TITLE, TITLE_PITCH = 9.0, 11.5
#: Of a title, a value or a cell: two lines if they can be had, or one.
LINES = (2, 1)
AROUND = 0.4  # of the size, the white of a row above and below together
#: The sizes of a table: when nothing wraps, and when texts do.
WHOLE, WRAPPING = (8.0, 7.5, 7.0), (7.5, 7.0, 6.5)
GROWTH = 6.0  # of a picture, by a step
LABEL_AT_MOST = 0.7  # of a column, for the labels before values
DOT = 4.0
DOWN_THE_PAGE = frozenset({ChartKind.HORIZONTAL_BARS, ChartKind.DOTS_AND_LIMITS, ChartKind.FUNNEL})


class Piece(Protocol):
    """Something as wide as it was made for."""

    @property
    def steps(self) -> int:
        """How often it can grow."""

    @property
    def pace(self) -> int:
        """How many steps it grows in its turn."""

    def height(self, step: int) -> float:
        """What it needs at a step."""

    def draw(self, pen: Pen, top: float, step: int) -> None:
        """Set it below `top`."""


def said(pen: Pen, left: float, top: float, words: Sequence[str], *, size: float, pitch: float) -> None:
    """Lines of small grey print below `top`."""
    for position, line in enumerate(words):
        pen.text(left, top - position * pitch - size * ASCENT, line, size=size, tone=GREY)


@dataclass
class PairsPiece:
    """Labels in grey, values beside them at one edge in each column, cut to so many lines."""

    body: Pairs
    left: float
    width: float
    most: int = LINES[0]
    gap: float = 10.0
    steps: int = 0
    pace: int = 1

    @cached_property
    def column(self) -> float:
        return (self.width - self.gap * (self.body.columns - 1)) / self.body.columns

    @cached_property
    def edge(self) -> float:
        """From the edge of a column to its values."""
        widest = max((text.width(text.clean(label), SIZE) for label, _ in self.body.items), default=0.0)
        return min(widest + 7, self.column * LABEL_AT_MOST)

    @cached_property
    def rows(self) -> list[list[tuple[str, list[str]]]]:
        cells = [(self._label(label), self._value(value)) for label, value in self.body.items]
        each = self.body.columns
        return [cells[start : start + each] for start in range(0, len(cells), each)]

    def height(self, step: int) -> float:
        return sum(map(self._depth, self.rows))

    def draw(self, pen: Pen, top: float, step: int) -> None:
        for row in self.rows:
            for position, (label, value) in enumerate(row):
                left = self.left + position * (self.column + self.gap)
                pen.text(left, top - SIZE * ASCENT - 1, label, size=SIZE, tone=GREY)
                for line, words in enumerate(value):
                    baseline = top - SIZE * ASCENT - 1 - line * PITCH
                    pen.text(left + self.edge, baseline, words, size=SIZE)
            top -= self._depth(row)

    def _label(self, label: str) -> str:
        return text.shortened(text.clean(label), SIZE, self.edge - 4)

    def _value(self, value: str) -> list[str]:
        room = self.column - self.edge
        return text.at_most(self.most, text.lines(text.clean(value), SIZE, room), SIZE, room)

    def _depth(self, row: list[tuple[str, list[str]]]) -> float:
        return max(len(value) for _, value in row) * PITCH + 1.5


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
    def grid(self) -> tables.Grid:
        shown = [*self.cells, *([self.total] if self.total else [])]
        room = Room(self.left, self.width, WHOLE, WRAPPING)
        return tables.fitted(self.body.columns, shown, total=bool(self.total), room=room)

    @cached_property
    def wrapped(self) -> list[list[list[str]]]:
        return [self._cut(row, bold=False) for row in self.cells]

    @cached_property
    def ending(self) -> list[list[str]]:
        return self._cut(self.total, bold=True) if self.total else []

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
            top = self._row(pen, row, top, bold=False, last=last)
        if self.ending:
            top = self._row(pen, self.ending, top, bold=True, last=True)
        if shown < len(self.cells):
            said(pen, self.left, top - 2, self._rest(shown), size=SMALL, pitch=SMALL_PITCH)

    @cached_property
    def _empty(self) -> list[str]:
        return text.lines(text.clean(self.body.empty), SIZE, self.width)

    def _shown(self, step: int) -> int:
        return min(len(self.cells), self.body.least + step)

    def _rest(self, shown: int) -> list[str]:
        return text.lines(text.clean(self.body.rest(shown)), SMALL, self.width)

    def _cut(self, row: Sequence[str], *, bold: bool) -> list[list[str]]:
        size = self.grid.size
        return [
            text.at_most(self.most, cell, size, width - 2 * tables.PADDING, bold=bold)
            for cell, width in zip(self.grid.wrapped(row, bold=bold), self.grid.widths, strict=True)
        ]

    def _depth(self, row: list[list[str]]) -> float:
        return max(map(len, row)) * self.grid.pitch + self.grid.size * AROUND

    def _row(self, pen: Pen, row: list[list[str]], top: float, *, bold: bool, last: bool) -> float:
        height = self._depth(row)
        tables.row_of(self.grid, row, bold=bold, ruled=True, last=last)(pen, top, height)
        return top - height


@dataclass
class PicturePiece:
    """A chart; where there is nothing to draw, what is said instead."""

    body: Picture
    left: float
    width: float
    words: Wording
    pace: int = 1

    @cached_property
    def is_empty(self) -> bool:
        return all(value is None for series in self.body.chart.series for value in series.values)

    @property
    def steps(self) -> int:
        return 0 if self.is_empty else int((self.body.most - self.body.least) / GROWTH)

    def height(self, step: int) -> float:
        return PITCH + 6 if self.is_empty else self.body.least + step * GROWTH

    def draw(self, pen: Pen, top: float, step: int) -> None:
        chart = self.body.chart
        if self.is_empty:
            empty = text.shortened(text.clean(chart.empty_text), SIZE, self.width)
            pen.line(self.left, top, self.left + self.width, top, width=0.5, tone=HAIR)
            said(pen, self.left, top - 4, [empty], size=SIZE, pitch=PITCH)
            return
        down = chart.kind in DOWN_THE_PAGE
        painter = rows.draw if down else lines.draw if chart.kind is ChartKind.LINES else bars.draw
        height = self.height(step)
        painter(pen, Box(self.left, top - height, self.width, height), chart, self.words)


@dataclass
class RoadPiece:
    """Dots on a line, each over its station's name, day and words."""

    body: Road
    left: float
    width: float
    steps: int = 0
    pace: int = 1

    @cached_property
    def each(self) -> float:
        return self.width / max(1, len(self.body.stops))

    @cached_property
    def words(self) -> list[tuple[str, str, list[str]]]:
        room = self.each - 8
        return [
            (
                text.shortened(text.clean(stop.title), SIZE, room, bold=True),
                text.shortened(text.clean(stop.when), SIZE, room),
                text.at_most(3, text.lines(text.clean(stop.what), SIZE, room), SIZE, room),
            )
            for stop in self.body.stops
        ]

    def height(self, step: int) -> float:
        deepest = max((bool(when) + len(what) for _, when, what in self.words), default=0)
        return 4 * DOT + (1 + deepest) * PITCH + 2

    def draw(self, pen: Pen, top: float, step: int) -> None:
        level = top - 2 * DOT
        places = [self.left + DOT + position * self.each for position in range(len(self.body.stops))]
        for position, (x, after) in enumerate(pairwise(places)):
            joined = self.body.stops[position].reached and self.body.stops[position + 1].reached
            pen.line(x, level, after, level, width=1.4 if joined else 0.7, tone=NAVY if joined else GREY,
                     dash=() if joined else (2.5, 2.5))  # fmt: skip
        for x, stop, (title, when, what) in zip(places, self.body.stops, self.words, strict=True):
            pen.disc(x, level, DOT, fill=NAVY if stop.reached else WHITE, edge=NAVY if stop.reached else GREY)
            baseline = level - 2 * DOT - SIZE * ASCENT
            pen.text(x - DOT, baseline, title, size=SIZE, bold=True)
            for line in [*([when] if when else []), *what]:
                baseline -= PITCH
                pen.text(x - DOT, baseline, line, size=SIZE, tone=GREY)


@dataclass
class PanelPiece:
    """A title and its unit over the body, and a note below it."""

    panel: Panel
    left: float
    width: float
    words: Wording
    most: int

    @cached_property
    def body(self) -> Piece:
        return measured(self.panel.body, self.left, self.width, self.words, most=self.most)

    @cached_property
    def unit(self) -> str:
        unit = text.clean(f"{self.words.unit}{self.panel.unit}") if self.panel.unit else ""
        return text.shortened(unit, SMALL, self.width * 0.45)

    @cached_property
    def title(self) -> list[str]:
        room = self.width - (text.width(self.unit, SMALL) + 8 if self.unit else 0.0)
        found = text.lines(text.clean(self.panel.title), TITLE, room, bold=True)
        return text.at_most(self.most, found, TITLE, room, bold=True)

    @cached_property
    def note(self) -> list[str]:
        if not self.panel.note:
            return []
        found = text.lines(text.clean(self.panel.note), SMALL, self.width)
        return text.at_most(self.most, found, SMALL, self.width)

    @property
    def steps(self) -> int:
        return self.body.steps

    @property
    def pace(self) -> int:
        return self.body.pace

    @property
    def head(self) -> float:
        return TITLE_PITCH * len(self.title) + 4

    def height(self, step: int) -> float:
        below = SMALL_PITCH * len(self.note) + 2 if self.note else 0.0
        return self.head + self.body.height(step) + below

    def draw(self, pen: Pen, top: float, step: int) -> None:
        for position, line in enumerate(self.title):
            pen.text(self.left, top - TITLE * ASCENT - position * TITLE_PITCH, line, size=TITLE, bold=True)
        right, baseline = self.left + self.width, top - self.head + 6.5
        pen.text(right, baseline, self.unit, size=SMALL, tone=GREY, anchor="right")
        self.body.draw(pen, top - self.head, step)
        foot = top - self.head - self.body.height(step) - 2
        said(pen, self.left, foot, self.note, size=SMALL, pitch=SMALL_PITCH)


def measured(body: Body, left: float, width: float, words: Wording, *, most: int) -> Piece:
    """A body for its place, whose texts take so many lines at most."""
    match body:
        case Pairs():
            return PairsPiece(body, left, width, most)
        case Listing():
            return ListingPiece(body, left, width, most)
        case Picture():
            return PicturePiece(body, left, width, words)
        case Road():
            return RoadPiece(body, left, width)
