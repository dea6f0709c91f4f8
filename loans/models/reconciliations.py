"""What a bank said of the centre's totals of a month: who, when, of which content, and whether it agreed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.models.fields import is_month
from finance_hub.kernel.scoping import RowScope, ScopedManager


class Confirmation(models.Model):
    """A bank's own totals beside the centre's; the last one of a month counts.

    `content_sha256` names the centre's totals as they were compared: where they are others now, the
    confirmation is outdated.
    """

    append_only = True
    row_scope = RowScope(lookup="bank_id", column="bank_id")
    public_id = models.CharField(max_length=40, unique=True)
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, db_index=False, related_name="+")
    period = models.DateField()
    number = models.PositiveIntegerField(help_text="1, 2, … within bank and month.")
    content_sha256 = models.CharField(max_length=64)
    #: As the bank sent them: {"totals": {…}, "by_product": [{…}]}, amounts as strings.
    own_totals = models.JSONField()
    #: [{"product", "name", "own", "held", "difference"}]; empty where everything agrees.
    differences = models.JSONField()
    matched = models.BooleanField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    objects = ScopedManager["Confirmation"]()

    class Meta:
        constraints: ClassVar = [
            is_month("period", name="confirmed_period_is_a_first"),
            models.UniqueConstraint(
                fields=["bank", "period", "number"], name="confirmations_of_a_month_are_numbered"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="confirmation_numbers_start_at_one"),
            models.CheckConstraint(
                condition=Q(content_sha256__regex="^[0-9a-f]{64}$"), name="confirmed_content_is_a_sha256"
            ),
            models.CheckConstraint(
                condition=Q(matched=True, differences=[]) | (Q(matched=False) & ~Q(differences=[])),
                name="a_match_and_only_it_has_no_difference",
            ),
        ]
