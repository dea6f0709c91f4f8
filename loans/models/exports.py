"""A full copy of what the centre holds of a bank, made once and kept for a while."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Job, Organisation, Person
from finance_hub.kernel.models.fields import is_month
from finance_hub.kernel.scoping import RowScope, ScopedManager


class HoldingsExport(models.Model):
    """Asked for by a person, made by a job, as of the end of `period` and as known when it was asked for.

    `file` is the name below the folder of exports; without one the job has not finished. The file goes
    at `expires_at`, the record stays.
    """

    row_scope = RowScope(lookup="bank_id", column="bank_id")
    public_id = models.CharField(max_length=40, unique=True)
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    period = models.DateField()
    format = models.CharField(max_length=12)
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, related_name="+")
    file = models.CharField(max_length=80, default="", blank=True)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    bytes = models.BigIntegerField(null=True)
    #: {"contract": int, "drawdown": int, "pledge": int, "event": int, "position": int}
    records = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    objects = ScopedManager["HoldingsExport"]()

    class Meta:
        constraints: ClassVar = [
            is_month("period", name="exported_period_is_a_first"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("requested_at")), name="export_expires_after_it_was_asked_for"
            ),
            models.CheckConstraint(
                condition=Q(file="", sha256="", bytes=None, records__isnull=True, finished_at=None)
                | Q(
                    file__gt="",
                    sha256__regex="^[0-9a-f]{64}$",
                    bytes__isnull=False,
                    bytes__gte=0,
                    records__isnull=False,
                    finished_at__isnull=False,
                ),
                name="a_finished_export_and_only_it_has_a_file",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], condition=Q(removed_at=None), name="export_to_remove_by_its_end"
            )
        ]
