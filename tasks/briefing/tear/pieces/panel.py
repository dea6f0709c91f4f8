"""A part of the page under its title."""

from dataclasses import dataclass
from functools import cached_property

from tasks.briefing import text
from tasks.briefing.fonts import Face
from tasks.briefing.pen import GREY, Pen
from tasks.briefing.prose import ASCENT
from tasks.briefing.tear.layout import Body, Listing, Pairs, Panel, Picture, Road
from tasks.briefing.tear.pieces.drawings import PicturePiece, RoadPiece
from tasks.briefing.tear.pieces.listing import ListingPiece
from tasks.briefing.tear.pieces.pairs import PairsPiece
from tasks.briefing.tear.pieces.piece import SMALL, SMALL_PITCH, Piece, said
from tasks.briefing.wording import Wording

TITLE, TITLE_PITCH = 9.0, 11.5


@dataclass
class PanelPiece:
    """A title and its unit over the body, and a note below it."""

    panel: Panel
    left: float
    width: float
    words: Wording
    most: int

    @cached_property
    def body(self) -> Piece:
        return measured(self.panel.body, self.left, self.width, self.words, most=self.most)

    @cached_property
    def unit(self) -> str:
        unit = text.clean(f"{self.words.unit}{self.panel.unit}") if self.panel.unit else ""
        return text.shortened(unit, SMALL, self.width * 0.45)

    @cached_property
    def title(self) -> list[str]:
        room = self.width - (text.width(self.unit, SMALL) + 8 if self.unit else 0.0)
        found = text.lines(text.clean(self.panel.title), TITLE, room, face=Face.BOLD)
        return text.at_most(self.most, found, TITLE, room, face=Face.BOLD)

    @cached_property
    def note(self) -> list[str]:
        if not self.panel.note:
            return []
        found = text.lines(text.clean(self.panel.note), SMALL, self.width)
        return text.at_most(self.most, found, SMALL, self.width)

    @property
    def steps(self) -> int:
        return self.body.steps

    @property
    def pace(self) -> int:
        return self.body.pace

    @property
    def head(self) -> float:
        return TITLE_PITCH * len(self.title) + 4

    def height(self, step: int) -> float:
        below = SMALL_PITCH * len(self.note) + 2 if self.note else 0.0
        return self.head + self.body.height(step) + below

    def draw(self, pen: Pen, top: float, step: int) -> None:
        for position, line in enumerate(self.title):
            pen.text(
                self.left, top - TITLE * ASCENT - position * TITLE_PITCH, line, size=TITLE, face=Face.BOLD
            )
        right, baseline = self.left + self.width, top - self.head + 6.5
        pen.text(right, baseline, self.unit, size=SMALL, tone=GREY, anchor="right")
        self.body.draw(pen, top - self.head, step)
        foot = top - self.head - self.body.height(step) - 2
        said(pen, self.left, foot, self.note, size=SMALL, pitch=SMALL_PITCH)


def measured(body: Body, left: float, width: float, words: Wording, *, most: int) -> Piece:
    """A body for its place, whose texts take so many lines at most."""
    match body:
        case Pairs():
            return PairsPiece(body, left, width, most)
        case Listing():
            return ListingPiece(body, left, width, most)
        case Picture():
            return PicturePiece(body, left, width, words)
        case Road():
            return RoadPiece(body, left, width)
