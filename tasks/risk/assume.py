"""Entering what is assumed and which shocks are looked at: by the centre, whole sets, never edited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import refuse
from tasks.models import RiskAssumptions, RiskParameter, StressScenario
from tasks.risk.parameters import REQUIRED, Assumed, order


def assume(
    *, valid_from: date, document: str, parameters: Sequence[Assumed], by: Person, now: datetime
) -> RiskAssumptions:
    """A whole set from a day on; a second one of a day takes the place of the first.

    Raises InvalidFields: `parameters/<n>/key` (unknown, told twice), `parameters/<n>/value`, `parameters` (one lacks).
    """
    _require_known(parameters)
    told = {(row.kind, row.key) for row in parameters}
    lacking = [f"{kind}:{key}" for kind, keys in REQUIRED.items() for key in keys if (kind, key) not in told]
    if lacking:
        listed = ", ".join(lacking[:5])
        raise refuse(
            "#/parameters", "parameter-missing", f"缺少参数：{listed}", f"Parameters are missing: {listed}"
        )
    with transaction.atomic():
        made = RiskAssumptions.objects.create(
            public_id=ids.new("ra"), valid_from=valid_from, document=document, recorded_at=now, recorded_by=by
        )
        RiskParameter.objects.bulk_create(
            RiskParameter(assumptions=made, **row._asdict()) for row in parameters
        )
        audit.record(
            "risk.assume", actor=by, subject=f"risk-assumptions:{made.public_id}", at=now, document=document,
            valid_from=valid_from.isoformat(), parameters=len(parameters),
        )  # fmt: skip
    return made


def _require_known(parameters: Sequence[Assumed]) -> None:
    times = Counter((row.kind, row.key) for row in parameters)
    for at, row in enumerate(parameters):
        if row.key not in order(row.kind):
            raise refuse(
                f"#/parameters/{at}/key", "unknown-parameter", "没有这个参数", "There is no such parameter"
            )
        if times[row.kind, row.key] > 1:
            raise refuse(
                f"#/parameters/{at}/key", "parameter-twice", "同一参数出现两次", "The parameter is told twice"
            )
        if not (0 <= row.value < 1 or (row.value == 1 and row.kind != "loading")):
            raise refuse(
                f"#/parameters/{at}/value", "not-a-fraction", "须在 0 与 1 之间，载荷须小于 1",
                "is between 0 and 1, a loading below 1",
            )  # fmt: skip


def define_scenario(
    *,
    code: str,
    name: str,
    name_en: str,
    document: str,
    valid_from: date,
    by: Person,
    now: datetime,
    industry: str = "",
    pd_factor: Decimal = Decimal(1),
    loading_factor: Decimal = Decimal(1),
    listing_pd_factor: Decimal = Decimal(1),
    listing_lgd_factor: Decimal = Decimal(1),
    failing: str = "",
    is_dropped: bool = False,
) -> StressScenario:
    """A shock from a day on; a later one of its code takes its place, one that `is_dropped` ends it.

    Raises InvalidFields (`industry`, `pd_factor` where the scenario would change nothing).
    """
    if industry and industry not in order("loading"):
        raise refuse("#/industry", "unknown-section", "没有这个行业门类", "There is no such section")
    factors = (pd_factor, loading_factor, listing_pd_factor, listing_lgd_factor)
    if not is_dropped and not failing and all(factor == 1 for factor in factors):
        raise refuse(
            "#/pd_factor", "changes-nothing", "该情景与基准情形相同", "The scenario is the base case itself"
        )
    with transaction.atomic():
        made = StressScenario.objects.create(
            public_id=ids.new("sc"), code=code, name=name, name_en=name_en, document=document,
            valid_from=valid_from, industry=industry, pd_factor=pd_factor, loading_factor=loading_factor,
            listing_pd_factor=listing_pd_factor, listing_lgd_factor=listing_lgd_factor, failing=failing,
            is_dropped=is_dropped, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        audit.record(
            "stress.define",
            actor=by,
            subject=f"scenario:{made.public_id}",
            at=now,
            code=code,
            document=document,
        )
    return made
