"""What is assumed of failures, which shocks are looked at, and what follows: dated, named, never edited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Job, Person
from finance_hub.kernel.models.fields import one_of
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager
from tasks.models.figures import Snapshot


class ParameterKind(models.TextChoices):
    """Probabilities are those of failing within twelve months."""

    PD_CLASS = "pd_class", "违约概率（五级分类）"
    PD_STAGE = "pd_stage", "违约概率（企业阶段）"
    LGD = "lgd", "违约损失率"
    LOADING = "loading", "共同因子载荷"


class RiskAssumptions(models.Model):
    """One whole set, in force from a day on; of one day the set recorded last counts."""

    append_only = True
    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    valid_from = models.DateField()
    document = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["RiskAssumptions"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(document=""), name="risk_assumptions_name_their_document"),
        ]


class RiskParameter(models.Model):
    """One number of a set. `source` says what it rests on; `is_invented` that it rests on nothing published."""

    append_only = True
    row_scope = CENTRE_ONLY
    assumptions = models.ForeignKey(RiskAssumptions, on_delete=models.PROTECT, related_name="parameters")
    kind = models.CharField(max_length=10, choices=ParameterKind.choices)
    key = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=8, decimal_places=6)
    source = models.CharField(max_length=300)
    is_invented = models.BooleanField()
    objects = ScopedManager["RiskParameter"]()

    class Meta:
        constraints: ClassVar = [
            one_of("kind", ParameterKind, name="risk_parameter_is_known"),
            models.UniqueConstraint(fields=["assumptions", "kind", "key"], name="one_risk_parameter_per_key"),
            models.CheckConstraint(
                condition=Q(value__gte=0, value__lt=1) | Q(value=1) & ~Q(kind="loading"),
                name="risk_parameter_is_a_fraction",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="risk_parameter_names_its_source"),
        ]


class Failing(models.TextChoices):
    """Who fails for certain in a scenario."""

    NOBODY = "", "—"
    LARGEST_GROUP = "largest_group", "敞口最大的关联集团"


class StressScenario(models.Model):
    """A shock, in force from a day on; of one code and day the one recorded last counts.

    `pd_factor` multiplies probabilities of failing: of the firms of one `industry` (a section of GB/T 4754), of all
    where it is "". `loading_factor` multiplies the loadings of all. Where the listing window closes,
    `listing_pd_factor` and `listing_lgd_factor` hit the firms on their way to a listing.
    """

    append_only = True
    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    document = models.CharField(max_length=200)
    valid_from = models.DateField()
    industry = models.CharField(max_length=1, default="", blank=True)
    pd_factor = models.DecimalField(max_digits=7, decimal_places=4, default=1)
    loading_factor = models.DecimalField(max_digits=7, decimal_places=4, default=1)
    listing_pd_factor = models.DecimalField(max_digits=7, decimal_places=4, default=1)
    listing_lgd_factor = models.DecimalField(max_digits=7, decimal_places=4, default=1)
    failing = models.CharField(max_length=14, choices=Failing.choices, default="", blank=True)
    #: A scenario that is no longer looked at is ended by a row that says so.
    is_dropped = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["StressScenario"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(document=""), name="scenario_names_its_document"),
            models.CheckConstraint(
                condition=Q(industry="") | Q(industry__regex="^[A-T]$"), name="scenario_hits_a_section_of_gb_4754"
            ),
            models.CheckConstraint(
                condition=Q(
                    pd_factor__gt=0, pd_factor__lte=100, loading_factor__gt=0, loading_factor__lte=10,
                    listing_pd_factor__gt=0, listing_pd_factor__lte=100, listing_lgd_factor__gt=0,
                    listing_lgd_factor__lte=10,
                ),
                name="factors_of_a_scenario_are_positive",
            ),
            one_of("failing", Failing, name="who_fails_is_known"),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["code", "-valid_from", "-id"], name="scenario_by_date")]


class LossResult(models.Model):
    """What a month's portfolio can lose within twelve months, by one set of assumptions and one scenario.

    `scenario` is None for the base case. `content` is what `tasks.risk.joint` says of it: amounts as yuan in
    text, probabilities as numbers.
    """

    append_only = True
    row_scope = CENTRE_ONLY
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="losses")
    assumptions = models.ForeignKey(RiskAssumptions, on_delete=models.PROTECT, related_name="+")
    scenario = models.ForeignKey(StressScenario, on_delete=models.PROTECT, null=True, related_name="+")
    #: Of the method: `tasks.risk.VERSION` when it was computed.
    version = models.CharField(max_length=10)
    seed = models.PositiveIntegerField()
    draws = models.PositiveIntegerField()
    content = models.JSONField()
    computed_at = models.DateTimeField()
    objects = ScopedManager["LossResult"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["snapshot", "assumptions", "scenario", "version"],
                nulls_distinct=False,
                name="one_loss_per_month_assumptions_and_scenario",
            ),
            models.CheckConstraint(condition=Q(draws__gt=0), name="losses_are_drawn"),
        ]


class StressRun(models.Model):
    """The base case and every scenario of a month, asked for together, done by as many workers as there are.

    `inputs` is the hash of what is computed from what; a second run of the same inputs is made only where the one
    before was cancelled or failed (`attempt`). Joined by a job of its own when the last part is done.
    """

    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    assumptions = models.ForeignKey(RiskAssumptions, on_delete=models.PROTECT, related_name="+")
    inputs = models.CharField(max_length=64)
    attempt = models.PositiveSmallIntegerField()
    requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    joined_by = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    comparison = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    objects = ScopedManager["StressRun"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inputs", "attempt"], name="one_run_per_inputs_and_attempt"),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(cancelled_at=None, comparison__isnull=False),
                name="a_finished_run_has_its_comparison",
            ),
        ]


class StressPart(models.Model):
    """One scenario of a run (None: the base case) and the job that computes it."""

    row_scope = CENTRE_ONLY
    run = models.ForeignKey(StressRun, on_delete=models.PROTECT, related_name="parts")
    scenario = models.ForeignKey(StressScenario, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(LossResult, on_delete=models.PROTECT, null=True, related_name="+")
    objects = ScopedManager["StressPart"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "scenario"], nulls_distinct=False, name="one_part_per_scenario"
            ),
        ]
