"""Tranches of a deal: each is an investment that the holding has already."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import InvalidFields, Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Deal, DealPayment, HoldingEvent, HoldingEventKind
from funds.models.deals import Stage
from funds.operations.pipeline.locking import lock_deal_and_fund
from funds.operations.rules import require_room
from funds.queries import pipeline


class InvestmentAlreadyTied(Problem):
    code = "investment-already-tied"
    status = 409
    title = Text("该笔投资已对应一个项目", "The investment belongs to a deal already")


class DealNotPaid(Problem):
    code = "deal-not-paid"
    status = 409
    title = Text("项目尚未出资，请先登记出资环节", "The deal is not paid yet: record the stage first")


class PaymentAbovePlanned(Problem):
    code = "payment-above-planned"
    status = 422
    title = Text("超过项目计划金额", "It is more than the deal plans")
    detail = Text(
        "本次 {amount} 元，计划金额尚余 {room} 元；如有增资，请先修改项目的计划金额",
        "{amount} would be paid, where {room} of the planned amount is left: raise the planned amount first",
    )


def add_payment(*, deal: str, investment: str, note: str = "", by: Person, now: datetime) -> DealPayment:
    """A further tranche of a deal that is paid: the holding entry with public id `investment`.

    Raises NotFound, InvalidFields, DealNotPaid, InvestmentAlreadyTied, PaymentAbovePlanned.
    """
    with transaction.atomic():
        held = lock_deal_and_fund(deal)
        road = pipeline.standing_steps(held)
        if road[-1].at != Stage.PAID:
            raise DealNotPaid
        signed_on = next(step.effective_date for step in road if step.stage == Stage.SIGNED)
        payment = tie(held, investment, not_before=signed_on, note=note, by=by, now=now)
        audit.record(
            "deal.pay", actor=by, subject=f"deal:{deal}", at=now, fund=held.fund.code,
            payment=payment.public_id, investment=investment,
        )  # fmt: skip
    return payment


def tie(
    deal: Deal, investment: str, *, not_before: date, note: str = "", by: Person, now: datetime
) -> DealPayment:
    """Call with the rows of the fund and the deal locked. Raises InvalidFields, InvestmentAlreadyTied, PaymentAbovePlanned."""
    event = HoldingEvent.objects.select_related("holding").filter(public_id=investment).first()
    if event is None:
        raise _refuse("investment-unknown", "没有这笔投资", "There is no such investment")
    if event.kind != HoldingEventKind.INVESTMENT or event.reverses_id is not None:
        raise _refuse("not-an-investment", "这不是一笔投资记录", "That entry is no investment")
    if event.holding.fund_id != deal.fund_id:
        raise _refuse("investment-of-another-fund", "这是另一只基金的投资", "Another fund invested that")
    if event.holding.firm_id is None or event.holding.firm_id != deal.firm_id:
        raise _refuse("investment-in-another-firm", "这是对另一家企业的投资", "That was invested elsewhere")
    if HoldingEvent.objects.filter(reverses=event).exists():
        raise _refuse("investment-reversed", "该笔投资已被冲销", "The investment has been reversed")
    if event.effective_date < not_before:
        raise _refuse("investment-before-signing", "投资日早于签约日", "It was invested before signing")
    if DealPayment.objects.filter(event=event).exists():
        raise InvestmentAlreadyTied
    left = deal.planned_amount - pipeline.paid(deal)
    require_room(PaymentAbovePlanned, amount=event.cost, room=left, pointer="#/investment")
    return DealPayment.objects.create(
        public_id=ids.new("dp"), deal=deal, event=event, note=note, recorded_at=now, recorded_by=by
    )


def _refuse(code: str, zh: str, en: str) -> InvalidFields:
    return refuse("#/investment", code, zh, en)
