"""Fair values of holdings, as their managers report them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import refuse
from funds.models import Holding, HoldingEvent, HoldingEventKind, Valuation
from funds.operations.deals import lock_holding
from funds.operations.rules import require_amount, require_day


def record_valuation(
    *, holding: str, fair_value: Decimal, method: str, effective_date: date, by: Person, now: datetime
) -> Valuation:
    """What the holding with public id `holding` is worth at the end of a day; zero is a value.

    A second value for the same day takes the place of the first. Raises NotFound, InvalidFields.
    """
    require_amount(fair_value, pointer="#/fair_value", may_be_zero=True)
    with transaction.atomic():
        held = lock_holding(holding)
        require_day(effective_date, now=now, since=held.fund.established_on)
        _require_invested(held, day=effective_date)
        valuation = Valuation.objects.create(
            public_id=ids.new("va"), holding=held, fair_value=fair_value, method=method,
            effective_date=effective_date, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        audit.record(
            "holding.value", actor=by, subject=f"fund:{held.fund.code}", at=now, holding=holding,
            valuation=valuation.public_id, fair_value=f"{fair_value:.2f}", method=method,
            effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return valuation


def _require_invested(holding: Holding, *, day: date) -> None:
    bought = HoldingEvent.objects.filter(
        holding=holding, kind=HoldingEventKind.INVESTMENT, reverses=None, effective_date__lte=day
    )
    if not bought.exists():
        raise refuse(
            "#/effective_date",
            "valuation-before-investment",
            "估值日早于首次投资",
            "The valuation is dated before the first investment",
        )
