"""What the parts of a sheet share: sizes, small print, and that a part may grow.

A part is measured for its width. One that can grow has steps; at step 0 it is smallest.
"""

from collections.abc import Sequence
from typing import Protocol

from tasks.briefing.pen import GREY, Pen
from tasks.briefing.prose import ASCENT

SIZE, PITCH = 7.5, 10.0
SMALL, SMALL_PITCH = 6.5, 8.5
#: Of a title, a value or a cell: two lines if they can be had, or one.
LINES = (2, 1)


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
