"""Records of work: months, jobs, idempotency keys, and the audit chain."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models.fields import is_month, one_of
from finance_hub.kernel.models.organisations import Organisation, Person


class MonthState(models.Model):
    """A month with no row is open. A close is proposed by one person and done by another."""

    month = models.DateField(unique=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            is_month("month", name="closed_month_is_a_first"),
            models.CheckConstraint(
                condition=Q(closed_by=None, closed_at=None)
                | (Q(closed_by__isnull=False, closed_at__isnull=False) & ~Q(closed_by=F("proposed_by"))),
                name="another_person_closes_the_month",
            ),
        ]


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """The truth about a piece of work; a Celery message carries only its id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=200, unique=True)
    #: Whose rows the job may see; none means all.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=JobState.choices, default=JobState.QUEUED.value)
    attempt = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=3)
    lease_owner = models.CharField(max_length=100, default="", blank=True)
    lease_until = models.DateTimeField(db_default=models.functions.Now())
    progress = models.JSONField(default=dict)
    output = models.JSONField(null=True)
    error = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    published_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            one_of("state", JobState, name="job_state_is_known"),
            models.CheckConstraint(
                condition=Q(attempt__lte=F("max_attempts")), name="job_has_attempts_left_to_run"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["lease_until"], condition=Q(state__in=["queued", "running"]), name="job_unfinished"
            )
        ]


class IdempotencyKey(models.Model):
    """One POST of one principal. Committed before the work, completed with it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    method_path = models.CharField(max_length=300)
    body_sha256 = models.CharField(max_length=64)
    #: Raised by a takeover; an older holder can no longer complete the key.
    attempt = models.PositiveIntegerField(default=1)
    lease_until = models.DateTimeField()
    request_id = models.CharField(max_length=60)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="one_request_per_idempotency_key")
        ]


class AuditHead(models.Model):
    """The chain's tail in one locked row: appends queue here, so the chain cannot fork."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="one_audit_head")]


class AuditEntry(models.Model):
    """One act. `hash` covers the domain, seq, the previous hash and all other columns."""

    append_only = True
    seq = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32, help_text="UTC with microseconds, hashed as written.")
    #: The label outlives every change of the person's record.
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    succeeded = models.BooleanField()
    detail = models.JSONField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
