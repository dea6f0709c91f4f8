"""The city's plan as data: targets with their reports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Person


class Tracking(models.TextChoices):
    COMPUTED = "computed"
    COMPUTABLE_IF_RECORDED = "computable_if_recorded"
    COMPUTABLE_IF_REGISTRY_LOADED = "computable_if_registry_loaded"
    REPORTED = "reported"


class Target(models.Model):
    """One of the plan's 54 quantified targets. Duplicates of a metric are kept and not counted twice."""

    code = models.CharField(max_length=12, primary_key=True)
    position = models.PositiveSmallIntegerField(unique=True)
    metric = models.CharField(max_length=80)
    text = models.TextField()
    text_en = models.TextField()
    quote = models.TextField()
    value = models.DecimalField(max_digits=20, decimal_places=4)
    unit = models.CharField(max_length=30)
    comparison = models.CharField(max_length=4)
    strength = models.CharField(max_length=12)
    baseline_date = models.DateField()
    #: None where the target recurs every year.
    deadline = models.DateField(null=True)
    deadline_basis = models.CharField(max_length=120)
    lead_unit = models.CharField(max_length=60, default="", blank=True)
    co_responsible_units = models.JSONField(default=list)
    tracking = models.CharField(max_length=40, choices=Tracking.choices)
    note = models.TextField(default="", blank=True)


class TargetReport(models.Model):
    """A value reported by a department, with its evidence; the latest as of a day is in force."""

    append_only = True
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="reports")
    as_of = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=4)
    evidence = models.CharField(max_length=300)
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(evidence=""), name="report_has_its_evidence"),
            models.CheckConstraint(condition=Q(value__lt=10**15), name="reported_value_is_a_number"),
        ]
