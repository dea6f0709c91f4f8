"""Carried interest as the agreement of a fund has it: its terms for the waterfall, and what is accrued on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from funds.models import FundEvent, FundTerms
from tasks.catalogue.entry import Point
from tasks.engine.waterfall import Compounding, Event, Kind, Party, Terms, hypothetical

#: Why no accrued carried interest can be told; the words are in `tasks.wording`.
NO_TERMS, DEAL_BY_DEAL = "terms-not-recorded", "waterfall-deal-by-deal"
_PERCENT = Decimal(100)
#: What is paid to the manager was the fund's to distribute too.
_KINDS = {"contribution": Kind.CONTRIBUTION, "distribution": Kind.DISTRIBUTION, "carry": Kind.DISTRIBUTION}


def terms_of(agreed: FundTerms) -> Terms:
    """The terms of an agreement with a carried interest, as the waterfall takes them."""
    target = agreed.catch_up_target_pct
    return Terms(
        carry=(agreed.carried_interest_pct or Decimal(0)) / _PERCENT,
        preferred_return=(agreed.preferred_return_pct or Decimal(0)) / _PERCENT,
        compounding=Compounding(agreed.compounding or "simple"),
        day_count=agreed.day_count,
        catch_up=(agreed.catch_up_pct or Decimal(0)) / _PERCENT,
        catch_up_target=None if target is None else target / _PERCENT,
    )


def event_of(flow: FundEvent) -> Event:
    """A contribution, a distribution or carried interest of the ledger."""
    return Event(flow.effective_date, _KINDS[flow.kind], flow.amount)


def accrued(agreed: FundTerms | None, flows: Sequence[FundEvent], *, nav: Decimal, on: date) -> Point:
    """What the manager would be paid if the fund were realised at its NAV at the end of a day, in yuan.

    Net assets that are not positive accrue none, and neither do terms that agree no carried interest. No value,
    with a reason, where no terms are recorded and where they reckon deal by deal.
    """
    if nav <= 0:
        return Point(Decimal("0.00"))
    if agreed is None:
        return Point.missing(NO_TERMS)
    if agreed.carried_interest_pct is None:
        return Point(Decimal("0.00"))
    if agreed.order != "european":
        return Point.missing(DEAL_BY_DEAL)
    payments = hypothetical(map(event_of, flows), nav=nav, on=on, terms=terms_of(agreed))
    return Point(sum((paid.amount for paid in payments if paid.to == Party.MANAGER), Decimal("0.00")))
