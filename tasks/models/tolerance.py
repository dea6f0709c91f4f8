"""Tolerance rules 容忍度: which losses count against which limit, as data with a document and two people."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import approved_by_another
from finance_hub.kernel.models.firms import FirmStage
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager
from funds.models import Fund
from funds.models.funds import Tier


class ToleranceScope(models.TextChoices):
    """What a limit is set on."""

    FUND = "fund", "基金"
    TIER = "tier", "基金层级"
    CATEGORY = "category", "项目类别"
    VINTAGE = "vintage", "设立年份"
    PROJECT = "project", "单个项目"


#: The stage of a firm, of a firm whose stage nobody has said, and a holding in another fund.
CATEGORIES = (*FirmStage.values, "unstaged", "sub_fund")
#: What has a size 认缴规模: a category and a single project have none.
SIZED = (ToleranceScope.FUND, ToleranceScope.TIER, ToleranceScope.VINTAGE)


class ToleranceRule(models.Model):
    """One limit on one scope, in words that the engine computes; proposed by one person, approved by another.

    `key` names the tier, category, year or holding; without one each of the scope that no other rule names has the
    limit for itself. With a `fund` only its projects count. Of a day the rule in force is the one that began last; no
    row is changed but by its approval (trigger `tolerance_changes_only_by_approval`).
    """

    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    scope = models.CharField(
        max_length=10, choices=ToleranceScope.choices, default=ToleranceScope.FUND, db_default="fund"
    )
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=40, default="", db_default="", blank=True)
    base = models.CharField(max_length=16)
    netting = models.BooleanField(help_text="Whether gains of exits offset losses.")
    timing = models.CharField(max_length=24)
    limit_pct = models.DecimalField(max_digits=5, decimal_places=2)
    #: Of the limit: from here on it is watched.
    warning_pct = models.DecimalField(max_digits=5, decimal_places=2, default=80, db_default=80)
    owner = models.CharField(max_length=100, default="", db_default="", blank=True, help_text="责任部门")
    document = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    objects = ScopedManager["ToleranceRule"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(base__in=["principal-paid", "size"]), name="tolerance_base_is_known"
            ),
            models.CheckConstraint(
                condition=Q(timing__in=["realised", "realised-and-impaired", "liquidation"]),
                name="tolerance_timing_is_known",
            ),
            models.CheckConstraint(
                condition=Q(limit_pct__gt=0, limit_pct__lte=100), name="tolerance_limit_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(warning_pct__gt=0, warning_pct__lte=100), name="warning_line_is_a_percentage"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="tolerance_names_its_document"),
            approved_by_another(name="another_person_approves_the_limit"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="tolerance_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(scope="fund", fund__isnull=False, key="")
                | Q(scope="tier", fund=None, key__in=["", *sorted(Tier.values)])
                | Q(scope="category", key__in=["", *sorted(CATEGORIES)])
                | Q(Q(key="") | Q(key__regex="^[0-9]{4}$"), scope="vintage", fund=None)
                | Q(scope="project"),
                name="key_of_a_tolerance_fits_its_scope",
            ),
            models.CheckConstraint(
                condition=~Q(base="size") | Q(scope__in=sorted(SIZED)), name="only_funds_have_a_size"
            ),
            models.UniqueConstraint(
                fields=["scope", "fund", "key", "valid_from"],
                condition=Q(approved_by__isnull=False),
                nulls_distinct=False,
                name="one_approved_rule_from_a_day",
            ),
        ]  # fmt: skip
