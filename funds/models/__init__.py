"""Funds, their ledger of capital, and what they hold. Facts are append-only and dated twice."""

from funds.models.funds import Fund, Investor
from funds.models.holdings import Holding, HoldingEvent, HoldingEventKind, Valuation, ValuationMethod
from funds.models.ledger import FundEvent, FundEventKind, Moved, Nature
from funds.models.terms import FundTerms

__all__ = [
    "Fund", "FundEvent", "FundEventKind", "FundTerms", "Holding", "HoldingEvent", "HoldingEventKind", "Investor",
    "Moved", "Nature", "Valuation", "ValuationMethod",
]  # fmt: skip
