"""What guarantors report: guarantees, and what happened to each."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from finance_hub.kernel import audit, firms, ids
from finance_hub.kernel.models import Firm, Organisation, Person
from finance_hub.kernel.models.firms import FirmSource
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.problems import FieldError, Forbidden, NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from loans.models import Guarantee, GuaranteeEvent, GuaranteeEventKind
from loans.queries.guarantees import Standing, standing


class GuaranteeNumberTaken(Problem):
    code = "guarantee-number-taken"
    status = 409
    title = Text("该担保编号已被使用", "The guarantee number is taken")


class AboveOutstanding(Problem):
    code = "guarantee-amount-exceeds-outstanding"
    status = 422
    title = Text("金额大于在保余额", "The amount is above what is outstanding")
    detail = Text("在保余额为 {outstanding}", "{outstanding} is outstanding")


class RecoveryAboveCompensation(Problem):
    code = "recovery-exceeds-compensation"
    status = 422
    title = Text("追偿金额大于未追回的代偿", "It recovers more than was compensated")
    detail = Text("尚未追回 {left}", "{left} is not recovered yet")


def create(
    *,
    guarantee_no: str,
    uscc: str,
    firm_name: str | None = None,
    bank: str,
    contract_no: str,
    principal: Decimal,
    start_date: date,
    end_date: date,
    bank_share_pct: Decimal,
    government_share_pct: Decimal,
    guarantor_share_pct: Decimal,
    by: Person,
    now: datetime,
) -> Guarantee:
    """A guarantee of the caller's organisation on a firm's loan at the bank with the code `bank`.

    A firm the registry does not know is registered, unverified, when `firm_name` is given.
    Raises Forbidden, InvalidFields, GuaranteeNumberTaken.
    """
    if by.organisation.kind != "guarantor":
        raise Forbidden
    _require_terms(start_date, end_date, (bank_share_pct, government_share_pct, guarantor_share_pct), now=now)
    facts = {
        "public_id": ids.new("gu"), "bank": _bank(bank), "contract_no": contract_no, "principal": principal,
        "start_date": start_date, "end_date": end_date, "bank_share_pct": bank_share_pct,
        "government_share_pct": government_share_pct, "guarantor_share_pct": guarantor_share_pct,
        "recorded_at": now, "recorded_by": by,
    }  # fmt: skip
    with transaction.atomic():
        facts["firm"] = _firm(uscc, firm_name, known_from=start_date, by=by, now=now)
        guarantee, fresh = Guarantee.objects.get_or_create(
            guarantor=by.organisation, guarantee_no=guarantee_no, defaults=facts
        )
        if not fresh:
            raise GuaranteeNumberTaken
        audit.record(
            "guarantee.create", actor=by, subject=f"guarantee:{guarantee.public_id}", at=now,
            guarantee_no=guarantee_no, uscc=uscc, principal=str(principal),
        )  # fmt: skip
    return guarantee


def _require_terms(start: date, end: date, shares: tuple[Decimal, ...], *, now: datetime) -> None:
    if end <= start:
        raise refuse(
            "#/end_date", "ends-before-start", "到期日须晚于起始日", "It ends after the day it starts"
        )
    _require_not_in_future(start, "#/start_date", now=now)
    if sum(shares) != 100:
        raise refuse(
            "#/guarantor_share_pct",
            "shares-do-not-add-up",
            "三方分担比例合计须为 100",
            "The three shares of a loss add up to 100",
        )


def _require_not_in_future(day: date, pointer: str, *, now: datetime) -> None:
    if day > now.astimezone(SHANGHAI).date():
        raise refuse(pointer, "date-in-future", "日期不能在未来", "The date must not be in the future")


def _bank(code: str) -> Organisation:
    bank = Organisation.objects.filter(code=code, kind="bank").first()
    if bank is None:
        raise refuse("#/bank", "bank-unknown", "没有这家银行", "There is no such bank")
    return bank


def _firm(uscc: str, name: str | None, *, known_from: date, by: Person, now: datetime) -> Firm:
    firms.require_uscc(uscc)
    found = Firm.objects.filter(uscc=uscc).first()
    if found:
        return found
    if not name:
        raise refuse(
            "#/firm_name",
            "firm-name-required",
            "该企业尚未登记，须填企业名称",
            "The registry does not know the firm: its name is required",
        )
    return firms.register(code=uscc, name=name, source=FirmSource.DEAL, known_from=known_from, by=by, now=now)


def record_event(
    *, guarantee: str, kind: str, amount: Decimal, effective_date: date, by: Person, now: datetime
) -> GuaranteeEvent:
    """Release, compensation or recovery of the guarantee with the public id `guarantee`.

    The amount must fit on its own day and with everything recorded for later days. Raises
    NotFound, InvalidFields, AboveOutstanding, RecoveryAboveCompensation.
    """
    if amount <= 0:
        raise refuse(
            "#/amount", "amount-not-positive", "金额须大于零", "The amount must be greater than zero"
        )
    with transaction.atomic():
        held = Guarantee.objects.select_for_update().filter(public_id=guarantee).first()
        if held is None:
            raise NotFound
        _require_day(held, effective_date, now=now)
        _require_room(held, kind, amount, day=effective_date)
        event = GuaranteeEvent.objects.create(
            public_id=ids.new("ge"), guarantee=held, kind=kind, amount=amount, effective_date=effective_date,
            recorded_at=now, recorded_by=by,
        )  # fmt: skip
        audit.record(
            f"guarantee.{kind}", actor=by, subject=f"guarantee:{guarantee}", at=now,
            amount=str(amount), effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return event


def _require_day(held: Guarantee, day: date, *, now: datetime) -> None:
    if day < held.start_date:
        raise refuse(
            "#/effective_date", "date-before-start", "日期早于担保起始日", "It is before the guarantee starts"
        )
    _require_not_in_future(day, "#/effective_date", now=now)


def _require_room(held: Guarantee, kind: str, amount: Decimal, *, day: date) -> None:
    """What is recorded for later days counts too: no later recovery may lose its compensation."""
    then, after = standing([held.pk], day=day)[held.pk], standing([held.pk])[held.pk]
    if kind == GuaranteeEventKind.RECOVERY:
        left = min(_not_recovered(then), _not_recovered(after))
        if amount > left:
            raise RecoveryAboveCompensation(errors=_at_amount(RecoveryAboveCompensation), left=left)
        return
    outstanding = held.principal - after.released - after.compensated
    if amount > outstanding:
        raise AboveOutstanding(errors=_at_amount(AboveOutstanding), outstanding=outstanding)


def _not_recovered(then: Standing) -> Decimal:
    return then.compensated - then.recovered


def _at_amount(problem: type[Problem]) -> tuple[FieldError, ...]:
    return (FieldError(problem.code, "#/amount", problem.title),)
