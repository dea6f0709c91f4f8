"""Guarantees with shared losses (银政担): who bears which part, and what happened to each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Firm, Organisation, Person
from finance_hub.kernel.models.fields import is_positive_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager


class Guarantee(models.Model):
    """A guarantee on one firm's loan; the shares of a loss add up to 100 percent."""

    row_scope = RowScope(lookup="guarantor_id", column="guarantor_id")
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
        ]


class GuaranteeEventKind(models.TextChoices):
    RELEASE = "release", "解除"
    COMPENSATION = "compensation", "代偿"
    RECOVERY = "recovery", "追偿"


class GuaranteeEvent(models.Model):
    """Release of (part of) the principal, compensation 代偿 paid, or recovery 追偿 got."""

    append_only = True
    row_scope = RowScope(lookup="guarantee__guarantor_id", column="guarantee_id", parent="loans_guarantee")
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
