"""How large a table is set, and where its columns stand.

Widths follow the content: every column gets what its longest text wants when all of them fit; otherwise figures and
short texts keep their width, long texts share the rest by weight, and wrap, never inside a word or a number. Figures
of different lengths behind the point stand with their points below each other.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.briefing import sheet, text
from tasks.briefing.fonts import Face
from tasks.briefing.layout import Column

WHOLE_SIZES = (10.5, 10.0, 9.5)  # tried first, for a table in which nothing wraps
SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)  # then the first at which figures and short texts do not wrap
LONG, LONG_SIZE = 40, 8.5  # a table of more rows is set no larger, if it wraps at all
PADDING = 4.0
SHORT = 8.5  # in sizes: a text up to this length should not wrap
LEAST_SHARE = 6.5  # in sizes: what a column of long texts keeps at least
EASY_WHOLE, EASY_SHARE, EASY_LINES = (
    10.0,
    16.0,
    3,
)  # in sizes: with so much, or on so few lines, it reads easily
EASY_SIZE, TIGHT_SIZE = 8.5, 8.0  # rather smaller letters than narrower columns, down to these
FIGURE = re.compile(r"[^\w\s]{0,2}[\d,]+((?:\.\d+)?%?)")


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
    """The columns as they will be set: left edges and widths in points, at one size.

    `tails`: how much of a column's right end is kept for what follows the point, in sizes; 0 where all end alike.
    """

    columns: tuple[Column, ...]
    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    size: float
    room: Room = TYPE_AREA
    tails: tuple[float, ...] = ()

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

    def end(self, position: int, cell: str, face: Face) -> float:
        """Where the text of a right-aligned cell ends: at the edge, or so that its point stands in the column."""
        column_end = self.lefts[position] + self.widths[position] - PADDING
        tail = self.tails[position] if self.tails else 0.0
        figure = FIGURE.fullmatch(cell) if tail else None
        if not tail or not (figure or len(cell) == 1):
            return column_end
        behind = tail - text.width(figure[1] if figure else "", 1.0, face=face)
        room = self.widths[position] - 2 * PADDING - text.width(cell, self.size, face=face)
        return column_end - max(0.0, min(behind * self.size, room))


def fitted(
    columns: tuple[Column, ...],
    rows: Sequence[Sequence[str]],
    *,
    total: bool = False,
    room: Room = TYPE_AREA,
) -> Grid:
    """Choose the size and the widths. With `total` the last row is measured in bold, as it will be set."""
    faces = [Face.PLAIN] * len(rows)
    if total:
        faces[-1] = Face.BOLD
    wants = [_want(column, [row[i] for row in rows], faces) for i, column in enumerate(columns)]
    size, widths = _widths(columns, wants, room, most=LONG_SIZE if len(rows) > LONG else room.wrapping[0])
    lefts = tuple(room.left + sum(widths[:position]) for position in range(len(widths)))
    return Grid(columns, lefts, tuple(widths), size, room, tuple(want.tail for want in wants))


@dataclass(frozen=True, slots=True)
class Want:
    """What a column asks for, in sizes: the width of its longest text, the least that breaks no word, and its tail."""

    whole: float
    least: float
    tail: float = 0.0


def _want(column: Column, cells: Sequence[str], faces: Sequence[Face]) -> Want:
    """A head of several lines does not widen its column."""
    heading = _heading_word(text.clean(column.heading))
    widths = [text.width(cell, 1.0, face=face) for cell, face in zip(cells, faces, strict=True)]
    whole, least, tail = max(widths), max(widths), 0.0
    if column.align == "right" or whole > SHORT:
        least = _unbroken(cells, faces, widths)
    if column.align == "right":
        aligned, tail = _aligned(cells, faces)
        whole, least = max(whole, aligned), max(least, aligned)
    return Want(max(whole, heading) + 0.05, max(least, heading) + 0.05, tail)


def _unbroken(cells: Sequence[str], faces: Sequence[Face], widths: Sequence[float]) -> float:
    """The widest piece of any cell that no line breaks; only cells wider than what is found are looked at."""
    found = 0.0
    for i in sorted(range(len(cells)), key=widths.__getitem__, reverse=True):
        if widths[i] <= found:
            break
        found = max(found, text.unbroken(cells[i], face=faces[i]))
    return found


def _aligned(cells: Sequence[str], faces: Sequence[Face]) -> tuple[float, float]:
    """(the width of the figures with their points below each other, how much of it is kept behind the point)."""
    parted = ((FIGURE.fullmatch(cell), face) for cell, face in zip(cells, faces, strict=True))
    figures = [(found[0], found[1], face) for found, face in parted if found]
    if len({(len(tail), tail[-1:] == "%") for _cell, tail, _face in figures}) < 2:
        return 0.0, 0.0
    behind = max(text.width(tail, 1.0, face=face) for _cell, tail, face in figures)
    before = (text.width(cell.removesuffix(tail), 1.0, face=face) for cell, tail, face in figures)
    return max(before) + behind, behind


def _heading_word(heading: str) -> float:
    """The width of the piece of a heading that should not be broken: a word, or two to four characters."""
    if heading.isascii():
        return text.unbroken(heading, face=Face.BOLD)
    return text.width(heading[: max(2, min(4, (len(heading) + 1) // 2))], 1.0, face=Face.BOLD)


def _widths(
    columns: Sequence[Column], wants: Sequence[Want], room: Room, *, most: float
) -> tuple[float, list[float]]:
    """A size, no more than `most` if texts wrap, and widths that add up to the measure."""
    weights = [max(column.weight, 0.01) for column in columns]
    for size in room.whole:
        widths = [size * want.whole + 2 * PADDING for want in wants]
        if room.measure >= sum(widths):
            return size, _spread(widths, room.measure - sum(widths), weights, range(len(widths)))
    long = [i for i, want in enumerate(wants) if want.whole > SHORT and columns[i].align != "right"]
    easy = {i: _easy(wants[i].whole) for i in long}
    tight = dict.fromkeys(long, LEAST_SHARE)
    words = {i: 0.0 for i, want in enumerate(wants) if want.whole > want.least}
    for shares, least_size in (
        (easy, EASY_SIZE), (words | easy, EASY_SIZE), (words | tight, EASY_SIZE), (tight, TIGHT_SIZE),
        (words | tight, 0.0), (words, 0.0),
    ):  # fmt: skip
        floors = [
            max(want.least, min(want.whole, shares[i])) if i in shares else want.whole
            for i, want in enumerate(wants)
        ]
        for size in room.wrapping:
            least = [size * floor + 2 * PADDING for floor in floors]
            if least_size <= size <= most and sum(least) <= room.measure:
                wanted = [size * want.whole + 2 * PADDING for want in wants]
                return size, _filled(least, wanted, room.measure - sum(least), weights)
    size = room.wrapping[-1]
    widths = [size * want.least + 2 * PADDING for want in wants]
    return size, [room.measure * width / sum(widths) for width in widths]


def _easy(whole: float) -> float:
    """How wide a column of long texts should be; one that is hardly long should not wrap."""
    return whole if whole <= EASY_WHOLE else max(EASY_WHOLE, min(EASY_SHARE, whole / EASY_LINES))


def _filled(least: list[float], wanted: list[float], spare: float, weights: Sequence[float]) -> list[float]:
    """Share what is spare by weight among the columns that want more than they have; none gets more than it wants,
    unless all have what they want."""
    widths, open_ones = list(least), [i for i, width in enumerate(least) if wanted[i] > width]
    while open_ones:
        unit = spare / sum(weights[i] for i in open_ones)
        full = [i for i in open_ones if wanted[i] - widths[i] <= unit * weights[i]]
        if not full:
            return _spread(widths, spare, weights, open_ones)
        for i in full:
            spare -= wanted[i] - widths[i]
            widths[i] = wanted[i]
        open_ones = [i for i in open_ones if i not in full]
    return _spread(widths, spare, weights, range(len(widths)))


def _spread(
    widths: Sequence[float], spare: float, weights: Sequence[float], among: Iterable[int]
) -> list[float]:
    """The widths with what is spare given to some of them by weight."""
    chosen = frozenset(among)
    whole = sum(weights[i] for i in chosen)
    return [width + (spare * weights[i] / whole if i in chosen else 0.0) for i, width in enumerate(widths)]
