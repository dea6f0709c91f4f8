"""The pen: everything that is drawn on a page passes here, in points from the lower left corner."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Literal

from tasks.briefing import text as typed
from tasks.briefing.fonts import Face
from tasks.briefing.origin import Term

Tone = tuple[float, float, float]
Anchor = Literal["left", "right", "centre"]

BLACK: Tone = (0.0, 0.0, 0.0)
RED: Tone = (0.80, 0.06, 0.08)
GREY: Tone = (0.36, 0.36, 0.36)
HAIR: Tone = (0.78, 0.78, 0.78)
PALE: Tone = (0.945, 0.95, 0.96)
WHITE: Tone = (1.0, 1.0, 1.0)
DEFINITION = "definition:"  # before a code, the name of its destination


class Hatch(StrEnum):
    """The ways to fill an area that a copying machine keeps apart."""

    SOLID = "solid"
    RISING = "rising"
    FALLING = "falling"
    LEVEL = "level"


class Pen:
    """Draws on one reportlab canvas. Widths, sizes and places are points; tones are RGB from 0 to 1."""

    def __init__(self, canvas: Any, *, defined: frozenset[str] = frozenset()) -> None:
        """Take the canvas over; nobody else draws on it. Names of the codes in `defined` become links."""
        self.canvas = canvas
        self.defined = defined

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        face: Face = Face.PLAIN,
        tone: Tone = BLACK,
        anchor: Anchor = "left",
        spread: float = 0.0,
    ) -> None:
        """Write a cleaned text with its baseline at `y`; `spread` is added after every character."""
        if anchor != "left":
            whole = typed.width(text, size, face=face) + spread * max(0, len(text) - 1)
            x -= whole if anchor == "right" else whole / 2
        line = self.canvas.beginText(x, y)
        line.setFillColorRGB(*tone)
        if spread:
            line.setCharSpace(spread)
        for name, piece in typed.runs(text, face=face):
            line.setFont(name, size)
            line.textOut(piece)
        if spread:
            line.setCharSpace(0)
        self.canvas.drawText(line)

    def define(self, code: str, top: float) -> None:
        """Let the names of a figure lead here."""
        self.canvas.bookmarkHorizontalAbsolute(DEFINITION + code, top)

    def refer(self, words: str, x: float, y: float, width: float, height: float) -> None:
        """If the words name a figure that the issue defines, let the rectangle lead to its definition."""
        if isinstance(words, Term) and words.code in self.defined:
            area = (x, y, x + width, y + height)
            self.canvas.linkRect(words, DEFINITION + words.code, area, Border="[0 0 0]")

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        width: float = 0.5,
        tone: Tone = BLACK,
        dash: Sequence[float] = (),
    ) -> None:
        """Rule a straight line."""
        self.canvas.setStrokeColorRGB(*tone)
        self.canvas.setLineWidth(width)
        self.canvas.setDash(list(dash))
        self.canvas.line(x1, y1, x2, y2)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Tone | None = None,
        edge: Tone | None = None,
        edge_width: float = 0.5,
    ) -> None:
        """Draw a rectangle from its lower left corner."""
        self._paint(fill, edge, edge_width)
        self.canvas.rect(x, y, width, height, stroke=int(edge is not None), fill=int(fill is not None))

    def disc(
        self, x: float, y: float, radius: float, *, fill: Tone, edge: Tone = BLACK, edge_width: float = 0.75
    ) -> None:
        """Draw a dot."""
        self._paint(fill, edge, edge_width)
        self.canvas.circle(x, y, radius, stroke=1, fill=1)

    def shape(self, points: Sequence[tuple[float, float]], *, fill: Tone, edge: Tone = BLACK) -> None:
        """Draw a closed polygon."""
        self._paint(fill, edge, 0.5)
        path = self.canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        path.close()
        self.canvas.drawPath(path, stroke=1, fill=1)

    def hatched(self, x: float, y: float, width: float, height: float, *, tone: Tone, hatch: Hatch) -> None:
        """Fill a rectangle with a tone, or with lines of that tone, and edge it."""
        if hatch is Hatch.SOLID:
            self.box(x, y, width, height, fill=tone, edge=BLACK, edge_width=0.4)
            return
        self.box(x, y, width, height, fill=WHITE)
        for ends in _strokes(x, y, width, height, hatch):
            self.line(*ends, width=0.6, tone=tone)
        self.box(x, y, width, height, edge=BLACK, edge_width=0.4)

    def upright(self, x: float, y: float, text: str, *, size: float, tone: Tone = GREY) -> None:
        """Write upwards from (x, y): Chinese one character above the other, other scripts turned."""
        if text.isascii():
            self.canvas.saveState()
            self.canvas.translate(x + size * 0.35, y)
            self.canvas.rotate(90)
            self.text(0, 0, text, size=size, tone=tone)
            self.canvas.restoreState()
            return
        for step, char in enumerate(reversed(text)):
            self.text(x, y + step * size * 1.05 + size * 0.12, char, size=size, tone=tone, anchor="centre")

    def _paint(self, fill: Tone | None, edge: Tone | None, edge_width: float) -> None:
        """Set the colours of the next shape."""
        if fill is not None:
            self.canvas.setFillColorRGB(*fill)
        if edge is not None:
            self.canvas.setStrokeColorRGB(*edge)
            self.canvas.setLineWidth(edge_width)
            self.canvas.setDash([])


def _strokes(
    x: float, y: float, width: float, height: float, hatch: Hatch, *, gap: float = 3.2
) -> list[tuple[float, float, float, float]]:
    """The lines that hatch a rectangle, cut at its edges; the same grid for every bar of the page."""
    if hatch is Hatch.LEVEL:
        first = int(y / gap) + 1
        return [(x, k * gap, x + width, k * gap) for k in range(first, int((y + height) / gap) + 1)]
    ends = []
    steps = int((width + height) / gap)
    for step in range(1, steps + 1):
        run = step * gap  # distance of this stroke from the corner where the hatching begins
        low = max(0.0, run - height)
        high = min(width, run)
        if high > low:
            ends.append((low, run - low, high, run - high))
    if hatch is Hatch.RISING:
        return [(x + width - a, y + b, x + width - c, y + d) for a, b, c, d in ends]
    return [(x + a, y + b, x + c, y + d) for a, b, c, d in ends]
