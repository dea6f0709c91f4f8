"""Page 1: the masthead of a 简报, the title, the headline tiles and the key points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tasks.briefing import prose, sheet, text
from tasks.briefing.flow import Strip
from tasks.briefing.fonts import Face
from tasks.briefing.layout import Issue, Tile, Words
from tasks.briefing.origin import parts_of, plain
from tasks.briefing.pen import GREY, PALE, RED, Pen
from tasks.briefing.prose import Style
from tasks.briefing.wording import Wording

NAME, NAME_LEAST = 40.0, 16.0
NAME_SPREAD = 0.3  # of the size, between the characters of a short series name
LINE = 13.0
TITLE = Style(22.0, 30.0, face=Face.TITLE, anchor="centre")
TITLE_LEAST = 18.0
MONTH = Style(12.0, 18.0, tone=GREY, anchor="centre")
TILES_A_ROW = 3
GUTTER = 8.0
TILE_PADDING = 6.0
TILE_VALUE, TILE_VALUE_LEAST = 20.0, 9.0
SMALL = 8.5
# Key points are set in the first style in which all of them stay on page 1; if there is none, in the
# first, and they go on to page 2.
CHINESE_POINTS = (
    prose.CHINESE_BODY,
    Style(15.75, 26.0, 31.5, justified=True, face=Face.SONG),
    Style(14.0, 24.0, 28.0, justified=True, face=Face.SONG),
    Style(12.5, 21.0, 25.0, justified=True, face=Face.SONG),
)
ENGLISH_POINTS = (prose.ENGLISH_BODY, Style(10.5, 15.5, gap=4.0), Style(9.5, 14.0, gap=3.0))


def strips(issue: Issue, words: Wording) -> list[Strip]:
    """Everything above the first section."""
    head = [_masthead(issue, words), *_title(issue), *_tiles(issue.tiles)]
    if not issue.key_points:
        return head
    styles = CHINESE_POINTS if issue.language == "zh-hans" else ENGLISH_POINTS
    for style in styles:
        points = list(_points(issue.key_points, style, words))
        if _height(head) + _height(points) <= sheet.DEPTH:
            return head + points
    return head + list(_points(issue.key_points, styles[0], words))


def _height(pieces: Sequence[Strip]) -> float:
    """The height of strips set one below the other."""
    return sum(piece.height + piece.space for piece in pieces)


def number_line(issue: Issue, words: Wording) -> str:
    """Which issue this is, or that it has no number yet."""
    if issue.issue_no is None:
        return words.unnumbered + words.correction(issue.correction)
    total = words.total(issue.total_no) if issue.total_no is not None else ""
    return words.issue(issue.issue_no) + total + words.correction(issue.correction)


def _masthead(issue: Issue, words: Wording) -> Strip:
    """Note, name of the series, number, publisher and date, over a red rule."""
    name, size, spread = _series_name(issue.series)
    note = text.shortened(text.clean(issue.classification_note), 12, sheet.MEASURE, face=Face.BOLD)
    unit = text.clean(issue.unit_name)
    date = text.shortened(text.clean(issue.date_label or ""), LINE, sheet.MEASURE / 2, face=Face.SONG)
    beside = sheet.MEASURE - text.width(date, LINE, face=Face.SONG) - 24
    unit = text.shortened(unit, LINE, beside, face=Face.SONG)

    number = number_line(issue, words)

    def draw(pen: Pen, top: float, height: float) -> None:
        middle, foot = sheet.LEFT + sheet.MEASURE / 2, top - height
        pen.text(sheet.LEFT, top - 12, note, size=12, face=Face.BOLD)
        pen.text(middle, top - 68, name, size=size, face=Face.TITLE, tone=RED, anchor="centre", spread=spread)
        pen.text(middle, top - 97, number, size=LINE, face=Face.SONG, anchor="centre")
        pen.text(sheet.LEFT + LINE, foot + 9, unit, size=LINE, face=Face.SONG)
        pen.text(sheet.RIGHT - LINE, foot + 9, date, size=LINE, face=Face.SONG, anchor="right")
        pen.line(sheet.LEFT, foot, sheet.RIGHT, foot, width=2.0, tone=RED)

    return Strip(131.0, draw)


def _series_name(series: str) -> tuple[str, float, float]:
    """The name as large as the measure allows, and the spacing of its characters."""
    name = text.clean(series)
    size = min(NAME, 0.96 * sheet.MEASURE / max(1e-6, text.width(name, 1.0, face=Face.TITLE)))
    name = text.shortened(name, max(size, NAME_LEAST), sheet.MEASURE, face=Face.TITLE)
    size = max(size, NAME_LEAST)
    slack = 0.92 * sheet.MEASURE - text.width(name, size, face=Face.TITLE)
    spread = 0.0 if name.isascii() else max(0.0, min(NAME_SPREAD * size, slack / max(1, len(name) - 1)))
    return name, size, spread


def _title(issue: Issue) -> Iterator[Strip]:
    """The title on one line if that takes little shrinking, or in lines of even length; then the month."""
    words = text.clean(issue.title)
    natural = text.width(words, 1.0, face=Face.TITLE)
    if natural * TITLE_LEAST <= sheet.MEASURE < natural * TITLE.size:
        style = replace(TITLE, size=sheet.MEASURE / natural)
        yield from prose.paragraph(issue.title, style, space=12.0, keep=True)
        yield from prose.paragraph(issue.month_label, MONTH)
        return
    rows = text.even(words, TITLE.size, sheet.MEASURE, face=Face.TITLE)
    for position, row in enumerate(rows):
        draw = prose.written(row, TITLE, left=sheet.LEFT, measure=sheet.MEASURE, last=True)
        yield Strip(TITLE.pitch, draw, space=0.0 if position else 12.0, keep=True)
    yield from prose.paragraph(issue.month_label, MONTH)


@dataclass(frozen=True, slots=True)
class TileText:
    """A tile broken to its width: label, value with its size, changes and note."""

    label: list[str]
    value: str
    size: float
    unit: str
    small: list[str]

    @property
    def height(self) -> float:
        """What the tile needs, with its padding."""
        return 2 * TILE_PADDING + len(self.label) * 12.5 + TILE_VALUE + 5 + len(self.small) * 11.0


def _tiles(tiles: Sequence[Tile]) -> Iterator[Strip]:
    """The headline figures, three to a row, of one height in each row."""
    for start in range(0, len(tiles), TILES_A_ROW):
        yield _tile_row(tiles[start : start + TILES_A_ROW], space=GUTTER if start else 10.0)


def _tile_row(tiles: Sequence[Tile], *, space: float) -> Strip:
    """Tiles side by side."""
    width = (sheet.MEASURE - GUTTER * (TILES_A_ROW - 1)) / TILES_A_ROW
    set_tiles = [_tile_text(tile, width - 2 * TILE_PADDING) for tile in tiles]

    def draw(pen: Pen, top: float, height: float) -> None:
        for position, tile in enumerate(set_tiles):
            left = sheet.LEFT + position * (width + GUTTER)
            pen.box(left, top - height, width, height, fill=PALE)
            pen.line(left, top, left + width, top, width=1.4)
            _write_tile(pen, tile, left + TILE_PADDING, top - TILE_PADDING)
            pen.refer(tiles[position].label, left, top - height, width, height)

    return Strip(max(tile.height for tile in set_tiles), draw, space=space)


def _tile_text(tile: Tile, room: float) -> TileText:
    """Break a tile to its width; a long value is set smaller, and cut only where it cannot be read."""
    value, unit = text.clean(tile.value), text.shortened(text.clean(tile.unit), 9.5, room / 2)
    beside = text.width(unit, 9.5) + 4 if unit else 0.0
    natural = text.width(value, 1.0, face=Face.BOLD)
    size = min(TILE_VALUE, max(TILE_VALUE_LEAST, (room - beside) / max(1e-6, natural)))
    small = [
        line for said in (*_together(tile.change_labels, room), tile.note) for line in _small(said, room)
    ]
    value = text.shortened(value, size, room - beside, face=Face.BOLD) if size == TILE_VALUE_LEAST else value
    label = text.at_most(2, text.lines(text.clean(tile.label), 9.5, room), 9.5, room)
    return TileText(label, value, size, unit, small)


def _together(changes: Sequence[Words], room: float) -> Sequence[str]:
    """The changes on one line if they fit, otherwise one to a line."""
    said = [text.clean(plain(change)) for change in changes]
    joined = "  ".join(said)
    return (joined,) if text.width(joined, SMALL) <= room else said


def _small(words: str, room: float) -> list[str]:
    """A change or a note in at most two lines."""
    return text.at_most(2, text.lines(text.clean(words), SMALL, room), SMALL, room) if words else []


def _write_tile(pen: Pen, tile: TileText, left: float, top: float) -> None:
    """Label, value and unit on one baseline, changes and note below."""
    for line in tile.label:
        top -= 12.5
        pen.text(left, top + 3, line, size=9.5)
    top -= TILE_VALUE + 2
    pen.text(left, top + 2, tile.value, size=tile.size, face=Face.BOLD)
    after = left + text.width(tile.value, tile.size, face=Face.BOLD) + 4
    pen.text(after, top + 2, tile.unit, size=9.5, tone=GREY)
    top -= 3
    for line in tile.small:
        top -= 11
        pen.text(left, top + 2.5, line, size=SMALL, tone=GREY)


def _points(points: Sequence[Words], style: Style, words: Wording) -> Iterator[Strip]:
    """The key points under their heading, numbered."""
    yield from prose.heading(words.key_points, style, anchor="key-points", level=0)
    for position, point in enumerate(points):
        yield from prose.paragraph((f"{position + 1}. ", *parts_of(point)), style)
