"""The records behind every figure: lines of SQL that lead a figure back, and compute it a second time.

The statements are written apart from the frames and from the functions of the catalogue, so that `tasks.invariants`
can hold one against the other. To add a figure to the catalogue, add its `Source` here: a test asks for it.
"""

from __future__ import annotations

from tasks.records import (
    batons,
    concentration,
    exposure,
    funds,
    guarantees,
    listings,
    loan_lives,
    loans,
    month,
    reinvestment,
    standings,
    targets,
    tolerance,
)
from tasks.records.source import OVER, UNDER, Adds, Reading, Source

SOURCES: dict[tuple[str, str], Source] = {
    **funds.SOURCES,
    **loans.SOURCES,
    **loan_lives.SOURCES,
    **guarantees.SOURCES,
    **reinvestment.SOURCES,
    **tolerance.SOURCES,
    **exposure.SOURCES,
    **concentration.SOURCES,
    **batons.SOURCES,
    **listings.SOURCES,
    **targets.SOURCES,
    **standings.SOURCES,
    **month.SOURCES,
}

__all__ = ["OVER", "SOURCES", "UNDER", "Adds", "Reading", "Source"]
