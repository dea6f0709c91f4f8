"""What an entry would be, before anybody answers for it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel.models import Person
from funds.models import FundEvent
from funds.operations.ledger import PLAIN, Marks
from funds.operations.notices import record_notice


def preview_notice(
    *,
    fund: str,
    kind: str,
    amount: Decimal,
    effective_date: date,
    basis: str | None = None,
    marks: Marks = PLAIN,
    by: Person,
    now: datetime,
) -> list[FundEvent]:
    """The events that `record_notice` would enter, by the same rules; none of them is kept.

    Raises as `record_notice` does.
    """
    with transaction.atomic():
        events = record_notice(
            fund=fund, kind=kind, amount=amount, effective_date=effective_date, basis=basis, marks=marks,
            by=by, now=now,
        )  # fmt: skip
        transaction.set_rollback(True)
    return events
