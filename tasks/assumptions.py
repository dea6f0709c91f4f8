"""What is assumed of the years that a fund has left: entered by the centre, never edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from funds import queries as funds
from tasks.indices import require_since_founding
from tasks.models import Outlook, PacingAssumptions, PacingScenario


class Assumed(NamedTuple):
    """The parameters of one scenario, as `PacingScenario` keeps them: rates per cent, life in years."""

    contribution_rates_pct: list[Decimal]
    life: int
    bow: Decimal
    growth_pct: Decimal
    yield_pct: Decimal


def assume(
    *,
    fund: str,
    valid_from: date,
    document: str,
    scenarios: Mapping[Outlook, Assumed],
    by: Person,
    now: datetime,
) -> PacingAssumptions:
    """Assume all three scenarios of a fund from a day on; a second set of one day takes the place of the first.

    Raises NotFound, InvalidFields (`valid_from` before the founding).
    """
    held = funds.fund(fund)
    require_since_founding(valid_from, since=held.established_on)
    with transaction.atomic():
        made = PacingAssumptions.objects.create(
            public_id=ids.new("pa"), fund=held, valid_from=valid_from, document=document, recorded_at=now,
            recorded_by=by,
        )  # fmt: skip
        PacingScenario.objects.bulk_create(
            [
                PacingScenario(assumptions=made, outlook=outlook, **scenarios[outlook]._asdict())
                for outlook in Outlook
            ]
        )
        audit.record(
            "fund.assumptions", actor=by, subject=f"fund:{fund}", at=now, assumptions=made.public_id,
            document=document, valid_from=valid_from.isoformat(),
        )  # fmt: skip
    return made
