"""Firms on their way to a listing: attempts with what happens in them, and the figures of their firms."""

from listings.models.attempts import Board, ListingAttempt, Stage, StageEvent
from listings.models.figures import YEARLY, FinancialYear, FirmStatement, Stated
from listings.models.procedure import AttemptParty, Filing, FilingKind, PartyRole

__all__ = [
    "YEARLY",
    "AttemptParty",
    "Board",
    "Filing",
    "FilingKind",
    "FinancialYear",
    "FirmStatement",
    "ListingAttempt",
    "PartyRole",
    "Stage",
    "StageEvent",
    "Stated",
]
