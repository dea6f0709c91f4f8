"""Tables as strips: a head that is set again on every page, rows that keep to the measure.

Widths follow the content: every column gets what its longest text wants when all of them fit; otherwise
figures and short texts keep their width, long texts share the rest by weight, and wrap. The work
is one pass to measure and one to set, so time grows with the number of rows and not faster.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.briefing import links, prose, sheet, text
from tasks.briefing.flow import Draw, Strip
from tasks.briefing.fonts import Face
from tasks.briefing.layout import Align, Column, Table
from tasks.briefing.origin import Term, plain
from tasks.briefing.pen import BLACK, GREY, HAIR, PALE, Pen
from tasks.briefing.wording import Wording

WHOLE_SIZES = (10.5, 10.0, 9.5)  # tried first, for a table in which nothing wraps
SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)  # then the first at which figures and short texts do not wrap
LONG, LONG_SIZE = 40, 8.5  # a table of more rows is set no larger, if it wraps at all
PADDING = 4.0
SHORT = 8.5  # in sizes: a text up to this length should not wrap
LEAST_SHARE = 6.5  # in sizes: what a column of long texts keeps at least
CAPTION_LINES = 4
HEAD_LINES = 6
LINES_A_PIECE = 24  # a cell with more lines goes over to the next page
HELD_TOGETHER = 9  # a table of so many rows or fewer is not parted


@dataclass(frozen=True, slots=True)
class Room:
    """Where a table stands and how large its letters may be: the type area of the briefing, or a part of a page.

    `whole` are the sizes tried first, for a table in which nothing wraps, then `wrapping`; largest first.
    """

    left: float = sheet.LEFT
    measure: float = sheet.MEASURE
    whole: tuple[float, ...] = WHOLE_SIZES
    wrapping: tuple[float, ...] = SIZES

    @property
    def right(self) -> float:
        return self.left + self.measure


TYPE_AREA = Room()


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns as they will be set: left edges and widths in points, at one size."""

    columns: tuple[Column, ...]
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    size: float
    room: Room = TYPE_AREA

    @property
    def pitch(self) -> float:
        """From one line of a cell to the next."""
        return self.size * 1.35

    def wrapped(self, cells: Sequence[str], *, face: Face = Face.PLAIN) -> list[list[str]]:
        """The lines of every cell of a row."""
        pairs = zip(cells, self.widths, strict=True)
        return [text.lines(cell, self.size, width - 2 * PADDING, face=face) for cell, width in pairs]

    def height(self, depth: int) -> float:
        """The height of a row whose longest cell has `depth` lines."""
        return depth * self.pitch + self.size * 0.55


def strips(table: Table, words: Wording, *, defines: bool = False) -> Iterator[Strip]:
    """The caption, the head, the rows and the small print of one table.

    Names of figures lead to their definitions; with `defines`, to the rows of this table.
    """
    caption = _caption(words.table(table.number), table, words)
    rows = [[text.clean(plain(cell)) for cell in row] for row in table.rows]
    if not rows:
        yield caption
        yield _empty(table.empty_text, tied=bool(table.note or table.source))
        yield from _small_print(table, words)
        return
    grid = fitted(table.columns, rows, total=table.total_row)
    head = head_of(grid)
    if any(isinstance(column.heading, Term) for column in table.columns):
        head = links.with_links(head, grid, [column.heading for column in table.columns])
    running = _stacked(_caption(words.continued(table.number), table, words), head)
    small_print = list(_small_print(table, words))
    yield caption
    yield head
    body = _rows(grid, rows, running, total=table.total_row, tied=bool(small_print))
    yield from links.linked(table, grid, body, defines=defines)
    yield from small_print


def fitted(
    columns: tuple[Column, ...],
    rows: Sequence[Sequence[str]],
    *,
    total: bool = False,
    room: Room = TYPE_AREA,
) -> Grid:
    """Choose the size and the widths. With `total` the last row is measured in bold, as it will be set."""
    wanted = _wanted(columns, rows, rows[-1] if total else [""] * len(columns))
    size, widths = _widths(columns, wanted, room, most=LONG_SIZE if len(rows) > LONG else room.wrapping[0])
    lefts = tuple(room.left + sum(widths[:position]) for position in range(len(widths)))
    return Grid(columns, lefts, tuple(widths), size, room)


def _wanted(columns: Sequence[Column], rows: Sequence[Sequence[str]], bold: Sequence[str]) -> list[float]:
    """The width of each column's longest text in sizes; a head of several lines does not widen it."""
    longest = [max(text.width(row[i], 1.0) for row in rows) for i in range(len(columns))]
    totals = [text.width(cell, 1.0, face=Face.BOLD) for cell in bold]
    heads = [text.width(_longest_word(column.heading), 1.0, face=Face.BOLD) for column in columns]
    return [max(three) + 0.05 for three in zip(longest, totals, heads, strict=True)]


def _longest_word(heading: str) -> str:
    """The piece of a heading that should not be broken: a word, or two to four characters."""
    cleaned = text.clean(heading)
    if cleaned.isascii():
        return max(cleaned.split() or [""], key=len)
    return cleaned[: max(2, min(4, (len(cleaned) + 1) // 2))]


def _widths(
    columns: Sequence[Column], wanted: Sequence[float], room: Room, *, most: float
) -> tuple[float, list[float]]:
    """A size, no more than `most` if texts wrap, and widths that add up to the measure."""
    weights = [max(column.weight, 0.01) for column in columns]
    for size in room.whole:
        widths = [size * w + 2 * PADDING for w in wanted]
        spare = room.measure - sum(widths)
        if spare >= 0:
            return size, [
                w + spare * weight / sum(weights) for w, weight in zip(widths, weights, strict=True)
            ]
    giving = [i for i, w in enumerate(wanted) if w > SHORT and columns[i].align != "right"]
    for size in (size for size in room.wrapping if size <= most):
        widths = [size * w + 2 * PADDING for w in wanted]
        rest = room.measure - sum(w for i, w in enumerate(widths) if i not in giving)
        if giving and rest >= len(giving) * LEAST_SHARE * size:
            return size, _given_way(widths, weights, giving, rest)
    return room.wrapping[-1], [room.measure * w / sum(widths) for w in widths]


def _given_way(wanted: list[float], weights: list[float], giving: list[int], rest: float) -> list[float]:
    """Share `rest` among the columns of long texts by weight; none gets more than it wants."""
    widths = list(wanted)
    open_ones = sorted(giving, key=lambda i: wanted[i] / weights[i])
    while open_ones:
        unit = rest / sum(weights[i] for i in open_ones)
        first = open_ones.pop(0)
        widths[first] = min(wanted[first], unit * weights[first]) if open_ones else rest
        rest -= widths[first]
    return widths


def _caption(label: str, table: Table, words: Wording) -> Strip:
    """Number and caption at the left, the unit at the right, kept with the head."""
    unit = text.clean(f"{words.unit}{table.unit}") if table.unit else ""
    unit = text.shortened(unit, prose.SMALL.size, 0.4 * sheet.MEASURE)
    room = sheet.MEASURE - text.width(unit, prose.SMALL.size) - 12
    rows = text.lines(text.clean(f"{label}{words.joint}{table.caption}"), 10.5, room, face=Face.BOLD)
    rows = text.at_most(CAPTION_LINES, rows, 10.5, room, face=Face.BOLD)

    def draw(pen: Pen, top: float, height: float) -> None:
        for position, row in enumerate(rows):
            pen.text(sheet.LEFT, top - 12 - position * 14, row, size=10.5, face=Face.BOLD)
        pen.text(sheet.RIGHT, top - height + 7, unit, size=prose.SMALL.size, tone=GREY, anchor="right")

    return Strip(14.0 * len(rows) + 5, draw, space=12.0, keep=True)


def head_of(grid: Grid) -> Strip:
    """The headings between a thick and a thin rule."""
    cells = grid.wrapped([text.clean(column.heading) for column in grid.columns], face=Face.BOLD)
    cells = [
        text.at_most(HEAD_LINES, lines, grid.size, width - 2 * PADDING, face=Face.BOLD)
        for lines, width in zip(cells, grid.widths, strict=True)
    ]
    depth = max(map(len, cells))

    def draw(pen: Pen, top: float, height: float) -> None:
        pen.box(grid.room.left, top - height, grid.room.measure, height, fill=PALE)
        pen.line(grid.room.left, top, grid.room.right, top, width=1.0)
        pen.line(grid.room.left, top - height, grid.room.right, top - height, width=0.5)
        _set_cells(pen, grid, cells, top, height, face=Face.BOLD)

    return Strip(grid.height(depth) + 2, draw, keep=True)


def _stacked(upper: Strip, lower: Strip) -> Strip:
    """Two strips as one, for the head of a page."""

    def draw(pen: Pen, top: float, _height: float) -> None:
        upper.draw(pen, top, upper.height)
        lower.draw(pen, top - upper.height, lower.height)

    return Strip(upper.height + lower.height, draw)


def _rows(
    grid: Grid, rows: Sequence[Sequence[str]], running: Strip, *, total: bool, tied: bool
) -> Iterator[Strip]:
    """Every row. The first two stay with the head, the last two together, a short table whole."""
    for position, row in enumerate(rows):
        left = len(rows) - 1 - position
        face = Face.BOLD if total and not left else Face.PLAIN
        held = len(rows) <= HELD_TOGETHER or position == 0 or left == 1
        cells = grid.wrapped(row, face=face)
        depth = max(map(len, cells))
        for start in range(0, depth, LINES_A_PIECE):
            piece = [lines[start : start + LINES_A_PIECE] for lines in cells]
            ends = start + LINES_A_PIECE >= depth
            draw = row_of(grid, piece, face=face, ruled=ends, last=not left and ends)
            keep = (held and left > 0 and depth <= LINES_A_PIECE) or (tied and not left and ends)
            yield Strip(grid.height(max(map(len, piece))), draw, keep=keep, running=running, ends=ends)


def row_of(grid: Grid, cells: list[list[str]], *, face: Face, ruled: bool, last: bool) -> Draw:
    """A drawing of one row (or of a piece of a long one) over a hairline, or over the closing rule."""

    def draw(pen: Pen, top: float, height: float) -> None:
        if face is Face.BOLD:
            pen.line(grid.room.left, top, grid.room.right, top, width=0.5)
        _set_cells(pen, grid, cells, top, height, face=face)
        if ruled:
            width, tone = (1.0, BLACK) if last else (0.3, HAIR)
            pen.line(grid.room.left, top - height, grid.room.right, top - height, width=width, tone=tone)

    return draw


def _set_cells(
    pen: Pen, grid: Grid, cells: list[list[str]], top: float, height: float, *, face: Face
) -> None:
    """Write the cells of a row, each in the middle of the row's height."""
    for column, left, width, lines in zip(grid.columns, grid.lefts, grid.widths, cells, strict=True):
        at = _edge(column.align, left, width)
        first = top - (height - len(lines) * grid.pitch) / 2 - (grid.pitch - grid.size) / 2
        for position, line in enumerate(lines):
            if line:
                baseline = first - position * grid.pitch - grid.size * prose.ASCENT
                pen.text(at, baseline, line, size=grid.size, face=face, anchor=column.align)


def _edge(align: Align, left: float, width: float) -> float:
    """Where the text of a cell is tied."""
    return {"left": left + PADDING, "right": left + width - PADDING, "centre": left + width / 2}[align]


def _empty(words: str, *, tied: bool) -> Strip:
    """What is said where there are no rows, between two rules."""
    rows = text.lines(text.clean(words), 10.5, sheet.MEASURE - 24)

    def draw(pen: Pen, top: float, height: float) -> None:
        pen.line(sheet.LEFT, top, sheet.RIGHT, top, width=1.0)
        for position, row in enumerate(rows):
            middle = sheet.LEFT + sheet.MEASURE / 2
            pen.text(middle, top - 20 - position * 15, row, size=10.5, tone=GREY, anchor="centre")
        pen.line(sheet.LEFT, top - height, sheet.RIGHT, top - height, width=1.0)

    return Strip(16 + 15.0 * len(rows), draw, keep=tied)


def _small_print(table: Table, words: Wording) -> Iterator[Strip]:
    """The note and the source under the table."""
    if table.note:
        yield from prose.paragraph(words.note + table.note, prose.SMALL, space=2.0, keep=bool(table.source))
    if table.source:
        yield from prose.paragraph(words.source + table.source, prose.SMALL, space=2.0)
