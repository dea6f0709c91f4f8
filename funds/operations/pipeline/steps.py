"""A deal goes on by steps; a step that was wrong is corrected by one that takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Deal, DealPayment, DealStep
from funds.models.deals import Stage
from funds.operations.pipeline import rules
from funds.operations.pipeline.locking import lock_deal, lock_deal_and_fund
from funds.operations.pipeline.payments import tie
from funds.operations.pipeline.rules import Decision, Skip
from funds.operations.rules import require_day
from funds.queries import pipeline


class StepAlreadyCorrected(Problem):
    code = "step-already-corrected"
    status = 409
    title = Text("该环节已被更正", "That step was corrected already")


class PaidStepStands(Problem):
    code = "paid-step-stands"
    status = 409
    title = Text(
        "出资以投资记录为准，有误请冲销该笔投资", "What was paid is what was invested: reverse the investment"
    )


def take_step(
    *,
    deal: str,
    stage: str,
    effective_date: date,
    reason: str = "",
    skipped: Sequence[Skip] = (),
    decision: Decision | None = None,
    investment: str | None = None,
    corrects: str | None = None,
    note: str = "",
    by: Person,
    now: datetime,
) -> DealStep:
    """Take the deal with public id `deal` to a stage, over those `skipped`; or correct the step `corrects`.

    `paid` names the holding entry of its first tranche, `investment`. Raises NotFound, InvalidFields,
    InvestmentAlreadyTied, StepAlreadyCorrected, PaidStepStands, and the refusals of `rules`.
    """
    with transaction.atomic():
        held = lock_deal_and_fund(deal) if stage == Stage.PAID else lock_deal(deal)
        require_day(effective_date, now=now)
        road = pipeline.standing_steps(held)
        facts: dict[str, Any] = {
            "deal": held, "stage": stage, "effective_date": effective_date, "reason": reason, "note": note,
            "recorded_at": now, "recorded_by": by, **(decision or {}),
        }  # fmt: skip
        if corrects is not None:
            facts |= _correcting(held, road, corrects, facts, skipped=skipped, decision=decision)
            _require_no_investment(investment)
        else:
            at = rules.require_follows(road[-1], stage, skipped=skipped)
            rules.require_order(effective_date, earlier=road[-1])
            rules.require_said(held, stage, at=at, reason=reason, decision=decision, before=road)
            place = _leave_out(held, road[-1].place + 1, skipped, like=facts)
            payment = _pay(held, investment, stage=stage, day=effective_date, by=by, now=now)
            facts |= {"at": at, "place": place, "payment": payment}
        step = DealStep.objects.create(public_id=ids.new("ds"), **facts)
        audit.record(
            "deal.correct" if corrects else f"deal.{stage}",
            actor=by, subject=f"deal:{deal}", at=now, fund=held.fund.code, step=step.public_id, stage=stage,
            effective_date=effective_date.isoformat(),
            **({"corrects": corrects} if corrects else {"skipped": [skip["stage"] for skip in skipped]}),
        )  # fmt: skip
    return step


def _correcting(
    deal: Deal, road: list[DealStep], corrects: str, facts: dict[str, Any], *, skipped: Sequence[Skip],
    decision: Decision | None,
) -> dict[str, Any]:  # fmt: skip
    """Place and standing of a step that takes the place of another, of which it keeps the order."""
    mistaken = DealStep.objects.filter(deal=deal, public_id=corrects).first()
    if mistaken is None:
        raise refuse("#/corrects", "step-unknown", "该项目没有这个环节", "The deal has no such step")
    if mistaken not in road:
        raise StepAlreadyCorrected
    if mistaken.stage == Stage.PAID:
        raise PaidStepStands
    rules.require_reasons([], skipped=skipped)
    here, stage = road.index(mistaken), facts["stage"]
    before, behind = road[:here], road[here + 1 :]
    if stage == mistaken.stage:
        at = mistaken.at
    elif behind or not before:
        raise rules.CorrectionKeepsTheStage
    else:
        at = rules.require_follows(before[-1], stage, skipped=())
    rules.require_order(
        facts["effective_date"],
        earlier=before[-1] if before else None,
        later=behind[0] if behind else None,
    )
    rules.require_said(deal, stage, at=at, reason=facts["reason"], decision=decision, before=before)
    return {"corrects": mistaken, "place": mistaken.place, "at": at}


def _leave_out(deal: Deal, place: int, skipped: Sequence[Skip], *, like: dict[str, Any]) -> int:
    """A row for each stage left out, in the order of the road; the place that comes after them."""
    same = {name: like[name] for name in ("effective_date", "recorded_at", "recorded_by")}
    for skip in sorted(skipped, key=lambda skip: Stage.values.index(skip["stage"])):
        DealStep.objects.create(
            public_id=ids.new("ds"), deal=deal, place=place, stage=skip["stage"], at=skip["stage"],
            skipped=True, reason=skip["reason"], **same,
        )  # fmt: skip
        place += 1
    return place


def _pay(
    deal: Deal, investment: str | None, *, stage: str, day: date, by: Person, now: datetime
) -> DealPayment | None:
    if stage != Stage.PAID:
        _require_no_investment(investment)
        return None
    if investment is None:
        raise refuse(
            "#/investment", "investment-required", "出资须指明对应的投资记录", "Name the investment entry"
        )
    signed_on = DealStep.objects.filter(deal=deal, stage=Stage.SIGNED).latest("pk").effective_date
    payment = tie(deal, investment, not_before=signed_on, by=by, now=now)
    if payment.event.effective_date != day:
        raise refuse(
            "#/effective_date", "paid-on-another-day", "出资日须为投资日 {effective_date}",
            "A deal is paid on the day of its investment, {effective_date}",
            effective_date=payment.event.effective_date.isoformat(),
        )  # fmt: skip
    return payment


def _require_no_investment(investment: str | None) -> None:
    if investment is not None:
        raise refuse(
            "#/investment",
            "investment-not-allowed",
            "只有出资环节对应投资记录",
            "Only `paid` names an investment",
        )
