"""Figures as computed, the rules and targets they are held against, and the briefings that show them."""

from tasks.models.briefings import Briefing, BriefingState
from tasks.models.concentration import ConcentrationLimit
from tasks.models.figures import Figure, Snapshot
from tasks.models.indices import FundBenchmark, IndexLevel, MarketIndex
from tasks.models.pacing import Outlook, PacingAssumptions, PacingScenario
from tasks.models.policy import Target, TargetReport
from tasks.models.risk import (
    LossResult,
    ParameterKind,
    RiskAssumptions,
    RiskParameter,
    StressPart,
    StressRun,
    StressScenario,
)
from tasks.models.tolerance import ToleranceRule, ToleranceScope

__all__ = [
    "Briefing", "BriefingState", "ConcentrationLimit", "Figure", "FundBenchmark", "IndexLevel",
    "LossResult", "MarketIndex", "Outlook", "PacingAssumptions", "PacingScenario", "ParameterKind",
    "RiskAssumptions", "RiskParameter", "Snapshot", "StressPart", "StressRun", "StressScenario", "Target",
    "TargetReport", "ToleranceRule", "ToleranceScope",
]  # fmt: skip
