"""Facts that are corrected by later rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Person


class Correctable(models.Model):
    """A fact, of which nothing is ever rewritten.

    A correction is a new row that `corrects` the row first recorded; of a row and its corrections the one
    recorded last counts, and where that one is `taken_back` none does. That a correction is of the same
    thing, and never of a correction, is said by migration 0002.
    """

    append_only = True
    public_id = models.CharField(max_length=40, unique=True)
    effective_date = models.DateField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    taken_back = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


def only_corrections_take_back(name: str) -> models.CheckConstraint:
    """What was never recorded cannot be taken back."""
    return models.CheckConstraint(condition=Q(taken_back=False) | Q(corrects__isnull=False), name=name)
