"""The monthly briefing: drafted from a snapshot, answered for by one person, approved by another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import is_month, one_of
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager
from tasks.models.figures import Snapshot


class BriefingState(models.TextChoices):
    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Briefing(models.Model):
    """One edition. Its file is never rewritten: a new snapshot makes a new draft."""

    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    month = models.DateField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="briefings")
    state = models.CharField(max_length=12, choices=BriefingState.choices)
    #: Nobody answers yet for a draft that the schedule made by itself.
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    #: 期号 within the year and 总期号; given when approved.
    issue_no = models.PositiveIntegerField(null=True)
    total_no = models.PositiveIntegerField(null=True, unique=True)
    year = models.PositiveSmallIntegerField()
    #: Relative to the files folder; of the draft until published, then of the issue.
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField()
    published_at = models.DateTimeField(null=True)
    objects = ScopedManager["Briefing"]()

    class Meta:
        constraints: ClassVar = [
            is_month("month", name="briefing_month_is_a_first"),
            one_of("state", BriefingState, name="briefing_state_is_known"),
            models.UniqueConstraint(fields=["year", "issue_no"], name="one_issue_per_number_and_year"),
            models.UniqueConstraint(
                fields=["month"],
                condition=Q(state__in=["approved", "published"]),
                name="one_published_briefing_per_month",
            ),
            models.UniqueConstraint(fields=["month"], condition=Q(state="draft"), name="one_draft_per_month"),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | (Q(drafted_by__isnull=False) & ~Q(approved_by=F("drafted_by"))),
                name="another_person_approves_the_briefing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "published"])
                | Q(approved_by__isnull=False, issue_no__isnull=False, total_no__isnull=False),
                name="published_briefing_has_number_and_approver",
            ),
        ]
