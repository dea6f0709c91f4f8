"""A fund of one tier and the investors behind it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.models.fields import is_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager


class Tier(models.TextChoices):
    ANGEL = "angel"
    MOTHER = "mother"
    INDUSTRY = "industry"
    SUB = "sub"


class Fund(models.Model):
    row_scope = RowScope(lookup="manager_id", column="manager_id")
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    tier = models.CharField(max_length=10, choices=Tier.choices)
    manager = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="funds")
    #: 计划规模: the size the city announced; subscribed, paid-in and invested come from the ledger.
    planned_size = money()
    established_on = models.DateField()
    amac_code = models.CharField(max_length=20, default="", blank=True, help_text="中基协备案编码")
    ndrc_code = models.CharField(
        max_length=40, default="", blank=True, help_text="全国政府投资基金信用信息登记系统编码"
    )
    recorded_at = models.DateTimeField(db_default=Now())
    objects = ScopedManager["Fund"]()

    class Meta:
        constraints: ClassVar = [
            is_money("planned_size", name="planned_size_is_money", least=0),
            one_of("tier", Tier, name="fund_tier_is_known"),
        ]

    def __str__(self) -> str:
        return self.code


class Capital(models.TextChoices):
    FISCAL = "fiscal", "财政资金"
    STATE = "state", "国有资本"
    SOCIAL = "social", "社会资本"


class Investor(models.Model):
    """A limited partner of one fund, with the kind of its capital; `holder` where it is a fund of ours."""

    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="investors")
    name = models.CharField(max_length=200)
    capital = models.CharField(max_length=10, choices=Capital.choices)
    holder = models.ForeignKey(Fund, on_delete=models.PROTECT, null=True, related_name="stakes")
    recorded_at = models.DateTimeField(db_default=Now())
    objects = ScopedManager["Investor"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "name"], name="investor_once_per_fund"),
            one_of("capital", Capital, name="capital_is_known"),
            models.UniqueConstraint(fields=["fund", "holder"], name="one_stake_per_holder"),
            models.CheckConstraint(
                condition=Q(holder=None) | ~Q(holder=F("fund")), name="fund_is_no_investor_of_itself"
            ),
        ]
