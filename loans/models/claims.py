"""Claims 代偿 and recoveries 追偿: what was lost or got back, and each party's part of it to the cent.

The parts of a claim and of a recovery add up to it (constraint triggers `parts_add_up_to_the_claim`,
`parts_add_up_to_the_recovery`), and no party gets more back than it bore (`nobody_recovers_more_than_was_borne`).
A reversal repeats what it takes back, parts and all, and counts negative from its own day on.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import is_money, is_positive_money, money, one_of
from finance_hub.kernel.scoping import ScopedManager
from loans.models.agreements import Party
from loans.models.guarantees import OF_A_GUARANTEE, Guarantee, GuaranteeEvent


class Claim(models.Model):
    """A loss of guaranteed principal, and of interest where the agreement covers it.

    What it does to the guarantee is in up to three events: `compensation` and `interest_paid` are what
    everybody but the bank pays, `kept` releases the principal that the bank bears itself.
    """

    append_only = True
    row_scope = OF_A_GUARANTEE
    public_id = models.CharField(max_length=40, unique=True)
    guarantee = models.ForeignKey(Guarantee, on_delete=models.PROTECT, related_name="claims")
    #: None where a compensation was reported by its amount alone.
    default_date = models.DateField(null=True)
    principal = money()
    interest = money()
    compensation = models.OneToOneField(
        GuaranteeEvent, on_delete=models.PROTECT, null=True, related_name="claim"
    )
    interest_paid = models.OneToOneField(
        GuaranteeEvent, on_delete=models.PROTECT, null=True, related_name="claim_of_interest"
    )
    kept = models.OneToOneField(
        GuaranteeEvent, on_delete=models.PROTECT, null=True, related_name="claim_kept"
    )
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    objects = ScopedManager["Claim"]()

    class Meta:
        constraints: ClassVar = [
            is_positive_money("principal", name="claimed_principal_is_positive"),
            is_money("interest", name="claimed_interest_is_not_negative", least=0),
            models.CheckConstraint(
                condition=Q(default_date=None) | Q(effective_date__gte=F("default_date")),
                name="a_claim_follows_its_default",
            ),
        ]


class ClaimShare(models.Model):
    """What one party bears of a claim."""

    append_only = True
    row_scope = OF_A_GUARANTEE
    guarantee = models.ForeignKey(
        Guarantee, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, db_constraint=False, related_name="shares")
    position = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=14, choices=Party.choices)
    name = models.CharField(max_length=100, default="", blank=True)
    principal = money()
    interest = money()
    objects = ScopedManager["ClaimShare"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "party", "name"], name="one_part_of_a_claim_per_party"),
            one_of("party", Party, name="claim_party_is_known"),
            is_money("principal", name="part_of_principal_is_not_negative", least=0),
            is_money("interest", name="part_of_interest_is_not_negative", least=0),
        ]


class Recovery(models.Model):
    """Money got back from the firm for one claim: `amount` less `cost` flows back to who bore the loss.

    `event` is what flows back to everybody but the bank, whose part is a repayment at the bank.
    """

    append_only = True
    row_scope = OF_A_GUARANTEE
    public_id = models.CharField(max_length=40, unique=True)
    guarantee = models.ForeignKey(
        Guarantee, on_delete=models.PROTECT, db_constraint=False, related_name="recoveries"
    )
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, db_constraint=False, related_name="recoveries")
    amount = money()
    cost = money()
    event = models.OneToOneField(GuaranteeEvent, on_delete=models.PROTECT, null=True, related_name="recovery")
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    objects = ScopedManager["Recovery"]()

    class Meta:
        constraints: ClassVar = [
            is_positive_money("amount", name="recovered_amount_is_positive"),
            is_money("cost", name="recovery_cost_is_not_negative", least=0),
            models.CheckConstraint(condition=Q(cost__lte=F("amount")), name="a_recovery_covers_its_cost"),
        ]


class RecoveryShare(models.Model):
    append_only = True
    row_scope = OF_A_GUARANTEE
    guarantee = models.ForeignKey(
        Guarantee, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    recovery = models.ForeignKey(
        Recovery, on_delete=models.PROTECT, db_constraint=False, related_name="shares"
    )
    position = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=14, choices=Party.choices)
    name = models.CharField(max_length=100, default="", blank=True)
    amount = money()
    objects = ScopedManager["RecoveryShare"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recovery", "party", "name"], name="one_part_of_a_recovery_per_party"),
            is_money("amount", name="part_of_a_recovery_is_not_negative", least=0),
        ]  # fmt: skip
