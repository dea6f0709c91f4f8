"""The feed of each organisation: what happened to what it reports, numbered without gaps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.models.fields import one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager


class FeedEventType(models.TextChoices):
    BATCH_VALIDATED = "loan_report_batch.validated"
    BATCH_APPLIED = "loan_report_batch.applied"
    BATCH_REJECTED = "loan_report_batch.rejected"
    BATCH_EXPIRED = "loan_report_batch.expired"
    BATCH_AWAITING_APPROVAL = "loan_report_batch.awaiting_approval"
    RECONCILIATION_CONFIRMED = "reconciliation.confirmed"
    PERIOD_OPENED = "period.opened"
    PERIOD_CLOSED = "period.closed"
    WEBHOOK_TEST = "webhook_endpoint.test"


class FeedHead(models.Model):
    """The last number given, in one row an organisation: whoever records queues on it until they commit."""

    row_scope = RowScope(lookup="organisation_id", column="organisation_id")
    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    sequence = models.BigIntegerField()
    objects = ScopedManager["FeedHead"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sequence__gte=0), name="feed_head_is_not_negative")
        ]


class FeedEvent(models.Model):
    """`subject` is the public id, or the month, that the event is about: whoever wants more asks for it."""

    append_only = True
    row_scope = RowScope(lookup="organisation_id", column="organisation_id")
    public_id = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False, related_name="+")
    sequence = models.BigIntegerField()
    type = models.CharField(max_length=40, choices=FeedEventType.choices)
    subject = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    objects = ScopedManager["FeedEvent"]()

    class Meta:
        constraints: ClassVar = [
            one_of("type", FeedEventType, name="feed_event_type_is_known"),
            models.UniqueConstraint(fields=["organisation", "sequence"], name="one_feed_event_per_number"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="feed_begins_at_one"),
            models.UniqueConstraint(
                fields=["organisation", "type", "subject"],
                condition=Q(type__in=[FeedEventType.PERIOD_CLOSED, FeedEventType.PERIOD_OPENED]),
                name="a_period_opens_and_closes_once",
            ),
        ]
