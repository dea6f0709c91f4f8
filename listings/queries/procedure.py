"""Who works on an attempt, and the papers of its procedure."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from listings.models import AttemptParty, Filing, ListingAttempt
from listings.queries.counting import counting


def parties(of: ListingAttempt) -> QuerySet[AttemptParty, Any]:
    """Those that count, by role and the day from which they work on it."""
    found = counting(AttemptParty.objects.filter(attempt=of).select_related("recorded_by", "corrects"))
    return found.order_by("role", "effective_date", "first")


def in_force(of: ListingAttempt, *, on: date) -> dict[str, AttemptParty]:
    """By role, who works on the attempt on a day."""
    return {party.role: party for party in parties(of) if party.effective_date <= on}


def filings(of: ListingAttempt) -> QuerySet[Filing, Any]:
    """Those that count, by day."""
    found = counting(Filing.objects.filter(attempt=of).select_related("recorded_by", "corrects"))
    return found.order_by("effective_date", "first")
