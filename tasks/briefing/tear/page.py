"""Set one sheet: its head, its bands grown until the page is full, and at the foot what it was made of.

Never more than one page: lists show what fits and say how much is left out.
"""

import io
from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from tasks.briefing import document, fonts, sheet, text, wording
from tasks.briefing.fonts import Face
from tasks.briefing.layout import MisfitError, Tile
from tasks.briefing.pen import GREY, PALE, RED, Pen
from tasks.briefing.prose import ASCENT
from tasks.briefing.tear.layout import Page, Panel
from tasks.briefing.tear.pieces import (
    LINES,
    SMALL,
    SMALL_PITCH,
    PairsPiece,
    PanelPiece,
    Piece,
    said,
)
from tasks.briefing.wording import Wording

MARGIN = 18 * sheet.MM
LEFT, RIGHT = MARGIN, sheet.WIDTH - MARGIN
MEASURE = RIGHT - LEFT
TOP, BOTTOM = sheet.HEIGHT - 15 * sheet.MM, 12 * sheet.MM
KIND = 9.5
TITLES = (20.0, 18.0, 16.0, 14.0, 12.0, 10.5, 9.0)
TITLE_LINES = 2  # for the longest names the smallest size takes what it needs
SUBTITLE = 9.0
GUTTER, GAP, GAP_AT_MOST = 14.0, 9.0, 24.0
TILE_LABEL, TILE_VALUE, TILE_PADDING = 7.5, 13.0, 5.0


def render(page: Page) -> bytes:
    """The PDF of a sheet, always one page; the same page gives the same bytes in any process.

    Raises MisfitError where what is always shown does not fit.
    """
    words = wording.of(page.language)
    file = io.BytesIO()
    with document.ONE_AT_A_TIME:
        for name in (fonts.REGULAR, fonts.BOLD):
            fonts.registered(name)
        canvas = Canvas(
            file, pagesize=(sheet.WIDTH, sheet.HEIGHT), invariant=1, pageCompression=1,
            initialFontName=fonts.REGULAR, lang=words.tag,
        )  # fmt: skip
        _describe(canvas, page)
        _set(Pen(canvas), page, words)
        canvas.showPage()
        canvas.save()
    return file.getvalue()


def _describe(canvas: Canvas, page: Page) -> None:
    canvas.setTitle(f"{page.kind} {page.title} {page.month_label}")
    canvas.setAuthor(page.unit_name)
    canvas.setSubject(page.kind)
    canvas.setKeywords(page.keywords)
    canvas.setCreator("finance_hub")
    canvas.setViewerPreference("DisplayDocTitle", "true")


def _set(pen: Pen, page: Page, words: Wording) -> None:
    top = _head(pen, page)
    bottom = _foot(pen, page)
    facts = PairsPiece(page.facts, LEFT, MEASURE)
    facts.draw(pen, top, 0)
    top -= facts.height(0) + 5
    for tiles in page.tiles:
        top = _tiles(pen, tiles, top)
    bands, steps = _fitted(page, words, top - bottom)
    spare = top - bottom - _depth(bands, steps)
    gap = min(GAP_AT_MOST, GAP + spare / max(1, len(bands)))
    for band, grown in zip(bands, steps, strict=True):
        top -= gap
        for piece, step in zip(band, grown, strict=True):
            piece.draw(pen, top, step)
        top -= _height(band, grown)


def _head(pen: Pen, page: Page) -> float:
    """The kind of sheet, the name in full however long, who and when; answers where the rest begins."""
    month = text.clean(f"{page.unit_name}　{page.month_label}")
    pen.text(LEFT, TOP - KIND * ASCENT, text.clean(page.kind), size=KIND, face=Face.BOLD, tone=RED)
    pen.text(RIGHT, TOP - KIND * ASCENT, month, size=8.5, tone=GREY, anchor="right")
    top = TOP - KIND * 1.5
    size, rows = _title(page.title)
    for row in rows:
        pen.text(LEFT, top - size * ASCENT - size * 0.15, row, size=size, face=Face.BOLD)
        top -= size * 1.3
    subtitle = text.shortened(text.clean(page.subtitle), SUBTITLE, MEASURE)
    pen.text(LEFT, top - SUBTITLE * ASCENT - 2, subtitle, size=SUBTITLE, tone=GREY)
    top -= SUBTITLE * 1.4 + 4
    pen.line(LEFT, top, RIGHT, top, width=1.5, tone=RED)
    return top - 6


def _title(title: str) -> tuple[float, list[str]]:
    """The largest size in which the name takes two lines at most, or the smallest."""
    name = text.clean(title)
    for size in TITLES:
        rows = text.lines(name, size, MEASURE, face=Face.BOLD)
        if len(rows) <= TITLE_LINES:
            break
    return size, rows


def _foot(pen: Pen, page: Page) -> float:
    """Notes, and on the last line which data it was made of; answers how far down the rest may go."""
    notes = [line for note in page.notes for line in text.lines(text.clean(note), SMALL, MEASURE)]
    proof = text.lines(text.clean("　".join(page.proof)), SMALL, MEASURE)
    height = SMALL_PITCH * (len(notes) + len(proof)) + 10
    top = BOTTOM + height
    pen.line(LEFT, top, RIGHT, top, width=0.5, tone=GREY)
    said(pen, LEFT, top - 3, notes, size=SMALL, pitch=SMALL_PITCH)
    said(pen, LEFT, top - 6 - SMALL_PITCH * len(notes), proof, size=SMALL, pitch=SMALL_PITCH)
    return top + 4


def _tiles(pen: Pen, tiles: Sequence[Tile], top: float) -> float:
    """Figures side by side; a long value is set smaller, a note is cut."""
    gutter = 6.0
    width = (MEASURE - gutter * (len(tiles) - 1)) / len(tiles)
    room = width - 2 * TILE_PADDING
    height = TILE_LABEL * 1.4 + TILE_VALUE * 1.25 + SMALL_PITCH + TILE_PADDING
    for position, tile in enumerate(tiles):
        left = LEFT + position * (width + gutter)
        pen.box(left, top - height, width, height, fill=PALE)
        pen.line(left, top, left + width, top, width=1.0)
        left += TILE_PADDING
        baseline = top - 3 - TILE_LABEL * ASCENT
        pen.text(left, baseline, text.shortened(text.clean(tile.label), TILE_LABEL, room), size=TILE_LABEL)
        baseline -= TILE_VALUE * 1.15
        value, unit = text.clean(tile.value), text.clean(tile.unit)
        beside = text.width(unit, SMALL) + 3 if unit else 0.0
        size = min(TILE_VALUE, (room - beside) / max(1e-6, text.width(value, 1.0, face=Face.BOLD)))
        pen.text(left, baseline, value, size=size, face=Face.BOLD)
        pen.text(left + text.width(value, size, face=Face.BOLD) + 3, baseline, unit, size=SMALL, tone=GREY)
        note = text.shortened(text.clean(tile.note), SMALL, room)
        pen.text(left, baseline - SMALL_PITCH - 1, note, size=SMALL, tone=GREY)
    return top - height - gutter


def _fitted(page: Page, words: Wording, room: float) -> tuple[list[list[Piece]], list[list[int]]]:
    """The bands and how far each of their pieces grows; texts are cut to one line where that is what it takes.

    Raises MisfitError.
    """
    for most in LINES:
        bands = [_across(band, words, most=most) for band in page.bands]
        if _depth(bands, [[0] * len(band) for band in bands]) <= room:
            return bands, _grown(bands, room)
    raise MisfitError("a sheet needs more than its page")


def _across(band: Sequence[Panel], words: Wording, *, most: int) -> list[Piece]:
    """The panels of a band, measured."""
    room = MEASURE - GUTTER * (len(band) - 1)
    whole, left, pieces = sum(panel.share for panel in band), LEFT, []
    for panel in band:
        width = room * panel.share / whole
        pieces.append(PanelPiece(panel, left, width, words, most))
        left += width + GUTTER
    return list(pieces)


def _grown(bands: Sequence[Sequence[Piece]], room: float) -> list[list[int]]:
    """How far each piece grows: in turns, by its pace or what of it fits, as long as anything does."""
    steps = [[0] * len(band) for band in bands]
    growing = [(row, place) for row, band in enumerate(bands) for place in range(len(band))]
    while growing:
        growing = [(row, place) for row, place in growing if _grows(bands, steps, row, place, room)]
    return steps


def _grows(
    bands: Sequence[Sequence[Piece]], steps: list[list[int]], row: int, place: int, room: float
) -> bool:
    """Let one piece take its turn; whether it has grown."""
    piece, before = bands[row][place], steps[row][place]
    for further in range(min(piece.pace, piece.steps - before), 0, -1):
        steps[row][place] = before + further
        if _depth(bands, steps) <= room:
            return True
    steps[row][place] = before
    return False


def _depth(bands: Sequence[Sequence[Piece]], steps: Sequence[Sequence[int]]) -> float:
    """The height of all bands with the least white between them."""
    return sum(GAP + _height(band, grown) for band, grown in zip(bands, steps, strict=True))


def _height(band: Sequence[Piece], steps: Sequence[int]) -> float:
    return max(piece.height(step) for piece, step in zip(band, steps, strict=True))
