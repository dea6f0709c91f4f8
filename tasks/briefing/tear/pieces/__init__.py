"""The parts of a sheet as they are set."""

from tasks.briefing.tear.pieces.piece import LINES, SMALL, SMALL_PITCH, Piece, said
from tasks.briefing.tear.pieces.pairs import PairsPiece
from tasks.briefing.tear.pieces.panel import PanelPiece

__all__ = ["LINES", "SMALL", "SMALL_PITCH", "PairsPiece", "PanelPiece", "Piece", "said"]
