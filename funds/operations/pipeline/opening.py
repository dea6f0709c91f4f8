"""A deal begins with the first meeting."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import refuse
from funds.models import Deal, DealStep
from funds.models.deals import Stage
from funds.operations.investees import firm_for
from funds.operations.pipeline.headers import require_referrer
from funds.operations.rules import lock_fund, require_amount, require_day


def open_deal(
    *,
    fund: str,
    title: str,
    source: str,
    instrument: str,
    planned_amount: Decimal,
    lead: str,
    effective_date: date,
    uscc: str | None = None,
    firm_name: str | None = None,
    referred_by: str = "",
    note: str = "",
    by: Person,
    now: datetime,
) -> Deal:
    """The fund with code `fund` met a firm on a day: by its code, or for the time being by name alone.

    A firm the registry does not know is registered, unverified, when both are given; `planned_amount`
    is yuan. Raises NotFound, InvalidFields.
    """
    require_amount(planned_amount, pointer="#/planned_amount")
    require_referrer(source, referred_by=referred_by)
    with transaction.atomic():
        held = lock_fund(fund)
        require_day(effective_date, now=now)
        firm = uscc and firm_for(uscc, name=firm_name, known_from=effective_date, by=by, now=now)
        name = firm.name if firm else firm_name
        if name is None:
            raise refuse("#/firm_name", "required", "须写明企业", "Name the firm")
        deal = Deal.objects.create(
            public_id=ids.new("dl"), fund=held, firm=firm or None, firm_name=name, title=title, source=source,
            referred_by=referred_by, instrument=instrument, planned_amount=planned_amount, lead=lead,
            note=note, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        DealStep.objects.create(
            public_id=ids.new("ds"), deal=deal, place=1, stage=Stage.MET, at=Stage.MET,
            effective_date=effective_date, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        audit.record(
            "deal.open", actor=by, subject=f"deal:{deal.public_id}", at=now, fund=fund, title=title,
            source=source, planned_amount=f"{planned_amount:.2f}", effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return deal
