"""The parts of a sheet as they are set."""

from tasks.briefing.tear.pieces.pairs import PairsPiece
from tasks.briefing.tear.pieces.panel import PanelPiece
from tasks.briefing.tear.pieces.piece import LINES, SMALL, SMALL_PITCH, Piece, said

__all__ = ["LINES", "SMALL", "SMALL_PITCH", "PairsPiece", "PanelPiece", "Piece", "said"]
