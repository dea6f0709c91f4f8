"""What a drawdown's repayment is planned from, and what has been repaid of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from finance_hub.kernel.problems import NotFound
from loans.models import Contract, Drawdown
from loans.queries.in_force import EVENTS, rows


class Extension(NamedTuple):
    """Agreed on a day: the loan now matures on `maturity_date`."""

    agreed_on: date
    maturity_date: date


class RepaymentTerms(NamedTuple):
    """Yuan. `maturity_date` is that of the disbursement, `extensions` follow it in time. `disbursed` is 0 where
    the disbursement was taken back; `repaid` is principal paid or refinanced by a day."""

    disbursed: Decimal
    start: date
    maturity_date: date
    annual_rate_pct: Decimal
    method: str
    extensions: tuple[Extension, ...]
    repaid: Decimal


_EVENTS = f"""
SELECT e.external_event_id, e.record_type, e.value_date, e.amount, e.maturity_date, e.reverses
  FROM loans_loanevent e WHERE e.drawdown_id = %(drawdown)s AND e.value_date <= %(today)s AND {EVENTS}
 ORDER BY e.value_date, e.id
"""  # noqa: S608 - constants of ours


def drawdown(contract: Contract, drawdown_no: str) -> Drawdown:
    """Raises NotFound."""
    found = Drawdown.objects.filter(contract=contract, drawdown_no=drawdown_no).first()
    if found is None:
        raise NotFound
    return found


def repayment_terms(of: Drawdown, *, today: date, known_at: datetime) -> RepaymentTerms:
    """From the events up to `today` (inclusive) that stand, as known at a moment."""
    events = rows(_EVENTS, drawdown=of.pk, today=today, known_at=known_at)
    taken_back = {reverses for *_, reverses in events if reverses}
    standing = [event for event in events if event[0] not in taken_back]

    def total(*kinds: str) -> Decimal:
        return sum((amount for _, kind, _, amount, *_ in standing if kind in kinds), Decimal("0.00"))

    return RepaymentTerms(
        disbursed=total("disbursement"),
        start=of.disbursed_on,
        maturity_date=of.maturity_date,
        annual_rate_pct=of.annual_rate_pct,
        method=of.repayment_method,
        extensions=tuple(
            Extension(day, maturity) for _, kind, day, _, maturity, _ in standing if kind == "extension"
        ),
        repaid=total("repayment", "refinancing"),
    )
