"""What is assumed of the years that a fund has left: dated, with its document, in three scenarios."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from funds.models import Fund


class Outlook(models.TextChoices):
    """The edges of the band and its middle; which is low is said by whoever assumes it."""

    LOW = "low", "低"
    BASE = "base", "基准"
    HIGH = "high", "高"


def _per_cent(**kwargs: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=9, decimal_places=4, **kwargs)


class PacingAssumptions(models.Model):
    """What is assumed of a fund from a day on, all three scenarios; of one day those recorded last count."""

    append_only = True
    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund", writer="")
    public_id = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    document = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["PacingAssumptions"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(document=""), name="assumptions_name_their_document"),
        ]


class PacingScenario(models.Model):
    """The parameters of Takahashi and Alexander; rates are per cent.

    `contribution_rates_pct`: what is called in the first, second … year of the fund's age, of what is unfunded
    then, the last one in all further years; `life` in years; `bow`: the higher, the later it is paid back;
    `growth_pct` a year; `yield_pct`: the least part of the NAV that is paid back each year.
    """

    append_only = True
    row_scope = RowScope(
        lookup="assumptions__fund__manager_id", column="assumptions_id", parent="tasks_pacingassumptions",
        writer="",
    )  # fmt: skip
    assumptions = models.ForeignKey(PacingAssumptions, on_delete=models.PROTECT, related_name="scenarios")
    outlook = models.CharField(max_length=4, choices=Outlook.choices)
    contribution_rates_pct = ArrayField(_per_cent())
    life = models.PositiveSmallIntegerField()
    bow = models.DecimalField(max_digits=6, decimal_places=4)
    growth_pct = _per_cent()
    yield_pct = _per_cent()
    objects = ScopedManager["PacingScenario"]()

    class Meta:
        constraints: ClassVar = [
            one_of("outlook", Outlook, name="outlook_is_known"),
            models.UniqueConstraint(fields=["assumptions", "outlook"], name="one_scenario_per_outlook"),
            models.CheckConstraint(condition=Q(life__gte=1, life__lte=50), name="assumed_life_is_in_years"),
            models.CheckConstraint(condition=Q(bow__gte=0, bow__lte=20), name="bow_is_not_negative"),
            models.CheckConstraint(
                condition=Q(growth_pct__gt=-100, growth_pct__lte=1000), name="growth_is_above_a_total_loss"
            ),
            models.CheckConstraint(
                condition=Q(yield_pct__gte=0, yield_pct__lte=100), name="yield_is_a_percentage"
            ),
        ]
