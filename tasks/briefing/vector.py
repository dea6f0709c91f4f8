"""A chart as SVG, for the edition that is read on a screen: the drawing code of the paper with another pen.

It carries no style and no script, so that a page with a strict policy may hold it; its text is the page's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tasks.briefing import charts, sheet, wording
from tasks.briefing.flow import Strip
from tasks.briefing.fonts import Face
from tasks.briefing.layout import Chart, Language
from tasks.briefing.origin import plain
from tasks.briefing.pen import BLACK, GREY, Anchor, Pen, Tone

ANCHORS = {"left": "start", "right": "end", "centre": "middle"}
HEAVY = {Face.BOLD, Face.TITLE}
MARGIN = 2.0


class VectorPen(Pen):
    """Draws elements of SVG in a room so wide and so high; nothing else of the paper's pen is used."""

    def __init__(self, *, height: float) -> None:
        super().__init__(None)
        self.elements: list[str] = []
        self._height = height

    def text(
        self, x: float, y: float, text: str, *, size: float, face: Face = Face.PLAIN, tone: Tone = BLACK,
        anchor: Anchor = "left", spread: float = 0.0,
    ) -> None:  # fmt: skip
        weight = ' font-weight="700"' if face in HEAVY else ""
        spaced = f' letter-spacing="{_n(spread)}"' if spread else ""
        self._add(
            f'<text x="{self._x(x)}" y="{self._y(y)}" font-size="{_n(size)}" fill="{_tone(tone)}" '
            f'text-anchor="{ANCHORS[anchor]}"{weight}{spaced}>{escape(text)}</text>'
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.5, tone: Tone = BLACK,
        dash: Sequence[float] = (),
    ) -> None:  # fmt: skip
        dashed = f' stroke-dasharray="{" ".join(map(_n, dash))}"' if dash else ""
        self._add(
            f'<line x1="{self._x(x1)}" y1="{self._y(y1)}" x2="{self._x(x2)}" y2="{self._y(y2)}" '
            f'stroke="{_tone(tone)}" stroke-width="{_n(width)}"{dashed}/>'
        )

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: Tone | None = None,
        edge: Tone | None = None, edge_width: float = 0.5,
    ) -> None:  # fmt: skip
        left, top = min(x, x + width), max(y, y + height)
        self._add(
            f'<rect x="{self._x(left)}" y="{self._y(top)}" width="{_n(abs(width))}" height="{_n(abs(height))}"'
            f"{_paint(fill, edge, edge_width)}/>"
        )

    def disc(
        self, x: float, y: float, radius: float, *, fill: Tone, edge: Tone = BLACK, edge_width: float = 0.75
    ) -> None:
        self._add(
            f'<circle cx="{self._x(x)}" cy="{self._y(y)}" r="{_n(radius)}"{_paint(fill, edge, edge_width)}/>'
        )

    def shape(self, points: Sequence[tuple[float, float]], *, fill: Tone, edge: Tone = BLACK) -> None:
        path = " ".join(f"{self._x(x)},{self._y(y)}" for x, y in points)
        self._add(f'<polygon points="{path}"{_paint(fill, edge, 0.5)}/>')

    def upright(self, x: float, y: float, text: str, *, size: float, tone: Tone = GREY) -> None:
        if not text.isascii():
            super().upright(x, y, text, size=size, tone=tone)
            return
        left, bottom = self._x(x + size * 0.35), self._y(y)
        self._add(
            f'<text transform="translate({left} {bottom}) rotate(-90)" font-size="{_n(size)}" '
            f'fill="{_tone(tone)}">{escape(text)}</text>'
        )

    def _add(self, element: str) -> None:
        self.elements.append(element)

    def _x(self, x: float) -> str:
        return _n(x - sheet.LEFT + MARGIN)

    def _y(self, y: float) -> str:
        return _n(self._height - y)


def drawn(chart: Chart, *, language: Language) -> str:
    """The drawing of a chart, without its title and small print, which the page says itself."""
    strip: Strip = charts.drawing(chart, wording.of(language))
    pen = VectorPen(height=strip.height)
    strip.draw(pen, strip.height, strip.height)
    width = sheet.MEASURE + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(strip.height)}" role="img" '
        f'aria-label="{escape(plain(chart.finding))}">{"".join(pen.elements)}</svg>'
    )


def _paint(fill: Tone | None, edge: Tone | None, edge_width: float) -> str:
    inside = _tone(fill) if fill else "none"
    outside = f' stroke="{_tone(edge)}" stroke-width="{_n(edge_width)}"' if edge else ""
    return f' fill="{inside}"{outside}'


def _tone(tone: Tone) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in tone)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
