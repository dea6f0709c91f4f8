"""What is drawn: charts, and the road with its stations."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from tasks.briefing import text
from tasks.briefing.charts import bars, lines, rows
from tasks.briefing.charts.plot import NAVY, Box
from tasks.briefing.fonts import Face
from tasks.briefing.layout import ChartKind
from tasks.briefing.pen import GREY, HAIR, WHITE, Pen
from tasks.briefing.prose import ASCENT
from tasks.briefing.tear.layout import Picture, Road
from tasks.briefing.tear.pieces.piece import PITCH, SIZE, said
from tasks.briefing.wording import Wording

GROWTH = 6.0  # of a picture, by a step
DOT = 4.0
WHAT_LINES = 3  # of what a station says
DOWN_THE_PAGE = frozenset({ChartKind.HORIZONTAL_BARS, ChartKind.DOTS_AND_LIMITS, ChartKind.FUNNEL})


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
                text.shortened(text.clean(stop.title), SIZE, room, face=Face.BOLD),
                text.shortened(text.clean(stop.when), SIZE, room),
                text.at_most(WHAT_LINES, text.lines(text.clean(stop.what), SIZE, room), SIZE, room),
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
            pen.text(x - DOT, baseline, title, size=SIZE, face=Face.BOLD)
            for line in [*([when] if when else []), *what]:
                baseline -= PITCH
                pen.text(x - DOT, baseline, line, size=SIZE, tone=GREY)
