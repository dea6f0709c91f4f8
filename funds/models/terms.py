"""What the partnership agreement says, as dated data: fee, return, carried interest, caps, 返投, life."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from funds.models.funds import Fund


class Base(models.TextChoices):
    """What a rate or a cap is a share of."""

    COMMITMENT = "commitment", "认缴"
    PAID_IN = "paid_in", "实缴"
    INVESTED = "invested", "已投"
    NET_ASSETS = "net_assets", "净资产"


class Order(models.TextChoices):
    """Whether carried interest is reckoned on the whole fund or deal by deal."""

    EUROPEAN = "european", "整体分配"
    AMERICAN = "american", "按项目分配"


class Compounding(models.TextChoices):
    ANNUALLY = "annually", "按年复利"
    DAILY = "daily", "按日复利"
    SIMPLE = "simple", "单利"


class DayCount(models.TextChoices):
    """How the days of the preferred return are counted, by the names that interest conventions have."""

    ACTUAL_365 = "ACT/365F"
    ACTUAL_360 = "ACT/360"
    ACTUAL_ACTUAL = "ACT/ACT ISDA"


def rate(**kwargs: Any) -> models.DecimalField[Any, Any]:
    """Per cent with four places."""
    return models.DecimalField(max_digits=9, decimal_places=4, **kwargs)


def word(choices: type[models.TextChoices]) -> models.CharField[Any, Any]:
    """One of the choices, or not agreed: null, as the rates beside it."""
    return models.CharField(max_length=12, choices=choices.choices, null=True)


def _percent(*names: str, name: str) -> models.CheckConstraint:
    """0 to 100, or not agreed; NaN is neither."""
    holds = Q()
    for column in names:
        holds &= Q(**{column: None}) | Q(**{f"{column}__gte": 0, f"{column}__lte": 100})
    return models.CheckConstraint(condition=holds, name=name)


#: What is agreed together or not at all: a rate or a multiple, and what it is a share of.
PAIRED = (
    ("fee_rate_pct", "fee_base"),
    ("firm_cap_pct", "firm_cap_base"),
    ("reinvestment_multiple", "reinvestment_base"),
    ("preferred_return_pct", "compounding"),
    ("carried_interest_pct", "order"),
)


class FundTerms(models.Model):
    """The terms of a fund from a day on; of one day those recorded last. What is null is not agreed.

    Steps of the fee are rows of later days. Rates and shares are per cent.
    """

    append_only = True
    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund")
    public_id = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="terms")
    valid_from = models.DateField()
    document = models.CharField(max_length=200)
    fee_base = word(Base)
    fee_rate_pct = rate(null=True)
    #: Share of what the manager earns from portfolio firms that is set off against its fee.
    fee_offset_pct = rate(null=True)
    order = word(Order)
    preferred_return_pct = rate(null=True)
    compounding = word(Compounding)
    day_count = models.CharField(
        max_length=12, choices=DayCount.choices, default=DayCount.ACTUAL_365, db_default=DayCount.ACTUAL_365
    )
    #: The manager's share of the cash while it catches up, and the share of cumulative profit at which it has;
    #: where the target is null it is the carried interest.
    catch_up_pct = rate(null=True)
    catch_up_target_pct = rate(null=True)
    carried_interest_pct = rate(null=True)
    clawback = models.BooleanField(null=True)
    #: 让利: the share of its gain that fiscal capital gives up, and the yearly return that it keeps first.
    concession_pct = rate(null=True)
    concession_floor_pct = rate(null=True)
    #: Of the commitment, how much may be called again in all.
    recycling_limit_pct = rate(null=True)
    firm_cap_pct = rate(null=True)
    firm_cap_base = word(Base)
    #: The largest share that the fund may hold of a sub-fund.
    sub_fund_share_cap_pct = rate(null=True)
    #: Whether an investment that would break a cap on a firm or a sub-fund is refused; else it is only shown.
    caps_bind = models.BooleanField(null=True)
    #: The longest that a firm may be held, in years.
    project_years = models.PositiveSmallIntegerField(null=True)
    #: 返投: local investment due as a multiple of `reinvestment_base`, and how it is recognised.
    reinvestment_multiple = rate(null=True)
    reinvestment_base = word(Base)
    reinvestment_rules = models.CharField(max_length=2000, default="", blank=True)
    #: For how many days a value of a holding counts as fresh.
    valuation_days = models.PositiveSmallIntegerField(null=True)
    investment_ends_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    extension_years = models.PositiveSmallIntegerField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["FundTerms"]()

    class Meta:
        constraints: ClassVar = [
            _percent(
                "fee_rate_pct", "fee_offset_pct", "preferred_return_pct", "catch_up_pct", "catch_up_target_pct",
                "carried_interest_pct", name="fee_and_carry_are_percentages",
            ),
            _percent(
                "concession_pct", "concession_floor_pct", "recycling_limit_pct", "firm_cap_pct",
                "sub_fund_share_cap_pct", name="caps_and_concessions_are_percentages",
            ),
            models.CheckConstraint(
                condition=Q(reinvestment_multiple=None)
                | Q(reinvestment_multiple__gte=0, reinvestment_multiple__lt=100),
                name="reinvestment_is_a_multiple",
            ),
            one_of("order", Order, name="order_of_distribution_is_known"),
            one_of("compounding", Compounding, name="compounding_of_terms_is_known"),
            one_of("day_count", DayCount, name="day_count_of_terms_is_known"),
            models.CheckConstraint(
                condition=Q(valuation_days=None) | Q(valuation_days__gt=0), name="values_are_fresh_for_some_days"
            ),
            *(
                one_of(base, Base, name=f"{base}_of_terms_is_known")
                for base in ("fee_base", "firm_cap_base", "reinvestment_base")
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{amount: None, base: None})
                    | Q(**{f"{amount}__isnull": False, f"{base}__isnull": False}),
                    name=f"{amount}_has_its_base",
                )
                for amount, base in PAIRED
            ),
            models.CheckConstraint(
                condition=Q(investment_ends_on=None) | Q(ends_on=None) | Q(investment_ends_on__lte=F("ends_on")),
                name="investment_period_ends_within_the_life",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["fund", "valid_from"], name="fund_terms_by_date")]
