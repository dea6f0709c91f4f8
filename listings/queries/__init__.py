"""Reads: attempts and what happens in them, the figures of their firms, and frames for the figures."""

from listings.queries.attempts import (
    AttemptRow,
    StageRow,
    attempt,
    attempts,
    ever_recorded,
    listed_frame,
    pipeline_frame,
    stages_frame,
    stages_of,
    standing,
)
from listings.queries.counting import counting
from listings.queries.figures import (
    StatementRow,
    YearRow,
    statements,
    statements_frame,
    years,
    years_frame,
)
from listings.queries.limits import Watched, watched
from listings.queries.procedure import filings, in_force, parties

__all__ = [
    "AttemptRow",
    "StageRow",
    "StatementRow",
    "Watched",
    "YearRow",
    "attempt",
    "attempts",
    "counting",
    "ever_recorded",
    "filings",
    "in_force",
    "listed_frame",
    "parties",
    "pipeline_frame",
    "stages_frame",
    "stages_of",
    "standing",
    "statements",
    "statements_frame",
    "watched",
    "years",
    "years_frame",
]
