"""What the API of guarantees, claims and recoveries takes and gives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from finance_hub.rest.fields import (
    Choice,
    Day,
    Moment,
    Money,
    Percent,
    Rate,
    Record,
    Uscc,
    Whole,
    Words,
    YesNo,
)
from loans.models import Claim, Customer, Guarantee, GuaranteeEventKind, Instrument, Party, Recovery
from loans.operations.guarantee_reports import REPORTED
from loans.queries.guarantees import Standing


class Terms(Record):
    guarantee_no = Words(max_length=64)
    uscc = Uscc()
    bank = Words(max_length=40)
    contract_no = Words(max_length=64)
    principal = Money(positive=True)
    start_date = Day()
    end_date = Day()


class NewGuarantee(Terms):
    """Either `agreement` or the three shares. `firm_name` is required where the registry does not know the
    firm; `instrument` is that of the reporting organisation."""

    agreement = Words(max_length=40, required=False)
    bank_share_pct = Percent(required=False)
    government_share_pct = Percent(required=False)
    guarantor_share_pct = Percent(required=False)
    firm_name = Words(max_length=200, required=False)
    instrument = Choice(Instrument.values, required=False)
    customer = Choice(Customer.values, default=Customer.OTHER.value)
    fee_rate_pct = Rate(required=False)


class GuaranteeShown(Terms):
    """`government_share_pct` is that of all public parties; `compensated` is principal; `claim` is what the
    firm still owes those who compensated."""

    bank_share_pct = Percent()
    government_share_pct = Percent()
    guarantor_share_pct = Percent()
    id = Words(max_length=40)
    guarantor = Words(max_length=40)
    firm_name = Words(max_length=200)
    agreement = Words(max_length=40, allow_null=True)
    terms_version = Whole(allow_null=True)
    instrument = Choice(Instrument.values)
    customer = Choice(Customer.values)
    fee_rate_pct = Rate(allow_null=True)
    outstanding = Money()
    released = Money()
    compensated = Money()
    interest_compensated = Money()
    recovered = Money()
    written_off = Money()
    claim = Money()
    fees_paid = Money()
    recorded_at = Moment()


class GuaranteePage(Record):
    data = GuaranteeShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


class NewEvent(Record):
    kind = Choice(REPORTED)
    amount = Money(positive=True)
    effective_date = Day()


class EventShown(Record):
    """`reverses` is the id of the entry taken back, or null."""

    id = Words(max_length=40, source="public_id")
    kind = Choice(GuaranteeEventKind.values)
    amount = Money(positive=True)
    effective_date = Day()
    reverses = Words(max_length=40, source="reverses.public_id", default=None, allow_null=True)
    recorded_at = Moment()


class NewReversal(Record):
    effective_date = Day()


class NewClaim(Record):
    """`principal` and `interest` are what was lost; `effective_date` is the day of payment."""

    default_date = Day()
    principal = Money(positive=True)
    interest = Money(default=Decimal("0.00"))
    effective_date = Day()


class ClaimPart(Record):
    """What a party bears; `name` tells apart several parties of a kind."""

    party = Choice(Party.values)
    name = Words(max_length=100, min_length=0)
    principal = Money()
    interest = Money()


class ClaimShown(Record):
    """`default_date` is null where a compensation was reported by its amount alone."""

    id = Words(max_length=40)
    default_date = Day(allow_null=True)
    principal = Money()
    interest = Money()
    effective_date = Day()
    shares = ClaimPart(many=True)
    reverses = Words(max_length=40, allow_null=True)
    recorded_at = Moment()


class NewRecovery(Record):
    """`amount` got back from the firm, of which `cost` is spent on it. `claim` may be left out where the
    guarantee has one claim alone."""

    claim = Words(max_length=40, required=False)
    amount = Money(positive=True)
    cost = Money(default=Decimal("0.00"))
    effective_date = Day()


class RecoveryPart(Record):
    party = Choice(Party.values)
    name = Words(max_length=100, min_length=0)
    amount = Money()


class RecoveryShown(Record):
    id = Words(max_length=40)
    claim = Words(max_length=40)
    amount = Money()
    cost = Money()
    effective_date = Day()
    shares = RecoveryPart(many=True)
    reverses = Words(max_length=40, allow_null=True)
    recorded_at = Moment()


class GuaranteeWithEvents(GuaranteeShown):
    """`fees_due` is what has accrued up to today, null without a fee rate."""

    fees_due = Money(allow_null=True)
    events = EventShown(many=True)
    claims = ClaimShown(many=True)
    recoveries = RecoveryShown(many=True)


def present(guarantee: Guarantee, stands: Standing) -> dict[str, Any]:
    """A guarantee as `GuaranteeShown` takes it; wants firm, bank, guarantor and agreement at hand."""
    same = (
        "guarantee_no", "contract_no", "principal", "start_date", "end_date", "bank_share_pct",
        "government_share_pct", "guarantor_share_pct", "instrument", "customer", "fee_rate_pct", "recorded_at",
    )  # fmt: skip
    terms = guarantee.terms
    return (
        {name: getattr(guarantee, name) for name in same}
        | stands._asdict()
        | {
            "id": guarantee.public_id,
            "guarantor": guarantee.guarantor.code,
            "uscc": guarantee.firm.uscc,
            "firm_name": guarantee.firm.name,
            "bank": guarantee.bank.code,
            "agreement": terms.agreement.code if terms else None,
            "terms_version": terms.version if terms else None,
            "outstanding": guarantee.principal - stands.released - stands.compensated,
            "claim": stands.claim,
        }
    )


def present_claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.public_id,
        "default_date": claim.default_date,
        "principal": claim.principal,
        "interest": claim.interest,
        "effective_date": claim.effective_date,
        "shares": list(claim.shares.all()),
        "reverses": claim.reverses.public_id if claim.reverses else None,
        "recorded_at": claim.recorded_at,
    }


def present_recovery(recovery: Recovery) -> dict[str, Any]:
    return {
        "id": recovery.public_id,
        "claim": recovery.claim.public_id,
        "amount": recovery.amount,
        "cost": recovery.cost,
        "effective_date": recovery.effective_date,
        "shares": list(recovery.shares.all()),
        "reverses": recovery.reverses.public_id if recovery.reverses else None,
        "recorded_at": recovery.recorded_at,
    }
