"""What a guarantor's or insurer's liability is measured against: its net assets, as it reports them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.models.fields import is_money, is_positive_money, money
from finance_hub.kernel.scoping import RowScope, ScopedManager


class NetAssets(models.Model):
    """Net assets 净资产 at the end of a day; `deductions` are stakes in other guarantee companies.

    The last recorded for a day is in force, the last day up to the date of a figure counts.
    """

    append_only = True
    row_scope = RowScope(lookup="guarantor_id", column="guarantor_id")
    public_id = models.CharField(max_length=40, unique=True)
    guarantor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="net_assets")
    effective_date = models.DateField()
    amount = money()
    deductions = money()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["NetAssets"]()

    class Meta:
        constraints: ClassVar = [
            is_positive_money("amount", name="net_assets_are_positive"),
            is_money("deductions", name="deductions_are_not_negative", least=0),
            models.CheckConstraint(
                condition=Q(deductions__lt=F("amount")), name="net_assets_exceed_their_deductions"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["guarantor", "effective_date"], name="net_assets_by_guarantor")
        ]
