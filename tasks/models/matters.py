"""需关注事项: what needs attention, who sees to it until when, and what came of it from month to month."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import is_month, one_of
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager


class MatterStanding(models.TextChoices):
    """How far a matter has come."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Matter(models.Model):
    """Raised by a person for the issue of a month; open until an outcome settles it."""

    append_only = True
    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    #: The month whose issue raises it.
    month = models.DateField()
    text = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    owner = models.CharField(max_length=100)
    owner_en = models.CharField(max_length=100)
    due = models.DateField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    objects = ScopedManager["Matter"]()

    class Meta:
        constraints: ClassVar = [
            is_month("month", name="matter_month_is_a_first"),
            models.CheckConstraint(
                condition=Q(text__regex=r"\S", text_en__regex=r"\S"),
                name="a_matter_is_said_in_both_languages",
            ),
            models.CheckConstraint(
                condition=Q(owner__regex=r"\S", owner_en__regex=r"\S"), name="a_matter_has_its_owner"
            ),
        ]


class MatterOutcome(models.Model):
    """What the issue of a month says came of a matter; of several the last entry holds."""

    append_only = True
    row_scope = CENTRE_ONLY
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="outcomes")
    month = models.DateField()
    standing = models.CharField(max_length=8, choices=MatterStanding.choices)
    text = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    objects = ScopedManager["MatterOutcome"]()

    class Meta:
        constraints: ClassVar = [
            is_month("month", name="matter_outcome_month_is_a_first"),
            one_of("standing", MatterStanding, name="matter_standing_is_known"),
            models.CheckConstraint(
                condition=Q(text__regex=r"\S", text_en__regex=r"\S"),
                name="an_outcome_is_said_in_both_languages",
            ),
        ]
