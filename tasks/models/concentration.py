"""How much of the public money may stand in one place: limits proposed by one person and approved by another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import approved_by_another, one_of
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager
from funds.models import Fund


class Dimension(models.TextChoices):
    """By what the exposure is cut."""

    FIRM = "firm", "企业"
    GROUP = "group", "关联集团"
    INDUSTRY = "industry", "行业"
    TOWN = "town", "镇街"
    BANK = "bank", "银行"
    SUB_FUND = "sub_fund", "子基金"
    STAGE = "stage", "发展阶段"


class Measure(models.TextChoices):
    """`top_share`: the share of the n largest parts, in per cent · `hhi`: 0 to 1 · `amount`: the largest part, in
    yuan · `fund_share`: the largest part of one fund's stakes in its net assets, in per cent."""

    TOP_SHARE = "top_share", "前若干户占比"
    HHI = "hhi", "HHI 指数"
    AMOUNT = "amount", "最大一户金额"
    FUND_SHARE = "fund_share", "占基金净资产"


class ConcentrationLimit(models.Model):
    """In force on `[valid_from, valid_to)` or until a later one of the same dimension, measure, n and fund begins.

    Above `warning` it is watched, above `limit` it is passed. Never edited: it is approved once, and no more.
    """

    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    dimension = models.CharField(max_length=12, choices=Dimension.choices)
    measure = models.CharField(max_length=12, choices=Measure.choices)
    top_n = models.PositiveSmallIntegerField(null=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, null=True, related_name="+")
    limit = models.DecimalField(max_digits=20, decimal_places=4)
    warning = models.DecimalField(max_digits=20, decimal_places=4)
    owner_unit = models.CharField(max_length=60)
    document = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    objects = ScopedManager["ConcentrationLimit"]()

    class Meta:
        constraints: ClassVar = [
            one_of("dimension", Dimension, name="concentration_dimension_is_known"),
            models.CheckConstraint(
                condition=Q(measure="top_share", top_n__isnull=False, top_n__gte=1, top_n__lte=100)
                | (~Q(measure="top_share") & Q(top_n=None)),
                name="only_a_top_share_counts_parts",
            ),
            models.CheckConstraint(
                condition=Q(measure="fund_share", fund__isnull=False) & ~Q(dimension__in=["bank", "sub_fund"])
                | (~Q(measure="fund_share") & Q(fund=None)),
                name="only_a_share_of_a_fund_names_it",
            ),
            models.CheckConstraint(
                condition=Q(measure__in=["top_share", "fund_share"], limit__lte=100)
                | Q(measure="hhi", limit__lte=1)
                | Q(measure="amount", limit__lt=10**16),
                name="concentration_limit_fits_its_measure",
            ),
            models.CheckConstraint(
                condition=Q(warning__gt=0, warning__lte=F("limit")), name="a_warning_comes_before_its_limit"
            ),
            models.CheckConstraint(condition=Q(owner_unit__regex=r"\S"), name="concentration_limit_has_its_owner"),
            models.CheckConstraint(condition=Q(document__regex=r"\S"), name="concentration_limit_names_its_document"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="concentration_limit_ends_after_it_begins",
            ),
            approved_by_another(name="another_person_approves_the_concentration_limit"),
            models.UniqueConstraint(
                fields=["dimension", "measure", "top_n", "fund", "valid_from"],
                condition=Q(approved_at__isnull=False),
                nulls_distinct=False,
                name="one_approved_concentration_limit_from_a_day",
            ),
        ]  # fmt: skip
