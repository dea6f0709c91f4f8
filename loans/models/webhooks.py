"""Where a bank wants its feed pushed to, and what became of each push."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.models.fields import one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from loans.models.feed import FeedEvent


class EndpointState(models.TextChoices):
    ACTIVE = "active"
    DISABLED = "disabled"  # the receiver said 410 Gone
    DELETED = "deleted"


class WebhookEndpoint(models.Model):
    """Secrets are sealed. The previous one signs too until `previous_until`, so that it can be rotated."""

    row_scope = RowScope(lookup="organisation_id", column="organisation_id")
    public_id = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False, related_name="+")
    #: Three at most: a worker waits for slow receivers.
    slot = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=EndpointState.choices)
    secret = models.CharField(max_length=300, blank=True)
    previous_secret = models.CharField(max_length=300, default="", blank=True)
    previous_until = models.DateTimeField(null=True)
    #: Of every event up to this number of the feed there is a delivery; one made later begins after it.
    queued_through = models.BigIntegerField()
    #: After a call that had no answer the receiver is left alone until then.
    resting_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    objects = ScopedManager["WebhookEndpoint"]()

    class Meta:
        constraints: ClassVar = [
            one_of("state", EndpointState, name="webhook_endpoint_state_is_known"),
            models.CheckConstraint(condition=Q(slot__in=[1, 2, 3]), name="three_webhook_endpoints_at_most"),
            models.UniqueConstraint(
                fields=["organisation", "slot"],
                condition=~Q(state=EndpointState.DELETED),
                name="one_webhook_endpoint_per_slot",
            ),
            models.CheckConstraint(
                condition=(Q(state=EndpointState.ACTIVE) & ~Q(secret="") & Q(ended_at=None))
                | (~Q(state=EndpointState.ACTIVE) & Q(secret="", previous_secret="", ended_at__isnull=False)),
                name="an_ended_webhook_endpoint_keeps_no_secret",
            ),
            models.CheckConstraint(
                condition=Q(previous_secret="", previous_until=None)
                | (~Q(previous_secret="") & Q(previous_until__isnull=False)),
                name="a_previous_webhook_secret_has_its_end",
            ),
        ]


class DeliveryState(models.TextChoices):
    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"  # given up after the last attempt
    DROPPED = "dropped"  # its endpoint was deleted or disabled before


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint, both of the same organisation by one constraint each."""

    row_scope = RowScope(lookup="organisation_id", column="organisation_id")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    endpoint = models.ForeignKey(
        WebhookEndpoint,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="deliveries",
    )
    event = models.ForeignKey(
        FeedEvent, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="deliveries"
    )
    state = models.CharField(max_length=10, choices=DeliveryState.choices)
    attempts = models.PositiveSmallIntegerField()
    #: Not before; none once it has ended.
    next_attempt_at = models.DateTimeField(null=True)
    last_attempt_at = models.DateTimeField(null=True)
    #: What the receiver answered last, or why there was no answer.
    last_status = models.PositiveSmallIntegerField(null=True)
    last_fault = models.CharField(max_length=30, default="", blank=True)
    objects = ScopedManager["WebhookDelivery"]()

    class Meta:
        constraints: ClassVar = [
            one_of("state", DeliveryState, name="webhook_delivery_state_is_known"),
            models.UniqueConstraint(fields=["endpoint", "event"], name="one_delivery_per_endpoint_and_event"),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.PENDING, next_attempt_at__isnull=False)
                | (~Q(state=DeliveryState.PENDING) & Q(next_attempt_at=None)),
                name="only_a_pending_delivery_has_a_next_attempt",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.DELIVERED)
                | Q(last_status__isnull=False, last_status__range=(200, 299)),
                name="a_delivered_webhook_was_answered_2xx",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["endpoint", "next_attempt_at"],
                condition=Q(state=DeliveryState.PENDING),
                name="webhook_delivery_due",
            ),
            models.Index(fields=["endpoint", "state", "id"], name="webhook_delivery_of_endpoint"),
        ]
