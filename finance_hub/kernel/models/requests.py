"""The request log: what was called with which key, and how it ended. Bodies are never kept."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from finance_hub.kernel.models.organisations import Organisation
from finance_hub.kernel.scoping import RowScope, ScopedManager


class RequestRecord(models.Model):
    """One call of the API with a key. It is the organisation's own and is forgotten in the end.

    `request_id` may be the caller's own, so that two calls can bear the same.
    """

    row_scope = RowScope(lookup="organisation_id", column="organisation_id")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False, related_name="+")
    key_id = models.CharField(max_length=16)
    request_id = models.CharField(max_length=60)
    at = models.DateTimeField(help_text="When the answer began.")
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=4096, help_text="With its query, percent-encoded.")
    status = models.PositiveSmallIntegerField()
    problem = models.CharField(max_length=60, default="", blank=True)
    milliseconds = models.PositiveIntegerField()
    bytes_in = models.BigIntegerField(help_text="The length of the body as announced.")
    idempotency_key = models.CharField(max_length=255, default="", blank=True)
    address = models.GenericIPAddressField(null=True)
    objects = ScopedManager["RequestRecord"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__range=(100, 599)), name="request_status_is_of_http"),
            models.CheckConstraint(
                condition=Q(problem="") | Q(status__gte=400), name="only_a_refused_request_names_a_problem"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "id"], name="requests_of_organisation"),
            models.Index(fields=["request_id"], name="request_by_its_id"),
            BrinIndex(fields=["at"], name="request_by_age"),
        ]
