"""What is odd in what banks reported: found by a rule, open until the rule finds it no more."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.models.fields import is_month, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager


class SubjectKind(models.TextChoices):
    DRAWDOWN = "drawdown"
    EVENT = "event"
    FIRM = "firm"
    PLEDGE = "pledge"
    REPORT = "report"


class Finding(models.Model):
    """One rule on one subject of a bank's month; `loans.quality` has the rules and their sentences.

    `subject` is an event's number, a firm's code, a pledge's certificate or a data set; drawdowns and
    what hangs on them are named by contract and drawdown number. `batch` and `row_number` name the row
    it comes from. What comes back after it was resolved is a new finding.
    """

    row_scope = RowScope(lookup="bank_id", column="bank_id")
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False, related_name="+")
    period = models.DateField()
    rule = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=10, choices=SubjectKind.choices)
    contract_no = models.CharField(max_length=64, default="", blank=True)
    drawdown_no = models.CharField(max_length=64, default="", blank=True)
    subject = models.CharField(max_length=64, default="", blank=True)
    batch = models.CharField(max_length=40, default="", blank=True, help_text="Public id of the batch.")
    row_number = models.PositiveIntegerField(null=True)
    #: What fills the rule's sentence, all strings.
    context = models.JSONField(default=dict)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    objects = ScopedManager["Finding"]()

    class Meta:
        constraints: ClassVar = [
            is_month("period", name="finding_period_is_a_first"),
            one_of("subject_kind", SubjectKind, name="finding_subject_kind_is_known"),
            models.UniqueConstraint(
                fields=["bank", "period", "rule", "contract_no", "drawdown_no", "subject"],
                condition=Q(resolved_at=None),
                name="one_open_finding_per_rule_and_subject",
            ),
            models.CheckConstraint(
                condition=Q(last_seen_at__gte=F("first_seen_at")),
                name="finding_was_last_seen_when_or_after_it_was_first",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(resolved_at__gte=F("last_seen_at")),
                name="finding_is_resolved_when_or_after_it_was_last_seen",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["period"], condition=Q(resolved_at=None), name="finding_open_by_period")
        ]
