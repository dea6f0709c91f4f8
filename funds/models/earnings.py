"""What the manager of a fund earns from its portfolio firms: set off against its fee as the terms say."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import is_positive_money, money
from finance_hub.kernel.scoping import RowScope, ScopedManager
from funds.models.funds import Fund


class ManagerEarning(models.Model):
    """One receipt of the manager, such as a transaction or monitoring fee; `earned_from` says from whom and what for.

    A cancellation is a row of the same amount that `reverses` the first.
    """

    append_only = True
    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund")
    public_id = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="manager_earnings")
    amount = money()
    earned_from = models.CharField(max_length=200)
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    objects = ScopedManager["ManagerEarning"]()

    class Meta:
        constraints: ClassVar = [
            is_positive_money("amount", name="manager_earning_is_positive"),
            models.CheckConstraint(
                condition=Q(earned_from__regex=r"\S"), name="manager_earning_says_from_whom"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["fund", "effective_date"], name="manager_earning_by_date")]
