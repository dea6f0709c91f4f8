"""Funds, their ledger of capital, their deals, and what they hold. Facts are append-only and dated twice."""

from funds.models.deals import Deal, DealChange, DealDocument, DealPayment, DealStep
from funds.models.funds import Fund, Investor
from funds.models.holdings import Holding, HoldingEvent, HoldingEventKind, Valuation, ValuationMethod
from funds.models.ledger import FundEvent, FundEventKind

__all__ = [
    "Deal", "DealChange", "DealDocument", "DealPayment", "DealStep",
    "Fund", "FundEvent", "FundEventKind", "Holding", "HoldingEvent", "HoldingEventKind", "Investor",
    "Valuation", "ValuationMethod",
]  # fmt: skip
