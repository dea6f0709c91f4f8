"""The plan's targets, the units that answer for them, and what the plan leaves open."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.models.fields import one_of

#: At least one character that is not blank.
SAID = r"\S"
#: Units of what is measured; every other one counts whole things.
MEASURED = frozenset({"percent", "percent per year", "CNY", "CNY per year"})


class Tracking(models.TextChoices):
    COMPUTED = "computed"
    COMPUTABLE_IF_RECORDED = "computable_if_recorded"
    COMPUTABLE_IF_REGISTRY_LOADED = "computable_if_registry_loaded"
    REPORTED = "reported"


class Kind(models.TextChoices):
    """What the value is, and so where its path begins: what adds up begins at nothing."""

    INCREMENT = "increment"
    FLOW = "flow"
    ANNUAL_FLOW = "annual_flow"
    SIZE = "size"
    GROWTH = "growth"
    RATIO = "ratio"
    STOCK = "stock"
    RANK = "rank"
    #: A given of the plan: shown, not scored.
    CONTEXT = "context"


class Cadence(models.TextChoices):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class Target(models.Model):
    """One of the plan's 54 quantified targets. A duplicate names the target of the same metric that counts;
    reports are of that one."""

    code = models.CharField(max_length=12, primary_key=True)
    position = models.PositiveSmallIntegerField(unique=True)
    section = models.CharField(max_length=20, default="")
    metric = models.CharField(max_length=80)
    text = models.TextField()
    text_en = models.TextField()
    quote = models.TextField()
    value = models.DecimalField(max_digits=20, decimal_places=4)
    unit = models.CharField(max_length=30)
    comparison = models.CharField(max_length=4)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.INCREMENT)
    strength = models.CharField(max_length=12)
    baseline_date = models.DateField()
    #: None where the target recurs every year.
    deadline = models.DateField(null=True)
    deadline_basis = models.CharField(max_length=120)
    lead_unit = models.CharField(max_length=60, default="", blank=True)
    co_responsible_units = models.JSONField(default=list)
    tracking = models.CharField(max_length=40, choices=Tracking.choices)
    #: How often its units report; empty where it is computed here or not reported of its own.
    cadence = models.CharField(max_length=10, choices=Cadence.choices, default="", blank=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    note = models.TextField(default="", blank=True)
    note_en = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("kind", Kind, name="target_kind_is_known"),
            models.CheckConstraint(
                condition=Q(cadence="") | Q(cadence__in=sorted(Cadence.values)),
                name="target_cadence_is_known",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("code")),
                name="target_does_not_duplicate_itself",
            ),
        ]


class ResponsibleUnit(models.Model):
    """A unit as the plan prints its name."""

    name = models.CharField(max_length=60, unique=True)
    name_en = models.CharField(max_length=120)


class UnitAssignment(models.Model):
    """Which organisation a printed unit is, said by the centre; of several the last entry holds."""

    append_only = True
    unit = models.ForeignKey(ResponsibleUnit, on_delete=models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()


class About(models.TextChoices):
    """What a question asks, and so what its answer decides; an answer about the meaning decides by its words."""

    LEAD_UNIT = "lead_unit"
    DEADLINE = "deadline"
    PERIOD = "period"
    COMPLETENESS = "completeness"
    MEANING = "meaning"


class OpenQuestion(models.Model):
    """What the plan leaves open about targets; open until an answer is recorded."""

    code = models.SlugField(max_length=60, unique=True)
    about = models.CharField(max_length=12, choices=About.choices)
    text = models.TextField()
    text_en = models.TextField()
    raised_on = models.DateField()
    recorded_at = models.DateTimeField()
    targets = models.ManyToManyField(Target, related_name="questions")

    class Meta:
        constraints: ClassVar = [
            one_of("about", About, name="question_is_about_something_known"),
            models.CheckConstraint(
                condition=Q(text__regex=SAID, text_en__regex=SAID), name="question_is_asked_in_both_languages"
            ),
        ]


class QuestionAnswer(models.Model):
    """An answer with its document. The last one recorded holds; what it decides stands in one of four columns."""

    append_only = True
    question = models.ForeignKey(OpenQuestion, on_delete=models.PROTECT, related_name="answers")
    words = models.CharField(max_length=500)
    document = models.CharField(max_length=200)
    effective_date = models.DateField()
    lead_unit = models.ForeignKey(ResponsibleUnit, on_delete=models.PROTECT, null=True, related_name="+")
    deadline = models.DateField(null=True)
    #: Whether the target stands for each year by itself.
    yearly = models.BooleanField(null=True)
    #: Whether our records are complete, so that the target is counted here.
    complete = models.BooleanField(null=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(words__regex=SAID), name="answer_is_given_in_words"),
            models.CheckConstraint(condition=Q(document__regex=SAID), name="answer_names_its_document"),
        ]
