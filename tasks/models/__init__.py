"""Figures as computed, the rules and targets they are held against, and the briefings that show them."""

from tasks.models.briefings import Briefing, BriefingState
from tasks.models.figures import Figure, Snapshot
from tasks.models.indices import FundBenchmark, IndexLevel, MarketIndex
from tasks.models.pacing import Outlook, PacingAssumptions, PacingScenario
from tasks.models.policy import ToleranceRule
from tasks.models.target_reports import TargetDecision, TargetDocument, TargetReport
from tasks.models.targets import (
    About,
    Cadence,
    OpenQuestion,
    QuestionAnswer,
    ResponsibleUnit,
    Target,
    UnitAssignment,
)

__all__ = [
    "About", "Briefing", "BriefingState", "Cadence", "Figure", "FundBenchmark", "IndexLevel", "MarketIndex",
    "OpenQuestion", "Outlook", "PacingAssumptions", "PacingScenario", "QuestionAnswer", "ResponsibleUnit",
    "Snapshot", "Target", "TargetDecision", "TargetDocument", "TargetReport", "ToleranceRule", "UnitAssignment",
]  # fmt: skip
