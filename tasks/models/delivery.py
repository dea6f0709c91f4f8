"""What goes out with an issue: the files beside it, its words for searching, and who is told of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import one_of
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager
from tasks.models.briefings import Briefing


class BesideKind(models.TextChoices):
    """EDITION: the PDF in another language · WORKBOOK: its tables and charts · PICTURE: one of its pages · CHART: one of
    its charts as SVG."""

    EDITION = "edition"
    WORKBOOK = "workbook"
    PICTURE = "picture"
    CHART = "chart"


class BriefingFile(models.Model):
    """A file beside a published issue, made of what the issue says and never again."""

    append_only = True
    row_scope = CENTRE_ONLY
    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8, choices=BesideKind.choices)
    language = models.CharField(max_length=8)
    #: Of a picture the page, of a chart its number, from 1; 0 of whole files.
    page = models.PositiveSmallIntegerField(default=0)
    #: Relative to the files folder.
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    objects = ScopedManager["BriefingFile"]()

    class Meta:
        constraints: ClassVar = [
            one_of("kind", BesideKind, name="file_beside_a_briefing_is_of_a_known_kind"),
            models.UniqueConstraint(
                fields=["briefing", "kind", "language", "page"], name="one_file_of_a_kind_beside_a_briefing"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["chart", "picture"], page__gt=0)
                | (~Q(kind__in=["chart", "picture"]) & Q(page=0)),
                name="pictures_beside_a_briefing_are_numbered",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="briefing_file_by_hash")]


class BriefingText(models.Model):
    """The words of a published issue, one block a line, in which the archive is searched."""

    append_only = True
    row_scope = CENTRE_ONLY
    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=8)
    text = models.TextField()
    objects = ScopedManager["BriefingText"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["briefing", "language"], name="one_text_per_language"),
        ]


class Subscriber(models.Model):
    """Who is told by e-mail when an issue is published. An address that was taken off the list stays known."""

    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    address = models.EmailField(max_length=254)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=8)
    is_active = models.BooleanField(default=True)
    #: Told of what is published from then on.
    since = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["Subscriber"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("address"), name="one_subscriber_per_address"),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="a_subscriber_has_a_name"),
            models.CheckConstraint(
                condition=Q(language__in=["en", "zh-hans"]), name="a_subscriber_reads_a_known_language"
            ),
        ]


class Dispatch(models.Model):
    """One issue to one subscriber, once. `begun_at` is committed before the message goes out: of what was begun
    and neither sent nor refused nobody knows whether it arrived, and it is not sent again."""

    row_scope = CENTRE_ONLY
    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="dispatches")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="dispatches")
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, default="", blank=True)
    objects = ScopedManager["Dispatch"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["briefing", "subscriber"], name="an_issue_goes_to_a_subscriber_once"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(begun_at__isnull=False, error=""),
                name="what_was_sent_was_begun_and_not_refused",
            ),
        ]
