"""Risk-sharing agreements 分险协议: who bears which part of a loss, up to what, from which day on.

An agreement is one guarantor's or insurer's. Its terms come in versions: proposed by one person,
approved by another, never changed otherwise (trigger `terms_change_only_by_approval`). The shares of a
version add up to 100 percent (constraint trigger `shares_of_a_loss_add_up_to_100`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.models.fields import approved_by_another, is_positive_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from loans.models.pools import Pool


class Party(models.TextChoices):
    BANK = "bank", "银行"
    GOVERNMENT = "government", "政府"
    GUARANTOR = "guarantor", "担保机构"
    RE_GUARANTOR = "re_guarantor", "再担保机构"
    NATIONAL_FUND = "national_fund", "国家融资担保基金"
    INSURER = "insurer", "保险机构"
    POOL = "pool", "风险补偿资金池"
    OTHER = "other", "其他合作机构"


class CapBase(models.TextChoices):
    """Of what a compensation cap 代偿上限率 is a percentage, in the calendar year of the claim."""

    GUARANTEED = "guaranteed", "当年新增担保额"
    RELEASED = "released", "当年解除担保额"


class FeeBase(models.TextChoices):
    OUTSTANDING = "outstanding", "在保余额"
    PRINCIPAL = "principal", "担保本金"


class Agreement(models.Model):
    row_scope = RowScope(
        lookup="guarantor_id", column="guarantor_id", reader="bank_id", reader_column="bank_id", writer=""
    )
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    guarantor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements")
    #: None where it covers loans of every bank.
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    objects = ScopedManager["Agreement"]()


class AgreementTerms(models.Model):
    """One version, in force on `[valid_from, valid_to)` or until a later version begins.

    `compensation_cap_pct`: what the public parties pay for claims of one calendar year is at most this
    percentage of the base of that year. `keeper` bears what the caps leave over. `waiting_days`
    代偿期限: so many days after the default a claim can be made.
    """

    row_scope = RowScope(
        lookup="agreement__guarantor_id", column="agreement_id", parent="loans_agreement",
        reader="agreement__bank_id", writer="",
    )  # fmt: skip
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document = models.CharField(max_length=200)
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, null=True, related_name="+")
    keeper = models.CharField(max_length=14, choices=Party.choices)
    covers_interest = models.BooleanField()
    waiting_days = models.PositiveIntegerField()
    compensation_cap_pct = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    compensation_cap_base = models.CharField(max_length=12, choices=CapBase.choices, default="", blank=True)
    borrower_cap = money(null=True)
    group_cap = money(null=True)
    yearly_cap = money(null=True)
    fee_rate_max_pct = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    fee_base = models.CharField(max_length=12, choices=FeeBase.choices)
    fee_days_in_year = models.PositiveSmallIntegerField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    objects = ScopedManager["AgreementTerms"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "version"], name="one_terms_per_agreement_and_version"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="terms_end_after_they_begin"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="terms_name_their_document"),
            models.CheckConstraint(
                condition=Q(keeper__in=["bank", "guarantor", "insurer"]), name="a_party_outside_the_caps_keeps_the_rest"
            ),
            models.CheckConstraint(
                condition=Q(compensation_cap_pct=None, compensation_cap_base="")
                | Q(
                    compensation_cap_pct__gt=0, compensation_cap_pct__lte=100,
                    compensation_cap_base__in=sorted(CapBase.values),
                ),
                name="a_compensation_cap_has_its_base",
            ),
            is_positive_money("borrower_cap", name="borrower_cap_is_positive"),
            is_positive_money("group_cap", name="group_cap_is_positive"),
            is_positive_money("yearly_cap", name="yearly_cap_is_positive"),
            models.CheckConstraint(
                condition=Q(fee_rate_max_pct=None) | Q(fee_rate_max_pct__gte=0, fee_rate_max_pct__lt=100),
                name="fee_rate_is_a_percentage",
            ),
            one_of("fee_base", FeeBase, name="fee_base_is_known"),
            models.CheckConstraint(condition=Q(fee_days_in_year__in=[360, 365]), name="fee_year_has_360_or_365_days"),
            approved_by_another(name="another_person_approves_the_terms"),
        ]  # fmt: skip


class AgreementShare(models.Model):
    """A party's part of a loss in percent; of one kind there may be several parties, told apart by name."""

    append_only = True
    row_scope = RowScope(
        lookup="terms__agreement__guarantor_id", column="terms_id", parent="loans_agreementterms",
        reader="terms__agreement__bank_id", writer="",
    )  # fmt: skip
    terms = models.ForeignKey(AgreementTerms, on_delete=models.PROTECT, related_name="shares")
    position = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=14, choices=Party.choices)
    name = models.CharField(max_length=100, default="", blank=True)
    share_pct = models.DecimalField(max_digits=5, decimal_places=2)
    objects = ScopedManager["AgreementShare"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["terms", "party", "name"], name="one_share_per_party"),
            models.UniqueConstraint(fields=["terms", "position"], name="one_share_per_position"),
            one_of("party", Party, name="party_is_known"),
            models.CheckConstraint(
                condition=Q(share_pct__gt=0, share_pct__lte=100), name="share_of_a_loss_is_a_percentage"
            ),
        ]
