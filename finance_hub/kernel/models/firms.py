"""The firm registry. A firm is its unified social credit code; names, classes and groups are dated."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models.fields import one_of


class ControlGroup(models.Model):
    """Firms under one controller (关联方), rolled up in exposure."""

    name = models.CharField(max_length=200, unique=True)


class FirmStage(models.TextChoices):
    SEED = "seed"
    STARTUP = "startup"
    GROWTH = "growth"
    EXPANSION = "expansion"
    MATURE = "mature"


class FirmSource(models.TextChoices):
    CENTRE = "centre"
    BANK_REPORT = "bank_report"
    DEAL = "deal"


class Firm(models.Model):
    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200, help_text="The name in force; the history is in FirmName.")
    #: A firm first heard of from a bank's report stands unverified until the centre has checked it.
    verified = models.BooleanField(default=False)
    source = models.CharField(max_length=20, choices=FirmSource.choices)
    town = models.CharField(max_length=60, default="", blank=True)
    industry = models.CharField(max_length=5, default="", blank=True, help_text="GB/T 4754-2017.")
    stage = models.CharField(max_length=12, choices=FirmStage.choices, default="", blank=True)
    founded_on = models.DateField(null=True, blank=True)
    control_group = models.ForeignKey(
        ControlGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="firms"
    )
    version = models.PositiveIntegerField(default=1, help_text="Raised by every edit; the ETag.")
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(uscc__regex=r"^[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}$"),
                name="uscc_has_the_shape_of_gb_32100",
            ),
            models.CheckConstraint(
                condition=Q(industry="") | Q(industry__regex=r"^[A-T]([0-9]{2,4})?$"),
                name="industry_is_a_gb_4754_code",
            ),
            one_of("source", FirmSource, name="firm_source_is_known"),
        ]

    def __str__(self) -> str:
        return self.uscc


class FirmName(models.Model):
    """A name from a day on; renamed firms keep their code."""

    append_only = True
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "valid_from"], name="one_name_from_a_day")
        ]


class FirmVersion(models.Model):
    """Who changed what in a firm's record: the answer to a stale edit."""

    append_only = True
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    changed_by = models.CharField(max_length=100)
    changes = models.JSONField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "version"], name="one_change_per_firm_version")
        ]


class ClassCode(models.TextChoices):
    HIGH_TECH = "high_tech", "高新技术企业"
    TECH_SME = "tech_sme", "科技型中小企业"
    INNOVATIVE_SME = "innovative_sme", "创新型中小企业"
    SPECIALISED = "specialised", "专精特新中小企业"
    LITTLE_GIANT = "little_giant", "专精特新小巨人企业"
    PROVINCIAL_TECH = "provincial_tech", "省科技型中小企业"
    TALENT_PROGRAMME = "talent_programme", "人才计划"


class FirmClass(models.Model):
    """A recognition with its validity `[valid_from, valid_to)`; `detail` names certificate or programme."""

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="classes")
    code = models.CharField(max_length=20, choices=ClassCode.choices)
    detail = models.CharField(max_length=100, default="", blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints: ClassVar = [
            one_of("code", ClassCode, name="firm_class_is_known"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="class_ends_after_it_begins",
            ),
            models.UniqueConstraint(fields=["firm", "code", "valid_from"], name="one_class_from_a_day"),
        ]
