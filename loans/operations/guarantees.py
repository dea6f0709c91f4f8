"""What guarantors and insurers report: guarantees and policies, under an agreement or with shares of their own."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, firms, ids
from finance_hub.kernel.days import require_day
from finance_hub.kernel.models import Firm, Organisation, Person
from finance_hub.kernel.models.firms import FirmSource
from finance_hub.kernel.problems import FieldError, Forbidden, Problem, refuse
from finance_hub.kernel.text import Text
from loans.models import Customer, Guarantee, Instrument
from loans.operations import covering

#: What an organisation of a kind reports.
INSTRUMENTS = {"guarantor": Instrument.GUARANTEE, "insurer": Instrument.CREDIT_INSURANCE}


class GuaranteeNumberTaken(Problem):
    code = "guarantee-number-taken"
    status = 409
    title = Text("该担保编号已被使用", "The guarantee number is taken")


class InstrumentNotOfOrganisation(Problem):
    code = "instrument-not-of-organisation"
    status = 422
    title = Text("担保机构登记担保，保险机构登记保单", "Guarantors report guarantees, insurers policies")


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
    agreement: str | None = None,
    bank_share_pct: Decimal | None = None,
    government_share_pct: Decimal | None = None,
    guarantor_share_pct: Decimal | None = None,
    instrument: str | None = None,
    customer: str = Customer.OTHER,
    fee_rate_pct: Decimal | None = None,
    by: Person,
    now: datetime,
) -> Guarantee:
    """A guarantee of the caller's organisation on a firm's loan at the bank with the code `bank`.

    It is made under the terms of `agreement` in force on its first day, or with three shares of its own. A
    firm the registry does not know is registered, unverified, when `firm_name` is given. Raises Forbidden,
    InvalidFields, InstrumentNotOfOrganisation, GuaranteeNumberTaken and what `covering` raises.
    """
    kind = by.organisation.kind
    if kind not in INSTRUMENTS:
        raise Forbidden
    if instrument not in {None, INSTRUMENTS[kind]}:
        raise InstrumentNotOfOrganisation(
            errors=(
                FieldError(
                    InstrumentNotOfOrganisation.code, "#/instrument", InstrumentNotOfOrganisation.title
                ),
            )
        )
    _require_days(start_date, end_date, now=now)
    own = {
        "bank_share_pct": bank_share_pct, "government_share_pct": government_share_pct,
        "guarantor_share_pct": guarantor_share_pct,
    }  # fmt: skip
    _require_shares(own, agreed=agreement is not None)
    facts: dict[str, Any] = {
        "public_id": ids.new("gu"), "bank": _bank(bank), "contract_no": contract_no, "principal": principal,
        "start_date": start_date, "end_date": end_date, **own, "recorded_at": now, "recorded_by": by,
        "instrument": INSTRUMENTS[kind], "customer": customer, "fee_rate_pct": fee_rate_pct,
    }  # fmt: skip
    with transaction.atomic():
        held = covering.lock(agreement, bank=facts["bank"]) if agreement else None
        if Guarantee.objects.filter(guarantor=by.organisation, guarantee_no=guarantee_no).exists():
            raise GuaranteeNumberTaken
        facts["firm"] = _firm(uscc, firm_name, known_from=start_date, by=by, now=now)
        if held:
            facts |= covering.require_cover(
                held, firm=facts["firm"], bank=facts["bank"], principal=principal, day=start_date,
                fee_rate_pct=fee_rate_pct, now=now,
            )  # fmt: skip
        guarantee, fresh = Guarantee.objects.get_or_create(
            guarantor=by.organisation, guarantee_no=guarantee_no, defaults=facts
        )
        if not fresh:
            raise GuaranteeNumberTaken
        audit.record(
            "guarantee.create", actor=by, subject=f"guarantee:{guarantee.public_id}", at=now,
            guarantee_no=guarantee_no, uscc=uscc, principal=str(principal), agreement=agreement or "",
        )  # fmt: skip
    return guarantee


def _require_days(start: date, end: date, *, now: datetime) -> None:
    if end <= start:
        raise refuse(
            "#/end_date", "ends-before-start", "到期日须晚于起始日", "It ends after the day it starts"
        )
    require_day(start, now=now, pointer="#/start_date")


def _require_shares(own: dict[str, Decimal | None], *, agreed: bool) -> None:
    """Three shares that add up to 100, or none where an agreement says them."""
    for name, share in own.items():
        if agreed and share is not None:
            raise refuse(
                f"#/{name}",
                "shares-are-the-agreements",
                "分担比例由分险协议确定，不另行填写",
                "The agreement says the shares: leave them out",
            )
        if not agreed and share is None:
            raise refuse(
                f"#/{name}",
                "share-required",
                "未指明分险协议的，须填写三方分担比例",
                "Without an agreement the three shares are required",
            )
    if not agreed and sum(filter(None, own.values())) != 100:
        raise refuse(
            "#/guarantor_share_pct",
            "shares-do-not-add-up",
            "三方分担比例合计须为 100",
            "The three shares of a loss add up to 100",
        )


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
