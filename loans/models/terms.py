"""What loans are priced, subsidised, secured and granted by: dated data of the centre, and the pledges alive."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.models.fields import is_positive_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from loans.models.contracts import Drawdown, PledgeType


class LprTenor(models.TextChoices):
    ONE_YEAR = "1y", "一年期"
    FIVE_YEARS = "5y", "五年期以上"


class LprQuote(models.Model):
    """A loan prime rate as published. Of one day's the one recorded last is in force."""

    append_only = True
    tenor = models.CharField(max_length=2, choices=LprTenor.choices)
    published_on = models.DateField()
    rate_pct = models.DecimalField(max_digits=7, decimal_places=4)
    source = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            one_of("tenor", LprTenor, name="lpr_tenor_is_known"),
            models.CheckConstraint(condition=Q(rate_pct__gt=0, rate_pct__lt=100), name="lpr_is_a_percentage"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenor", "published_on"], name="lpr_by_day")]


class SubsidyScheme(models.Model):
    """Terms of an interest subsidy 贴息 for some products on the days of `[valid_from, valid_to)`.

    The yearly rate that is borne for a loan is what its bank reports, but no more than `rate_pct` and no
    more than `share_pct` of the loan's own rate; all loans of a firm together get no more than
    `firm_year_cap` a calendar year (null: no cap). No two schemes share a product and a day: a trigger
    refuses it (migration `products_and_prices`).
    """

    append_only = True
    public_id = models.CharField(max_length=40, unique=True)
    products = ArrayField(models.CharField(max_length=24))
    rate_pct = models.DecimalField(max_digits=7, decimal_places=4)
    share_pct = models.DecimalField(max_digits=5, decimal_places=2)
    firm_year_cap = money(null=True)
    document = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(products__len__gt=0), name="a_subsidy_scheme_is_for_some_product"
            ),
            models.CheckConstraint(
                condition=Q(rate_pct__gt=0, rate_pct__lt=100), name="subsidy_rate_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(share_pct__gt=0, share_pct__lte=100), name="subsidy_share_is_a_percentage"
            ),
            is_positive_money("firm_year_cap", name="subsidy_cap_is_positive"),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="subsidy_scheme_ends_after_it_begins"
            ),
        ]


class BranchKind(models.TextChoices):
    SPECIALISED = "specialised", "科技专营机构"
    TALENT = "talent", "人才银行"
    ORDINARY = "ordinary", "普通网点"
    CLOSED = "closed", "已撤销"


class Branch(models.Model):
    """What a bank's branch is from a day on; of one day's the row recorded last is in force."""

    append_only = True
    row_scope = RowScope(lookup="bank_id", column="bank_id")
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=BranchKind.choices)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["Branch"]()

    class Meta:
        constraints: ClassVar = [
            one_of("kind", BranchKind, name="branch_kind_is_known"),
            models.CheckConstraint(condition=~Q(code=""), name="a_branch_has_a_code"),
        ]
        indexes: ClassVar = [models.Index(fields=["bank", "code", "valid_from"], name="branch_by_code")]


class NumberKind(models.TextChoices):
    CERTIFICATE = "certificate", "权利证书号"
    REGISTRATION = "registration", "质押登记号"


class LivePledge(models.Model):
    """A number of an IP that stands in a live pledge: of a drawdown with a balance.

    One row a number, across all banks: what makes the second bank wait for the first, and lose.
    Numbers are kept as the database's `folded_ip_number` gives them, so that blanks, case and width do not
    tell two apart.
    """

    row_scope = RowScope(lookup="bank_id", column="bank_id")
    bank = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    drawdown = models.ForeignKey(Drawdown, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    type = models.CharField(max_length=16, choices=PledgeType.choices)
    number_kind = models.CharField(max_length=12, choices=NumberKind.choices)
    number = models.CharField(max_length=64)
    objects = ScopedManager["LivePledge"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["type", "number_kind", "number"], name="no_ip_stands_in_two_live_pledges"
            ),
            one_of("type", PledgeType, name="live_pledge_type_is_known"),
            one_of("number_kind", NumberKind, name="live_pledge_number_kind_is_known"),
        ]
