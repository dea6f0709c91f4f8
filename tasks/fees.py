"""The management fee that a fund's terms make due for a period, beside what its ledger has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from funds import fund_policy
from funds import queries as funds
from funds.fund_policy import FeeBases
from funds.models import Fund
from tasks.engine.fees import FeeDue, FeeStep, fee_due

_PERCENT = Decimal(100)


@dataclass(frozen=True)
class FeeOfPeriod:
    """Of the days `[start, as_of)`, yuan. `difference` = charged - due: above zero more was charged than is due.

    `earned` is what the manager had from portfolio firms, `offset_pct` the part that is set off by the terms
    at the end of the period. `guidance` is set where a base of the period is none that the state's guidance,
    in force at the end of the period, wants: a note, no refusal.
    """

    start: date
    as_of: date
    document: str
    fee: FeeDue
    earned: Decimal
    offset_pct: Decimal | None
    charged: Decimal
    difference: Decimal
    guidance: FeeBases | None


def fee_of_period(of: Fund, *, start: date, as_of: date, known_at: datetime) -> FeeOfPeriod | None:
    """By the terms as known at `known_at`; None where no fee was agreed for any day of the period."""
    agreed = funds.fee_terms(of, as_of=as_of, known_at=known_at)
    # What was agreed before the period counts where its terms still hold on the first day.
    begun = [step for step in agreed if step.since <= start][-1:] + [
        step for step in agreed if step.since > start
    ]
    bases = {step.base for step in begun if step.base is not None}
    if not bases:
        return None
    standing = funds.fee_bases(
        of, sorted(bases), quarters=funds.quarters_of(start, as_of), as_of=as_of, known_at=known_at
    )
    earned = funds.earned_by_manager(of, start=start, as_of=as_of, known_at=known_at)
    offset_pct = begun[-1].offset_pct
    due = fee_due(
        [FeeStep(step.since, step.base, step.rate_pct) for step in begun],
        bases=standing,
        start=start,
        end=as_of,
        offset=max(Decimal(0), earned) * (offset_pct or Decimal(0)) / _PERCENT,
    )
    charged = funds.fees_charged(of, start=start, as_of=as_of, known_at=known_at)
    wanted = fund_policy.fee_bases(as_of - timedelta(days=1))
    return FeeOfPeriod(
        start=start,
        as_of=as_of,
        document=begun[-1].document,
        fee=due,
        earned=earned,
        offset_pct=offset_pct,
        charged=charged,
        difference=charged - due.due,
        guidance=wanted if wanted and bases - wanted.bases else None,
    )
