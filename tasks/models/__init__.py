"""Figures as computed, the rules and targets they are held against, and the briefings that show them."""

from tasks.models.briefings import Briefing, BriefingState
from tasks.models.concentration import ConcentrationLimit
from tasks.models.figures import Figure, Snapshot
from tasks.models.indices import FundBenchmark, IndexLevel, MarketIndex
from tasks.models.pacing import Outlook, PacingAssumptions, PacingScenario
from tasks.models.policy import Target, TargetReport, ToleranceRule

__all__ = [
    "Briefing", "BriefingState", "ConcentrationLimit", "Figure", "FundBenchmark", "IndexLevel", "MarketIndex", "Outlook",
    "PacingAssumptions", "PacingScenario", "Snapshot", "Target", "TargetReport", "ToleranceRule",
]  # fmt: skip
