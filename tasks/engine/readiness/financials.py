"""What is known of a firm: its financial years, what it is expected to be worth, and facts about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias

Fact: TypeAlias = Decimal | int | bool


class Unit(Enum):
    """What a metric is measured in."""

    YUAN = "yuan"
    RATIO = "ratio"
    COUNT = "count"
    YEARS = "years"
    MONTHS = "months"
    YES_NO = "yes-no"


#: What a person states of the firm as it stands, by name; whoever states it has looked at the papers.
FACTS: Final[Mapping[str, Unit]] = {
    "share_capital_after_issue": Unit.YUAN,
    "public_float_share": Unit.RATIO,
    "net_assets": Unit.YUAN,
    "shares_offered": Unit.COUNT,
    "subscribers": Unit.COUNT,
    "holders_after_issue": Unit.COUNT,
    "neeq_innovation_layer_months": Unit.MONTHS,
    "years_in_operation": Unit.YEARS,
    "controller_unchanged_years": Unit.YEARS,
    "staged_results_with_large_market": Unit.YES_NO,
    "software": Unit.YES_NO,
    "software_may_count_rd_amount": Unit.YES_NO,
    "applies_under_star_5": Unit.YES_NO,
    "red_chip_listed_overseas": Unit.YES_NO,
    "modern_industry": Unit.YES_NO,
    "technology_recognised_by_state": Unit.YES_NO,
    "state_science_award": Unit.YES_NO,
    "state_major_project": Unit.YES_NO,
    "import_substitution": Unit.YES_NO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A financial year, which is the calendar year; None where a figure is not reported.

    Amounts are yuan. `roe` is the weighted return on net assets by the lower of both profits, as a fraction;
    staff and patents (inventions used in the main business) are those at the end of the year.
    """

    year: int
    net_profit: Decimal | None = None
    net_profit_less_non_recurring: Decimal | None = None
    revenue: Decimal | None = None
    rd: Decimal | None = None
    operating_cash_flow: Decimal | None = None
    roe: Decimal | None = None
    invention_patents: int | None = None
    rd_staff: int | None = None
    staff: int | None = None
    unqualified_opinion: bool | None = None

    def __post_init__(self) -> None:
        """Refuse with ValueError a figure that no year has."""
        signed = ("net_profit", "net_profit_less_non_recurring", "operating_cash_flow", "roe")
        unsigned = ("revenue", "rd", "invention_patents", "rd_staff", "staff")
        for name in signed + unsigned:
            value = getattr(self, name)
            if value is not None:
                _require(value, f"{name} of {self.year}", least=0 if name in unsigned else None)
        if self.rd_staff is not None and self.staff is not None and self.rd_staff > self.staff:
            raise ValueError(f"rd_staff of {self.year} is more than the staff")


@dataclass(frozen=True, slots=True)
class MarketCap:
    """What the firm is expected to be worth when it lists, in yuan: an estimate, with its day and origin."""

    amount: Decimal
    on: date
    origin: str

    def __post_init__(self) -> None:
        """Refuse with ValueError an amount that is none, and an estimate of nobody."""
        _require(self.amount, "expected_market_cap", least=0)
        if not self.origin.strip():
            raise ValueError("an expected market cap names its origin")


@dataclass(frozen=True, slots=True)
class Financials:
    """Years in any order, each once; `facts` by the names of `FACTS`, absent where nobody has stated them."""

    years: tuple[Year, ...] = ()
    market_cap: MarketCap | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse with ValueError a year given twice, and a fact that has no name, unit or sense."""
        if len({year.year for year in self.years}) < len(self.years):
            raise ValueError("each financial year is given once")
        for name, value in self.facts.items():
            if name not in FACTS:
                raise ValueError(f"unknown fact {name!r}")
            if (FACTS[name] is Unit.YES_NO) != isinstance(value, bool):
                raise ValueError(f"{name} is measured in {FACTS[name].value}")
            _require(value, name, least=0)


def _require(value: Fact, name: str, *, least: int | None) -> None:
    if not Decimal(value).is_finite():
        raise ValueError(f"{name} is finite")
    if least is not None and value < least:
        raise ValueError(f"{name} is not below {least}")
