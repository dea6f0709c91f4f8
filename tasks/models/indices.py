"""Public market indices as the centre enters them, and the one that a fund is measured against."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.scoping import RowScope, ScopedManager
from funds.models import Fund


class MarketIndex(models.Model):
    """A series of levels by its publisher: `base_level` on `base_date`, its source in words."""

    append_only = True
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    base_date = models.DateField()
    base_level = models.DecimalField(max_digits=18, decimal_places=6)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(base_level__gt=0, base_level__lt=10**12), name="base_of_an_index_is_positive"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="index_names_its_source"),
        ]

    def __str__(self) -> str:
        return self.code


class IndexLevel(models.Model):
    """The level of an index at the end of a day; of one day the one recorded last counts."""

    append_only = True
    index = models.ForeignKey(MarketIndex, on_delete=models.PROTECT, related_name="levels", db_index=False)
    effective_date = models.DateField()
    level = models.DecimalField(max_digits=18, decimal_places=6)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level__gt=0, level__lt=10**12), name="level_of_an_index_is_positive"
            ),
            models.UniqueConstraint(
                fields=["index", "effective_date", "recorded_at"], name="one_level_per_day_and_entry"
            ),
        ]


class FundBenchmark(models.Model):
    """Which index a fund is measured against from a day on; of one day the choice recorded last counts."""

    append_only = True
    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund", writer="")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    index = models.ForeignKey(MarketIndex, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["FundBenchmark"]()
