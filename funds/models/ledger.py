"""The ledger between a fund and its investors: append-only events in yuan."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import is_positive_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from funds.models.funds import Fund, Investor


class FundEventKind(models.TextChoices):
    COMMITMENT = "commitment", "认缴"
    CALL = "call", "催缴"
    CONTRIBUTION = "contribution", "实缴"
    DISTRIBUTION = "distribution", "分配"
    FEE = "fee", "管理费"
    EXPENSE = "expense", "费用"


OF_INVESTORS = ["commitment", "call", "contribution", "distribution"]


class FundEvent(models.Model):
    """One event. A cancellation is a row of the same kind and amount that `reverses` the first."""

    append_only = True
    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund")
    public_id = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="events")
    investor = models.ForeignKey(Investor, on_delete=models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=14, choices=FundEventKind.choices)
    amount = money()
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    note = models.CharField(max_length=500, default="", blank=True)
    objects = ScopedManager["FundEvent"]()

    class Meta:
        constraints: ClassVar = [
            is_positive_money("amount", name="fund_event_amount_is_positive"),
            one_of("kind", FundEventKind, name="fund_event_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_INVESTORS, investor__isnull=False)
                | (~Q(kind__in=OF_INVESTORS) & Q(investor=None)),
                name="capital_events_name_their_investor",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["fund", "effective_date"], name="fund_event_by_date")]
