"""What units report on targets: values with their evidence, in force once another person has approved them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Person
from tasks.models.targets import SAID, Target


class TargetReport(models.Model):
    """A value as of a day. Of those in force the latest day counts; one of a day stands, and a correction names the
    report whose place it takes."""

    append_only = True
    public_id = models.CharField(max_length=40, unique=True)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="reports")
    as_of = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=4)
    evidence = models.CharField(max_length=300)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(evidence=""), name="report_has_its_evidence"),
            models.CheckConstraint(condition=Q(value__lt=10**15), name="reported_value_is_a_number"),
        ]


class TargetDecision(models.Model):
    """Another person's word on a report. `decided_by` is None only of what was in force before approvals were asked."""

    append_only = True
    report = models.OneToOneField(TargetReport, on_delete=models.PROTECT, related_name="decision")
    approved = models.BooleanField()
    reason = models.CharField(max_length=500, default="", blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved=True) | Q(reason__regex=SAID), name="rejection_has_its_reason"
            )
        ]


class TargetDocument(models.Model):
    """Evidence behind a report; the content is kept under its hash."""

    append_only = True
    public_id = models.CharField(max_length=40, unique=True)
    report = models.ForeignKey(TargetReport, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "sha256"], name="one_copy_of_a_document_per_report"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="evidence_hash_is_a_sha256"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_is_not_empty"),
            models.CheckConstraint(
                condition=Q(name__regex=r"^[^-=+@.[:cntrl:]/\\][^[:cntrl:]/\\]*$"),
                name="evidence_name_is_a_plain_name",
            ),
            models.CheckConstraint(
                condition=Q(media_type__regex=r"^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$"),
                name="evidence_media_type_is_one",
            ),
        ]
