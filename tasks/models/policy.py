"""Tolerance rules with their document."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager
from funds.models import Fund


class ToleranceRule(models.Model):
    """容忍度: which losses of a fund count against which limit, in words the engine computes."""

    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    base = models.CharField(max_length=16)
    netting = models.BooleanField(help_text="Whether gains of exits offset losses.")
    timing = models.CharField(max_length=24)
    limit_pct = models.DecimalField(max_digits=5, decimal_places=2)
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
            models.CheckConstraint(condition=~Q(document=""), name="tolerance_names_its_document"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="another_person_approves_the_limit",
            ),
            models.UniqueConstraint(
                fields=["fund", "valid_from"],
                condition=Q(approved_by__isnull=False),
                name="one_approved_rule_from_a_day",
            ),
        ]
