"""Figures as computed, the rules and targets they are held against, and the briefings that show them."""

from tasks.models.briefings import Briefing, BriefingContent, BriefingState
from tasks.models.concentration import ConcentrationLimit
from tasks.models.delivery import BesideKind, BriefingFile, BriefingText, Dispatch, Subscriber
from tasks.models.figures import Figure, Snapshot
from tasks.models.indices import FundBenchmark, IndexLevel, MarketIndex
from tasks.models.matters import Matter, MatterOutcome, MatterStanding
from tasks.models.pacing import Outlook, PacingAssumptions, PacingScenario
from tasks.models.risk import (
    LossResult,
    ParameterKind,
    RiskAssumptions,
    RiskParameter,
    StressPart,
    StressRun,
    StressScenario,
)
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
from tasks.models.tolerance import ToleranceRule, ToleranceScope

__all__ = [
    "About", "BesideKind", "Briefing", "BriefingContent", "BriefingFile", "BriefingState", "BriefingText",
    "Cadence", "ConcentrationLimit", "Dispatch", "Figure", "FundBenchmark", "IndexLevel", "LossResult",
    "MarketIndex", "Matter", "MatterOutcome", "MatterStanding", "OpenQuestion", "Outlook", "PacingAssumptions",
    "PacingScenario", "ParameterKind", "QuestionAnswer", "ResponsibleUnit", "RiskAssumptions", "RiskParameter",
    "Snapshot", "StressPart", "StressRun", "StressScenario", "Subscriber", "Target", "TargetDecision",
    "TargetDocument", "TargetReport", "ToleranceRule", "ToleranceScope", "UnitAssignment",
]  # fmt: skip
