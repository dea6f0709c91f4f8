"""What a fund holds: stakes in firms and in sub-funds, what was paid and got, and what it is worth."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Firm, Person
from finance_hub.kernel.models.fields import is_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from funds.models.funds import Fund


class Holding(models.Model):
    """A fund's stake in one firm or one sub-fund."""

    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund")
    public_id = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="holdings")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True, related_name="holdings")
    sub_fund = models.ForeignKey(Fund, on_delete=models.PROTECT, null=True, related_name="held_by")
    objects = ScopedManager["Holding"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(firm=None, sub_fund__isnull=False) | Q(firm__isnull=False, sub_fund=None),
                name="holding_is_in_a_firm_or_a_sub_fund",
            ),
            models.CheckConstraint(
                condition=Q(sub_fund=None) | ~Q(sub_fund=F("fund")), name="fund_does_not_hold_itself"
            ),
            models.UniqueConstraint(
                fields=["fund", "firm", "sub_fund"], nulls_distinct=False, name="one_holding_per_investee"
            ),
        ]


class HoldingEventKind(models.TextChoices):
    INVESTMENT = "investment", "投资"
    EXIT = "exit", "退出"
    WRITE_OFF = "write_off", "核销"
    RECOVERY = "recovery", "核销后收回"
    INCOME = "income", "股息利息"


class ExitRoute(models.TextChoices):
    """How a stake was parted with. A buy-back is paid by the firm or its founders."""

    TRANSFER = "transfer", "股权转让"
    BUY_BACK = "buy_back", "回购"
    MARKET = "market", "上市减持"
    LIQUIDATION = "liquidation", "清算"


#: What changes how much is held: a value of an earlier day does not know of it.
DEALS = [HoldingEventKind.INVESTMENT, HoldingEventKind.EXIT, HoldingEventKind.WRITE_OFF]
#: What brings cash and releases no cost.
RECEIPTS = [HoldingEventKind.RECOVERY, HoldingEventKind.INCOME]


class HoldingEvent(models.Model):
    """`cash` moved (paid for an investment, got from an exit) and `cost` added or released.

    investment: cash = cost > 0 · exit: cash >= 0, cost > 0 released · write-off: cost > 0, no cash ·
    recovery of what was written off, and income such as a dividend: cash > 0, no cost. `route` is how an
    exit was made, "" where it does not say.
    """

    append_only = True
    row_scope = RowScope(lookup="holding__fund__manager_id", column="holding_id", parent="funds_holding")
    public_id = models.CharField(max_length=40, unique=True)
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=HoldingEventKind.choices)
    cash = money()
    cost = money()
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    route = models.CharField(max_length=12, choices=ExitRoute.choices, default="", db_default="", blank=True)
    note = models.CharField(max_length=500, default="", blank=True)
    objects = ScopedManager["HoldingEvent"]()

    class Meta:
        constraints: ClassVar = [
            is_money("cash", name="holding_cash_is_not_negative", least=0),
            is_money("cost", name="holding_cost_is_not_negative", least=0),
            models.CheckConstraint(
                condition=Q(kind="investment", cash=F("cost"), cost__gt=0)
                | Q(kind="exit", cost__gt=0)
                | Q(kind="write_off", cash=0, cost__gt=0)
                | Q(kind__in=["income", "recovery"], cash__gt=0, cost=0),
                name="cash_and_cost_fit_the_kind",
            ),
            models.CheckConstraint(
                condition=Q(route="") | Q(route__in=sorted(ExitRoute.values), kind="exit"),
                name="only_an_exit_has_a_route",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["holding", "effective_date"], name="holding_event_by_date")]


class ValuationMethod(models.TextChoices):
    COST = "cost", "成本法"
    LATEST_ROUND = "latest_round", "最近融资价格法"
    MARKET = "market", "市场乘数法"
    NET_ASSETS = "net_assets", "净资产法"
    DISCOUNTED_CASH_FLOW = "discounted_cash_flow", "现金流折现法"


class Valuation(models.Model):
    """Fair value of a holding on a day. For the same day the one recorded last is in force."""

    append_only = True
    row_scope = RowScope(lookup="holding__fund__manager_id", column="holding_id", parent="funds_holding")
    public_id = models.CharField(max_length=40, unique=True)
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="valuations")
    fair_value = money()
    method = models.CharField(max_length=24, choices=ValuationMethod.choices)
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["Valuation"]()

    class Meta:
        constraints: ClassVar = [
            is_money("fair_value", name="fair_value_is_not_negative", least=0),
            one_of("method", ValuationMethod, name="valuation_method_is_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["holding", "effective_date"], name="valuation_by_date")]
