"""The ledger between a fund and its investors: append-only events in yuan."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from finance_hub.kernel.models import Person
from finance_hub.kernel.models.fields import is_positive_money, money, one_of
from finance_hub.kernel.scoping import RowScope, ScopedManager
from funds.models.funds import Fund, Investor


class FundEventKind(models.TextChoices):
    COMMITMENT = "commitment", "认缴"
    CALL = "call", "催缴"
    CONTRIBUTION = "contribution", "实缴"
    DISTRIBUTION = "distribution", "分配"
    FEE = "fee", "管理费"
    EXPENSE = "expense", "费用"
    RELEASE = "release", "认缴减少"
    CARRY = "carry", "收益分成"


class Nature(models.TextChoices):
    """What a distribution is, as its notice says."""

    RETURN_OF_CAPITAL = "return_of_capital", "返还本金"
    GAIN = "gain", "收益"
    INCOME = "income", "股息利息"


class Moved(models.TextChoices):
    """Which side of a transfer a row is: of the investor who gives, or of the one who takes over."""

    OUT = "out", "转出"
    IN = "in", "转入"


OF_INVESTORS = ["call", "commitment", "contribution", "distribution", "release"]


class FundEvent(models.Model):
    """One event of one investor, or of the fund where it concerns none.

    A cancellation is a row of the same kind and amount that `reverses` the first; a correction
    `corrects` an event that such a row has taken back. Rows entered in one act share a `notice`.
    A transfer repeats a share of all that stands to the seller's account, as rows `out` for the
    seller and `in` for the buyer: sums by kind take rows `out` with the other sign.
    """

    append_only = True
    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund")
    public_id = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="events")
    investor = models.ForeignKey(Investor, on_delete=models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=14, choices=FundEventKind.choices)
    amount = money()
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    #: Of a distribution; "" where its notice does not say.
    nature = models.CharField(max_length=20, choices=Nature.choices, default="", db_default="", blank=True)
    #: A distribution that may be called again: it adds to the unfunded commitment.
    recallable = models.BooleanField(default=False, db_default=False)
    #: A call or contribution on top of the commitment, such as a fee outside of it.
    outside_commitment = models.BooleanField(default=False, db_default=False)
    moved = models.CharField(max_length=3, choices=Moved.choices, default="", db_default="", blank=True)
    notice = models.CharField(max_length=40, default="", db_default="", blank=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    note = models.CharField(max_length=500, default="", blank=True)
    objects = ScopedManager["FundEvent"]()

    class Meta:
        constraints: ClassVar = [
            is_positive_money("amount", name="fund_event_amount_is_positive"),
            one_of("kind", FundEventKind, name="fund_event_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_INVESTORS, investor__isnull=False)
                | (~Q(kind__in=OF_INVESTORS) & Q(investor=None)),
                name="capital_events_name_their_investor",
            ),
            models.CheckConstraint(
                condition=Q(nature="") | Q(nature__in=sorted(Nature.values), kind="distribution"),
                name="only_a_distribution_has_a_nature",
            ),
            models.CheckConstraint(
                condition=Q(recallable=False) | Q(kind="distribution"),
                name="only_a_distribution_is_recallable",
            ),
            models.CheckConstraint(
                condition=Q(outside_commitment=False) | Q(kind__in=["call", "contribution"]),
                name="only_calls_and_contributions_stand_outside_the_commitment",
            ),
            models.CheckConstraint(
                condition=Q(moved="")
                | Q(moved__in=sorted(Moved.values), kind__in=OF_INVESTORS, reverses=None) & ~Q(notice=""),
                name="a_transfer_moves_capital_under_a_notice",
            ),
            models.CheckConstraint(
                condition=Q(corrects=None) | Q(reverses=None), name="a_correction_is_no_reversal"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["fund", "effective_date"], name="fund_event_by_date"),
            models.Index(fields=["notice"], name="fund_event_by_notice", condition=~Q(notice="")),
        ]
