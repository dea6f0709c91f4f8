"""The facts of the plan's targets, for frames and pages: what is reported, decided and counted, and the line."""

from tasks.target_facts.counting import COUNTED, CountedRow, counted
from tasks.target_facts.paths import is_computed, is_scored, line_of, period_of, present
from tasks.target_facts.reading import TargetFact, in_force, open_questions, read, terms

__all__ = [
    "COUNTED", "CountedRow", "TargetFact", "counted", "in_force", "is_computed", "is_scored", "line_of",
    "open_questions", "period_of", "present", "read", "terms",
]  # fmt: skip
