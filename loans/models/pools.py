"""Risk-compensation pools 风险补偿资金池: what was paid in and out, and the limits on what they carry.

No pool's balance is below zero at the end of any day (trigger `no_pool_pays_more_than_it_holds`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import approved_by_another, is_positive_money, money, one_of
from finance_hub.kernel.scoping import CENTRE_ONLY, ScopedManager

if TYPE_CHECKING:
    from loans.models.claims import Claim, Recovery


class Pool(models.Model):
    """Its name, as agreements cite it. Locked by whoever writes what it holds or carries."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()


class FuseMeasure(models.TextChoices):
    """Of a bank's loans under the pool: bad loans ÷ balance, or compensation ÷ guaranteed principal."""

    NPL_RATIO = "npl_ratio", "不良率"
    COMPENSATION_RATIO = "compensation_ratio", "代偿率"


class PoolLimits(models.Model):
    """One version, in force from a day on: `leverage_limit` times the balance may be guaranteed; at the
    line 熔断 a bank's new guarantees stop. Proposed by one person, approved by another, never changed."""

    row_scope = CENTRE_ONLY
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="limits")
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    document = models.CharField(max_length=200)
    leverage_limit = models.DecimalField(max_digits=6, decimal_places=2)
    fuse_measure = models.CharField(max_length=20, choices=FuseMeasure.choices)
    fuse_line_pct = models.DecimalField(max_digits=5, decimal_places=2)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    objects = ScopedManager["PoolLimits"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pool", "version"], name="one_set_of_limits_per_pool_and_version"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="pool_limits_name_their_document"),
            models.CheckConstraint(
                condition=Q(leverage_limit__gt=0, leverage_limit__lt=10_000),
                name="leverage_limit_is_positive",
            ),
            one_of("fuse_measure", FuseMeasure, name="fuse_measure_is_known"),
            models.CheckConstraint(
                condition=Q(fuse_line_pct__gt=0, fuse_line_pct__lte=100), name="fuse_line_is_a_percentage"
            ),
            approved_by_another(name="another_person_approves_the_pool_limits"),
        ]


class PoolEventKind(models.TextChoices):
    CONTRIBUTION = "contribution", "出资"
    PAYMENT = "payment", "代偿支出"
    RETURN = "return", "追偿返还"
    WITHDRAWAL = "withdrawal", "退出"


class PoolEvent(models.Model):
    """Money into a pool (contribution by a party, return of a recovery) or out of it."""

    append_only = True
    row_scope = CENTRE_ONLY
    public_id = models.CharField(max_length=40, unique=True)
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=PoolEventKind.choices)
    amount = money()
    #: Who paid in or withdrew; empty where a claim or a recovery says it.
    party = models.CharField(max_length=100, default="", blank=True)
    claim: models.ForeignKey[Claim | None] = models.ForeignKey(
        "loans.Claim", on_delete=models.PROTECT, null=True, related_name="+"
    )
    recovery: models.ForeignKey[Recovery | None] = models.ForeignKey(
        "loans.Recovery", on_delete=models.PROTECT, null=True, related_name="+"
    )
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    objects = ScopedManager["PoolEvent"]()

    class Meta:
        constraints: ClassVar = [
            one_of("kind", PoolEventKind, name="pool_event_kind_is_known"),
            is_positive_money("amount", name="pool_event_amount_is_positive"),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["contribution", "withdrawal"], claim=None, recovery=None) & ~Q(party="")
                )
                | Q(kind="payment", claim__isnull=False, recovery=None, party="")
                | Q(kind="return", recovery__isnull=False, claim=None, party=""),
                name="pool_event_names_party_claim_or_recovery",
            ),
        ]
