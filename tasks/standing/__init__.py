"""How the targets stand: for pages and the API, and who may report which of them."""

from tasks.standing.board import Board, Owed, Standing, board, forecasts
from tasks.standing.rights import is_computed, reportable, responsible, units_of
from tasks.standing.trail import question, questions_of, report, reports_of, state, waiting

__all__ = [
    "Board", "Owed", "Standing", "board", "forecasts", "is_computed", "question", "questions_of", "report", "reportable",
    "reports_of", "responsible", "state", "units_of", "waiting",
]  # fmt: skip
