"""Limits on concentration: proposed by one person, approved by another, never edited."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound, Problem, SelfApproval, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund
from tasks.models import ConcentrationLimit
from tasks.models.concentration import Dimension, Measure

MOST_PARTS = 100
#: What each measure is limited to at most: per cent, an index, yuan.
MOST = {
    Measure.TOP_SHARE: Decimal(100),
    Measure.HHI: Decimal(1),
    Measure.AMOUNT: Decimal(10) ** 16 - 1,
    Measure.FUND_SHARE: Decimal(100),
}
#: Stakes of a fund are cut by what the registry says of their firms.
OF_A_FUND = frozenset({Dimension.FIRM, Dimension.GROUP, Dimension.INDUSTRY, Dimension.TOWN, Dimension.STAGE})


class LimitAlreadyApproved(Problem):
    code = "limit-already-approved"
    status = 409
    title = Text("该限额已批准", "This limit is approved already")


class LimitOverlaps(Problem):
    code = "limit-overlaps"
    status = 409
    title = Text(
        "同一口径自同日起已有批准的限额", "The same is limited from the same day by another that is approved"
    )


def propose(
    *,
    dimension: str,
    measure: str,
    top_n: int | None = None,
    fund: str | None = None,
    limit: Decimal,
    warning: Decimal,
    owner_unit: str,
    document: str,
    valid_from: date,
    valid_to: date | None = None,
    by: Person,
    now: datetime,
) -> ConcentrationLimit:
    """`limit` and `warning` are in the unit of the measure: per cent, the index itself, or yuan.

    Raises InvalidFields (`top_n`, `fund`, `dimension`, `limit`, `warning`, `valid_to`).
    """
    _require_fit(Measure(measure), Dimension(dimension), top_n, fund)
    _require_amounts(Measure(measure), limit, warning)
    if valid_to is not None and valid_to <= valid_from:
        raise refuse("#/valid_to", "ends-before-it-begins", "须晚于开始日期", "must be after valid_from")
    held = _fund(fund) if fund else None
    with transaction.atomic():
        made = ConcentrationLimit.objects.create(
            public_id=ids.new("cl"), dimension=dimension, measure=measure, top_n=top_n, fund=held, limit=limit,
            warning=warning, owner_unit=owner_unit, document=document, valid_from=valid_from, valid_to=valid_to,
            proposed_by=by, proposed_at=now,
        )  # fmt: skip
        audit.record(
            "limit.propose", actor=by, subject=f"concentration-limit:{made.public_id}", at=now,
            dimension=dimension, measure=measure, limit=str(limit),
        )  # fmt: skip
    return made


def approve(public_id: str, *, by: Person, now: datetime) -> ConcentrationLimit:
    """Raises NotFound, SelfApproval, LimitAlreadyApproved, LimitOverlaps."""
    held = find(public_id)
    if held.proposed_by_id == by.pk:
        raise SelfApproval
    try:
        with transaction.atomic():
            waiting = ConcentrationLimit.objects.filter(pk=held.pk, approved_at=None)
            if not waiting.update(approved_by=by, approved_at=now):
                raise LimitAlreadyApproved
            audit.record("limit.approve", actor=by, subject=f"concentration-limit:{public_id}", at=now)
    except IntegrityError as clash:
        raise LimitOverlaps from clash
    return find(public_id)


def limits() -> QuerySet[ConcentrationLimit]:
    """Every limit ever proposed, with who did and who approved."""
    return ConcentrationLimit.objects.select_related("fund", "proposed_by", "approved_by")


def find(public_id: str) -> ConcentrationLimit:
    """Raises NotFound."""
    found = limits().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def _require_fit(measure: Measure, dimension: Dimension, top_n: int | None, fund: str | None) -> None:
    if measure is Measure.TOP_SHARE and (top_n is None or not 1 <= top_n <= MOST_PARTS):
        raise refuse("#/top_n", "count-out-of-range", "须为 1 至 100 的整数", "must be from 1 to 100")
    if measure is not Measure.TOP_SHARE and top_n is not None:
        raise refuse("#/top_n", "not-of-this-measure", "仅前若干户占比需要", "is of a top share alone")
    if measure is Measure.FUND_SHARE and not fund:
        raise refuse("#/fund", "required", "须指明基金", "names the fund")
    if measure is not Measure.FUND_SHARE and fund:
        raise refuse("#/fund", "not-of-this-measure", "仅占基金净资产需要", "is of a share of a fund alone")
    if measure is Measure.FUND_SHARE and dimension not in OF_A_FUND:
        raise refuse(
            "#/dimension", "not-of-this-measure", "基金持股不按银行或子基金划分",
            "a fund's stakes are not cut by bank or sub-fund",
        )  # fmt: skip


def _require_amounts(measure: Measure, limit: Decimal, warning: Decimal) -> None:
    if not 0 < limit <= MOST[measure]:
        most = f"{MOST[measure]:,}"
        raise refuse("#/limit", "limit-out-of-range", f"须大于 0 且不超过 {most}", f"above 0, at most {most}")
    if not 0 < warning <= limit:
        raise refuse(
            "#/warning", "warning-above-limit", "须大于 0 且不超过限额", "above 0, and no more than the limit"
        )


def _fund(code: str) -> Fund:
    found = Fund.objects.filter(code=code).first()
    if found is None:
        raise refuse("#/fund", "does_not_exist", "没有这只基金", "No fund has this code")
    return found
