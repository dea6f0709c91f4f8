"""The rules by which local investment is recognised for a fund: a row for each day from which others hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import refuse
from funds.models import ReinvestmentRules, Route
from funds.operations.rules import lock_fund


def record_rules(
    *,
    fund: str,
    valid_from: date,
    document: str,
    factors: Mapping[str, Decimal | None],
    by: Person,
    now: datetime,
) -> ReinvestmentRules:
    """The factor of each route from a day on; a route without one is not recognised at all.

    A second set of the same day takes the place of the first. Raises NotFound, InvalidFields.
    """
    agreed = {route: factor for route, factor in factors.items() if factor is not None}
    unknown = agreed.keys() - set(Route.values)
    if unknown:
        raise KeyError(f"no such route: {sorted(unknown)}")
    if not any(agreed.values()):
        raise refuse("#/invested", "nothing-recognised", "至少一种情形须有认定系数", "Some route must count")
    with transaction.atomic():
        held = lock_fund(fund)
        if valid_from < held.established_on:
            raise refuse(
                "#/valid_from",
                "date-before-establishment",
                "日期早于基金成立日 {established_on}",
                "The date is before the fund was established, {established_on}",
                established_on=held.established_on.isoformat(),
            )
        rules = ReinvestmentRules.objects.create(
            public_id=ids.new("rr"), fund=held, valid_from=valid_from, document=document, recorded_at=now,
            recorded_by=by, **{f"{route}_factor": factor for route, factor in agreed.items()},
        )  # fmt: skip
        audit.record(
            "fund.reinvestment_rules", actor=by, subject=f"fund:{fund}", at=now, rules=rules.public_id,
            document=document, valid_from=valid_from.isoformat(),
            factors={route: str(factor) for route, factor in agreed.items()},
        )  # fmt: skip
    return rules
