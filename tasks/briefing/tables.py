"""Tables as strips: a head that is set again on every page, rows that keep to the measure.

The work is one pass to measure (`grid`) and one to set, so time grows with the number of rows and not faster.
"""

from collections.abc import Iterator, Sequence

from tasks.briefing import links, prose, sheet, text
from tasks.briefing.flow import Draw, Strip
from tasks.briefing.fonts import Face
from tasks.briefing.grid import PADDING, Grid, fitted
from tasks.briefing.layout import Table
from tasks.briefing.origin import Term, plain
from tasks.briefing.pen import BLACK, GREY, HAIR, PALE, Pen
from tasks.briefing.wording import Wording

CAPTION_LINES = 4
HEAD_LINES = 6
LINES_A_PIECE = 24  # a cell with more lines goes over to the next page
HELD_TOGETHER = 10  # a table of so many rows or fewer is not parted


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
    cells = [
        text.at_most(
            HEAD_LINES,
            text.even(text.clean(column.heading), grid.size, width - 2 * PADDING, face=Face.BOLD),
            grid.size,
            width - 2 * PADDING,
            face=Face.BOLD,
        )
        for column, width in zip(grid.columns, grid.widths, strict=True)
    ]
    depth = max(map(len, cells))

    def draw(pen: Pen, top: float, height: float) -> None:
        pen.box(grid.room.left, top - height, grid.room.measure, height, fill=PALE)
        pen.line(grid.room.left, top, grid.room.right, top, width=1.0)
        pen.line(grid.room.left, top - height, grid.room.right, top - height, width=0.5)
        _set_cells(pen, grid, cells, top, height, face=Face.BOLD, head=True)

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
    pen: Pen, grid: Grid, cells: list[list[str]], top: float, height: float, *, face: Face, head: bool = False
) -> None:
    """Write the cells of a row, each in the middle of the row's height."""
    for position, (column, lines) in enumerate(zip(grid.columns, cells, strict=True)):
        left, width = grid.lefts[position], grid.widths[position]
        at = {"left": left + PADDING, "right": left + width - PADDING, "centre": left + width / 2}[
            column.align
        ]
        if column.align == "right" and len(lines) == 1 and not head:
            at = grid.end(position, lines[0], face)
        first = top - (height - len(lines) * grid.pitch) / 2 - (grid.pitch - grid.size) / 2
        for down, line in enumerate(lines):
            if line:
                baseline = first - down * grid.pitch - grid.size * prose.ASCENT
                pen.text(at, baseline, line, size=grid.size, face=face, anchor=column.align)


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
