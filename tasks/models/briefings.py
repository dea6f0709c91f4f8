"""The monthly briefing: drafted from a snapshot, answered for by one person, approved by another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import is_month, one_of
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager
from tasks.models.figures import Snapshot

INTERNAL = "内部资料　注意保存"


class BriefingState(models.TextChoices):
    """Draft → reviewed → approved → published; whoever reviews or approves may send it back to be a draft."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Briefing(models.Model):
    """One edition. Its file is never rewritten: a new snapshot or an edited text makes a new draft.

    A correction 更正版 keeps the numbers of the issue that it corrects, and says what occasioned it.
    """

    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    month = models.DateField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="briefings")
    state = models.CharField(max_length=12, choices=BriefingState.choices)
    #: Nobody answers yet for a draft that the schedule made by itself.
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=500, default="", blank=True)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    #: 期号 within the year and 总期号; given when approved.
    issue_no = models.PositiveIntegerField(null=True)
    total_no = models.PositiveIntegerField(null=True)
    #: 0 for the issue itself, 1, 2 … for its corrections.
    correction = models.PositiveSmallIntegerField(default=0)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    occasion = models.CharField(max_length=500, default="", blank=True)
    year = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=40, default=INTERNAL, help_text="What stands at the head of page one.")
    #: Key points as edited, {"zh-hans": [[part, …], …], "en": …}, parts as in the tree of the content; None: by rule.
    key_points = models.JSONField(null=True)
    #: Why it is published in spite of what stands against it: {"code|key": {"text", "by", "at"}}.
    reasons = models.JSONField(default=dict, blank=True)
    #: Relative to the files folder; of the draft until published, then of the issue.
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    #: Who signed the file, from the certificate; "" where no key is configured.
    signer = models.CharField(max_length=300, default="", blank=True)
    pages = models.PositiveIntegerField()
    published_at = models.DateTimeField(null=True)
    objects = ScopedManager["Briefing"]()

    class Meta:
        constraints: ClassVar = [
            is_month("month", name="briefing_month_is_a_first"),
            one_of("state", BriefingState, name="briefing_state_is_known"),
            models.UniqueConstraint(
                fields=["year", "issue_no", "correction"], name="one_issue_per_number_and_year"
            ),
            models.UniqueConstraint(fields=["total_no", "correction"], name="one_issue_per_total_number"),
            models.UniqueConstraint(
                fields=["month", "correction"],
                condition=Q(state__in=["approved", "published"]),
                name="one_published_briefing_per_month",
            ),
            models.UniqueConstraint(
                fields=["month"], condition=Q(state__in=["draft", "reviewed"]), name="one_draft_per_month"
            ),
            models.CheckConstraint(
                condition=Q(correction=0, corrects=None, occasion="")
                | Q(correction__gt=0, corrects__isnull=False, occasion__regex=r"\S"),
                name="a_correction_names_what_it_corrects_and_why",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None, reviewed_at=None)
                | (
                    Q(reviewed_by__isnull=False, reviewed_at__isnull=False, drafted_by__isnull=False)
                    & ~Q(reviewed_by=F("drafted_by"))
                ),
                name="another_person_reviews_the_briefing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["reviewed", "approved", "published"]) | Q(reviewed_by__isnull=False),
                name="approved_briefing_was_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(returned_by=None, returned_at=None, return_reason="")
                | Q(returned_by__isnull=False, returned_at__isnull=False, return_reason__regex=r"\S"),
                name="a_briefing_is_sent_back_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(note__regex="秘密|机密|绝密"), name="a_briefing_is_no_state_secret"
            ),
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


class BriefingContent(models.Model):
    """What an edition says, in one language: the tree that its file, its pages and its workbook are made of."""

    append_only = True
    row_scope = CENTRE_ONLY
    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="contents")
    language = models.CharField(max_length=8)
    #: `tasks.briefing.tree`.
    tree = models.JSONField()
    objects = ScopedManager["BriefingContent"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["briefing", "language"], name="one_content_per_language"),
        ]
