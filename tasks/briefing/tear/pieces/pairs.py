"""Labels with their values."""

from dataclasses import dataclass
from functools import cached_property

from tasks.briefing import text
from tasks.briefing.pen import GREY, Pen
from tasks.briefing.prose import ASCENT
from tasks.briefing.tear.layout import Pairs
from tasks.briefing.tear.pieces.piece import LINES, PITCH, SIZE

LABEL_AT_MOST = 0.7  # of a column, for the labels before values


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
