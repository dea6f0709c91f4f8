"""What a fund manager follows before and after the money: deals, their steps, payments and documents.

A deal's place on the road is that of its last step; what comes after `paid` is read from the holding.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Firm, Person
from finance_hub.kernel.models.fields import is_positive_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from funds.models.funds import Fund
from funds.models.holdings import HoldingEvent

#: At least one character that is not blank.
SAID = r"\S"


class DealSource(models.TextChoices):
    ROADSHOW = "roadshow", "路演"
    REFERRAL = "referral", "推荐"
    OWN_SEARCH = "own_search", "自行寻访"
    BANK = "bank", "银行推介"


class Instrument(models.TextChoices):
    EQUITY = "equity", "股权"
    CONVERTIBLE = "convertible", "可转债"
    WARRANT = "warrant", "认股权"


class Stage(models.TextChoices):
    """What a step can say. The first six are the road."""

    MET = "met", "接洽"
    SCREENING = "screening", "初筛"
    DUE_DILIGENCE = "due_diligence", "尽调"
    COMMITTEE = "committee", "投决"
    SIGNED = "signed", "签约"
    PAID = "paid", "出资"
    DECLINED = "declined", "放弃"
    WITHDRAWN = "withdrawn", "撤回"
    REOPENED = "reopened", "重启"


ROAD: list[str] = Stage.values[:6]
ENDS: list[str] = [Stage.DECLINED.value, Stage.WITHDRAWN.value]
#: Acts of the fund that its people answer for, with the record that protects them 尽职免责.
DECISIONS: list[str] = [Stage.COMMITTEE.value, Stage.DECLINED.value]
#: What somebody has to give a reason for.
REASONED: list[str] = [*ENDS, Stage.REOPENED.value]


class Standing(models.TextChoices):
    """Where a deal stands: up to `signed` by its last step, later by its payments and the holding."""

    MET = "met", "接洽"
    SCREENING = "screening", "初筛"
    DUE_DILIGENCE = "due_diligence", "尽调"
    COMMITTEE = "committee", "投决"
    SIGNED = "signed", "签约"
    PAID = "paid", "出资"
    HELD = "held", "投后"
    EXITED = "exited", "退出"
    WRITTEN_OFF = "written_off", "核销"
    REVERSED = "reversed", "出资已冲销"
    DECLINED = "declined", "放弃"
    WITHDRAWN = "withdrawn", "撤回"


class Deal(models.Model):
    """The header; every change raises `version` and leaves a DealChange.

    Until screening a deal may know its firm by `firm_name` alone; from then on `firm` is set for good.
    """

    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund")
    public_id = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="deals")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True, related_name="deals")
    firm_name = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=12, choices=DealSource.choices)
    referred_by = models.CharField(max_length=200, default="", blank=True)
    instrument = models.CharField(max_length=12, choices=Instrument.choices)
    planned_amount = money()
    lead = models.CharField(max_length=100)
    note = models.CharField(max_length=500, default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["Deal"]()

    class Meta:
        constraints: ClassVar = [
            is_positive_money("planned_amount", name="planned_amount_is_positive"),
            one_of("source", DealSource, name="deal_source_is_known"),
            one_of("instrument", Instrument, name="deal_instrument_is_known"),
            models.CheckConstraint(condition=Q(firm_name__regex=SAID), name="deal_names_whom_it_is_with"),
            models.CheckConstraint(condition=Q(title__regex=SAID), name="deal_has_a_title"),
            models.CheckConstraint(condition=Q(lead__regex=SAID), name="deal_has_a_lead"),
            models.CheckConstraint(
                condition=~Q(source__in=["referral", "bank"]) | Q(referred_by__regex=SAID),
                name="referral_names_who_referred",
            ),
        ]


class DealChange(models.Model):
    """What one edit changed: `{"title": {"old": …, "new": …}}`. `version` is the one it made."""

    append_only = True
    row_scope = RowScope(lookup="deal__fund__manager_id", column="deal_id", parent="funds_deal")
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    changes = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["DealChange"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "version"], name="one_change_per_deal_version"),
            models.CheckConstraint(condition=Q(version__gt=1), name="change_follows_the_first_version"),
            models.CheckConstraint(condition=~Q(changes={}), name="deal_change_changes_something"),
        ]


class DealPayment(models.Model):
    """A tranche: an investment entry of the deal's fund in the deal's firm, tied to this deal alone."""

    append_only = True
    row_scope = RowScope(lookup="deal__fund__manager_id", column="deal_id", parent="funds_deal")
    public_id = models.CharField(max_length=40, unique=True)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="payments")
    event = models.OneToOneField(HoldingEvent, on_delete=models.PROTECT, related_name="pays")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, default="", blank=True)
    objects = ScopedManager["DealPayment"]()

    class Meta:
        constraints: ClassVar = [
            # For the step that names it: a payment of the same deal.
            models.UniqueConstraint(fields=["id", "deal"], name="payment_of_one_deal")
        ]


class DealStep(models.Model):
    """One step, or one stage left out (`skipped`). Of one `place` the row recorded last counts.

    `at` is where on the road the deal stands after it: the stage itself, or, where a deal is given up
    or reopened, the stage at which that happened. The record of a decision is whole or absent.
    """

    append_only = True
    row_scope = RowScope(lookup="deal__fund__manager_id", column="deal_id", parent="funds_deal")
    public_id = models.CharField(max_length=40, unique=True)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="steps")
    place = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=14, choices=Stage.choices)
    at = models.CharField(max_length=14)
    skipped = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, default="", blank=True)
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    payment = models.OneToOneField(DealPayment, on_delete=models.PROTECT, null=True, related_name="step")
    decided_by = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    grounds = models.CharField(max_length=2000, default="", blank=True)
    conflicts = models.CharField(max_length=2000, default="", blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True)
    votes_against = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=500, default="", blank=True)
    objects = ScopedManager["DealStep"]()

    class Meta:
        constraints: ClassVar = [
            # Which stages there are, and in which order, is said by `check_deal_step` of migration 0003.
            models.UniqueConstraint(
                fields=["deal", "place"], condition=Q(corrects=None), name="one_step_at_a_place"
            ),
            models.CheckConstraint(
                condition=Q(skipped=False) | Q(stage__in=ROAD[1:5]), name="only_stages_between_are_skipped"
            ),
            models.CheckConstraint(
                condition=Q(skipped=False) | Q(corrects=None), name="correction_is_no_skip"
            ),
            models.CheckConstraint(
                condition=Q(skipped=False, reason="") & ~Q(stage__in=REASONED) | Q(reason__regex=SAID),
                name="skips_and_ends_give_their_reason",
            ),
            models.CheckConstraint(
                condition=Q(
                    decided_by=[], grounds="", conflicts="", votes_for=None, votes_against=None
                ) | (
                    ~Q(decided_by=[]) & ~Q(decided_by__contains=[""]) & Q(
                        grounds__regex=SAID, conflicts__regex=SAID, votes_for__isnull=False,
                        votes_against__isnull=False,
                    )
                ),
                name="decision_is_recorded_whole",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=DECISIONS) | Q(skipped=True) | ~Q(decided_by=[]),
                name="committee_and_decline_are_decided",
            ),
            models.CheckConstraint(
                condition=Q(stage="paid", payment__isnull=False) | (~Q(stage="paid") & Q(payment=None)),
                name="only_paid_names_a_payment",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["deal", "-place", "-id"], name="deal_step_by_place")]

    @property
    def decision(self) -> DealStep | None:
        """The step as the record of its decision, where it is one."""
        return self if self.decided_by else None


class DealDocument(models.Model):
    """What stands behind a step. The content is kept under its hash; this row is kept for good."""

    append_only = True
    row_scope = RowScope(lookup="step__deal__fund__manager_id", column="step_id", parent="funds_dealstep")
    public_id = models.CharField(max_length=40, unique=True)
    step = models.ForeignKey(DealStep, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    objects = ScopedManager["DealDocument"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "sha256"], name="one_copy_of_a_document_per_step"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_hash_is_a_sha256"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_is_not_empty"),
            # No folder, no control character, and nothing that a shell or a spreadsheet would act upon.
            models.CheckConstraint(
                condition=Q(name__regex=r"^[^-=+@.[:cntrl:]/\\][^[:cntrl:]/\\]*$"),
                name="document_name_is_a_plain_name",
            ),
            models.CheckConstraint(
                condition=Q(media_type__regex=r"^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$"),
                name="media_type_is_one",
            ),
        ]
