"""Snapshots: all figures of a month, computed from one fingerprint of inputs and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models.fields import is_month
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager


class Snapshot(models.Model):
    append_only = True
    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    month = models.DateField()
    #: SHA-256 of the ordered input frames and of the catalogue's version.
    fingerprint = models.CharField(max_length=64)
    #: Facts recorded after this moment are not in it.
    known_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    #: Reporters whose report for the month had not come: [{"code", "name", "name_en", "dataset"}].
    not_reported = models.JSONField()
    objects = ScopedManager["Snapshot"]()

    class Meta:
        constraints: ClassVar = [
            is_month("month", name="snapshot_month_is_a_first"),
            models.UniqueConstraint(fields=["month", "fingerprint"], name="one_snapshot_per_fingerprint"),
        ]


class Figure(models.Model):
    """One value of one catalogue entry, for the city (scope "") or for one fund, bank, firm …

    Money is in yuan, ratios are plain numbers (0.035, not 3.5), counts are whole.
    """

    append_only = True
    row_scope = CENTRE_ONLY
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="figures")
    code = models.CharField(max_length=60)
    scope = models.CharField(max_length=20, default="", blank=True)
    key = models.CharField(max_length=80, default="", blank=True)
    label = models.CharField(max_length=200, default="", blank=True)
    label_en = models.CharField(max_length=200, default="", blank=True)
    position = models.PositiveIntegerField(default=0, help_text="Order among the figures of a code.")
    value = models.DecimalField(max_digits=28, decimal_places=8, null=True)
    reason = models.CharField(max_length=40, default="", blank=True)
    notes = models.JSONField(default=list)
    objects = ScopedManager["Figure"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["snapshot", "code", "scope", "key"], name="one_figure_per_code_and_scope"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, reason="", value__lt=10**20)
                | (Q(value=None) & ~Q(reason="")),
                name="figure_has_value_or_reason",
            ),
        ]
