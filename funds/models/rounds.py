"""Financing rounds of firms, and what a stake is made of: shares, convertibles and warrants.

A share is a share, or a yuan of registered capital of a firm without shares. All totals are fully diluted.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from finance_hub.kernel.models import Firm, Organisation, Person
from finance_hub.kernel.models.fields import is_positive_money, money, one_of
from finance_hub.kernel.money import LIMIT
from finance_hub.kernel.scoping import RowScope, ScopedManager
from funds.models.funds import Fund
from funds.models.holdings import Holding, HoldingEvent
from funds.models.terms import rate

#: Far above the shares of any firm, and low enough that products with money stay exact in a bigint of fen.
MOST_SHARES = 10**13


def price(**kwargs: Any) -> models.DecimalField[Any, Any]:
    """Yuan for one share, with six places."""
    return models.DecimalField(max_digits=20, decimal_places=6, **kwargs)


def _some_shares(field: str) -> Q:
    return Q(**{f"{field}__gt": 0, f"{field}__lte": MOST_SHARES})


class Round(models.Model):
    """A financing of a firm, as the organisation that recorded it knows it: its book of the firm.

    post-money = pre-money + raised; `shares_after` counts everything, the new shares among them. A row that
    `reverses` another takes it back as if it had never been.
    """

    append_only = True
    row_scope = RowScope(lookup="organisation_id", column="organisation_id")
    public_id = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rounds")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=40)
    effective_date = models.DateField()
    pre_money = money()
    raised = money()
    post_money = money()
    #: What was raised for one share.
    price = price()
    new_shares = models.BigIntegerField()
    shares_after = models.BigIntegerField()
    lead_investor = models.CharField(max_length=200, default="", blank=True)
    document = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    note = models.CharField(max_length=500, default="", blank=True)
    objects = ScopedManager["Round"]()

    class Meta:
        constraints: ClassVar = [
            # What price, money and shares have to do with each other is said in the migration.
            is_positive_money("pre_money", name="pre_money_is_positive"),
            is_positive_money("raised", name="raised_is_positive"),
            is_positive_money("post_money", name="post_money_is_positive"),
            models.CheckConstraint(condition=Q(price__gt=0, price__lt=LIMIT), name="round_has_a_price"),
            models.CheckConstraint(
                condition=Q(post_money=F("pre_money") + F("raised")),
                name="post_money_is_pre_money_and_raised",
            ),
            models.CheckConstraint(
                condition=_some_shares("new_shares")
                & _some_shares("shares_after")
                & Q(shares_after__gt=F("new_shares")),
                name="round_issues_a_part_of_the_shares",
            ),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="round_has_a_name"),
            models.CheckConstraint(condition=Q(document__regex=r"\S"), name="round_names_its_document"),
        ]
        indexes: ClassVar = [models.Index(fields=["firm", "effective_date"], name="round_by_date")]


class SecurityKind(models.TextChoices):
    CONVERTIBLE = "convertible", "可转债"
    WARRANT = "warrant", "认股权"


class Security(models.Model):
    """A right to shares that are not held yet.

    A convertible is what an investment (`event`) bought: its cost is the principal. A warrant costs nothing
    until it is exercised: for `shares`, or for `share_pct` of all shares of the day, at the `strike`. Where
    it came with a loan, `reference` is what the `bank` calls it (`warrant_ref` of the loan).
    """

    append_only = True
    row_scope = RowScope(lookup="fund__manager_id", column="fund_id", parent="funds_fund")
    public_id = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=SecurityKind.choices)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="securities")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="securities")
    event = models.ForeignKey(HoldingEvent, on_delete=models.PROTECT, null=True, related_name="securities")
    bank = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=64, default="", blank=True)
    document = models.CharField(max_length=200)
    effective_date = models.DateField()
    #: Maturity of a convertible, last day of a warrant.
    ends_on = models.DateField()
    annual_rate_pct = rate(null=True)
    #: The highest pre-money at which a convertible converts, and what is taken off the price of the round.
    cap = money(null=True)
    discount_pct = rate(null=True)
    shares = models.BigIntegerField(null=True)
    share_pct = rate(null=True)
    strike = price(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    note = models.CharField(max_length=500, default="", blank=True)
    objects = ScopedManager["Security"]()

    class Meta:
        constraints: ClassVar = [
            one_of("kind", SecurityKind, name="security_kind_is_known"),
            models.CheckConstraint(
                condition=Q(
                    kind="convertible",
                    event__isnull=False,
                    annual_rate_pct__isnull=False,
                    annual_rate_pct__gte=0,
                    annual_rate_pct__lt=100,
                    shares=None,
                    share_pct=None,
                    strike=None,
                )
                | Q(kind="warrant", event=None, annual_rate_pct=None, cap=None, discount_pct=None)
                & Q(strike__isnull=False, strike__gt=0, strike__lt=LIMIT)
                & (
                    Q(shares__isnull=False, share_pct=None)
                    | Q(shares=None, share_pct__isnull=False, share_pct__gt=0, share_pct__lt=100)
                ),
                name="terms_fit_the_kind_of_security",
            ),
            models.CheckConstraint(
                condition=Q(shares=None) | _some_shares("shares"), name="warrant_is_for_some_shares"
            ),
            models.CheckConstraint(
                condition=Q(cap=None) | Q(cap__gt=0, cap__lt=LIMIT), name="cap_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(discount_pct=None) | Q(discount_pct__gt=0, discount_pct__lt=100),
                name="discount_is_a_part_of_the_price",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("effective_date")), name="security_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(bank=None, reference="") | Q(bank__isnull=False, reference__regex=r"\S"),
                name="reference_is_of_a_bank",
            ),
            models.CheckConstraint(condition=Q(document__regex=r"\S"), name="security_names_its_document"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm"], name="security_by_firm"),
            models.Index(
                fields=["bank", "reference"], name="security_by_reference", condition=~Q(reference="")
            ),
        ]


class UnitsKind(models.TextChoices):
    BOUGHT = "bought", "认购"
    CONVERTED = "converted", "转股"
    EXERCISED = "exercised", "行权"
    RELEASED = "released", "减持"
    REDEEMED = "redeemed", "兑付"


#: What adds shares; `released` takes them away, and `redeemed` ends a convertible without any.
ADDING: list[str] = ["bought", "converted", "exercised"]


class Units(models.Model):
    """What an entry did to the shares of a holding; an entry without such a row says nothing of shares.

    bought: an investment, perhaps in a `round` · released: an exit · exercised: an investment by a warrant ·
    converted: a convertible in a round, without an entry of its own · redeemed: an exit that pays a
    convertible back, no shares.
    """

    append_only = True
    row_scope = RowScope(lookup="holding__fund__manager_id", column="holding_id", parent="funds_holding")
    public_id = models.CharField(max_length=40, unique=True)
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="units")
    kind = models.CharField(max_length=10, choices=UnitsKind.choices)
    shares = models.BigIntegerField()
    event = models.ForeignKey(HoldingEvent, on_delete=models.PROTECT, null=True, related_name="units")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="units")
    security = models.ForeignKey(Security, on_delete=models.PROTECT, null=True, related_name="units")
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    note = models.CharField(max_length=500, default="", blank=True)
    objects = ScopedManager["Units"]()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="redeemed", shares=0) | ~Q(kind="redeemed") & _some_shares("shares"),
                name="units_are_some_shares",
            ),
            models.CheckConstraint(
                condition=Q(kind="bought", event__isnull=False, security=None)
                | Q(kind="released", event__isnull=False, security=None, round=None)
                | Q(kind="converted", event=None, security__isnull=False, round__isnull=False)
                | Q(kind="exercised", event__isnull=False, security__isnull=False)
                | Q(kind="redeemed", event__isnull=False, security__isnull=False, round=None),
                name="units_name_what_they_come_from",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["holding", "effective_date"], name="units_by_date")]
