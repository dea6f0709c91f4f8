"""Funds, their ledger of capital, their deals, and what they hold. Facts are append-only and dated twice."""

from funds.models.deals import Deal, DealChange, DealDocument, DealPayment, DealStep
from funds.models.earnings import ManagerEarning
from funds.models.funds import Fund, Investor
from funds.models.holdings import Holding, HoldingEvent, HoldingEventKind, Valuation, ValuationMethod
from funds.models.ledger import FundEvent, FundEventKind, Moved, Nature
from funds.models.reinvestment import LocalInput, Recognition, ReinvestmentRules, Route
from funds.models.rounds import Round, Security, SecurityKind, Units, UnitsKind
from funds.models.terms import FundTerms

__all__ = [
    "Deal", "DealChange", "DealDocument", "DealPayment", "DealStep", "Fund", "FundEvent", "FundEventKind",
    "FundTerms", "Holding", "HoldingEvent", "HoldingEventKind", "Investor", "LocalInput", "ManagerEarning",
    "Moved", "Nature", "Recognition", "ReinvestmentRules", "Round", "Route", "Security", "SecurityKind",
    "Units", "UnitsKind", "Valuation", "ValuationMethod",
]  # fmt: skip
