"""Guarantees with shared losses (银政担): who bears which part, and what happened to each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Firm, Organisation, Person
from finance_hub.kernel.models.fields import is_positive_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from loans.models.agreements import AgreementTerms

#: Its guarantor's row, read by the bank of its loan.
OF_A_GUARANTEE = RowScope(
    lookup="guarantee__guarantor_id", column="guarantee_id", parent="loans_guarantee",
    reader="guarantee__bank_id", writer="guarantor_id",
)  # fmt: skip


class Instrument(models.TextChoices):
    GUARANTEE = "guarantee", "担保"
    CREDIT_INSURANCE = "credit_insurance", "信用保证保险"


class Customer(models.TextChoices):
    """What the guarantor says the firm is: the weight of its liability 责任余额 depends on it."""

    SMALL_MICRO = "small_micro", "小微企业"
    FARMER = "farmer", "农户"
    OTHER = "other", "其他"


class Guarantee(models.Model):
    """A guarantee or an insurance policy on one firm's loan, whose principal is that of the loan.

    Made under the terms of an agreement, or with three shares of its own. Under terms the three columns
    are their sums: bank, public parties, everybody else (trigger `shares_are_those_of_the_terms`).
    """

    row_scope = RowScope(
        lookup="guarantor_id", column="guarantor_id", reader="bank_id", reader_column="bank_id",
        writer="guarantor_id",
    )  # fmt: skip
    public_id = models.CharField(max_length=40, unique=True)
    guarantor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="guarantees")
    guarantee_no = models.CharField(max_length=64)
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="guarantees")
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="guaranteed_loans")
    contract_no = models.CharField(max_length=64)
    principal = money()
    start_date = models.DateField()
    end_date = models.DateField()
    bank_share_pct = models.DecimalField(max_digits=5, decimal_places=2)
    government_share_pct = models.DecimalField(max_digits=5, decimal_places=2)
    guarantor_share_pct = models.DecimalField(max_digits=5, decimal_places=2)
    terms = models.ForeignKey(AgreementTerms, on_delete=models.PROTECT, null=True, related_name="guarantees")
    instrument = models.CharField(max_length=16, choices=Instrument.choices, default=Instrument.GUARANTEE)
    customer = models.CharField(max_length=12, choices=Customer.choices, default=Customer.OTHER)
    fee_rate_pct = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["Guarantee"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guarantor", "guarantee_no"], name="guarantee_is_guarantor_and_number"
            ),
            is_positive_money("principal", name="guaranteed_principal_is_positive"),
            models.CheckConstraint(
                condition=Q(end_date__gt=F("start_date")), name="guarantee_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(bank_share_pct__gte=0, government_share_pct__gte=0, guarantor_share_pct__gte=0)
                & Q(guarantor_share_pct=models.Value(100) - F("bank_share_pct") - F("government_share_pct")),
                name="shares_of_loss_add_up_to_100",
            ),
            one_of("instrument", Instrument, name="instrument_is_known"),
            one_of("customer", Customer, name="customer_is_known"),
            models.CheckConstraint(
                condition=Q(fee_rate_pct=None) | Q(fee_rate_pct__gte=0, fee_rate_pct__lt=100),
                name="guarantee_fee_rate_is_a_percentage",
            ),
        ]


class GuaranteeEventKind(models.TextChoices):
    RELEASE = "release", "解除"
    COMPENSATION = "compensation", "代偿"
    RECOVERY = "recovery", "追偿"
    INTEREST = "interest", "代偿利息"
    WRITE_OFF = "write_off", "代偿核销"
    FEE = "fee", "收取担保费"


class GuaranteeEvent(models.Model):
    """What happened to a guarantee: release of (part of) the principal, compensation 代偿 of principal or of
    interest on top of it, recovery 追偿 for who compensated, write-off of what will not be recovered, fee paid."""

    append_only = True
    row_scope = OF_A_GUARANTEE
    public_id = models.CharField(max_length=40, unique=True)
    guarantee = models.ForeignKey(Guarantee, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=14, choices=GuaranteeEventKind.choices)
    amount = money()
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    objects = ScopedManager["GuaranteeEvent"]()

    class Meta:
        constraints: ClassVar = [
            one_of("kind", GuaranteeEventKind, name="guarantee_event_kind_is_known"),
            is_positive_money("amount", name="guarantee_event_amount_is_positive"),
        ]
